# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of the fault matrix of rollouts that only judge what the flow of a host decides, in virtual time."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_ras_host import (
    FakeRasHost,
    NEW,
    Script,
    VirtualClock,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.upgrade_driver import Driver

from scenarios.upgrade_faults.matrix import Case, load

# Looks before the installer has ended: the plan, the one before the start, and the one that the start is measured from.
_LOOKS_BEFORE: t.Final = 3
_LOST: t.Final = ((1.0, 100.0),)
# Fault, or fault and point -> what happens to the host.
SCRIPTS: t.Final[dict[str, dict[str, t.Any]]] = {
    "winrm_lost": {"lost": _LOST},
    "needs_restart": {"codes": (3010,)},
    "busy_always": {"codes": (1618,)},
    "brought": {"codes": (1618,), "other_brings": True},
    # The host's clock is not asked: how long it runs does not move with it.
    "clock_jumps": {"lost": _LOST},
    "clock_and_leave": {"lost": _LOST, "codes": (3010,)},
    "pending_after": {"pending_after": True},
    "fatal_then_reset": {"codes": (1603,), "tail_lost": True},
    "not_installed": {"codes": (1605,)},
    "not_opened": {"codes": (1619,)},
    # Away when the time is over, and back with the installer long at its end.
    "late_answer": {"lost": ((1.0, 4000.0),), "install_seconds": 3500.0},
    "needs_leave": {"codes": (3010,)},
    "asks_then_hangs sessions": {"codes": (3010,), "install_seconds": 5.0, "lost_looks": (_LOOKS_BEFORE,)},
    "asks_then_hangs order": {"codes": (3010,), "install_seconds": 5.0, "order_lost": True},
    "asks_then_hangs boot": {"codes": (3010,), "install_seconds": 5.0, "lost_looks": (_LOOKS_BEFORE + 1,)},
    "slow": {"codes": (3010,), "restart_seconds": 1500.0},
    "service_stopped": {"service_runs": False},
}
MATRIX: t.Final = load()
CASES: t.Final = [case for case in MATRIX.cases if case.fault in MATRIX.judged]


def script_of(case: Case) -> Script:
    return Script(**(SCRIPTS.get(case.fault) or SCRIPTS[f"{case.fault} {case.at}"]))


def test_each_of_them_is_in_the_matrix() -> None:
    """What has no row there would be judged by nobody's expectation."""
    assert {name.partition(" ")[0] for name in SCRIPTS} == set(MATRIX.judged)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_row(case: Case) -> None:
    """Code, version and words are the row's; without the fault the host ends as wanted, nothing started twice."""
    script = script_of(case)
    host = FakeRasHost(VirtualClock(), script)
    upgrade = Driver(host, case.also.get("vars", {}).get("ras_reboot", "auto")).run()
    failure = upgrade.failure or {"code": "ok", "message": "", "remedy": ""}
    said = f"{failure['message']} {failure['remedy']}"
    assert (failure["code"], host.version == NEW) == (case.code, case.upgraded != "none"), said
    assert [words for words in case.says if words not in said] == [], said
    assert set(script.codes[: host.starts - 1]) <= {1618}

    _heal(host)
    starts, was = host.starts, host.version
    again = Driver(host).run()
    assert again.failure is None
    assert (host.version, host.pending) == (NEW, False)
    assert host.starts == starts + (was != NEW)


def _heal(host: FakeRasHost) -> None:
    """Time passes, and the fault is gone."""
    host.clock.now += 10_000.0
    host._pass()
    host.script = Script()
    host.down = host.running = None
