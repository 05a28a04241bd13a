# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""World files: what they bring along, and every mistake named with its place."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from labclient import EMAIL, OTHER_KEY, spare_key, SPLA_KEY, world
from raslab.reading import WorldError
from raslab.world import load_world, read_world


def _farm(**farm: Any) -> Any:
    return read_world(world([{"name": "tokyo", **farm}])).farms[0]


def test_guids_depend_on_seed_and_name_only() -> None:
    first, again = _farm(), _farm(generation=19)
    other = read_world({**world([{"name": "tokyo"}]), "seed": 2}).farms[0]
    assert first.guid == again.guid != other.guid
    assert _farm(guid="11111111-2222-3333-4444-555555555555").guid.startswith("1111")


def test_an_active_license_takes_everything_from_its_key() -> None:
    license_ = _farm(license={"state": "active", "account": EMAIL.upper(), "key": spare_key(3)}).license
    assert (license_.type, license_.users, license_.expires, license_.company) == (
        "prepaid",
        50,
        date(2031, 12, 5),
        "Example Holdings",
    )
    assert _farm(license={"state": "active", "account": EMAIL, "key": SPLA_KEY, "users": 3}).license.users == 3


def test_the_licensing_server_is_the_first_broker_of_the_licensing_site() -> None:
    farm = _farm(
        sites=[{"name": "Branch"}, {"name": "Main", "licensing": True}],
        hosts=[
            {"name": "a", "site": "Branch"},
            {"name": "b", "components": ["gateway"]},
            {"name": "c", "priority": 1},
            {"name": "d", "priority": 0},
        ],
    )
    assert farm.licensing_server.name == "d"
    assert [host.site for host in farm.hosts] == ["Branch", "Main", "Main", "Main"]


def test_defaults_are_overlaid_by_farms() -> None:
    described = world([{"name": "tokyo", "quirks": {"language": "ja"}}, {"name": "osaka", "generation": 19}])
    described["defaults"].update(generation=20, version="20.2.26050", vars={"a": 1})
    described["defaults"]["quirks"] = {"language": "en", "write_success": 204}
    tokyo, osaka = read_world(described).farms
    assert (tokyo.generation, tokyo.version, osaka.generation) == (20, "20.2.26050", 19)
    assert osaka.version.startswith("19."), "a default version belongs to the default generation"
    assert (tokyo.quirks.language, tokyo.quirks.write_success, osaka.quirks.language) == ("ja", 204, "en")


def test_the_vault_names_the_administrator_unless_the_world_does() -> None:
    described = world([{"name": "tokyo"}])
    del described["defaults"]["admins"]
    described["vault"] = {"ras_api_username": "root@example.com", "ras_api_password": "roots-password"}
    (admin,) = read_world(described).farms[0].admins
    assert (admin.username, admin.password, admin.rights) == ("root@example.com", "roots-password", "root")


@pytest.mark.parametrize(
    ("farm", "message"),
    [
        ({"color": "red"}, r"farms\[0\]: unknown key color"),
        ({"generation": 16}, "generation: one of 17, 18, 19, 20, 21, 22"),
        ({"license": {"state": "active", "account": "x@y.example"}}, "x@y.example belongs to no account"),
        ({"license": {"state": "active"}}, "needs an account"),
        ({"license": {"state": "active", "account": EMAIL, "key": "AB-CD"}}, "is in no account"),
        ({"license": {"state": "active", "account": EMAIL, "key": OTHER_KEY}}, "not registered in Example Holdings"),
        ({"license": {"state": "trial", "key": spare_key(1), "account": EMAIL}}, "a trial has no key"),
        ({"license": {"state": "none", "account": EMAIL}}, "neither account nor key"),
        ({"license": {"state": "trial", "expires": "soon"}}, "license.expires: an ISO date"),
        ({"license": {"state": "trial", "users": "50"}}, "license.users: a whole number"),
        ({"hosts": [{"name": "a", "components": ["printer"]}]}, "printer is none of"),
        ({"hosts": [{"name": "a", "components": ["gateway"]}]}, "has no broker"),
        ({"hosts": [{"name": "a", "site": "Mars"}]}, "unknown site Mars"),
        ({"hosts": [{"name": "a"}, {"name": "a"}]}, "a is there twice"),
        ({"sites": [{"name": "a"}, {"name": "b"}]}, "exactly one site"),
        ({"quirks": {"moon": "full"}}, "unknown quirk moon"),
        ({"quirks": {"write_success": True}}, "write_success: one of 200, 204"),
        ({"quirks": {"rate_limit": {"per": 1}}}, "rate_limit: unknown key per"),
        ({"faults": [{"kind": "hang", "every": 2}]}, r"faults\[0\]: unknown key every"),
        ({"admins": []}, "at least one administrator"),
        ({"settings_pending": "yes"}, "true or false"),
    ],
)
def test_mistakes_are_named_with_their_place(farm: dict[str, Any], message: str) -> None:
    with pytest.raises(WorldError, match=message):
        _farm(**farm)


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("moon", 1, "world: unknown key moon"),
        ("defaults", {"hosts": []}, "defaults: unknown key hosts"),
        (
            "my_account",
            {"accounts": [{"company": "A", "people": [{"email": "x"}]}]},
            r"\[0\]: password is missing",
        ),
        ("my_account", {"accounts": [{"people": []}]}, "company is missing"),
        ("farms", {}, "a list is needed"),
    ],
)
def test_mistakes_outside_of_farms(part: str, value: Any, message: str) -> None:
    with pytest.raises(WorldError, match=message):
        read_world({**world([]), part: value})


@pytest.mark.parametrize("person", [{"email": EMAIL.upper(), "password": "x"}])
def test_nobody_belongs_to_two_accounts(person: dict[str, str]) -> None:
    described = world([])
    described["my_account"]["accounts"][1]["people"].append(person)
    with pytest.raises(WorldError, match="two accounts"):
        read_world(described)


@pytest.mark.parametrize("text", ["just text", "[1, 2]", ""])
def test_a_world_is_a_mapping(text: str) -> None:
    with pytest.raises(WorldError, match="a mapping is needed"):
        load_world(io.StringIO(text))
