# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian packages: installed where we may, else named in one sentence."""

from __future__ import annotations

import os
import shutil
import threading

from runner import LeftOut, Log, StepFailed

_apt_lock = threading.Lock()


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(log: Log, package: str, purpose: str) -> None:
    """Install a Debian package.

    Args:
        log: The step's log.
        package: The package's name.
        purpose: What needs it, as the subject of a sentence.

    Raises:
        LeftOut: This user may not install packages, or the installation failed.
    """
    sentence = f"{purpose} needs the Debian package {package}: run 'apt-get install {package}' as root"
    if not _may_install():
        raise LeftOut(sentence)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Suites run side by side, and may install at the same time.
    command = ["apt-get", "install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", package]
    with _apt_lock:
        try:
            # The lists of a fresh machine may be missing or old, so a first failure only asks for new ones.
            if log.run(command, env=env, check=False) != 0:
                log.run(["apt-get", "update", "-q"], env=env)
                log.run(command, env=env)
        except StepFailed as failure:
            raise LeftOut(f"{sentence} ({failure})") from failure


def ensure_command(log: Log, command: str, package: str, purpose: str) -> None:
    """Make sure that a command exists, installing its Debian package where needed.

    Raises:
        LeftOut: It is missing and could not be installed.
    """
    if shutil.which(command) is None:
        install(log, package, purpose)
