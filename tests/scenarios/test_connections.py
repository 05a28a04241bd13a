# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""winrm, psrp and ssh: a farm behind each is activated and rolled out with a restart, and its files go both ways."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest

from counts import count
from harness.rollouts import done, four_rollouts, FULL_VERSION, hosts_of, INSTALLER, ROLLOUT, rollout_world, Rollouts
from harness.runner import Run, Runner
from harness.worlds import EMAIL, host_of, NONE
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

_HTTPS: t.Final[dict[str, t.Any]] = {"scheme": "https", "auth": ["ntlm"]}
# The farms are called as what is between them and the controller.
WINDOWS: t.Final[dict[str, dict[str, t.Any]]] = {
    "winrm": {"connection": "winrm", "winrm": _HTTPS},
    "psrp": {"connection": "psrp", "winrm": _HTTPS},
    "ssh": {"connection": "ssh"},
}
if os.environ.get("RAS_FULL") == "1":
    # Over HTTP psrp sends in the clear, or seals what it sends.
    WINDOWS["clear"] = {"connection": "psrp", "winrm": {"scheme": "http", "auth": ["basic"]}}
    WINDOWS["sealed"] = {"connection": "psrp", "winrm": {"scheme": "http", "auth": ["ntlm"]}}


def _farm(name: str) -> dict[str, t.Any]:
    return {
        "license": NONE,
        # The installation leaves a restart to do.
        "faults": [{"on": "install", "kind": "msiexec", "code": 3010}],
        "vars": {"ras_backend": "winrm", "ras_installer_src": str(INSTALLER)},
        "hosts": [
            {"name": host_of(name), "windows": WINDOWS[name]},
            {"name": f"gw1.{name}.example.com", "components": ["gateway"], "windows": WINDOWS[name]},
        ],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where exported settings are fetched to."""
    return tmp_path_factory.mktemp("backup")


@pytest.fixture(scope="module")
def runner(start_lab: StartLab, folder: Path) -> Runner:
    farms = {name: _farm(name) for name in WINDOWS}
    return start_lab(rollout_world(farms, ras_backup_dest=str(folder), ras_waves=["100%"]))


@pytest.fixture(scope="module")
def four(runner: Runner) -> Rollouts:
    def run(check: bool) -> Run:
        return runner.playbook(ROLLOUT, "-vvvv", check=check)

    return four_rollouts(runner, run)


@pytest.mark.parametrize("name", WINDOWS)
def test_a_farm_is_rolled_out_and_activated_over_it(four: Rollouts, runner: Runner, name: str) -> None:
    truth = runner.lab.farm(name)
    assert truth["license"]["account"] == EMAIL
    assert {host["agent_version"] for host in truth["hosts"]} == {FULL_VERSION}
    journal = [entry for entry in four.applied if entry["farm"] == name]
    assert done(journal).installs == {name: [host_of(name)]}
    assert hosts_of(journal, "push") == [f"gw1.{name}.example.com"]
    assert host_of(name) in hosts_of(journal, "restart")
    assert [entry["protocol"] for entry in journal if entry["effect"] == "activated"] == [WINDOWS[name]["connection"]]
    count("scenario", f"a rollout over {name}")


@pytest.mark.parametrize("name", WINDOWS)
def test_files_go_both_ways(four: Rollouts, folder: Path, name: str) -> None:
    journal = [entry for entry in four.applied if entry["farm"] == name]
    assert hosts_of(journal, "put_file") == [host_of(name)]
    (fetched,) = [path for path in folder.rglob("*.dat2") if f"-{name}-" in f"-{path.parent.name}-{path.name}"]
    assert fetched.stat().st_size > 0
