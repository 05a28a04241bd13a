# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write hooks, hide tasks in them, and check them as the role does."""

from __future__ import annotations

import random
import typing as t
from pathlib import Path

import yaml
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.manager import VariableManager
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.hook_files import HookFiles

# By its short name, which Ansible finds without the loader of collections that its commands set up.
SAY: t.Final = {"name": "Say", "debug": {"msg": "here"}}
INCLUDE: t.Final = "ansible.builtin.include_tasks"
IMPORT: t.Final = "ansible.builtin.import_tasks"


def check(path: Path | str, of_members: t.Collection[str] | None = None, **variables: t.Any) -> str:
    """The path of a hook that can be run.

    :param of_members: checks the hook of a member that has these variables of its own.
    """
    loader = DataLoader()
    manager = VariableManager(loader=loader, inventory=InventoryManager(loader=loader, sources=["localhost,"]))
    hooks = HookFiles(loader, manager, Templar(loader=loader, variables=variables).template, of_members or ())
    return hooks.check(str(path), of_members is not None)


def written(folder: Path, name: str, content: t.Any) -> Path:
    """A file with this content, as YAML where it is no text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return path


def planted(folder: Path, chance: random.Random, inner: list[t.Any], keywords: dict[str, t.Any]) -> list[t.Any]:
    """The tasks, behind one of the ways in which a hook comes to tasks, which has the keywords."""
    number = chance.randrange(10**6)
    # Ansible has no such keywords for these ways; they are then given around them.
    inherits = not {"notify"} & set(keywords)
    way = chance.choice(
        ["block", "rescue", "always", "include", "import", "apply", "role", "include_role", "role_apply"]
    )
    name, role = f"t{number}.yml", f"r{number}"
    if way in ("block", "rescue", "always"):
        parts = {"block": [SAY], way: inner}
        return [{**parts, **keywords}]
    if way.endswith(("role", "role_apply")):
        written(folder, f"roles/{role}/tasks/main.yml", inner)
        by = "import_role" if way == "role" else "include_role"
        given = {"apply": keywords} if way == "role_apply" and inherits and keywords else {}
        task = {"name": "n", f"ansible.builtin.{by}": {"name": str(folder / "roles" / role), **given}}
        return [task if given or not keywords else {"block": [task], **keywords}]
    name = str(written(folder, name, inner))  # in a role, it would be looked for beside that
    if way == "apply" and keywords and inherits:
        return [{"name": "n", INCLUDE: {"file": name, "apply": keywords}}]
    return [{"block": [{"name": "n", IMPORT if way == "import" else INCLUDE: name}], **keywords}]
