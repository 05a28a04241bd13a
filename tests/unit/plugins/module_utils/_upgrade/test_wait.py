# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an installer ended, and whether its host was restarted: never by when Windows says that it was started."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import SUCCEEDED
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import (
    End,
    end_of_failed_job,
    end_of_job,
    end_without_job,
    NO_END,
    NOT_BEGUN,
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


@pytest.mark.parametrize(
    ("rc", "has_failed", "code"),
    [
        (0, False, 0),
        (3010, False, 3010),
        ("1641", False, 1641),
        (1603, False, 1603),
        (None, False, NO_END),
        ("", False, NO_END),
        (False, False, NO_END),
        ("ok", False, NO_END),
        (-1073741510, False, NO_END),
        (0, True, NO_END),
    ],
)
def test_only_an_exit_code_says_how_an_installation_ended(rc: t.Any, has_failed: bool, code: int) -> None:
    assert end_of_job({"rc": rc}, has_failed).code == code


@given(st.dictionaries(st.sampled_from(["rc", "ok", "held", "msg"]), json_values), st.booleans())
def test_no_answer_is_a_success_without_the_exit_code_of_one(answer: dict[str, t.Any], has_failed: bool) -> None:
    end = end_of_job(answer, has_failed)
    if end.code in SUCCEEDED:
        assert str(answer["rc"]).strip() == str(end.code)
        assert not has_failed


@given(st.text(), st.text())
def test_only_codes_from_before_the_start_say_that_nothing_began(code: str, said: str) -> None:
    end = end_of_failed_job(code, said)
    assert (end.code is None) == (code in NOT_BEGUN)
    assert end.code not in SUCCEEDED


@pytest.mark.parametrize("code", sorted(NOT_BEGUN))
def test_what_was_not_begun_has_its_cause(code: str) -> None:
    assert end_of_failed_job(code, "why") == End(None, "why", code)


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
