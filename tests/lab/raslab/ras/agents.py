# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents that the farm updates by itself: the remote push, which takes time and restarts its target."""

from __future__ import annotations

import asyncio

from raslab.farm import Farm
from raslab.host import RasHost
from raslab.journal import Entry
from raslab.ras import effects
from raslab.windows.machine import Machine


class PushRefused(Exception):
    """The farm did not even start the push."""


async def push(machines: dict[str, Machine], farm: Farm, host: RasHost, wait: bool) -> None:
    """Updates the agent of ``host`` to the farm's version; with ``wait`` it returns when that has ended.

    Raises PushRefused for a host that cannot be reached.
    """
    machine = machines.get(host.name)
    if machine is None:
        raise PushRefused(f"The host {host.name} has no Windows side in this world")
    entry = machine.note("push", host.name, "host")
    if not machine.is_up:
        machine.journal.end(entry, "offline")
        raise PushRefused(f"Failed to connect to {host.name}: the remote server is not reachable.")
    if host.agent_version == farm.version:
        entry.effect = "nothing"
        machine.journal.end(entry, "done")
        return
    before, host.agent_state = host.agent_state, "Synchronising"
    # the farm does it, from its brokers: a restart of the target does not end it
    task = machine.schedule(_carry_out(machine, farm, host, entry, before))
    if wait:
        await task


async def _carry_out(machine: Machine, farm: Farm, host: RasHost, entry: Entry, before: str | None) -> None:
    verdict = machine.meet("push")
    if verdict.model:
        entry.fault = ",".join(fault.kind for fault in verdict.model)
    await asyncio.sleep(machine.windows.durations.push)
    if verdict.find("push_hangs"):
        machine.journal.end(entry, "hang")
        return
    if fails := verdict.find("push_fails"):
        host.agent_state = fails.params["state"]
        machine.journal.end(entry, "failed")
        return
    # what was wrong with the host before is gone with the new agent
    host.agent_state = before if before in ("OK", "StandBy") else "OK"
    effects.installed(machine, farm.version, verdict)
    entry.effect = "updated"
    if verdict.find("push_needs_restart"):
        host.agent_state = "RebootPending"
        machine.windows.pending_reboot = True
    else:
        machine.order_restart(0.0)
    machine.journal.end(entry, "done")
