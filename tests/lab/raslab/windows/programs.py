# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that a script starts: msiexec.exe, by the one command line that the lab understands."""

from __future__ import annotations

import ntpath
from collections.abc import Awaitable

from raslab.windows import msiexec
from raslab.windows.command_line import NotUnderstood, read_command_line
from raslab.windows.files import expand
from raslab.windows.machine import Machine
from raslab.windows.model import MSIEXEC as WORDS

MSIEXEC = r"C:\Windows\System32\msiexec.exe"
# Why Windows does not start it, by the word of a world.
_WHY_NOT = {
    "missing": "The system cannot find the file specified.",
    "blocked": "This program is blocked by group policy. For more information, contact your system administrator.",
}
assert set(_WHY_NOT) == set(WORDS) - {"there"}


class NotStarted(Exception):
    """What Start-Process says when there is no process."""


def start_installer(machine: Machine, judged: str, command_line: str) -> Awaitable[msiexec.Result]:
    """Starts msiexec.exe; its end is waited for by who awaits the result. Raises NotStarted, NotUnderstood.

    :param judged: the file that the caller looked at: it must be the one that is installed.
    """
    wanted = read_command_line(command_line)
    if expand(wanted.path).lower() != expand(judged).lower():
        text = f"{ntpath.basename(judged)} was judged, and {ntpath.basename(wanted.path)} is to be installed"
        raise NotUnderstood(text)
    why_not = _WHY_NOT.get(machine.windows.msiexec)
    if why_not:
        raise NotStarted(f"This command cannot be run due to the error: {why_not}")
    return msiexec.install(machine, wanted.path, wanted.log_path)
