# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rollout of many farms of which some break: which are upgraded, which are not tried, and what the table says."""

from __future__ import annotations

import typing as t
from collections import Counter
from pathlib import Path

import pytest

from counts import count
from harness.reading import outcomes, states
from harness.rollouts import done, FULL_VERSION, hosts_of, ROLLOUT, rollout_world, touched
from harness.runner import Run, Runner
from harness.worlds import host_of
from scenarios.conftest import StartLab

pytestmark = pytest.mark.long

_HOOKS: t.Final = ("ras_before_farm_tasks", "ras_before_host_tasks", "ras_after_host_tasks", "ras_after_farm_tasks")
EIGHT: t.Final = [f"farm{number}" for number in range(1, 9)]


def _breaks(times: int) -> dict[str, t.Any]:
    return {"kind": "msiexec", "on": "install", "times": times}


def _installed(runner: Runner) -> Counter[str]:
    """Farm -> how often an installer ran in it since the journal was cleared."""
    return Counter(entry["farm"] for entry in runner.lab.journal(op="install"))


def _versions(runner: Runner, farms: t.Iterable[str]) -> set[str]:
    return {host["agent_version"] for name in farms for host in runner.lab.farm(name)["hosts"]}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    """Eight farms in waves of one, one and six; the canary breaks twice, and a farm of the last wave once."""
    farms: dict[str, dict[str, t.Any]] = {name: {} for name in EIGHT}
    farms["farm1"] = {"faults": [_breaks(2)]}
    farms["farm6"] = {"faults": [_breaks(1)]}
    return start_lab(rollout_world(farms))


def _run(runner: Runner, *args: str, **options: t.Any) -> Run:
    runner.lab.clear_journal()
    return runner.playbook(ROLLOUT, *args, **options)


def test_no_farm_is_started_after_the_time_that_is_set(runner: Runner) -> None:
    limit = f"{host_of('farm1')},{host_of('farm2')}"
    run = _run(runner, "--limit", limit, extra={"ras_no_new_farm_after": "2020-01-01 06:00"})
    assert run.rc == 2
    assert states(run) == dict.fromkeys(EIGHT[:2], "not_tried not_tried")
    assert "ras_no_new_farm_after=2020-01-01 06:00" in outcomes(run)["farm1"]["message"]
    assert touched(runner.lab.journal()) == []
    count("scenario", "rollout: no new farm after a time")


def test_a_broken_canary_stops_all_others(runner: Runner) -> None:
    run = _run(runner)
    assert run.rc == 2
    assert states(run) == {
        "farm1": "failed install_failed",
        **dict.fromkeys(EIGHT[1:], "not_tried not_tried"),
    }
    assert _installed(runner) == {"farm1": 1}
    assert {line.split()[0] for line in touched(runner.lab.journal())} == {host_of("farm1")}
    rows = outcomes(run)
    assert "1603" in rows["farm1"]["message"]
    for name in EIGHT[1:]:
        assert "1 farm of this run did not end well (farm1); ras_max_failed_farms=0" in rows[name]["message"]
    assert "8 not as wanted (7 of them not tried)" in run.output
    count("scenario", "rollout: a broken canary")


def test_one_failed_farm_may_be_allowed(runner: Runner) -> None:
    run = _run(runner, extra={"ras_max_failed_farms": 1})
    assert run.rc == 2
    good = [name for name in EIGHT if name not in ("farm1", "farm6")]
    assert states(run) == {
        **dict.fromkeys(EIGHT, "changed"),
        "farm1": "failed install_failed",
        "farm6": "failed install_failed",
    }
    assert _installed(runner) == dict.fromkeys(EIGHT, 1)
    assert _versions(runner, good) == {FULL_VERSION}
    # The second wave began when the first had ended, and the last when the second had.
    installs = hosts_of(runner.lab.journal(), "install")
    assert installs[:2] == [host_of("farm1"), host_of("farm2")]
    count("scenario", "rollout: ras_max_failed_farms")


@pytest.mark.floor_full
def test_one_farm_alone_and_the_tasks_of_the_user(runner: Runner, tmp_path: Path) -> None:
    runner.lab.clear_faults()
    hooks = {}
    for name in _HOOKS:
        path = tmp_path / f"{name}.yml"
        path.write_text(f"- name: Site\n  ansible.builtin.debug:\n    msg: {name}\n", encoding="utf-8")
        hooks[name] = str(path)
    limit = ("--limit", host_of("farm1"))
    check = _run(runner, *limit, extra=hooks, check=True)
    assert check.rc == 0
    assert states(check) == {"farm1": "due"}
    assert touched(runner.lab.journal()) == []
    run = _run(runner, *limit, extra=hooks)
    assert run.rc == 0, run.output[-4000:]
    assert states(run) == {"farm1": "changed"}
    assert _installed(runner) == {"farm1": 1}
    said = [
        [each["result"]["msg"] for each in ended.records if str(each.get("task")).endswith("Site")]
        for ended in (check, run)
    ]
    assert said == [[], list(_HOOKS)]
    order = [each.get("task", "").rpartition(" : ")[2] for each in run.records]
    wanted = [
        "Site",
        "Export the settings of the farm",
        "Site",
        "Start the installers, unless a host must be restarted first",
        "Site",
        "Compare the farm with its state before the upgrade",
    ]
    assert [task for task in order if task in wanted] == [*wanted, "Site"]
    count("scenario", "rollout: one farm alone")
    count("scenario", "rollout: tasks of the user")


def test_the_lab_was_asked_nothing_strange(runner: Runner) -> None:
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []


@pytest.mark.full
def test_forty_farms_of_which_three_break(start_lab: StartLab) -> None:
    names = [f"farm{number:02}" for number in range(1, 41)]
    # One in the second wave, two in the third: more than are allowed, so that the fourth does not start.
    broken = ["farm03", "farm07", "farm09"]
    farms: dict[str, dict[str, t.Any]] = {}
    for name in names:
        roles = [("gw1", "gateway"), ("gw2", "gateway"), ("rd1", "rds")]
        others = [{"name": f"{host}.{name}.example.com", "components": [kind]} for host, kind in roles]
        farms[name] = {"hosts": [{"name": host_of(name)}, *others], "faults": [_breaks(1)] if name in broken else []}
    runner = start_lab(rollout_world(farms, ras_max_failed_farms=2, ras_waves=[1, "10%", "20%", "100%"]))
    run = runner.playbook(ROLLOUT)
    tried = names[: 1 + 4 + 8]
    assert run.rc == 2
    assert states(run) == {
        **dict.fromkeys(tried, "changed"),
        **dict.fromkeys(broken, "failed install_failed"),
        **dict.fromkeys(names[len(tried) :], "not_tried not_tried"),
    }
    assert _installed(runner) == dict.fromkeys(tried, 1)
    assert set(done(runner.lab.journal()).pushes) == set(tried) - set(broken)
    assert _versions(runner, set(names) - set(tried)) == {"20.2.0.25893"}
    # The same command again, now that the three are fixed: all that is left, and nothing twice.
    runner.lab.clear_journal()
    again = runner.playbook(ROLLOUT)
    assert again.rc == 0, again.output[-4000:]
    assert set(_installed(runner)) == {*broken, *names[len(tried) :]}
    assert set(_installed(runner).values()) == {1}
    pushes = Counter(hosts_of(runner.lab.journal(), "push"))
    assert set(pushes.values()) == {1}
    assert len(pushes) == 3 * len({*broken, *names[len(tried) :]})
    assert _versions(runner, names) == {FULL_VERSION}
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []
    count("scenario", "rollout: forty farms, three broken")
