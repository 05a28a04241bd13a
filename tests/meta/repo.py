# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the meta tests read of the checkout."""

from __future__ import annotations

import ast
import functools
import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
COLLECTION = "fleetops.parallels_ras"
PLUGINS = ROOT / "plugins"
MODULE_UTILS = PLUGINS / "module_utils"
ROLES = ROOT / "roles"
ROLE = ROLES / "ras"
PLAYBOOKS = ROOT / "playbooks"

MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py") if path.stem != "__init__")
FILTERS = sorted(path.stem for path in (PLUGINS / "filter").glob("*.yml"))
CALLBACKS = sorted(path.stem for path in (PLUGINS / "callback").glob("*.py") if path.stem != "__init__")
INVENTORIES = sorted(path.stem for path in (PLUGINS / "inventory").glob("*.py") if path.stem != "__init__")


@functools.cache
def tracked_files() -> tuple[Path, ...]:
    """The files that git tracks or would track, relative to the checkout.

    The checkout may belong to another user, as in a CI container; it is only read.
    """
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = tuple(sorted({Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file()}))
    assert found, "git lists no file of the checkout"
    return found


def tracked(*suffixes: str, under: str = "") -> list[Path]:
    """The tracked files with one of these suffixes below a folder."""
    return [path for path in tracked_files() if path.suffix in suffixes and path.as_posix().startswith(under)]


def read(name: str | Path) -> str:
    """A file of the checkout as text."""
    return (ROOT / name).read_text(encoding="utf-8")


def load(name: str | Path) -> t.Any:
    """A YAML file of the checkout."""
    return yaml.safe_load(read(name))


def constant(path: Path, name: str) -> str:
    """The text that a plugin assigns to a name such as EXAMPLES, without importing the plugin."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets):
            return t.cast(str, ast.literal_eval(node.value))
    raise AssertionError(f"{path.name} has no {name}")


def ansible_doc(kind: str, names: t.Iterable[str], **env: str) -> dict[str, t.Any]:
    """What ``ansible-doc`` shows of plugins of one kind, their fragments merged: name -> doc, examples, return."""
    wanted = [f"{COLLECTION}.{name}" for name in names]
    done = subprocess.run(
        [BIN / "ansible-doc", "--json", "--type", kind, *wanted],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **env},
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert sorted(answer) == sorted(wanted), f"ansible-doc does not know all of {wanted}: {done.stderr}"
    return {name.rsplit(".", 1)[-1]: value for name, value in answer.items()}


@functools.cache
def module_docs() -> dict[str, t.Any]:
    """The documentation of all modules. One call serves all tests of a process, for each costs seconds."""
    return ansible_doc("module", MODULES)
