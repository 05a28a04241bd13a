# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One farm is at the wanted version with all its hosts, and the others are as they were."""

from __future__ import annotations

from witness import EMAIL, WANTED, Witness

HOSTS = ("cb1", "gw1", "rd1")
SERVICES = {"cb1": "RAS Connection Broker", "gw1": "RAS Secure Gateway", "rd1": "RAS RD Session Host Agent"}


def test_the_farm_and_its_agents_are_at_the_version() -> None:
    farm = Witness().farm("tokyo")
    assert farm["version"] == WANTED
    assert {
        host["name"].split(".")[0]: (host["agent_version"], host["enabled"]) for host in farm["hosts"]
    } == dict.fromkeys(HOSTS, (WANTED, True))
    assert (farm["license"]["state"], farm["license"]["account"]) == ("active", EMAIL)


def test_everything_happened_once_and_in_order() -> None:
    happened = Witness().effects("exported", "installed", "updated", "activated")
    assert [(host.split(".")[0], what) for _farm, host, what in happened] == [
        ("cb1", "exported"),
        ("cb1", "installed"),
        ("gw1", "updated"),
        ("rd1", "updated"),
    ]
    assert {farm for farm, _host, _what in happened} == {"tokyo"}


def test_the_services_run() -> None:
    witness = Witness()
    for short, service in SERVICES.items():
        said = witness.powershell("tokyo", f"{short}.tokyo.example.com", f"(Get-Service -Name '{service}').Status")
        assert said == "Running", short
    witness.clean()
