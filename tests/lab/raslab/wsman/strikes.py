# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a fault strikes what a client runs on a host, over whichever connection it came."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from raslab.connection import babble, reset, until_the_client_leaves
from raslab.faults import Fault
from raslab.windows.machine import Machine
from raslab.wsman.shells import Running

# Does to a connection what a fault demands; never returns.
BreakOff = Callable[[Fault], Awaitable[None]]
_BEFORE, _AFTER = ("reset_before", "hang"), ("reset_after", "hang_after", "babble")


async def begin(machine: Machine, running: Running, start: Callable[[], object], break_off: BreakOff) -> None:
    """Starts what was understood, unless a fault strikes before."""
    struck = running.verdict.wire
    if struck and struck.kind in _BEFORE:
        running.settle(word(struck))
        await break_off(struck)
    start()
    if running.verdict.hosts_changed:
        await machine.sync()


def loses_its_answer(running: Running) -> bool:
    """Whether a fault strikes when it has ended."""
    return running.verdict.wire is not None and running.verdict.wire.kind in _AFTER


async def end(running: Running, break_off: BreakOff) -> None:
    """Lets a fault strike what has ended, in the place of its answer."""
    struck = running.verdict.wire
    if struck and loses_its_answer(running):
        running.settle(word(struck))
        await break_off(struck)


def over_http(request: web.BaseRequest) -> BreakOff:
    """What breaks the connection below a request."""

    async def break_off(fault: Fault) -> None:
        if fault.kind.startswith("reset"):
            reset(request)
        elif fault.kind == "babble":
            babble(request, fault.params["text"])
        await until_the_client_leaves()

    return break_off


def word(fault: Fault) -> str:
    """With which word the journal ends an entry that a fault broke off."""
    return "babble" if fault.kind == "babble" else "reset" if fault.kind.startswith("reset") else "hang"
