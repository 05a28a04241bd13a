# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rooms of ``plugins`` may import, and what they do import, read from the sources.

A room is a folder such as ``module_utils/_core``, or a single file beside the folders such as
``plugin_utils/_upgrade/backup.py``.
"""

from __future__ import annotations

import ast
import typing as t
from pathlib import Path

PACKAGE = "ansible_collections.fleetops.parallels_ras.plugins"
SIDES = ("module_utils", "plugin_utils")
ENTRY_POINTS = frozenset({"action", "filter", "inventory", "callback", "modules", "doc_fragments"})

# The pure side. The outside world is behind _backends; fleet, drift, upgrade and inventory are built on license and
# agents, which are built on core.
_CORE = frozenset({"_core"})
MODULE_ROOMS: t.Final[dict[str, frozenset[str]]] = {
    "_core": frozenset(),
    "_license": _CORE,
    "_agents": _CORE,
    "_backends": _CORE,
    "_upgrade": _CORE | {"_license", "_agents"},
    "_fleet": _CORE | {"_license", "_agents", "_upgrade"},
    "_drift": _CORE | {"_license", "_agents"},
    "_inventory": _CORE | {"_agents"},
}
# The controller's side. Each room may import the room of its own name in module_utils, and what that one may; here is
# what it may import besides: rooms of module_utils, then rooms of plugin_utils.
CONTROLLER_ROOMS: t.Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "_backends": (frozenset({"_license"}), frozenset()),
    "_action": (frozenset({"_license", "_backends"}), frozenset({"_backends"})),
    "_license_flow": (frozenset({"_license", "_backends"}), frozenset({"_action", "_backends"})),
    "_files": (frozenset(), frozenset()),
    "_upgrade": (frozenset({"_backends"}), frozenset({"_action", "_backends", "_files"})),
    "_agents": (frozenset({"_backends"}), frozenset({"_action", "_backends"})),
    "_fleet": (frozenset({"_inventory"}), frozenset({"_action", "_files"})),
    "_drift": (frozenset({"_backends"}), frozenset({"_action", "_backends", "_files"})),
    "_inventory": (frozenset({"_backends"}), frozenset({"_action", "_backends"})),
}
# Arrows that are no rule, and why.
EXCEPTIONS: t.Final = {
    ("plugin_utils/_action", "filter"): "the base of the actions loads the filters before Ansible forks",
}

# What only module_utils/_backends may use: modules, and calls of these names.
INPUT_OUTPUT = frozenset(
    {"asyncio", "glob", "http", "io", "multiprocessing", "os", "pathlib", "random", "requests", "secrets", "shutil"}
    | {"signal", "socket", "ssl", "subprocess", "tempfile", "threading", "time", "urllib3"}
)
CALLS = frozenset({"input", "now", "open", "print", "today", "utcnow"})
PURITY_EXCEPTIONS: t.Final = {
    ("_core/scrub.py", "threading"): "a lock: the threads of a scan share what they hide",
    ("_upgrade/msi.py", "open()"): "the one file that is read: an installer, to judge it before it is copied",
}

Arrow = tuple[str, str]


def allowed(room: str) -> frozenset[str]:
    """The rooms that a room may import, such as ``module_utils/_core``.

    Raises:
        KeyError: The room is in no table.
    """
    side, name = room.split("/")
    if side == "module_utils":
        return frozenset(f"module_utils/{each}" for each in MODULE_ROOMS[name])
    domain, controller = CONTROLLER_ROOMS[name]
    own = ({name} | MODULE_ROOMS[name]) if name in MODULE_ROOMS else frozenset()
    pure = frozenset(f"module_utils/{each}" for each in domain | own | _CORE)
    return pure | {f"plugin_utils/{each}" for each in controller}


def imported(path: Path) -> set[str]:
    """The modules that a file imports; ``from package import name`` counts as ``package.name`` too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def called(path: Path) -> set[str]:
    """The last names of what a file calls."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            names.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
    return names


def room_of(parts: t.Sequence[str]) -> str:
    """The room of a path or of a dotted name below ``plugins``, given as its parts."""
    return "/".join(parts[:2]) if parts[0] in SIDES else parts[0]


def arrows(plugins: Path) -> set[Arrow]:
    """Who imports whom, room by room."""
    found: set[Arrow] = set()
    for path in sorted(plugins.rglob("*.py")):
        here = room_of(path.relative_to(plugins).with_suffix("").parts)
        for name in imported(path):
            if name.startswith(f"{PACKAGE}."):
                there = room_of(name.removeprefix(f"{PACKAGE}.").split("."))
                if there != here:
                    found.add((here, there))
    return found


def forbidden(found: set[Arrow]) -> list[str]:
    """Each arrow that no table allows, as a sentence."""
    problems = []
    for here, there in sorted(found - set(EXCEPTIONS)):
        if there in ENTRY_POINTS:
            problems.append(f"{here} imports {there}: nothing imports an entry point")
        elif here not in ENTRY_POINTS and there not in allowed(here):
            problems.append(f"{here} imports {there}: the table of tests/meta/rooms.py does not allow it")
    return problems


def impurities(module_utils: Path) -> set[tuple[str, str]]:
    """What files outside ``_backends`` use of the outside world: file and name, a call with its brackets."""
    found: set[tuple[str, str]] = set()
    for path in sorted(module_utils.rglob("*.py")):
        name = path.relative_to(module_utils).as_posix()
        if not name.startswith("_backends/"):
            found |= {(name, each.split(".")[0]) for each in imported(path) if each.split(".")[0] in INPUT_OUTPUT}
            found |= {(name, f"{each}()") for each in called(path) & CALLS}
    return found
