# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an upgrade adds to a farm's preflight and record."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.preflight import preflight
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.rollout import (
    agents_of,
    Due,
    tolerated,
    upgrade_due,
    versions_of,
)

NEEDED = {"needed": True, "installed": "20.2.26050", "wanted": "21.2.28000", "failure": None, "checks": {}}
THERE = {**NEEDED, "needed": False, "installed": "21.2.28000"}
ROUNDS = {"rounds": [{"servers": ["cb2"]}, {"servers": ["gw1", "gw2"]}]}
TOO_OLD = {"code": "product_too_old", "message": "RAS 17.", "remedy": "Upgrade.", "observed": None}
BLOCKED = {"code": "upgrade_blocked", "message": "No space.", "remedy": "Free some.", "observed": None}
FINE = {"license": {"status": "active"}, "steps": [], "account_match": "match", "account_evidence": "reported"}
ACTIVATION = {**FINE, "steps": [{"action": "activate", "reason": "the farm is not activated"}]}


@pytest.mark.parametrize(
    ("upgrade", "agents", "due"),
    [
        ({}, {}, Due()),
        (THERE, {"rounds": []}, Due()),
        (NEEDED, ROUNDS, Due(("upgrade from 20.2.26050 to 21.2.28000", "3 agents in 2 rounds"))),
        (THERE, ROUNDS, Due(("3 agents in 2 rounds",))),
        ({**THERE, "needed": True, "restart_only": True}, {}, Due(("restart for which 21.2.28000 waits",))),
        ({**THERE, "needed": True, "restart_only": True}, {"failure": TOO_OLD}, Due(failure=TOO_OLD)),
        (THERE, {"rounds": [], "waiting": ["cb2"]}, Due(("wait for 1 agent at which an update goes on",))),
        (THERE, {"rounds": [], "steps": [{"action": "undrain"}]}, Due(("bring hosts back into service",))),
        ({**NEEDED, "failure": BLOCKED}, ROUNDS, Due(failure=BLOCKED)),
        (THERE, {"failure": TOO_OLD}, Due(failure=TOO_OLD)),
        (NEEDED, {"failure": TOO_OLD}, Due(("upgrade from 20.2.26050 to 21.2.28000",))),
        (NEEDED, {"failure": BLOCKED}, Due(failure=BLOCKED)),
    ],
)
def test_what_is_due(upgrade: dict[str, t.Any], agents: dict[str, t.Any], due: Due) -> None:
    assert upgrade_due(upgrade, agents) == due


def test_members_that_install_by_themselves_are_due_too() -> None:
    pushed = {"installs": False, "servers": ["gw1"]}
    members = [{"installs": True, "servers": ["rd1"]}, pushed, {"installs": True, "servers": ["rd2", "rd3"]}]
    agents = {"rounds": [], "turns": members}
    assert upgrade_due(THERE, agents) == Due(("3 members by installer in 2 rounds",))
    assert upgrade_due(THERE, {"rounds": [], "turns": [pushed]}) == Due()
    assert upgrade_due(THERE, agents, {"hosts": ["rd1"], "failure": BLOCKED}) == Due(failure=BLOCKED)
    seen = preflight(FINE, "tokyo", "licensing@example.com", (), THERE, agents, {"hosts": ["rd1"]})
    assert (seen["state"], seen["line"]) == ("due", "tokyo: due: 3 members by installer in 2 rounds")


def test_a_host_that_a_killed_run_left_waiting_for_its_restart_is_due() -> None:
    back = {"steps": [{"action": "undrain", "servers": ["gw2"]}]}
    held = "restart 1 host and bring what they serve back into service"
    assert upgrade_due(THERE, {"restart_due": ["gw1"]}) == Due((held,))
    assert upgrade_due(THERE, {"restart_due": ["gw1"], **ROUNDS, **back}) == Due((held, "3 agents in 2 rounds"))


def test_only_what_the_upgrade_fixes_is_tolerated() -> None:
    assert tolerated(TOO_OLD, NEEDED)
    assert not tolerated(TOO_OLD, THERE)
    assert not tolerated(BLOCKED, NEEDED)
    assert not tolerated(None, NEEDED)


