# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the lab of a scenario, or stop it. Called by create.yml and destroy.yml."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORLD = ROOT / "tests" / "lab" / "worlds" / "molecule.yml"
# A lab that was made by "molecule create" and then forgotten ends by itself.
_FORGOTTEN_SECONDS = 7200
_WAIT_SECONDS = 60


def start(folder: Path) -> None:
    """Serve the world into ``folder`` and return when every host answers.

    Raises:
        SystemExit: The lab did not start.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "raslab", "up", str(WORLD), "--dir", str(folder), "--quiet"]
    command += ["--for", str(_FORGOTTEN_SECONDS)]
    tester = _tester()
    if tester:
        command += ["--parent-pid", str(tester)]
    with open(folder / "lab.log", "wb") as log:
        # A session of its own: the task ends, the lab stays.
        lab = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "tests" / "lab")},
            start_new_session=True,
        )
    ends_at = time.monotonic() + _WAIT_SECONDS
    while not (folder / "lab.json").exists():
        if lab.poll() is not None or time.monotonic() > ends_at:
            lab.kill()
            sys.exit(f"The lab did not start: {(folder / 'lab.log').read_text(errors='replace')}")
        time.sleep(0.1)


def stop(folder: Path) -> None:
    """End the lab that serves into ``folder``, if one does.

    Raises:
        SystemExit: It did not end.
    """
    pid = _serving(folder)
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    ends_at = time.monotonic() + _WAIT_SECONDS
    # lab.json goes first, then the process.
    while _serves(pid, folder):
        if time.monotonic() > ends_at:
            sys.exit(f"The lab (process {pid}) did not end on SIGTERM.")
        time.sleep(0.1)


def _serving(folder: Path) -> int | None:
    """The process of the lab that serves into ``folder``."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        pid = int(json.loads((folder / "lab.json").read_text(encoding="utf-8"))["pid"])
        return pid if _serves(pid, folder) else None
    return None


def _serves(pid: int, folder: Path) -> bool:
    """Whether this number still belongs to the lab, and not to another process by now."""
    with contextlib.suppress(OSError):
        return str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _tester() -> int | None:
    """The process of ``molecule test``, which destroys what it created, so that the lab need not outlive it."""
    pid = os.getppid()
    while pid > 1:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return None
        if b"test" in words and any(word.endswith(b"molecule") for word in words):
            return pid
        pid = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))
    return None


if __name__ == "__main__":
    {"start": start, "stop": stop}[sys.argv[1]](Path(sys.argv[2]).resolve())
