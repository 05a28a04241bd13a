# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hooks of members: their tasks have the variables of the licensing server, so what a member has of its own is
refused by its name, wherever the hook names it."""

from __future__ import annotations

import random
import typing as t
from pathlib import Path

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.tests.unit.support.hooks import check, planted, SAY, written

# Places of a task at which a variable is named; each takes a template.
TASKS: t.Final[list[t.Callable[[str], dict[str, t.Any]]]] = [
    lambda name: {"name": "n", "debug": {"msg": f"{{{{ {name} }}}}"}},
    lambda name: {"name": f"Drain {{{{ {name} }}}}", "debug": {"msg": "x"}},
    lambda name: {"name": "n", "debug": {"var": name}},
    lambda name: {**SAY, "when": f"{name} == 'x'"},
    lambda name: {**SAY, "until": f"{name} is defined"},
    lambda name: {**SAY, "failed_when": [f"{name} | length == 0"]},
    lambda name: {**SAY, "loop": f"{{{{ {name} }}}}"},
    lambda name: {**SAY, "loop": [1], "loop_control": {"label": f"{{{{ {name} }}}}"}},
    lambda name: {**SAY, "delegate_to": f"{{{{ {name} }}}}"},
    lambda name: {**SAY, "environment": {"X": f"{{{{ {name} }}}}"}},
    lambda name: {**SAY, "vars": {"x": f"{{{{ {name} }}}}"}},
    lambda name: {**SAY, "become_user": f"{{{{ {name} }}}}"},
    lambda name: {"name": "n", "command": f"echo {{{{ {name} }}}}"},
    lambda name: {"name": "n", "block": [SAY], "when": f"{name} is defined"},
    lambda name: {"name": "n", "block": [{"block": [SAY]}], "vars": {"x": f"{{{{ {name} }}}}"}},
    lambda name: {"name": "n", "block": [SAY], "environment": [{"X": f"{{{{ {name} }}}}"}]},
]
OWN: t.Final = "cabinet"
INSTEAD: t.Final = f"hostvars[ras_hook_host].{OWN}"


def _refused(path: Path, own: t.Collection[str]) -> str:
    with pytest.raises(RasError) as caught:
        check(path, own)
    assert caught.value.code == "hook_failed"
    return caught.value.message


@pytest.mark.parametrize("number", range(len(TASKS)))
@pytest.mark.parametrize("seed", range(4))
def test_what_a_member_has_of_its_own_is_refused_wherever_it_is_named(tmp_path: Path, number: int, seed: int) -> None:
    """Behind any way in which a hook comes to a task; the same hook is one with what belongs in its place."""

    def grow(folder: Path, name: str) -> Path:
        steps = random.Random(seed)
        tasks = [TASKS[number](name)]
        for _step in range(steps.randint(0, 3)):
            tasks = [SAY, *planted(folder, steps, tasks, {}), SAY]
        return written(folder, "hook.yml", tasks)

    bad = grow(tmp_path / "bad", OWN)
    said = _refused(bad, ["zone", OWN])
    assert f"observed {OWN}, of which the member has a value of its own" in said
    assert f"write {INSTEAD}" in said
    # Of one value on both hosts, in the hook of the farm itself, and with its remedy, it is a hook.
    assert check(bad, ["zone"]) == str(bad)
    assert check(bad) == str(bad)
    good = grow(tmp_path / "good", INSTEAD)
    assert check(good, ["zone", OWN]) == str(good)


@pytest.mark.parametrize("name", ["inventory_hostname", "inventory_hostname_short", "group_names"])
def test_magic_variables_are_refused_whatever_the_member_has(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, "hook.yml", [TASKS[0](name)])
    assert f"observed {name}, which is the licensing server's" in _refused(path, [])
    assert check(path) == str(path)


def test_a_role_names_variables_too(tmp_path: Path) -> None:
    role = tmp_path / "roles" / "r"
    written(tmp_path, "roles/r/tasks/main.yml", [SAY])
    hook = written(tmp_path, "hook.yml", [{"name": "n", "ansible.builtin.include_role": {"name": str(role)}}])
    assert check(hook, [OWN]) == str(hook)
    for part in ("defaults", "vars"):
        path = written(tmp_path, f"roles/r/{part}/main.yml", {"x": f"{{{{ {OWN} }}}}"})
        assert OWN in _refused(hook, [OWN])
        path.unlink()


@pytest.mark.parametrize("text", ["{{ lookup('vars', 'a' ~ x) }}", "{{ vars[x] }}"])
def test_a_name_that_only_the_run_knows_is_refused_where_it_may_be_one_of_these(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, "hook.yml", [{"name": "n", "debug": {"msg": text}}])
    assert "only known when it runs" in _refused(path, [OWN])
    assert check(path, []) == str(path)


def test_words_are_no_variables(tmp_path: Path) -> None:
    tasks = [{"name": OWN, "debug": {"msg": f"The {OWN} is closed."}, "register": OWN, "tags": [OWN]}]
    path = written(tmp_path, "hook.yml", tasks)
    assert check(path, [OWN]) == str(path)
