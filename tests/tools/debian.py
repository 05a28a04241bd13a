# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian packages: installed where we may, else named in one sentence."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path

from paths import CACHE
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


def unpack(log: Log, package: str, purpose: str) -> Path:
    """Unpack a Debian package below ``.cache`` and return the folder: a service that is installed would be started.

    Raises:
        LeftOut: There is no apt, or it could not fetch the package.
    """
    place = CACHE / "debian" / package
    if place.exists():
        return place
    sentence = f"{purpose} needs the Debian package {package}, which 'apt-get download {package}' could not fetch"
    if shutil.which("apt-get") is None:
        raise LeftOut(sentence)
    place.parent.mkdir(parents=True, exist_ok=True)
    # Names of its own: suites run side by side, and the last step is a rename.
    work = Path(tempfile.mkdtemp(dir=place.parent))
    command = ["apt-get", "download", package]
    try:
        if log.run(command, cwd=work, check=False) != 0:
            log.run(["apt-get", "update", "-q"])
            log.run(command, cwd=work)
        (archive,) = work.glob("*.deb")
        log.run(["dpkg-deb", "-x", archive, work / "root"])
        if not place.exists():
            (work / "root").rename(place)
    except StepFailed as failure:
        raise LeftOut(f"{sentence} ({failure})") from failure
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return place
