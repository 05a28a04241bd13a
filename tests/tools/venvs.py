# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual environments out of the lock files, made again only when the lock, the interpreter or the place changes."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import debian
import pythons
from paths import CACHE, LOCKS
from runner import Argv, LeftOut, Log, say, StepFailed


@dataclass(frozen=True)
class Venv:
    """A virtual environment that holds exactly what one lock file says."""

    name: str
    path: Path
    python: pythons.Python

    @property
    def bin(self) -> Path:
        """The folder of its commands."""
        return self.path / "bin"

    def site_packages(self) -> Path:
        """The folder of its packages."""
        return self.path / "lib" / f"python{self.python.short}" / "site-packages"


@contextlib.contextmanager
def only_one(name: str) -> Iterator[None]:
    """Hold a lock of this checkout, so that two runs in it do not build the same thing at once."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another run in this checkout ({name})")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def make(log: Log, name: str, minors: list[int]) -> Venv:
    """Make sure that the virtual environment of a lock file exists and is right.

    Args:
        log: The step's log.
        name: The lock file's name without its suffix.
        minors: The minor versions of Python 3 that the lock supports, the best first.

    Returns:
        The virtual environment. Where nothing changed this takes some milliseconds.

    Raises:
        StepFailed: No interpreter, or the installation failed.
        LeftOut: Debian's package for virtual environments is missing and may not be installed.
    """
    python = pythons.require(minors, f"the '{name}' environment")
    venv = Venv(name, CACHE / f"venv-{name}", python)
    lock = LOCKS / f"{name}.txt"
    # The place counts too: scripts in a virtual environment hold absolute paths.
    wanted = {
        "lock": file_sha256(lock),
        "python": str(python.path),
        "version": python.full,
        "place": str(venv.path),
    }
    stamp = venv.path / "ready.json"
    with only_one(f"venv-{name}"):
        if stamp.exists() and json.loads(stamp.read_text()) == wanted:
            return venv
        if not python.can_venv:
            package = f"python{python.short}-venv"
            try:
                debian.install(log, package, "making virtual environments")
            except LeftOut as left_out:
                raise StepFailed(str(left_out)) from left_out
        shutil.rmtree(venv.path, ignore_errors=True)
        log.run([python.path, "-I", "-m", "venv", venv.path])
        # --no-deps: the lock is complete. Only wheels: building an sdist would run code that no hash covers.
        pip: Argv = [
            venv.bin / "python",
            "-I",
            "-m",
            "pip",
            "install",
            "-qq",
            "--disable-pip-version-check",
            "--no-input",
        ]
        log.run([*pip, "--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", lock], env=pip_env())
        stamp.write_text(json.dumps(wanted))
    return venv


def pip_env() -> dict[str, str]:
    """Return an environment for pip that keeps the user's settings of index and certificates, but no Python ones."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
