# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hooks that cannot be run, or do not end: they fail their farm in their own words, and the table is shown."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from counts import count
from harness.reading import outcomes, states
from harness.rollouts import hosts_of, ROLLOUT, rollout_world, touched
from harness.runner import Runner
from harness.worlds import host_of
from scenarios.conftest import StartLab

pytestmark = [pytest.mark.long, pytest.mark.floor]

_SAY: t.Final = "- name: Site\n  ansible.builtin.debug:\n    msg: here\n"
_BROKEN: t.Final[dict[str, str | None]] = {
    "missing": None,
    "yaml": "- name: Site\n  ansible.builtin.debug: [\n",
    "module": "- name: Site\n  example.missing.module:\n    x: 1\n",
    "playbook": "- hosts: all\n  tasks: []\n",
    "nested": "- name: Nested\n  ansible.builtin.include_tasks: nowhere.yml\n",
    "role": "- name: Nested\n  ansible.builtin.include_role:\n    name: example.missing.role\n",
    "unknown": "- name: Nested\n  ansible.builtin.include_tasks: '{{ item }}'\n  loop: [a.yml]\n",
    "fatal": "- name: Site\n  ansible.builtin.fail:\n  any_errors_fatal: true\n",
    "meta": "- name: Site\n  ansible.builtin.meta: end_play\n",
    "once": "- name: Site\n  ansible.builtin.fail:\n  run_once: true\n",
    "apply": "- name: Site\n  ansible.builtin.include_tasks:\n    file: say.yml\n    apply:\n      run_once: true\n",
    "shared": "- name: Site\n  ansible.builtin.pause:\n    seconds: soon\n",
    "throttle": "- name: Site\n  ansible.builtin.debug:\n    msg: here\n  throttle: 1\n",
}
_LOST: t.Final = (
    "- name: Ask another host\n  ansible.builtin.command: 'true'\n  delegate_to: nowhere.invalid\n  vars:\n"
    "    ansible_connection: ssh\n    ansible_host: 127.0.0.1\n    ansible_port: 1\n" + _SAY
)


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    return start_lab(rollout_world({name: {} for name in ("kobe", "osaka", "tokyo")}, ras_waves=[1, "100%"]))


def _hook(folder: Path, name: str, text: str) -> str:
    path = folder / f"{name}.yml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_hook_that_cannot_be_loaded_is_refused_before_anything_is_changed(runner: Runner, tmp_path: Path) -> None:
    """One broken hook for each of two farms in turn; the third has a good one, and is upgraded in the last run only."""
    runner.lab.clear_journal()
    paths = {name: str(tmp_path / f"{name}.yml") for name in _BROKEN}
    _hook(tmp_path, "say", _SAY)
    for name, text in _BROKEN.items():
        if text is not None:
            _hook(tmp_path, name, text)
    paths["folder"] = str(tmp_path)
    for name, path in paths.items():
        run = runner.playbook(ROLLOUT, "--limit", host_of("kobe"), extra={"ras_after_host_tasks": path}, check=True)
        assert run.rc == 2, f"{name}: {run.output[-3000:]}"
        assert states(run) == {"kobe": "refused hook_failed"}, name
        row = outcomes(run)["kobe"]
        assert path in row["message"], name
        assert "ras_after_host_tasks" in row["remedy"]
        assert "My Account" not in row["remedy"]
        count("scenario", f"hooks: {name} is refused")
    assert touched(runner.lab.journal()) == []


def test_a_hook_whose_delegate_cannot_be_reached_fails_its_farm_and_the_table_is_shown(
    runner: Runner, tmp_path: Path
) -> None:
    runner.lab.clear_journal()
    run = runner.playbook(ROLLOUT, extra={"ras_before_farm_tasks": _hook(tmp_path, "lost", _LOST)})
    assert run.rc == 2, run.output[-4000:]
    assert states(run) == {"kobe": "failed hook_failed", "osaka": "not_tried not_tried", "tokyo": "not_tried not_tried"}
    row = outcomes(run)["kobe"]
    assert "ras_before_farm_tasks did not end on" in row["message"]
    assert "My Account" not in row["remedy"]
    assert hosts_of(runner.lab.journal(), "install") == []
    count("scenario", "hooks: a delegate that cannot be reached")


