# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules of an upgrade over real WinRM, task by task in a playbook of the user's; the rollouts show the rest."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.rollouts import FULL_VERSION, INSTALLER, rollout_world, sha256_of, VERSION
from harness.windows import CONNECTION
from harness.worlds import host_of
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

C: t.Final = "fleetops.parallels_ras."
OPTIONS: t.Final = {"version": VERSION, "installer_src": str(INSTALLER), "installer_sha256": sha256_of()}
POLL: t.Final = {"poll_interval": 0.5}
PLAN: t.Final = {"name": "Plan", f"{C}host_upgrade": {**OPTIONS, "reboot": "auto"}, "register": "planned"}
READ: t.Final = {"name": "Read the license", f"{C}license_info": CONNECTION}


def _stage() -> list[dict[str, t.Any]]:
    copy = {"src": str(INSTALLER), "dest": "{{ planned.files.path }}"}
    return [
        {"name": "Make the folder", f"{C}private_folder": {"path": "{{ planned.files.folder }}"}},
        {"name": "Copy the installer", "ansible.windows.win_copy": copy},
    ]


def _step(module: str, of: str, to: str, **options: t.Any) -> dict[str, t.Any]:
    """A task that takes the upgrade of one and hands it on to another."""
    return {"name": module, module: {**options, "upgrade": f"{{{{ {of}.upgrade }}}}"}, "register": to}


def test_a_host_is_upgraded_by_tasks_of_the_user(start_lab: StartLab) -> None:
    """With an installer that asks for a restart."""
    runner = start_lab(rollout_world({"tokyo": {"faults": [{"kind": "msiexec", "on": "install", "code": 3010}]}}))
    steps = [
        _step("fleetops.parallels_ras.host_upgrade", "planned", "started", **OPTIONS, reboot="auto"),
        _step("fleetops.parallels_ras.host_upgrade_wait", "started", "waited", **OPTIONS, **POLL),
        _step("fleetops.parallels_ras.host_restart", "waited", "ordered", reboot="auto"),
        _step("fleetops.parallels_ras.host_restart_wait", "ordered", "restarted", **POLL),
        _step("fleetops.parallels_ras.host_upgrade_wait", "restarted", "settled", **OPTIONS, **POLL),
    ]
    before, after = ({**READ, "register": name} for name in ("before", "after"))
    compared = {"before": {"license": "{{ before.license }}"}, "after": {"license": "{{ after.license }}"}}
    judged = [
        {"name": "Compare", "fleetops.parallels_ras.farm_compare": compared},
        {
            "name": "Find what stopped it",
            "fleetops.parallels_ras.farm_failure": {"results": ["{{ settled }}"], "server": host_of("tokyo")},
        },
    ]
    run = runner.play([before, PLAN, *_stage(), *steps, after, *judged])
    assert run.rc == 0, run.output
    upgrades = [each["upgrade"] for each in run.results(f"{C}host_upgrade_wait")]
    assert [(each["phase"], each["next"], each["code"]) for each in upgrades] == [
        ("installed", "restart", 3010),
        ("settled", "nothing", 3010),
    ]
    assert runner.lab.host("tokyo")["agent_version"] == FULL_VERSION
    assert len(runner.lab.journal("tokyo", op="host_install")) == 1
    assert len(runner.lab.journal("tokyo", op="restart")) == 1
    (stopped,) = run.results("fleetops.parallels_ras.farm_failure")
    assert stopped["stopped_by"] == {}
    (outcome,) = run.results("fleetops.parallels_ras.farm_compare")
    assert outcome["worse"] == []
    count("scenario", "modules of an upgrade: a restart is asked for")


def test_nothing_shows_that_an_installer_began(start_lab: StartLab) -> None:
    """The answer to a start was lost, and the installer did not begin: nothing is started again."""
    runner = start_lab(rollout_world({"tokyo": {}}))
    lost = "{{ planned.upgrade | combine({'phase': 'started', 'next': 'wait', 'job': ''}) }}"
    run = runner.play(
        [
            PLAN,
            {
                "name": "Wait",
                f"{C}host_upgrade_wait": {**OPTIONS, **POLL, "upgrade": lost},
                "register": "waited",
                "ignore_errors": True,
            },
            {
                "name": "Find what stopped the farm",
                f"{C}farm_failure": {"results": ["{{ waited }}"], "server": "{{ inventory_hostname }}"},
            },
        ]
    )
    (waited,) = run.results(f"{C}host_upgrade_wait")
    assert (waited["failure"]["code"], waited["upgrade"]["next"]) == ("host_unreachable", "nothing")
    (found,) = run.results(f"{C}farm_failure")
    assert found["stopped_by"]["code"] in ("host_unreachable", "agent_failed")
    assert runner.lab.journal("tokyo", op="host_install") == []
    assert host_of("tokyo") in run.output
    count("scenario", "modules of an upgrade: nothing began")
