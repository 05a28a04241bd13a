# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether hosts whose agents ask for a restart may be restarted."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.restart import judge_restart

AGENTS = [
    {"server": "rd1", "kind": "rds_host", "sessions": 3},
    {"server": "rd2", "kind": "rds_host", "sessions": None},
    {"server": "rd3", "kind": "rds_host", "sessions": 0},
    {"server": "gw1", "kind": "gateway", "sessions": None},
]


@pytest.mark.parametrize(
    ("due", "known", "reboot", "logoff", "code"),
    [
        (["gw1"], ["gw1"], "auto", False, None),
        (["gw1"], ["gw1"], "never", True, "reboot_required"),
        (["gw1"], [], "auto", True, "reboot_required"),
        (["rd1"], ["rd1"], "auto", False, "sessions_active"),
        (["rd1"], ["rd1"], "auto", True, None),
        (["rd2"], ["rd2"], "auto", False, "sessions_active"),
        (["rd2"], ["rd2"], "auto", True, None),
        (["rd3"], ["rd3"], "auto", False, None),
    ],
)
def test_restarts_of_other_hosts(due: list[str], known: list[str], reboot: str, logoff: bool, code: str | None) -> None:
    failure = judge_restart({"restart_due": due, "agents": {"after": AGENTS}}, known, reboot, logoff)
    assert (failure and failure.code) == code


def test_a_host_is_not_restarted_twice() -> None:
    failure = judge_restart({"restart_due": ["gw1", "gw2"]}, ["gw1", "gw2"], "auto", False, ["gw1"])
    assert failure is not None
    assert failure.code == "reboot_required"
    assert "gw1" in failure.message
    assert "gw2" not in failure.message
