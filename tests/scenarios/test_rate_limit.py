# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rate limit of a farm's web service, answered with 429 or 503: reads wait, a write that met 503 is looked into."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.cases import task
from harness.reading import secrets_in
from harness.rhythm import effects
from harness.runner import Run, Runner
from harness.windows import OPTIONS
from harness.worlds import ACTIVE, EMAIL, host_of, NONE, PASSWORD, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

STATUSES: t.Final = (429, 503)
OTHER: t.Final = "other@example.com"


def _farm(license_: t.Mapping[str, t.Any], status: int, requests: int, window: float, **options: t.Any) -> t.Any:
    limit = {"requests": requests, "window": window, "status": status}
    return {"license": license_, "quirks": {"rate_limit": limit}, "vars": {"case": {"settle_timeout": 3, **options}}}


@pytest.fixture(scope="module")
def seen(start_lab: StartLab) -> tuple[Runner, Run]:
    """For each status a farm that is read, one that is written, and one whose window does not end."""
    farms = {}
    for status, email in zip(STATUSES, (OTHER, EMAIL), strict=True):
        farms[f"read{status}"] = _farm(ACTIVE, status, 1, 1.2)
        farms[f"write{status}"] = _farm(NONE, status, 2, 1.2, account_email=email)
        farms[f"stuck{status}"] = _farm(ACTIVE, status, 1, 3600, timeout=3)
    made = world(farms)
    made["my_account"]["accounts"][0]["people"].append({"email": OTHER, "password": PASSWORD})
    runner = start_lab(made)
    return runner, runner.play([task(OPTIONS)])


@pytest.mark.parametrize("status", STATUSES)
def test_reads_wait_until_the_window_has_ended(seen: tuple[Runner, Run], status: int) -> None:
    runner, run = seen
    assert "failure" not in run.license(host_of(f"read{status}"))
    assert status in {entry["status"] for entry in runner.lab.journal(f"read{status}")}
    count("scenario", f"rate limit {status}: reads wait")


@pytest.mark.parametrize("status", STATUSES)
def test_a_window_without_an_end_names_the_limit(seen: tuple[Runner, Run], status: int) -> None:
    failure = seen[1].license(host_of(f"stuck{status}"))["failure"]
    assert failure["code"] == ("rate_limited" if status == 429 else "api_unreachable")
    assert "rate limit" in failure["message"] + failure["remedy"]
    assert ("likely" in failure["message"]) is (status == 503)
    count("scenario", f"rate limit {status}: no end")


def test_a_write_is_sent_again_after_429_only(seen: tuple[Runner, Run]) -> None:
    runner, run = seen
    assert effects(runner) == {"write429": ["activated"]}
    assert "failure" not in run.license(host_of("write429"))
    assert [entry["status"] for entry in runner.lab.journal("write503", op="activate")] == [503]
    assert secrets_in(run) == []
    count("scenario", "rate limit: a write after 429")


def test_after_a_503_the_run_looks_again_and_says_what_it_found(seen: tuple[Runner, Run]) -> None:
    runner, run = seen
    failure = run.license(host_of("write503"))["failure"]
    assert failure["code"] == "outcome_unknown"
    for part in ("rate limit", "likely", "does not show the change", "not_activated"):
        assert part in failure["message"]
    ops = [entry["op"] for entry in runner.lab.journal("write503") if entry["status"] != 503]
    assert ops[:2] == ["logon", "license"]
    assert "license" in ops[2:]
    assert runner.lab.attempts() == [each for each in runner.lab.attempts() if each["farm"] == "write429"]
    count("scenario", "rate limit: a write after 503")
