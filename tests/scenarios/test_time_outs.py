# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The time of a task is over while it writes: the outcome is unknown, and the account is not tried a second time."""

from __future__ import annotations

import pytest

from counts import count
from harness.cases import MODULE, task
from harness.worlds import world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

_SECONDS = 8


@pytest.mark.parametrize("how", ["keyword", "environment"])
def test_a_write_that_is_cut_off_is_unknown_and_no_other_farm_tries(start_lab: StartLab, how: str) -> None:
    farms = {name: {"faults": [{"kind": "hang_after", "on": "activate", "times": -1}]} for name in ("tokyo", "osaka")}
    runner = start_lab(world(farms))
    options = ("account_email", "account_password", "license_key", "backend", "settle_timeout")
    connection = ("api_url", "api_username", "api_password", "ca_path", "timeout")
    more = {"timeout": _SECONDS} if how == "keyword" else {}
    env = {"ANSIBLE_TASK_TIMEOUT": str(_SECONDS)} if how == "environment" else {}
    # One after the other: a farm that waits for its turn would be cut off before it sends anything.
    run = runner.play([task([*options, *connection], **more)], play={"serial": 1}, env=env)
    codes = [result["failure"]["code"] for result in run.results(MODULE)]
    assert codes == ["outcome_unknown", "not_tried"], run.output
    first = run.results(MODULE)[0]
    assert first["changed"] is True
    assert "ANSIBLE_TASK_TIMEOUT" in first["failure"]["message"]
    assert len(runner.lab.attempts()) == 1
    count("scenario", f"license: cut off by the time-out of the task ({how})")
