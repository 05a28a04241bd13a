# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kill a run with everything that it has started."""

from __future__ import annotations

import os
import signal
import typing as t
from pathlib import Path


def _tree(pid: int) -> set[int]:
    """A process and all that descend from it, whatever sessions they made for themselves."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        parents[int(path.parent.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _signal(pids: t.Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass  # it has ended by itself


def kill(pid: int) -> None:
    """Kill a process and all its descendants at one moment: stopped, none of them can start another one."""
    stopped: set[int] = set()
    while more := _tree(pid) - stopped:
        _signal(more, signal.SIGSTOP)
        stopped |= more
    _signal(stopped, signal.SIGKILL)
