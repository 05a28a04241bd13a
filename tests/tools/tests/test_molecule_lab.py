# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab of a molecule scenario ends with what it was started for, however that ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from paths import ROOT

LAB = ROOT / "extensions" / "molecule" / "utils" / "lab.py"
# A hang guard only.
HANG_SECONDS = 60
# A stand-in for molecule: starts the lab as its playbook does, says so, and stays.
MOLECULE = """
import subprocess, sys, time
subprocess.run([sys.executable, sys.argv[2], "start", sys.argv[3]], check=True)
print("served", flush=True)
time.sleep(600)
"""


def lab_of(folder: Path) -> int:
    return int(json.loads((folder / "lab.json").read_text())["pid"])


def lives(pid: int, folder: Path) -> bool:
    try:
        return str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def test_it_ends_with_a_molecule_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "molecule"
    program.write_text(MOLECULE)
    folder = tmp_path / "lab"
    with subprocess.Popen([sys.executable, program, "test", LAB, folder], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        pid = lab_of(folder)
        assert lives(pid, folder)
        process.send_signal(signal.SIGKILL)
    assert said == "served\n"
    ends_at = time.monotonic() + HANG_SECONDS
    while lives(pid, folder) and time.monotonic() < ends_at:
        os.sched_yield()
    assert not lives(pid, folder)


def test_it_is_stopped_by_destroy_also_twice(tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    subprocess.run([sys.executable, LAB, "stop", folder], check=True)
    subprocess.run([sys.executable, LAB, "start", folder], check=True)
    pid = lab_of(folder)
    served = lives(pid, folder)
    subprocess.run([sys.executable, LAB, "stop", folder], check=True)
    assert (served, lives(pid, folder)) == (True, False)
    subprocess.run([sys.executable, LAB, "stop", folder], check=True)