@pytest.mark.parametrize(
    ("plan", "upgrade", "agents", "state", "says"),
    [
        (FINE, NEEDED, ROUNDS, "due", "tokyo: due: upgrade from 20.2.26050 to 21.2.28000; then 3 agents in 2 rounds"),
        (ACTIVATION, NEEDED, ROUNDS, "due", "3 agents in 2 rounds; then activate: the farm is not activated"),
        (FINE, THERE, {"rounds": []}, "ok", "nothing to do"),
        (FINE, {**NEEDED, "failure": BLOCKED}, {}, "refused", "upgrade_blocked: No space. Free some."),
        ({"failure": TOO_OLD}, NEEDED, {"failure": TOO_OLD}, "due", "upgrade from 20.2.26050"),
        ({"failure": TOO_OLD}, THERE, {}, "refused", "product_too_old"),
    ],
)
def test_preflight_of_an_upgrade(
    plan: dict[str, t.Any], upgrade: dict[str, t.Any], agents: dict[str, t.Any], state: str, says: str
) -> None:
    seen = preflight(plan, "tokyo", "licensing@example.com", (), upgrade, agents, has_password=True)
    assert seen["state"] == state
    assert says in seen["line"]


_UNNAMED = {**FINE, "account_match": "unknown"}
_NEEDS = {"rule": "password_missing", "severity": "info", "expected": "account_password"}


@pytest.mark.parametrize(
    ("plan", "upgrade", "state"),
    [
        pytest.param({**ACTIVATION, "findings": [_NEEDS]}, NEEDED, "refused", id="an activation after the upgrade"),
        pytest.param({**ACTIVATION, "findings": [_NEEDS]}, {}, "refused", id="an activation"),
        pytest.param({"failure": TOO_OLD}, NEEDED, "refused", id="the license is seen after the upgrade only"),
        pytest.param(_UNNAMED, NEEDED, "refused", id="the account is not known before the upgrade"),
        pytest.param(_UNNAMED, THERE, "ok", id="nothing is due"),
        pytest.param(FINE, NEEDED, "due", id="the license is right"),
    ],
)
def test_without_a_password_nothing_is_begun_that_may_need_it(
    plan: dict[str, t.Any], upgrade: dict[str, t.Any], state: str
) -> None:
    seen = preflight(plan, "tokyo", "licensing@example.com", (), upgrade, ROUNDS if upgrade is NEEDED else {})
    assert seen["state"] == state
    if state == "refused":
        assert seen["failure"]["code"] == "invalid_option"
        assert seen["failure"]["message"].startswith("ras_account_password is missing: ")
    with_it = preflight(plan, "tokyo", "licensing@example.com", (), upgrade, ROUNDS, has_password=True)
    assert ("ras_account_password" in with_it["line"]) is ("findings" in plan)


def test_versions_and_agents_of_a_record() -> None:
    rows = [{"server": "cb2", "version": "21.2.0.28000"}, {"server": "gw1", "version": "20.2.0.26050"}]
    agents = {"agents": {"before": [], "after": rows}}
    values = {
        "ras_upgrade_plan": NEEDED,
        "ras_upgrade_result": {"before": "20.2.26050", "after": "21.2.28000"},
        "ras_agents_result": agents,
    }
    assert (versions_of(values), agents_of(values)) == (("20.2.26050", "21.2.28000"), "1/2")
    assert versions_of({"ras_upgrade_plan": NEEDED}) == ("20.2.26050", "20.2.26050")
    assert versions_of({"ras_upgrade_plan": NEEDED}, check_mode=True) == ("20.2.26050", "21.2.28000")
    assert versions_of({"ras_upgrade_plan": {**NEEDED, "failure": BLOCKED}}, True) == ("20.2.26050", "20.2.26050")
    assert agents_of({}) is None


def test_versions_are_shown_as_the_vendor_writes_them() -> None:
    plan = {**NEEDED, "installed": "20.2.0.26050", "wanted": "21.2.0.28000"}
    assert upgrade_due(plan, {}).reasons == ("upgrade from 20.2.26050 to 21.2.28000",)
    assert versions_of({"ras_upgrade_plan": plan}, check_mode=True) == ("20.2.26050", "21.2.28000")
    values = {"ras_upgrade_plan": plan, "ras_upgrade_result": {"before": "20.2.0.26050", "after": "21.2.0.28000"}}
    assert versions_of(values) == ("20.2.26050", "21.2.28000")


def test_warnings_of_an_upgrade_are_in_the_line() -> None:
    remedy = "Ask, or set reboot=auto."
    checks = {"path": {"state": "warning", "expected": "a small step", "observed": "18 to 21", "remedy": remedy}}
    seen = preflight(FINE, "tokyo", "licensing@example.com", (), {**NEEDED, "checks": checks}, ROUNDS)
    assert seen["line"].endswith("(worth a look: path, expected a small step, observed 18 to 21)")
    assert seen["checks"]["path"]["remedy"] == "Ask, or set ras_reboot=auto."
