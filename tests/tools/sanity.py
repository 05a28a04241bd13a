# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test sanity on the snapshot, without the download that its first run wants from a vendor's host."""

from __future__ import annotations

import re
from pathlib import Path

import pythons
from lanes import home, Lane
from paths import SNAPSHOT
from runner import Log, StepFailed

# ansible-test fetches this file to put pip into the environments it builds. The pip of our own locked environment does
# as well: run as a folder, it installs the pinned pip for whatever interpreter runs it.
_STAND_IN = """
import os, subprocess, sys
env = {{key: value for key, value in os.environ.items() if key != "GET_PIP"}}
args = [arg for arg in sys.argv[1:] if arg not in ("--no-setuptools", "--no-wheel")]
sys.exit(subprocess.call([sys.executable, {pip!r}, "install", *args], env=env))
"""


def place_stand_in(lane: Lane) -> Path:
    """Write the stand-in where the lane's ansible-test looks for its pip bootstrap script.

    Raises:
        StepFailed: This ansible-test does not pin pip the way we read it.
    """
    source = lane.venv.site_packages() / "ansible_test" / "_internal" / "python_requirements.py"
    pin = re.search(r"pip=['\"]([0-9.]+)['\"]", source.read_text())
    if pin is None:
        raise StepFailed(f"no pin of pip found in {source}: ansible-test has changed, adapt tests/tools/sanity.py")
    script = home() / ".ansible" / "test" / "cache" / f"get_pip_{pin[1].replace('.', '_')}.py"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(_STAND_IN.format(pip=str(lane.venv.site_packages() / "pip")))
    return script


def run(log: Log, lane: Lane) -> str:
    """Run every sanity test that needs no further language, with no ignore file.

    Returns:
        How many tests ran.

    Raises:
        StepFailed: A finding, an ignore file, or fewer tests than there must be.
    """
    ignores = sorted(path.name for path in (SNAPSHOT / "tests" / "sanity").glob("ignore*"))
    if ignores:
        raise StepFailed(f"sanity ignore files are not allowed here: {', '.join(ignores)}")
    place_stand_in(lane)
    # Every interpreter of this machine, so that the compile and import tests run on all of them.
    folders = [python.path.parent for python in map(pythons.find, ([minor] for minor in range(10, 15))) if python]
    env = lane.env(PATH=pythons.real_path(lane.venv.bin, *folders))
    log.run([lane.tool("ansible-test"), "sanity", "--local", "--color", "no"], env=env, cwd=SNAPSHOT)
    text = log.path.read_text()
    # A Python that is not here is no loss, and without PowerShell scripts of our own modules pwsh has nothing to check;
    # any other reason for skipping means that the tests were not really run.
    skipped = re.findall(r"^WARNING: (Skipping sanity test .* due to missing .*)$", text, re.MULTILINE)
    if skipped:
        raise StepFailed("; ".join(skipped))
    ran = re.findall(r"^Running sanity test \"([^\"]+)\"", text, re.MULTILINE)
    names = {name.split()[0] for name in ran}
    if len(names) < 20:
        raise StepFailed(f"only {len(names)} sanity tests ran")
    return f"{len(names)} tests"
