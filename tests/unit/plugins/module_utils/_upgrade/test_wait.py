# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an installer ended, and whether its host was restarted: never by when Windows says that it was started."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import SUCCEEDED
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import (
    End,
    end_of_job,
    end_without_job,
    NO_END,
    restart_seen,
    TOLERANCE,
    was_restarted,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import json_values
from hypothesis import given
from hypothesis import strategies as st

HOUR = 3600
_elapsed = st.floats(0, 2 * HOUR)


@given(
    st.integers(HOUR + 60, 10**8),
    _elapsed,
    st.floats(-1.0, 1.0) | st.sampled_from([-HOUR, HOUR, 1 - HOUR]),
)
def test_a_host_that_runs_on_was_not_restarted_whatever_its_clock_did(
    uptime: int, elapsed: float, moved: float
) -> None:
    assert was_restarted(uptime, int(uptime + elapsed + moved), elapsed) is False


@given(st.integers(20, 10**8), _elapsed, st.floats(0, 1), st.floats(-1.0, 1.0))
def test_a_host_that_was_restarted_is_seen(uptime: int, elapsed: float, part: float, moved: float) -> None:
    runs_for = max(0, int(elapsed * part + moved))
    assert was_restarted(uptime, runs_for, elapsed) is True


@given(st.none() | st.integers(-5, 10), st.none() | st.integers(-5, 10), st.floats(-10, 10))
def test_what_is_missing_or_too_close_is_unknown_and_never_a_restart(
    before: int | None, now: int | None, elapsed: float
) -> None:
    judged = was_restarted(before, now, elapsed)
    if before is None or now is None or before < 0 or now < 0 or elapsed < 0:
        assert judged is None
    elif judged:
        assert before + elapsed - now > TOLERANCE


def test_two_results_of_host_info_are_compared_by_our_clock() -> None:
    before = {"observed_at": 1000.0, "host": {"uptime_seconds": 5000}}
    assert restart_seen(before, {"observed_at": 1600.0, "host": {"uptime_seconds": 5599}}) is False
    assert restart_seen(before, {"observed_at": 1600.0, "host": {"uptime_seconds": 90}}) is True
    assert restart_seen(before, {"observed_at": 900.0, "host": {"uptime_seconds": 90}}) is None
    for unknown in ({}, {"failure": {}}, {"host": {"uptime_seconds": 90}}, {"observed_at": "soon", "host": {}}):
        assert restart_seen(before, unknown) is None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"finished": 1, "rc": 0, "failed": False}, 0),
        ({"finished": True, "rc": 3010}, 3010),
        ({"finished": 1, "rc": "1641"}, 1641),
        ({"finished": 1, "rc": 1603, "failed": True}, 1603),
        ({"finished": 1, "changed": False}, NO_END),
        ({"finished": 1, "rc": None}, NO_END),
        ({"finished": 1, "rc": ""}, NO_END),
        ({"finished": 1, "rc": False}, NO_END),
        ({"finished": 1, "rc": "ok"}, NO_END),
        ({"finished": 1, "rc": -1073741510}, NO_END),
        ({"finished": 1, "rc": 0, "failed": True}, NO_END),
        ({"finished": 1, "failed": True, "msg": "could not find job"}, NO_END),
    ],
)
def test_only_an_exit_code_says_how_an_installation_ended(answer: dict[str, t.Any], code: int) -> None:
    end = end_of_job(answer)
    assert end is not None
    assert end.code == code


@pytest.mark.parametrize("finished", [0, False, None, "", "no", 2, [1]])
def test_a_job_that_does_not_say_that_it_has_ended_has_not(finished: t.Any) -> None:
    assert end_of_job({"finished": finished, "rc": 0}) is None


@given(st.dictionaries(st.sampled_from(["finished", "rc", "failed", "msg"]), json_values))
def test_no_answer_is_a_success_without_the_exit_code_of_one(answer: dict[str, t.Any]) -> None:
    end = end_of_job(answer)
    if end is not None and end.code in SUCCEEDED:
        assert str(answer["rc"]).strip() == str(end.code)
        assert answer.get("failed") is not True


@pytest.mark.parametrize(
    ("host", "restarted", "code"),
    [
        ({"installer_running": True, "version": "21.0.1"}, None, NO_END),
        ({"version": "21.0.1"}, None, NO_END),
        ({"installer_running": False, "version": "20.0.1"}, True, 1641),
        ({"installer_running": False, "version": "20.0.1"}, False, None),
        ({"installer_running": False, "version": None}, None, NO_END),
        ({"installer_running": False, "version": None, "installed": None}, None, NO_END),
        ({"installer_running": False, "version": None, "installed": False}, None, None),
        ({"installer_running": False, "version": "21.0.1", "reboot_pending": True}, False, 3010),
        ({"installer_running": False, "version": "21.0.1"}, False, 3010),
        ({"installer_running": False, "version": "21.0.1", "reboot_pending": False}, None, 3010),
        (
            {
                "installer_running": False,
                "version": "21.0.1",
                "reboot_pending": False,
                "file_renames": True,
            },
            None,
            3010,
        ),
        ({"installer_running": False, "version": "21.0.1", "reboot_pending": False, "file_renames": None}, None, 3010),
        ({"installer_running": False, "version": "21.0.1", "reboot_pending": None, "file_renames": False}, None, 3010),
        ({"installer_running": False, "version": "21.0.1", "reboot_pending": False, "file_renames": False}, None, 0),
    ],
)
def test_without_a_job_the_host_shows_what_happened(
    host: dict[str, t.Any], restarted: bool | None, code: int | None
) -> None:
    assert end_without_job(host, "20.0.1", restarted).code == code


def test_nothing_is_said_of_an_installer_that_never_began() -> None:
    assert end_without_job({"installer_running": False, "version": "20.0.1"}, "20.0.1", False) == End(None)
