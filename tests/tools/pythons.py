# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find real Python interpreters: on PATH, and under pyenv, whose shims on PATH may point nowhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from runner import StepFailed

# Printed by a candidate: what it really is, behind links, shims and virtual environments.
_PROBE = """
import importlib.util, json, os, ssl, sys, venv
base = os.path.join(sys.base_prefix, "bin", "python%d.%d" % sys.version_info[:2])
print(json.dumps({
    "path": base if os.path.exists(base) else sys.executable,
    "version": list(sys.version_info[:3]),
    "final": sys.version_info[3] == "final" and sys.implementation.name == "cpython",
    "venv": importlib.util.find_spec("ensurepip") is not None,
}))
"""


@dataclass(frozen=True)
class Python:
    """An interpreter. ``can_venv`` is false where Debian's python3-venv is not installed."""

    path: Path
    version: tuple[int, int, int]
    can_venv: bool

    @property
    def short(self) -> str:
        """The version as in 3.12."""
        return f"{self.version[0]}.{self.version[1]}"

    @property
    def full(self) -> str:
        """The version as in 3.12.1."""
        return ".".join(map(str, self.version))


def _pyenv_folders(minor: int) -> list[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders = root.glob(f"versions/3.{minor}.*/bin")
    return sorted(folders, key=lambda path: [int(n) for n in path.parent.name.split(".") if n.isdigit()], reverse=True)


def _probe(candidate: Path) -> Python | None:
    try:
        done = subprocess.run(
            [str(candidate), "-I", "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=30,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    if not found or not found["final"]:
        return None
    major, minor, micro = found["version"]
    return Python(Path(found["path"]), (major, minor, micro), found["venv"])


def find(minors: list[int]) -> Python | None:
    """Find an interpreter of the first minor version that this machine has.

    Args:
        minors: The wanted minor versions of Python 3, the best first.

    Returns:
        The interpreter, preferably one that can make virtual environments; None when there is none.
    """
    wanted_path = os.environ.get("RAS_PYTHON")
    if wanted_path:
        python = _probe(Path(shutil.which(wanted_path) or wanted_path))
        if python is None:
            raise StepFailed(f"RAS_PYTHON={wanted_path} is not a Python interpreter")
        if python.version[1] in minors:
            return python
    fallback: Python | None = None
    for minor in minors:
        name = f"python3.{minor}"
        on_path = [Path(folder, name) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
        for candidate in [*on_path, *(folder / name for folder in _pyenv_folders(minor))]:
            if not os.access(candidate, os.X_OK):
                continue
            python = _probe(candidate)
            if python and python.version[:2] == (3, minor):
                if python.can_venv:
                    return python
                fallback = fallback or python
    return fallback


def require(minors: list[int], purpose: str) -> Python:
    """Find an interpreter like ``find``.

    Raises:
        StepFailed: There is none; the message says what to install.
    """
    python = find(minors)
    if python is None:
        names = ", ".join(f"3.{minor}" for minor in sorted(minors))
        raise StepFailed(f"{purpose} needs Python {names}; none of them was found on PATH or under pyenv: install one")
    return python


def real_path(*first: Path) -> str:
    """Return a PATH with the given folders first and without pyenv's shims, which fail for inactive versions."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    kept = [
        folder
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if folder and not (Path(folder).name == "shims" and (str(root) in folder or "pyenv" in folder))
    ]
    return os.pathsep.join([*map(str, first), *kept])
