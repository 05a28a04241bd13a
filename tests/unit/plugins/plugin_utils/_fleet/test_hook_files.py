# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hooks are loaded as Ansible loads them, and all that they include, before one of them runs."""

from __future__ import annotations

import random
import typing as t
from pathlib import Path

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.block import Block
from ansible.playbook.task import Task
from ansible.vars.manager import VariableManager
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.hooks import REACHING
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.hook_files import HookFiles
from ansible_collections.fleetops.parallels_ras.tests.unit.support.hooks import (
    check,
    IMPORT,
    INCLUDE,
    planted,
    SAY,
    written,
)


def _refused(path: Path | str, **variables: t.Any) -> str:
    with pytest.raises(RasError) as caught:
        check(path, **variables)
    assert caught.value.code == "hook_failed"
    assert "ras_before_farm_tasks" in caught.value.remedy
    return caught.value.message


def test_a_file_of_tasks_is_a_hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "hook.yml", [SAY, {"block": [SAY], "rescue": [SAY], "always": [SAY]}])
    assert check(path) == str(path)
    monkeypatch.chdir(tmp_path)
    assert check("hook.yml") == str(path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert check("~/hook.yml") == str(path)


@pytest.mark.parametrize(
    "content",
    [
        "- name: x\n  debug: [\n",
        "just a text",
        "name: a dictionary\n",
        "- 5\n",
        "- [1]\n",
        [{"hosts": "all", "tasks": []}],
        [{"name": "x", "no.such.module": {}}],
        [{"name": "x", "no_such_module": {}}],
        [{"name": "x", "debug": {}, "ansible.builtin.command": "true"}],
        [{"name": "x", "debug": {}, "wehn": True}],
        [{"name": "x", "block": "text"}],
        [{"name": "x", IMPORT: "nowhere.yml"}],
        [{"name": "x", "ansible.builtin.import_role": {"name": "no.such.role"}}],
        [{"name": "x", INCLUDE: "nowhere.yml"}],
        [{"name": "x", INCLUDE: "{{ item }}", "loop": ["a.yml"]}],
        [{"name": "x", INCLUDE: "upgrade.yml"}],
        [{"name": "x", "ansible.builtin.include_role": {"name": "no.such.role"}}],
        [{"name": "x", "ansible.builtin.meta": "end_play"}],
        [{**SAY, "any_errors_fatal": True}],
        [{"block": [{"block": [SAY]}], "any_errors_fatal": True}],
        [{"block": [SAY], "rescue": [{**SAY, "notify": "Restart"}]}],
        b"\xff\xfe\x00- x",
    ],
    ids=str,
)
def test_what_cannot_be_loaded_or_reaches_further_is_refused(tmp_path: Path, content: t.Any) -> None:
    path = tmp_path / "hook.yml"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        written(tmp_path, "hook.yml", content)
    assert str(path) in _refused(path)
    # And behind includes, however they are written.
    assert str(tmp_path) in _refused(written(tmp_path, "a.yml", [SAY, {"block": [{"name": "n", INCLUDE: "hook.yml"}]}]))
    assert _refused(written(tmp_path, "b.yml", [SAY, {"block": [{"name": "n", IMPORT: "hook.yml"}]}]))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "no such file" in _refused(tmp_path / "missing.yml")
    assert "a folder" in _refused(tmp_path)


def test_lines_of_a_broken_file_are_not_shown(tmp_path: Path) -> None:
    assert "s3cret" not in _refused(written(tmp_path, "hook.yml", "- name: x\n  token: s3cret\n  debug: [\n"))


def test_names_are_worked_out_with_the_variables_of_the_host(tmp_path: Path) -> None:
    written(tmp_path, "tasks/linux.yml", [SAY])
    loader_text = f"- name: n\n  {INCLUDE}: 'tasks/{{{{ system }}}}.yml'\n"
    path = written(tmp_path, "hook.yml", loader_text)
    loader = DataLoader()
    work_out = {"tasks/{{ system }}.yml": "tasks/linux.yml"}.__getitem__
    manager = VariableManager(loader=loader, inventory=InventoryManager(loader=loader, sources=["localhost,"]))
    assert HookFiles(loader, manager, lambda name: work_out(str(name))).check(str(path)) == str(path)
    assert "cannot be worked out" in _refused(path)


def test_files_that_include_each_other_end(tmp_path: Path) -> None:
    path = written(tmp_path, "a.yml", [{"name": "b", INCLUDE: "b.yml", "when": "more"}])
    written(tmp_path, "b.yml", [{"name": "a", INCLUDE: "a.yml"}])
    assert check(path) == str(path)


# What other keywords of tasks and blocks do, they do to the host whose turn it is, or to the one that is named.
OF_ITS_HOST: t.Final = {
    *("action", "args", "async_val", "async", "become", "become_exe", "become_flags", "become_method", "become_user"),
    *("changed_when", "check_mode", "collections", "connection", "delay", "delegate_facts", "delegate_to", "diff"),
    *("environment", "failed_when", "ignore_errors", "ignore_unreachable", "local_action", "loop", "loop_control"),
    *("loop_with", "module_defaults", "name", "no_log", "poll", "port", "register", "remote_user", "retries", "tags"),
    *("timeout", "until", "vars", "when", "block", "rescue", "always"),
}
BAD_KEYWORDS: t.Final[dict[str, list[t.Any]]] = {
    "any_errors_fatal": [True, "yes", "{{ x }}"],
    "run_once": [True, "yes", "{{ x }}", "{{ false }}"],
    "debugger": ["always", "on_failed", "on_unreachable", "on_skipped"],
    "notify": ["Restart", ["Restart"]],
    "throttle": [1, "{{ x }}"],
}
BAD_TASKS: t.Final[list[dict[str, t.Any]]] = [
    *({"name": "x", "meta": asked} for asked in ("end_play", "end_host", "clear_host_errors", "clear_facts")),
    {"name": "x", "meta": "refresh_inventory"},
    {"name": "x", "ansible.builtin.meta": None},
    {"name": "x", "action": "meta end_play"},
    {"name": "x", "action": {"module": "meta", "_raw_params": "end_play"}},
    {"name": "x", "action": "{{ how }} end_play"},
    {"name": "x", "add_host": {"name": "h"}},
    {"name": "x", "ansible.builtin.group_by": {"key": "g"}},
    {"name": "x", "pause": {"seconds": 1}},
    {"name": "x", "local_action": "pause seconds=1"},
]


def test_every_keyword_is_decided_about() -> None:
    """A keyword that a newer ansible-core brings is looked at, and put on one of the two lists."""
    keywords = {*Task.fattributes, *Block.fattributes}
    assert keywords - OF_ITS_HOST - set(REACHING) == set()
    assert set(BAD_KEYWORDS) == set(REACHING)
    assert not OF_ITS_HOST & set(REACHING)


@pytest.mark.parametrize("seed", range(40))
def test_what_reaches_other_hosts_is_refused_wherever_it_is(tmp_path: Path, seed: int) -> None:
    """A keyword at any place on the way to a harmless task, or a task that reaches further at the end of it."""
    chance = random.Random(seed)
    name = chance.choice(sorted(BAD_KEYWORDS))
    bad = {name: chance.choice(BAD_KEYWORDS[name])}
    depth = chance.randint(1, 3)
    place = chance.randrange(depth + 2)

    def grow(folder: Path, task: dict[str, t.Any], keywords: dict[str, t.Any], where: int) -> list[t.Any]:
        steps = random.Random(seed)
        tasks = [{**task, **(keywords if where == depth else {})}]
        for step in reversed(range(depth)):
            tasks = [SAY, *planted(folder, steps, tasks, keywords if where == step else {}), SAY]
        return tasks

    assert check(written(tmp_path / "good", "hook.yml", grow(tmp_path / "good", SAY, {}, -1)))
    task = SAY if place <= depth else chance.choice(BAD_TASKS)
    said = _refused(written(tmp_path / "bad", "hook.yml", grow(tmp_path / "bad", task, bad, place)))
    assert (f"observed {name}, " in said) == (place <= depth), said


@pytest.mark.parametrize("task", BAD_TASKS, ids=str)
def test_a_task_that_reaches_other_hosts_is_refused(tmp_path: Path, task: dict[str, t.Any]) -> None:
    _refused(written(tmp_path, "hook.yml", [task]))


def test_the_handlers_of_a_role_are_looked_at(tmp_path: Path) -> None:
    role = {"name": "n", "ansible.builtin.include_role": {"name": str(tmp_path / "roles" / "r")}}
    written(tmp_path, "roles/r/tasks/main.yml", [{**SAY, "notify": "Restart"}])
    hook = written(tmp_path, "hook.yml", [role])
    handler = written(tmp_path, "roles/r/handlers/main.yml", [{**SAY, "name": "Restart"}])
    assert check(hook) == str(hook)
    written(tmp_path, str(handler), [{**SAY, "name": "Restart", "run_once": True}])
    assert "run_once" in _refused(hook)
    written(tmp_path, str(handler), [{"name": "Restart", INCLUDE: "more.yml"}])
    written(tmp_path, "roles/r/handlers/more.yml", [SAY])
    assert check(hook) == str(hook)


@pytest.mark.parametrize("seed", range(12))
def test_one_bad_task_anywhere_in_a_tree_is_found(tmp_path: Path, seed: int) -> None:
    """A random tree of includes, imports and blocks; the same tree without the bad task is a hook."""
    chance = random.Random(seed)
    bad = chance.choice([{"name": "x", "no.such.module": {}}, {"name": "x", INCLUDE: "gone.yml"}, {"debug": 5, "x": 1}])

    def grow(folder: Path, depth: int, planted: list[t.Any]) -> list[t.Any]:
        tasks: list[t.Any] = [SAY]
        if depth == 0:
            return [*tasks, *planted]
        for number in range(chance.randint(1, 3)):
            inner = grow(folder, depth - 1, planted if number == 0 else [])
            if chance.random() < 0.5:
                tasks.append({chance.choice(["block", "block"]): inner})
            else:
                name = f"t{depth}_{number}_{chance.randrange(10**6)}.yml"
                written(folder, name, inner)
                tasks.append({"name": "n", chance.choice([INCLUDE, IMPORT]): name})
        chance.shuffle(tasks)
        return tasks

    good, broken = tmp_path / "good", tmp_path / "broken"
    assert check(written(good, "hook.yml", grow(good, 3, [])))
    _refused(written(broken, "hook.yml", grow(broken, 3, [bad])))
