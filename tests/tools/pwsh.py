# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds a PowerShell 7 for the tests that run scripts, or says how to get one."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from pathlib import Path

from paths import CACHE, LOCKS
from runner import LeftOut, Log, StepFailed
from venvs import file_sha256, only_one

_PIN = LOCKS / "powershell.sha256"
_HOW = (
    "the tests that run the scripts need PowerShell 7.4 or newer: install it so that 'pwsh' is on PATH, or set "
    "RAS_PWSH to a pwsh, or RAS_PWSH_ARCHIVE to the archive that tests/locks/powershell.sha256 names"
)


def env(log: Log) -> dict[str, str]:
    """Return the variables by which tests and lab know which PowerShell to start, and where to keep what it compiles.

    Raises:
        LeftOut: There is none.
        StepFailed: One is named and cannot be used.
    """
    return {"RAS_PWSH": str(find(log)), "RAS_ENGINE_CACHE": str(CACHE / "engine")}


def find(log: Log) -> Path:
    """Return a ``pwsh``: RAS_PWSH, or out of RAS_PWSH_ARCHIVE, or the one on PATH.

    Raises:
        LeftOut: There is none.
        StepFailed: One is named and cannot be used.
    """
    named = os.environ.get("RAS_PWSH")
    if named:
        if not os.access(named, os.X_OK):
            raise StepFailed(f"RAS_PWSH={named}: expected a program that can be run: name a pwsh, or unset RAS_PWSH")
        return Path(named)
    archive = os.environ.get("RAS_PWSH_ARCHIVE")
    if archive:
        return unpack(log, Path(archive))
    found = shutil.which("pwsh")
    if not found:
        raise LeftOut(_HOW)
    return Path(found)


def unpack(log: Log, archive: Path) -> Path:
    """Unpack the archive into the cache, once, and return its ``pwsh``.

    Raises:
        StepFailed: It is not there, or not the one that is pinned.
    """
    pinned, name = _PIN.read_text().split()
    if not archive.is_file():
        raise StepFailed(f"RAS_PWSH_ARCHIVE={archive}: expected the file {name}, found none: correct the path")
    observed = file_sha256(archive)
    if observed != pinned:
        raise StepFailed(
            f"RAS_PWSH_ARCHIVE={archive}: expected the SHA-256 {pinned} ({name}), observed {observed}: "
            "get that archive, or pin this one in tests/locks/powershell.sha256"
        )
    place = CACHE / f"powershell-{pinned[:12]}"
    with only_one("powershell"):
        if not place.exists():
            log.write(f"unpacking {name}")
            work = Path(tempfile.mkdtemp(dir=CACHE))
            try:
                with tarfile.open(archive) as packed:
                    # Python 3.10 and 3.11 have the filter in their later patch levels only; what is in it is pinned.
                    if hasattr(tarfile, "tar_filter"):
                        packed.extractall(work, filter="tar")
                    else:
                        packed.extractall(work)
                (work / "powershell").rename(place)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    return place / "bin" / "pwsh"
