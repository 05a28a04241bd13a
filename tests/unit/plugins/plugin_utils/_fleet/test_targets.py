# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A member is upgraded with its own variables, by the licensing server that delegates to it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import DEFAULTS, OPTIONS
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.targets import (
    host_failure,
    members_wrong,
    NAMES,
    target_of,
)
from hypothesis import given
from hypothesis import strategies as st

SERVER, MEMBER = "cb1", "rd1"
VALUES = st.one_of(st.text(min_size=1), st.integers(0, 9999), st.booleans())
GIVEN: dict[str, t.Any] = {name: DEFAULTS.get(name) for name in NAMES} | {"ras_version": "20.2.26050"}


def test_every_name_is_a_variable_of_the_role() -> None:
    assert set(NAMES) <= OPTIONS


@given(st.dictionaries(st.sampled_from(NAMES), VALUES), st.dictionaries(st.sampled_from(NAMES), VALUES), st.data())
def test_what_a_member_has_of_its_own_holds_and_the_servers_own_does_not(
    servers_own: dict[str, t.Any], own: dict[str, t.Any], data: st.DataObject
) -> None:
    """Three places: the play, which the server sees, too; the server; the member."""
    play = {name: data.draw(VALUES) if data.draw(st.booleans()) else GIVEN[name] for name in NAMES}
    seen = {**play, **servers_own}
    target = target_of(MEMBER, SERVER, seen, {SERVER: servers_own, MEMBER: own})
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
    target = target_of(SERVER, SERVER, {**GIVEN, "ras_reboot": "auto"}, {SERVER: {"ras_reboot": "never"}})
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
        target_of(MEMBER, SERVER, GIVEN, hostvars)
    assert "ras_reboot of rd1 cannot be worked out" in caught.value.message
    assert "secret" not in str(caught.value)
    failure = members_wrong([MEMBER], SERVER, GIVEN, hostvars, [SERVER, MEMBER])
    assert failure is not None
    assert failure.message == caught.value.message


def test_a_member_outside_the_run_stops_its_farm() -> None:
    hostvars: dict[str, dict[str, t.Any]] = {SERVER: {}, MEMBER: {}, "rd2": {}}
    failure = members_wrong([MEMBER, "rd2"], SERVER, GIVEN, hostvars, [SERVER, MEMBER])
    assert failure is not None
    assert "not in this run: rd2" in failure.message
    assert "--limit" in failure.remedy
    assert members_wrong([MEMBER], SERVER, GIVEN, hostvars, [SERVER, MEMBER]) is None


WRONG = {"code": "install_failed", "message": "1603.", "remedy": "Read the log.", "observed": None}


@pytest.mark.parametrize(
    ("results", "code", "says"),
    [
        ([], None, ""),
        ([{"upgrade": {"host": MEMBER, "failure": None}}], None, ""),
        ([{"upgrade": {"host": SERVER, "failure": WRONG}}], "install_failed", "1603."),
        (
            [{"upgrade": {"host": MEMBER, "failure": WRONG}}],
            "agent_failed",
            "The member rd1 failed: install_failed: 1603.",
        ),
        ([{"item": MEMBER, "failed": True, "msg": "no module"}], "agent_failed", "internal_error: no module"),
        (
            [{"upgrade": {"host": MEMBER, "failure": {**WRONG, "code": "hook_failed"}}}],
            "hook_failed",
            "The member rd1 failed",
        ),
    ],
)
def test_the_first_failure_is_that_of_the_farm(results: list[t.Any], code: str | None, says: str) -> None:
    failure = host_failure(results, SERVER)
    assert failure.get("code") == code
    assert says in failure.get("message", "")
