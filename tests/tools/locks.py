# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regenerate the lock files out of their ``.in`` files: the newest that fit, for every platform, with hashes."""

from __future__ import annotations

from lanes import CORES
from paths import CACHE, LOCKS
from runner import Argv, Log
from venvs import make, pip_env

# The least Python of each lock; the resolver covers all newer ones.
LEAST_PYTHON = {"main": "3.11", "floor": "3.10", "importer": "3.11", "uv": "3.11"}
LEAST_PYTHON |= {f"core-{version}": f"3.{min(minors)}" for version, minors in CORES.items()}


def regenerate(log: Log) -> str:
    """Write every lock file anew.

    Returns:
        The names of the locks.

    Raises:
        StepFailed: The resolver found no solution.
    """
    uv = make(log, "uv", [13, 12, 11, 14])
    env = {**pip_env(), "UV_CUSTOM_COMPILE_COMMAND": "make locks", "UV_CACHE_DIR": str(CACHE / "uv")}
    for name, python in LEAST_PYTHON.items():
        argv: Argv = [
            uv.bin / "uv",
            "pip",
            "compile",
            "-q",
            "--universal",
            "--python-version",
            python,
            "--generate-hashes",
        ]
        log.run([*argv, "--upgrade", "--no-config", f"{name}.in", "-o", f"{name}.txt"], env=env, cwd=LOCKS)
    return ", ".join(LEAST_PYTHON)