def test_a_farm_that_its_hook_loses_keeps_the_rest_of_its_wave_from_starting(runner: Runner, tmp_path: Path) -> None:
    """It says nothing any more: that it is no longer in the play is what counts."""
    hook = _hook(tmp_path, "lost", _LOST)
    extra = {"ras_before_farm_tasks": hook, "ras_waves": ["100%"]}
    run = runner.playbook(ROLLOUT, "--forks", "1", extra=extra)
    assert run.rc == 2, run.output[-4000:]
    assert states(run) == {"kobe": "failed hook_failed", "osaka": "not_tried not_tried", "tokyo": "not_tried not_tried"}
    assert "1 farm of this run did not end well (kobe)" in outcomes(run)["tokyo"]["message"]
    count("scenario", "hooks: a lost farm counts inside its wave")


def test_a_wave_of_which_all_farms_are_lost_ends_in_the_table(runner: Runner, tmp_path: Path) -> None:
    hook = _hook(tmp_path, "lost", _LOST)
    run = runner.playbook(ROLLOUT, extra={"ras_before_farm_tasks": hook, "ras_waves": [2, "100%"]})
    assert run.rc == 2, run.output[-4000:]
    assert states(run) == {"kobe": "failed hook_failed", "osaka": "failed hook_failed", "tokyo": "not_tried not_tried"}
    assert "2 farms of this run did not end well (kobe, osaka)" in outcomes(run)["tokyo"]["message"]
    count("scenario", "hooks: all farms of a wave are lost")


def test_a_run_of_one_farm_whose_hook_loses_its_delegate_shows_the_table(runner: Runner, tmp_path: Path) -> None:
    """With a limit of one host, nobody is left in the play but the controller."""
    hook = _hook(tmp_path, "lost", _LOST)
    run = runner.playbook(ROLLOUT, "--limit", host_of("kobe"), extra={"ras_before_farm_tasks": hook})
    assert run.rc == 2, run.output[-4000:]
    assert states(run) == {"kobe": "failed hook_failed"}
    count("scenario", "hooks: a lost delegate of the only farm")


def test_a_hook_that_fails_after_the_farm_sends_nobody_to_the_portal(runner: Runner, tmp_path: Path) -> None:
    runner.lab.clear_journal()
    hook = _hook(
        tmp_path, "fails", "- name: Report to the monitoring\n  ansible.builtin.fail:\n    msg: no answer of it\n"
    )
    run = runner.playbook(ROLLOUT, extra={"ras_after_farm_tasks": hook})
    assert run.rc == 2, run.output[-4000:]
    assert states(run) == {"kobe": "failed hook_failed", "osaka": "not_tried not_tried", "tokyo": "not_tried not_tried"}
    row = outcomes(run)["kobe"]
    assert (
        "ras_after_farm_tasks failed on cb1.kobe.example.com: Report to the monitoring: no answer of it"
        in row["message"]
    )
    assert "Correct the hook" in row["remedy"]
    assert "My Account" not in row["remedy"]
    count("scenario", "hooks: one that fails after the farm")


def test_a_role_with_a_handler_is_run_by_a_hook(runner: Runner, tmp_path: Path) -> None:
    for part, task in (("tasks", "  changed_when: true\n  notify: Hear it\n"), ("handlers", "")):
        (tmp_path / "site" / part).mkdir(parents=True)
        name = "Hear it" if part == "handlers" else "Site"
        text = f"- name: {name}\n  ansible.builtin.debug:\n    msg: from {part}\n{task}"
        (tmp_path / "site" / part / "main.yml").write_text(text, encoding="utf-8")
    role = f"- name: Role\n  ansible.builtin.include_role:\n    name: {tmp_path / 'site'}\n"
    hook = _hook(tmp_path, "role", role + "- name: Now\n  ansible.builtin.meta: flush_handlers\n")
    run = runner.playbook(ROLLOUT, "--limit", host_of("osaka"), extra={"ras_before_farm_tasks": hook})
    assert states(run) == {"osaka": "changed"}, run.output[-4000:]
    assert (run.rc, "from tasks" in run.output, "from handlers" in run.output) == (0, True, True)
    count("scenario", "hooks: a role with a handler")


def test_the_module_alone_says_which_file_is_not_a_hook(runner: Runner, tmp_path: Path) -> None:
    task = {"fleetops.parallels_ras.hook_check": {"files": ["", _hook(tmp_path, "say", _SAY), str(tmp_path)]}}
    run = runner.play([{"name": "Check", **task}], "--limit", host_of("kobe"))
    assert run.rc == 2
    (result,) = run.results("fleetops.parallels_ras.hook_check")
    assert result["failure"]["code"] == "hook_failed"
    assert f"{tmp_path} cannot be run as a hook" in result["msg"]
    count("scenario", "hooks: the module alone")
