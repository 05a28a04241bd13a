# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every farm is active under the one account, whatever it was before."""

from __future__ import annotations

from witness import EMAIL, Witness

FARMS = ("tokyo", "osaka", "nagoya")


def test_every_farm_is_active_under_the_account() -> None:
    witness = Witness()
    held = {name: witness.farm(name)["license"] for name in FARMS}
    assert {name: (each["state"], each["account"]) for name, each in held.items()} == dict.fromkeys(
        FARMS, ("active", EMAIL)
    )


def test_only_what_was_due_was_activated_and_once() -> None:
    assert sorted(farm for farm, _host, _what in Witness().effects("activated")) == ["nagoya", "osaka"]


def test_no_host_was_touched() -> None:
    witness = Witness()
    assert witness.effects("installed", "updated", "drained") == []
    assert witness.powershell("nagoya", "cb1.nagoya.example.com", "hostname") == "CB1"
    witness.clean()
