# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A member is upgraded with its own variables, by the licensing server that delegates to it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import Hosts
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import DEFAULTS, OPTIONS
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.targets import (
    hooks_of,
    NAMES,
    other_values,
    target_of,
    targets_of,
)
from hypothesis import given
from hypothesis import strategies as st

SERVER, MEMBER = "cb1", "rd1"
VALUES = st.one_of(st.text(min_size=1), st.integers(0, 9999), st.booleans())
GIVEN: dict[str, t.Any] = {name: DEFAULTS.get(name) for name in NAMES} | {"ras_version": "20.2.26050"}


def _target(host: str, seen: dict[str, t.Any], fleet: t.Mapping[str, t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    hosts = Hosts(fleet)
    return target_of(hosts[host], hosts[SERVER], Hosts({SERVER: seen})[SERVER])


def _targets(names: list[str], fleet: t.Mapping[str, t.Mapping[str, t.Any]], reached: list[str]) -> dict[str, t.Any]:
    hosts = Hosts(fleet)
    return targets_of(names, hosts, hosts[SERVER], Hosts({SERVER: GIVEN})[SERVER], reached)


def test_every_name_is_a_variable_of_the_role() -> None:
    assert set(NAMES) <= OPTIONS


@given(st.dictionaries(st.sampled_from(NAMES), VALUES), st.dictionaries(st.sampled_from(NAMES), VALUES), st.data())
def test_what_a_member_has_of_its_own_holds_and_the_servers_own_does_not(
    servers_own: dict[str, t.Any], own: dict[str, t.Any], data: st.DataObject
) -> None:
    """Three places: the play, which the server sees, too; the server; the member."""
    play = {name: data.draw(VALUES) if data.draw(st.booleans()) else GIVEN[name] for name in NAMES}
    seen = {**play, **servers_own}
    target = _target(MEMBER, seen, {SERVER: servers_own, MEMBER: own})
    for name in NAMES:
        if name == "ras_version":
            expected = seen[name]
        elif name in own:
            expected = own[name]
        else:
            expected = DEFAULTS.get(name) if name in servers_own else play[name]
        option = name.removeprefix("ras_")
        for module in ("upgrade", "wait", "restart", "restart_wait"):
            if option in target[module]:
                assert target[module][option] == expected
        if name == "ras_before_host_tasks":
            assert target["before_tasks"] == (expected or "")


def test_the_licensing_server_is_upgraded_with_what_it_sees() -> None:
    target = _target(SERVER, {**GIVEN, "ras_reboot": "auto"}, {SERVER: {"ras_reboot": "never"}})
    assert target["restart"] == {"reboot": "auto", "logoff_sessions": False}
    # Users of a broker are on other hosts; it is restarted under nobody all the same.
    assert target["upgrade"]["logoff_sessions"] is True
    assert "installer_publisher" not in target["upgrade"]


class _Broken(dict[str, t.Any]):
    def __getitem__(self, name: str) -> t.Any:
        if name == "ras_reboot":
            raise ValueError("a secret that nobody may see")
        return super().__getitem__(name)


def test_a_variable_that_cannot_be_worked_out_is_named() -> None:
    hostvars = {SERVER: {}, MEMBER: _Broken({"ras_reboot": "{{ nothing }}"})}
    with pytest.raises(RasError) as caught:
        _targets([MEMBER], hostvars, [SERVER, MEMBER])
    assert "ras_reboot of rd1 cannot be worked out" in caught.value.message
    assert "secret" not in str(caught.value)


def test_a_member_outside_the_run_stops_its_farm() -> None:
    hostvars: dict[str, dict[str, t.Any]] = {SERVER: {}, MEMBER: {}, "rd2": {}}
    with pytest.raises(RasError) as caught:
        _targets([SERVER, MEMBER, "rd2"], hostvars, [SERVER, MEMBER])
    assert caught.value.code == "agent_failed"
    assert "not in this run: rd2" in caught.value.message
    assert "--limit" in caught.value.remedy
    assert set(_targets([SERVER, MEMBER], hostvars, [SERVER, MEMBER])) == {SERVER, MEMBER}


def test_whose_the_address_of_a_download_is_is_said_and_not_the_address() -> None:
    url = {"ras_installer_url": "https://download.example.com/ras.msi?sig=token-of-the-download"}
    seen = {**GIVEN, **url}
    assert _target(MEMBER, seen, {SERVER: {}, MEMBER: url})["own_url"] is True
    # What the server has of its own is not its members': they have none.
    assert _target(MEMBER, seen, {SERVER: url, MEMBER: {}})["own_url"] is True
    assert _target(MEMBER, seen, {SERVER: {}, MEMBER: {}})["own_url"] is False
    assert _target(SERVER, seen, {SERVER: url, MEMBER: url})["own_url"] is False
    assert "token" not in str(_target(MEMBER, seen, {SERVER: url, MEMBER: url}))


@given(st.dictionaries(st.text(min_size=1), VALUES), st.dictionaries(st.text(min_size=1), VALUES))
def test_variables_with_another_value_for_a_member_are_named(
    own: dict[str, t.Any], servers_own: dict[str, t.Any]
) -> None:
    own, servers_own = ({f"v_{name}": value for name, value in each.items()} for each in (own, servers_own))
    fleet = Hosts({SERVER: {**servers_own, "same": 1}, MEMBER: {**own, "same": 1, "ansible_host": "rd1"}})
    both = {*own, *servers_own}
    missing = object()
    expected = {name for name in both if own.get(name, missing) != servers_own.get(name, missing)}
    assert other_values(fleet[MEMBER], fleet[SERVER]) == expected


def test_variables_are_compared_where_a_member_has_hooks() -> None:
    hook = {"ras_before_host_tasks": "before.yml"}
    seen = Hosts({SERVER: GIVEN})[SERVER]
    quiet = Hosts({SERVER: {}, MEMBER: {"pool": 1}})
    assert hooks_of([MEMBER], quiet, quiet[SERVER], seen) == ([], [])
    said = Hosts({SERVER: {}, MEMBER: {**hook, "pool": 1}, "rd2": {**hook, "ras_after_host_tasks": "after.yml"}})
    files, differing = hooks_of([MEMBER, "rd2"], said, said[SERVER], seen)
    assert files == ["before.yml", "after.yml"]
    assert "pool" in differing


def test_a_variable_that_cannot_be_worked_out_may_have_another_value() -> None:
    fleet = Hosts({SERVER: {"ras_reboot": "never"}, MEMBER: _Broken({"ras_reboot": "{{ nothing }}"})})
    assert other_values(fleet[MEMBER], fleet[SERVER]) == {"ras_reboot"}
