# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drives of a machine as folders: what a script did there comes back, and undoes nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from raslab.engine.disk import Disk
from raslab.windows.files import FileSystem

_FOLDER = r"C:\ProgramData"


@pytest.fixture
def files() -> FileSystem:
    made = FileSystem()
    for name in ("job", "gone", "log", "same"):
        made.write(rf"{_FOLDER}\{name}", b"before")
    return made


def _below(files: FileSystem) -> dict[str, bytes | None]:
    return {node.path.rpartition("\\")[2]: node.content for node in files.files_below(_FOLDER)}


def test_what_a_script_did_comes_back(files: FileSystem, tmp_path: Path) -> None:
    disk = Disk(tmp_path / "root", files)
    disk.lay()
    disk.path(rf"{_FOLDER}\gone").unlink()
    disk.path(rf"{_FOLDER}\log").write_bytes(b"by the script")
    disk.path(rf"{_FOLDER}\new").mkdir()
    disk.path(rf"{_FOLDER}\new\file").write_bytes(b"")
    disk.collect()
    assert _below(files) == {"job": b"before", "log": b"by the script", "same": b"before", "file": b""}


def test_what_happened_meanwhile_stays(files: FileSystem, tmp_path: Path) -> None:
    """A background job ends, an installer writes its log, and somebody removes a file."""
    disk = Disk(tmp_path / "root", files)
    disk.lay()
    files.write(rf"{_FOLDER}\job", b"ended")
    files.write(rf"{_FOLDER}\msi", b"a log")
    files.remove(rf"{_FOLDER}\gone")
    disk.path(rf"{_FOLDER}\log").write_bytes(b"by the script")
    disk.collect()
    assert _below(files) == {"job": b"ended", "msi": b"a log", "log": b"by the script", "same": b"before"}


def test_what_was_put_there_meanwhile_is_not_the_scripts(files: FileSystem, tmp_path: Path) -> None:
    disk = Disk(tmp_path / "root", files)
    disk.lay()
    disk.put(files.write(rf"{_FOLDER}\export", b"a farm"))
    files.write(rf"{_FOLDER}\export", b"another")
    disk.collect()
    assert _below(files)["export"] == b"another"
