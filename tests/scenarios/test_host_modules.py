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

UPGRADE: t.Final = "fleetops.parallels_ras.host_upgrade"
WAIT: t.Final = "fleetops.parallels_ras.host_upgrade_wait"
RESTART: t.Final = "fleetops.parallels_ras.host_restart"
RESTART_WAIT: t.Final = "fleetops.parallels_ras.host_restart_wait"
COMPARE: t.Final = "fleetops.parallels_ras.farm_compare"
FAILURE: t.Final = "fleetops.parallels_ras.farm_failure"
OPTIONS: t.Final = {"version": VERSION, "installer_src": str(INSTALLER), "installer_sha256": sha256_of()}
POLL: t.Final = {"poll_interval": 0.5}
PLAN: t.Final = {"name": "Plan", UPGRADE: {**OPTIONS, "reboot": "auto"}, "register": "planned"}
READ: t.Final = {"name": "Read the license", "fleetops.parallels_ras.license_info": CONNECTION}


def _stage() -> list[dict[str, t.Any]]:
    copy = {"src": str(INSTALLER), "dest": "{{ planned.files.path }}"}
    return [
        {"name": "Make the folder", "fleetops.parallels_ras.private_folder": {"path": "{{ planned.files.folder }}"}},
        {"name": "Copy the installer", "ansible.windows.win_copy": copy},
    ]


def _step(module: str, of: str, to: str, **options: t.Any) -> dict[str, t.Any]:
    """A task that takes the upgrade of one and hands it on to another."""
    return {"name": module, module: {**options, "upgrade": f"{{{{ {of}.upgrade }}}}"}, "register": to}


def test_a_host_is_upgraded_by_tasks_of_the_user(start_lab: StartLab) -> None:
    """With an installer that asks for a restart."""
    runner = start_lab(rollout_world({"tokyo": {"faults": [{"kind": "msiexec", "on": "install", "code": 3010}]}}))
    steps = [
        _step(UPGRADE, "planned", "started", **OPTIONS, reboot="auto"),
        _step(WAIT, "started", "waited", **OPTIONS, **POLL),
        _step(RESTART, "waited", "ordered", reboot="auto"),
        _step(RESTART_WAIT, "ordered", "restarted", **POLL),
        _step(WAIT, "restarted", "settled", **OPTIONS, **POLL),
    ]
    before, after = ({**READ, "register": name} for name in ("before", "after"))
    compared = {"before": {"license": "{{ before.license }}"}, "after": {"license": "{{ after.license }}"}}
    run = runner.play(
        [before, PLAN, *_stage(), *steps, after, {"name": "Compare", COMPARE: compared}],
    )
    assert run.rc == 0, run.output
    upgrades = [each["upgrade"] for each in run.results(WAIT)]
    assert [(each["phase"], each["next"], each["code"]) for each in upgrades] == [
        ("installed", "restart", 3010),
        ("settled", "nothing", 3010),
    ]
    assert runner.lab.host("tokyo")["agent_version"] == FULL_VERSION
    assert len(runner.lab.journal("tokyo", op="host_install")) == 1
    assert len(runner.lab.journal("tokyo", op="restart")) == 1
    (outcome,) = run.results(COMPARE)
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
                WAIT: {**OPTIONS, **POLL, "upgrade": lost},
                "register": "waited",
                "ignore_errors": True,
            },
            {
                "name": "Find what stopped the farm",
                FAILURE: {"results": ["{{ waited }}"], "server": "{{ inventory_hostname }}"},
            },
        ]
    )
    (waited,) = run.results(WAIT)
    assert (waited["failure"]["code"], waited["upgrade"]["next"]) == ("host_unreachable", "nothing")
    (found,) = run.results(FAILURE)
    assert found["stopped_by"]["code"] in ("host_unreachable", "agent_failed")
    assert runner.lab.journal("tokyo", op="host_install") == []
    assert host_of("tokyo") in run.output
    count("scenario", "modules of an upgrade: nothing began")
