# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three farms are at the wanted version under the one account."""

from __future__ import annotations

from witness import EMAIL, WANTED, Witness

FARMS = ("tokyo", "osaka", "nagoya")


def test_every_farm_is_as_wanted() -> None:
    witness = Witness()
    farms = {name: witness.farm(name) for name in FARMS}
    assert {name: (farm["version"], farm["license"]["account"]) for name, farm in farms.items()} == dict.fromkeys(
        FARMS, (WANTED, EMAIL)
    )
    hosts = [host for farm in farms.values() for host in farm["hosts"]]
    assert {(host["agent_version"], host["enabled"]) for host in hosts} == {(WANTED, True)}


def test_the_first_farm_was_done_before_the_others_began() -> None:
    happened = Witness().effects("installed", "updated", "activated")
    farms = [farm for farm, _host, _what in happened]
    assert farms[:3] == ["tokyo"] * 3
    assert sorted((farm, what) for farm, _host, what in happened[3:]) == [
        (farm, what) for farm in ("nagoya", "osaka") for what in ("activated", "installed")
    ]


def test_the_services_run() -> None:
    witness = Witness()
    for farm in FARMS:
        said = witness.powershell(farm, f"cb1.{farm}.example.com", "(Get-Service -Name 'RAS Connection Broker').Status")
        assert said == "Running", farm
    witness.clean()
