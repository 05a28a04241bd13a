# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible finds around it in a run of the bench: nothing of the user's, and the clock."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
_CLOCK = "clock.json"


@dataclass(frozen=True)
class Clock:
    """What the callback of the bench noted.

    :ivar seconds: from the first task to the end of the last one.
    :ivar cpu_before: processor seconds until the first task.
    :ivar results: how many results of tasks there were, those that were left out too.
    """

    seconds: float
    cpu_before: float
    results: int


def prepare(folder: Path, config: str = "") -> None:
    """Make a folder in which commands of Ansible can run, with this ``ansible.cfg``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "home").mkdir(exist_ok=True)
    (folder / "ansible.cfg").write_text(config, encoding="utf-8")


def environment(folder: Path, collections: str) -> Mapping[str, str]:
    """The whole environment of a command of Ansible.

    Args:
        folder: Where it works; see :func:`prepare`.
        collections: ``ANSIBLE_COLLECTIONS_PATH``.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "RAS_"))}
    (folder / _CLOCK).unlink(missing_ok=True)
    return {
        **env,
        "HOME": str(folder / "home"),
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "bench_clock",
        "BENCH_CLOCK_FILE": str(folder / _CLOCK),
    }


def clock(folder: Path) -> Clock:
    """What the last run in a folder noted.

    Raises:
        OSError: It noted nothing.
    """
    return Clock(**json.loads((folder / _CLOCK).read_text(encoding="utf-8")))
