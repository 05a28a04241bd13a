# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real playbooks over real WinRM, with each script in a real PowerShell: farms are activated, and one is rolled out."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from counts import count
from harness.reading import states
from harness.rhythm import four_times
from harness.rollouts import done, four_rollouts, FULL_VERSION, ROLLOUT, rollout_world
from harness.runner import Run, Runner
from harness.windows import windows_world
from harness.worlds import ACTIVE, host_of, NONE
from raslab.testing import Lab

_NO_REST: t.Final = {"quirks": {"rest_enabled": False}, "vars": {"ras_backend": "winrm"}}


@pytest.fixture
def start(tmp_path: Path) -> t.Iterator[t.Callable[[dict[str, t.Any]], Runner]]:
    """A lab whose hosts run scripts in PowerShell."""
    labs: list[Lab] = []

    def run(world: dict[str, t.Any]) -> Runner:
        world["defaults"]["windows"]["powershell"] = "engine"
        labs.append(Lab(world, tmp_path / "lab").start())
        return Runner(labs[-1], tmp_path / "runs", forks=5)

    yield run
    for lab in labs:
        lab.stop()


def test_farms_are_activated(start: t.Callable[[dict[str, t.Any]], Runner]) -> None:
    farms = {
        "fresh": {**_NO_REST, "license": NONE},
        "older": {**_NO_REST, "license": NONE, "generation": 18},
        "right": {**_NO_REST, "license": ACTIVE},
    }
    runner = start(windows_world(farms))

    def run(check: bool) -> Run:
        return runner.playbook("fleetops.parallels_ras.activate", check=check)

    four = four_times(runner, run, expected={"fresh": ["activated"], "older": ["activated"]})
    assert states(four.drift) == dict.fromkeys(farms, "ok")
    count("scenario", "activate: scripts in PowerShell, four runs")


def test_a_farm_is_rolled_out(start: t.Callable[[dict[str, t.Any]], Runner]) -> None:
    hosts = [
        {"name": host_of("alpha"), "components": ["broker", "gateway"]},
        {"name": "rd1.alpha.example.com", "components": ["rds"]},
    ]
    runner = start(rollout_world({"alpha": {"hosts": hosts}}, ras_reboot="auto"))
    four = four_rollouts(runner, lambda check: runner.playbook(ROLLOUT, check=check))
    assert done(four.applied).installs == {"alpha": [host_of("alpha")]}
    assert done(four.applied).pushes == {"alpha": ["rd1.alpha.example.com"]}
    versions = {host["agent_version"] for host in runner.lab.farm("alpha")["hosts"]}
    assert versions == {FULL_VERSION}
    count("scenario", "rollout: scripts in PowerShell, four runs")
