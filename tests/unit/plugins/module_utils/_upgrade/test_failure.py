# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stopped hosts that were upgraded together, said for their farm."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.failure import failure_of_hosts
from hypothesis import given
from hypothesis import strategies as st

SERVER, MEMBER = "cb1", "rd1"
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
    failure = failure_of_hosts(results, [], SERVER)
    assert failure.get("code") == code
    assert says in failure.get("message", "")


def test_what_is_wrong_with_a_member_that_is_planned_keeps_its_code() -> None:
    failure = failure_of_hosts([{"upgrade": {"host": MEMBER, "failure": WRONG}}], [MEMBER], SERVER, is_planned=True)
    assert failure["code"] == WRONG["code"]
    assert failure["message"] == "The member rd1: 1603."


@given(st.lists(st.sampled_from(["cb1", "rd1", "rd2", "gw1"]), unique=True), st.data())
def test_a_host_without_a_result_is_a_failure(hosts: list[str], data: st.DataObject) -> None:
    seen = [host for host in hosts if data.draw(st.booleans())]
    failure = failure_of_hosts([{"upgrade": {"host": host, "failure": None}} for host in seen], hosts, SERVER)
    assert bool(failure) == (seen != hosts)
    if failure:
        lost = next(host for host in hosts if host not in seen)
        assert failure["code"] == ("internal_error" if lost == SERVER else "agent_failed")
        assert lost == SERVER or lost in failure["message"]
