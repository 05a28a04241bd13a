# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The licensing server upgrades members by delegated tasks: with their own variables, and only where that is wanted."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from counts import count
from harness.reading import outcomes, overlay, states
from harness.rollouts import Changes, done, FULL_VERSION, ROLLOUT, rollout_world, touched
from harness.runner import Run, Runner
from harness.worlds import host_of
from scenarios.conftest import StartLab

pytestmark = [pytest.mark.long, pytest.mark.floor]

FARMS: t.Final = ("away", "named", "outside", "own")
MEMBERS: t.Final = {farm: f"rd1.{farm}.example.com" for farm in FARMS}
_SAYS: t.Final = """
- name: Say whose turn it is
  ansible.builtin.debug:
    msg: "{{ ras_hook_host }} in rack {{ hostvars[ras_hook_host].rack }}"
- name: Be there
  ansible.windows.win_ping:
"""
_NAMES: t.Final = """
- name: Say where it is
  ansible.builtin.debug:
    msg: "in rack {{ rack }}"
"""


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    """One member of each farm installs by itself, and has users whom only its own variable gives up."""
    own = {"ras_agents_method": "msi", "ras_logoff_sessions": True, "rack": "B7"}
    member = {"components": ["rds"], "windows": {"sessions": 2}, "vars": own}
    farms = {
        farm: {"hosts": [{"name": host_of(farm)}, {"name": MEMBERS[farm], **member}], "vars": {"rack": "A1"}}
        for farm in FARMS
    }
    return start_lab(rollout_world(farms, ras_waves=["100%"], ras_max_failed_farms=9))


@pytest.fixture(scope="module")
def applied(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Changes]:
    folder = tmp_path_factory.mktemp("hooks")
    hooks = {}
    for farm, text in (("own", _SAYS), ("named", _NAMES)):
        path: Path = folder / f"{farm}.yml"
        path.write_text(text, encoding="utf-8")
        hooks[MEMBERS[farm]] = {"ras_before_host_tasks": str(path)}
    runner.lab.patch_windows("away", MEMBERS["away"], winrm_down=True)
    limit = ("--limit", f"all:!{MEMBERS['outside']}")
    run = runner.playbook(ROLLOUT, *limit, *overlay(runner, "hooks", hooks))
    return run, done(runner.lab.journal())


def test_a_farm_with_a_member_that_must_not_or_cannot_be_upgraded_is_refused(applied: tuple[Run, Changes]) -> None:
    run, _changes = applied
    assert run.rc == 2
    assert states(run) == {
        "away": "refused host_unreachable",
        "named": "refused hook_failed",
        "outside": "refused agent_failed",
        "own": "changed",
    }
    rows = outcomes(run)
    assert f"The member {MEMBERS['away']}: " in rows["away"]["message"]
    assert "hostvars[ras_hook_host].rack" in f"{rows['named']['message']} {rows['named']['remedy']}"
    assert MEMBERS["outside"] in rows["outside"]["message"]
    count("scenario", "delegation: farms that are refused for a member")


def test_nothing_of_such_a_farm_is_changed(runner: Runner, applied: tuple[Run, Changes]) -> None:
    _run, changes = applied
    assert changes.installs == {"own": [host_of("own"), MEMBERS["own"]]}
    for farm in ("away", "named", "outside"):
        assert touched(runner.lab.journal(farm)) == []
    assert [each for each in runner.lab.journal("outside") if each["host"] == MEMBERS["outside"]] == []
    count("scenario", "delegation: nothing of such a farm is changed")


def test_a_member_is_upgraded_with_its_own_variables(runner: Runner, applied: tuple[Run, Changes]) -> None:
    run, _changes = applied
    assert runner.lab.host("own", MEMBERS["own"])["agent_version"] == FULL_VERSION
    said = [each["result"]["msg"] for each in run.records if str(each.get("task")).endswith("Say whose turn it is")]
    assert said == [f"{MEMBERS['own']} in rack B7"]
    pinged = [each["host"] for each in runner.lab.journal("own", op="win_ping")]
    assert pinged == [MEMBERS["own"]]
    assert runner.lab.problems() == []
    count("scenario", "delegation: a member has its own variables")
