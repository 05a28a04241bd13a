# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lanes: which ansible-core, Python and ansible.windows the tests run with, and the environment they run in."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import content
import pythons
import venvs
from paths import COLLECTIONS, COUNTS_FILE, HOME, ROOT
from runner import Log

# The newest first. 3.14 comes last: the lock admits it, but no run has proven it yet.
MAIN_PYTHONS = [13, 12, 11, 14]
# The least first: this lane proves the floor. ansible-core 2.16 is made for 3.10 to 3.12; on a machine that has only
# 3.13 it runs there, and proves the floor of ansible-core though not the one of Python.
FLOOR_PYTHONS = [10, 11, 12, 13]
IMPORTER_PYTHONS = [12, 11, 13]
# The least patch levels that meta/runtime.yml promises beside the floor, and the Pythons that they are made for.
CORES = {"2.16.14": [10, 11, 12], "2.17.7": [10, 11, 12], "2.18.1": [11, 12, 13]}


@dataclass(frozen=True)
class Lane:
    """A set-up lane."""

    name: str
    venv: venvs.Venv
    core: str
    windows_version: str
    windows: Path

    @property
    def python(self) -> Path:
        """The interpreter of the lane."""
        return self.venv.bin / "python"

    def tool(self, name: str) -> Path:
        """A command of the lane."""
        return self.venv.bin / name

    def env(self, **more: str) -> dict[str, str]:
        """Return the whole environment for a command of this lane.

        What a developer's shell says about Ansible, Python or this collection does not leak in, and nothing is written
        to the developer's home folder.
        """
        foreign = ("ANSIBLE_", "PYTHON", "PYTEST_", "RAS_")
        env = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        env.update(
            PATH=pythons.real_path(self.venv.bin, self.venv.python.path.parent),
            VIRTUAL_ENV=str(self.venv.path),
            HOME=str(home()),
            LC_ALL="C.UTF-8",
            NO_COLOR="1",
            PYTHONPATH=os.pathsep.join([str(COLLECTIONS), str(ROOT / "tests" / "lab")]),
            ANSIBLE_COLLECTIONS_PATH=os.pathsep.join([str(COLLECTIONS), str(self.windows)]),
            ANSIBLE_CONFIG=str(home() / "ansible.cfg"),
            ANSIBLE_NOCOLOR="1",
            RAS_COUNTS_FILE=str(COUNTS_FILE),
            RAS_LANE=self.name,
        )
        for name in ("RAS_FULL", "RAS_EXAMPLES"):
            if os.environ.get(name):
                env[name] = os.environ[name]
        env.update(more)
        return env

    def title(self) -> str:
        """Say what the lane consists of."""
        return f"ansible-core {self.core}, Python {self.venv.python.full}, ansible.windows {self.windows_version}"


def home() -> Path:
    """Return a home folder of the checkout's own, so that nothing of a user's Ansible set-up is read or changed."""
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / "ansible.cfg").touch()
    pip_settings = Path.home() / ".config" / "pip" / "pip.conf"
    mine = HOME / ".config" / "pip" / "pip.conf"
    # A package mirror that the user has set up stays in force for what ansible-test installs.
    if pip_settings.exists() and not mine.exists():
        mine.parent.mkdir(parents=True, exist_ok=True)
        # A link: the file may hold a password, so there is no copy of it.
        mine.unlink(missing_ok=True)
        mine.symlink_to(pip_settings)
    return HOME


def _core_version(venv: venvs.Venv) -> str:
    (info,) = venv.site_packages().glob("ansible_core-*.dist-info")
    return info.name.removeprefix("ansible_core-").removesuffix(".dist-info")


def _make(log: Log, name: str, minors: list[int], wheel_venv: Callable[[venvs.Venv], venvs.Venv]) -> Lane:
    venv = venvs.make(log, name, minors)
    core = _core_version(venv)
    # ansible.windows 3.8.0 comes in a wheel for Python 3.12 and newer, as does the ansible-core that needs it.
    version = "3.8.0" if tuple(map(int, core.split(".")[:2])) >= (2, 20) else "3.3.0"
    content.link_checkout()
    place = content.windows(log, wheel_venv(venv), version)
    return Lane(name, venv, core, version, place)


def main(log: Log) -> Lane:
    """Set the main lane up: the newest ansible-core that the newest Python found can run.

    Raises:
        StepFailed: It could not be set up.
    """
    return _make(log, "main", MAIN_PYTHONS, lambda venv: venv)


def floor(log: Log) -> Lane:
    """Set the floor lane up: the least ansible-core, on the least Python found.

    Raises:
        StepFailed: It could not be set up.
    """
    # The wheel refuses Python 3.10; the main lane's Python only unpacks it.
    return _make(log, "floor", FLOOR_PYTHONS, lambda _venv: venvs.make(log, "main", MAIN_PYTHONS))


def cores(log: Log) -> list[Lane]:
    """Set up the least patch levels, of which only the commands of Ansible are used.

    Raises:
        StepFailed: They could not be set up.
    """
    return [
        _make(log, f"core-{version}", minors, lambda _venv: venvs.make(log, "main", MAIN_PYTHONS))
        for version, minors in CORES.items()
    ]
