# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hooks are loaded as Ansible loads them, and all that they include, before one of them runs."""

from __future__ import annotations

import random
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.manager import VariableManager
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.hook_files import HookFiles

# By its short name, which Ansible finds without the loader of collections that its commands set up.
SAY: t.Final = {"name": "Say", "debug": {"msg": "here"}}
INCLUDE: t.Final = "ansible.builtin.include_tasks"
IMPORT: t.Final = "ansible.builtin.import_tasks"


def _check(path: Path | str, **variables: t.Any) -> str:
    loader = DataLoader()
    manager = VariableManager(loader=loader, inventory=InventoryManager(loader=loader, sources=["localhost,"]))
    return HookFiles(loader, manager, Templar(loader=loader, variables=variables).template).check(str(path))


def _written(folder: Path, name: str, content: t.Any) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return path


def _refused(path: Path | str, **variables: t.Any) -> str:
    with pytest.raises(RasError) as caught:
        _check(path, **variables)
    assert caught.value.code == "hook_failed"
    assert "ras_before_farm_tasks" in caught.value.remedy
    return caught.value.message


def test_a_file_of_tasks_is_a_hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path, "hook.yml", [SAY, {"block": [SAY], "rescue": [SAY], "always": [SAY]}])
    assert _check(path) == str(path)
    monkeypatch.chdir(tmp_path)
    assert _check("hook.yml") == str(path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert _check("~/hook.yml") == str(path)


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
        _written(tmp_path, "hook.yml", content)
    assert str(path) in _refused(path)
    # And behind includes, however they are written.
    assert str(tmp_path) in _refused(
        _written(tmp_path, "a.yml", [SAY, {"block": [{"name": "n", INCLUDE: "hook.yml"}]}])
    )
    assert _refused(_written(tmp_path, "b.yml", [SAY, {"block": [{"name": "n", IMPORT: "hook.yml"}]}]))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "no such file" in _refused(tmp_path / "missing.yml")
    assert "a folder" in _refused(tmp_path)


def test_lines_of_a_broken_file_are_not_shown(tmp_path: Path) -> None:
    assert "s3cret" not in _refused(_written(tmp_path, "hook.yml", "- name: x\n  token: s3cret\n  debug: [\n"))


def test_names_are_worked_out_with_the_variables_of_the_host(tmp_path: Path) -> None:
    _written(tmp_path, "tasks/linux.yml", [SAY])
    loader_text = f"- name: n\n  {INCLUDE}: 'tasks/{{{{ system }}}}.yml'\n"
    path = _written(tmp_path, "hook.yml", loader_text)
    loader = DataLoader()
    work_out = {"tasks/{{ system }}.yml": "tasks/linux.yml"}.__getitem__
    manager = VariableManager(loader=loader, inventory=InventoryManager(loader=loader, sources=["localhost,"]))
    assert HookFiles(loader, manager, lambda name: work_out(str(name))).check(str(path)) == str(path)
    assert "cannot be worked out" in _refused(path)


def test_files_that_include_each_other_end(tmp_path: Path) -> None:
    path = _written(tmp_path, "a.yml", [{"name": "b", INCLUDE: "b.yml", "when": "more"}])
    _written(tmp_path, "b.yml", [{"name": "a", INCLUDE: "a.yml"}])
    assert _check(path) == str(path)


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
                _written(folder, name, inner)
                tasks.append({"name": "n", chance.choice([INCLUDE, IMPORT]): name})
        chance.shuffle(tasks)
        return tasks

    good, broken = tmp_path / "good", tmp_path / "broken"
    assert _check(_written(good, "hook.yml", grow(good, 3, [])))
    _refused(_written(broken, "hook.yml", grow(broken, 3, [bad])))
