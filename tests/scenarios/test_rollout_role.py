# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role alone with ras_version: one farm is upgraded, activated and proven, as by the playbook."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from counts import count
from harness.rollouts import done, four_rollouts, FULL_VERSION, rollout_world
from harness.runner import Run, Runner
from harness.worlds import EMAIL, host_of, NONE
from scenarios.conftest import StartLab

ROLE: t.Final = "fleetops.parallels_ras.ras"
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "alone": {
        "license": NONE,
        "hosts": [{"name": host_of("alone")}, {"name": "gw1.alone.example.com", "components": ["gateway"]}],
    },
}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    return start_lab(rollout_world(FARMS))


@pytest.mark.floor
def test_the_role_alone_upgrades_activates_and_pushes(runner: Runner, tmp_path: Path) -> None:
    hook = tmp_path / "site.yml"
    hook.write_text("- name: Site\n  ansible.builtin.debug:\n    msg: after the farm\n", encoding="utf-8")
    extra = {"ras_after_farm_tasks": str(hook)}

    def run(check: bool) -> Run:
        return runner.play([], play={"roles": [ROLE]}, check=check, extra=extra)

    four = four_rollouts(runner, run)
    deeds = done(four.applied)
    assert deeds.installs == {"alone": [host_of("alone")]}
    assert deeds.licenses == {"alone": ["activated"]}
    assert deeds.pushes == {"alone": ["gw1.alone.example.com"]}
    farm = runner.lab.farm("alone")
    assert {host["agent_version"] for host in farm["hosts"]} == {FULL_VERSION}
    assert farm["license"]["account"] == EMAIL
    told = [sum(str(each.get("task")).endswith("Site") for each in ended.records) for ended in four.each()]
    assert told == [0, 1, 0, 0]
    count("scenario", "rollout: the role alone, four runs")
