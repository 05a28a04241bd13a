# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clean copy of the checkout: the files that git tracks or would track, at a path that Ansible's tools accept."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from paths import ROOT, SNAPSHOT
from runner import Log, StepFailed

# The checkout may belong to another user (a CI container does that); the tools only read it.
_GIT = ["git", "-c", "safe.directory=*"]


def tracked_files(log: Log) -> list[Path]:
    """List the files of the checkout, tracked or untracked, that are not ignored and exist.

    Returns:
        Paths relative to the checkout.

    Raises:
        StepFailed: The checkout is not a git repository, or holds no file.
    """
    listing = log.output([*_GIT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
    names = sorted({Path(name) for name in listing.split("\0") if name})
    found = [name for name in names if (ROOT / name).is_file()]
    if not found:
        raise StepFailed("git lists no file in this checkout")
    return found


def take(log: Log) -> Path:
    """Make the copy afresh, in a git repository of its own: ansible-test and ansible-lint ask git what to look at.

    Returns:
        The copy, ``.../ansible_collections/fleetops/parallels_ras``.
    """
    shutil.rmtree(SNAPSHOT, ignore_errors=True)
    files = tracked_files(log)
    for name in files:
        target = SNAPSHOT / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    log.run(["git", "init", "-q", "-b", "main"], cwd=SNAPSHOT, env=env)
    log.run(["git", "add", "--all"], cwd=SNAPSHOT, env=env)
    return SNAPSHOT
