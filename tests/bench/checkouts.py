# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checkout that is measured, and an older commit of it, each with the lab that belongs to it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import BenchError
from raslab.testing import Lab

ROOT = Path(__file__).resolve().parents[2]
_OURS = Path("ansible_collections", "fleetops", "parallels_ras")


@dataclass(frozen=True)
class Checkout:
    """One state of the collection.

    :ivar name: empty for the checkout at hand, else the commit, shortened.
    :ivar root: where its files are.
    :ivar collections: ``ANSIBLE_COLLECTIONS_PATH`` with which it is the one that Ansible finds.
    :ivar lab: its lab: what an older commit asks of a host may be understood by its own lab only.
    """

    name: str
    root: Path
    collections: str
    lab: Callable[[Any, Path], Lab]


def this_checkout() -> Checkout:
    """The one that the bench itself belongs to."""
    return Checkout("", ROOT, os.environ.get("ANSIBLE_COLLECTIONS_PATH", ""), Lab)


def older_checkout(commit: str, folder: Path) -> Checkout:
    """An older commit, unpacked below a folder.

    Raises:
        BenchError: There is no such commit.
    """
    name = _git("rev-parse", "--short", "--verify", "--end-of-options", f"{commit}^{{commit}}").decode().strip()
    root = folder / name / _OURS
    root.mkdir(parents=True)
    archive = folder / f"{name}.tar"
    archive.write_bytes(_git("archive", "--format=tar", name))
    with tarfile.open(archive) as packed:
        packed.extractall(root, filter="data")
    archive.unlink()
    others = [path for path in os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep) if path]
    found = [str(folder / name), *(path for path in others if not Path(path, _OURS).exists())]
    return Checkout(name, root, os.pathsep.join(found), _lab_of(root))


def _git(*words: str) -> bytes:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, check=False)
    if done.returncode != 0:
        raise BenchError(f"git {words[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _lab_of(root: Path) -> Callable[[Any, Path], Lab]:
    """The class ``Lab`` of another checkout; it starts the lab that it lies beside."""
    path = root / "tests" / "lab" / "raslab" / "testing.py"
    spec = importlib.util.spec_from_file_location(f"raslab_testing_of_{root.parents[2].name}", path)
    if spec is None or spec.loader is None:
        raise BenchError(f"{path} cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Callable[[Any, Path], Lab] = module.Lab
    return made
