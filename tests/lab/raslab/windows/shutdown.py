# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""shutdown.exe: orders a restart or calls one off, and the exit codes with which it does not."""

from __future__ import annotations

from raslab.windows.machine import Machine

DENIED = 5
IN_PROGRESS = 1115
NOT_SCHEDULED = 1116
SCHEDULED = 1190
# Texts of Windows Server 2022, in English.
_SAID = {
    0: "",
    DENIED: "Access is denied.(5)",
    IN_PROGRESS: "A system shutdown is in progress.(1115)",
    NOT_SCHEDULED: "Unable to abort the system shutdown because no shutdown was in progress.(1116)",
    SCHEDULED: "A system shutdown has already been scheduled.(1190)",
}


def order(machine: Machine, delay: float) -> tuple[int, str]:
    """``/r /t delay``, in seconds: the exit code, and what is said on standard error."""
    code = machine.windows.shutdown_code
    if code == 0 and machine.shutdown_scheduled:
        code = SCHEDULED
    elif code == IN_PROGRESS:
        # somebody else's, and no longer than until the host is back
        machine.windows.shutdown_code = 0
        machine.order_restart(delay)
    elif code == 0:
        machine.order_restart(delay)
    return code, _SAID[code]


def abort(machine: Machine) -> tuple[int, str]:
    """``/a``."""
    code = 0 if machine.cancel_restart() else NOT_SCHEDULED
    return code, _SAID[code]
