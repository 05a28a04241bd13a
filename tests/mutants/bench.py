# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the checkout in which one mutant at a time is tried, and the pytest runs in it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from catalog import Mutant, ROOT

# A mutant may well make the product hang. That is noticed too, though late.
HANG_SECONDS = 300
GREEN, RED, HUNG = 0, 1, -1

_running: set[subprocess.Popen[str]] = set()
_lock = threading.Lock()
_stopping = threading.Event()


class Stopped(Exception):
    """The whole run is being stopped."""


class Bench:
    """A copy of the tracked files below ``folder``, importable as the collection and hidden from other benches."""

    def __init__(self, folder: Path, files: list[Path]) -> None:
        self._collections = folder / "collections"
        self.tree = self._collections / "ansible_collections" / "fleetops" / "parallels_ras"
        self._temporary = folder / "tmp"
        for name in files:
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, self.tree / name, follow_symlinks=False)

    @contextlib.contextmanager
    def mutated(self, mutant: Mutant) -> Iterator[None]:
        """The copy with the mutant in it, and as it was afterwards.

        Raises:
            NoMutant: The patch does not fit.
        """
        path = self.tree / mutant.file
        text = path.read_text(encoding="utf-8")
        self._forget_bytecode()
        path.write_text(mutant.applied(text), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(text, encoding="utf-8")
            self._forget_bytecode()

    def pytest(self, suite: tuple[str, ...]) -> tuple[int, str]:
        """Run pytest until the first failure.

        Returns:
            The exit code (1: a test failed; HUNG: it did not end) and what pytest said.

        Raises:
            Stopped: The whole run is being stopped.
        """
        shutil.rmtree(self._temporary, ignore_errors=True)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line"]
        command += [f"--basetemp={self._temporary}", *suite]
        with _lock:
            if _stopping.is_set():
                raise Stopped
            process = subprocess.Popen(
                command,
                cwd=self.tree,
                env=self.env(suite),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            _running.add(process)
        try:
            said, _none = process.communicate(timeout=HANG_SECONDS)
            code = process.returncode
        except subprocess.TimeoutExpired:
            said, code = f"did not end within {HANG_SECONDS} s", HUNG
        finally:
            _kill(process)
            with _lock:
                _running.discard(process)
        if _stopping.is_set():
            raise Stopped
        return code, said

    def env(self, suite: tuple[str, ...] = ()) -> dict[str, str]:
        """Ours, with this copy in place of the checkout, and without counting anything.

        The whole matrices are left out, unless the suite names its cases: they may be there only.
        """
        foreign = ("RAS_COUNTS_FILE", "RAS_FULL", "PYTEST_ADDOPTS")
        env = {key: value for key, value in os.environ.items() if key not in foreign}
        others = [path for path in env.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep) if path]
        kept = [path for path in others if not (Path(path) / "ansible_collections" / "fleetops").exists()]
        if "-k" in suite:
            env["RAS_FULL"] = "1"
        here = [self._collections, *(self.tree / "tests" / name for name in (".", "lab", "tools"))]
        env.update(
            ANSIBLE_COLLECTIONS_PATH=os.pathsep.join([str(self._collections), *kept]),
            PYTHONPATH=os.pathsep.join(str(path.resolve()) for path in here),
        )
        return env

    def _forget_bytecode(self) -> None:
        """A patch of the same length within the same second would go unnoticed by Python's cache."""
        for cache in [*(self.tree / "plugins").rglob("__pycache__")]:
            shutil.rmtree(cache, ignore_errors=True)


def _kill(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop_all() -> None:
    """Kill what runs and start nothing more."""
    _stopping.set()
    with _lock:
        for process in _running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
