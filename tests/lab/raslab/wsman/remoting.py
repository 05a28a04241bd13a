# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of PowerShell remoting: WS-Management around runspace pools."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from raslab.windows.machine import Machine
from raslab.windows.users import WindowsUser
from raslab.wsman import soap
from raslab.wsman.opening import AFTER, BEFORE, break_off, created, fault, refused_status, word
from raslab.wsman.runspaces import creation_xml, POWERSHELL, Runspaces
from raslab.wsman.shells import Running

# An answer must arrive before the client's own patience ends
_MARGIN = 0.5


@dataclass
class Remoting:
    """The endpoint Microsoft.PowerShell of all hosts that have it."""

    understand: Callable[[Machine, WindowsUser, str, bytes], Running]

    async def answer(
        self, request: web.BaseRequest, machine: Machine, user: WindowsUser, asked: soap.Request
    ) -> tuple[int, bytes]:
        """The status and the envelope."""
        if asked.verb == "Create":
            status = await refused_status(request, machine)
            if status:
                return status, b""
            pool = Runspaces()
            pool.open(creation_xml(asked.root))
            machine.shells[pool.id] = pool
            return 200, created(asked, machine, asked.resource, pool.id)
        held = machine.shells.get(asked.shell_id)
        if asked.verb == "Delete":
            if held:
                held.close()
                machine.shells.pop(asked.shell_id)
            return 200, soap.response(asked, "")
        if not isinstance(held, Runspaces):
            return fault(machine, asked, soap.UNKNOWN_SHELL)
        if asked.verb == "Command":
            fragments = "".join(node.text or "" for node in asked.root.iter(f"{{{soap.SHELL}}}Arguments"))
            if held.take_command(asked.command_id, fragments).is_complete:
                await self._start(request, machine, user, held, asked.command_id)
            body = f"<rsp:CommandResponse><rsp:CommandId>{asked.command_id}</rsp:CommandId></rsp:CommandResponse>"
            return 200, soap.response(asked, body)
        if asked.verb == "Send":
            for node in asked.root.iter(f"{{{soap.SHELL}}}Stream"):
                pipeline = held.take_input(asked.command_id, node.get("Name", ""), node.text or "")
                if pipeline and pipeline.is_complete and pipeline.running is None:
                    await self._start(request, machine, user, held, asked.command_id)
            return 200, soap.response(asked, "<rsp:SendResponse/>")
        if asked.verb == "Receive":
            return await self._receive(request, machine, held, asked)
        if asked.verb == "Signal":
            held.stop(asked.command_id)
            return 200, soap.response(asked, "<rsp:SignalResponse/>")
        machine.problem(f"the WS-Management action {asked.verb} of {POWERSHELL} is not modeled")
        return fault(machine, asked, soap.UNKNOWN_ACTION)

    async def _start(
        self, request: web.BaseRequest, machine: Machine, user: WindowsUser, pool: Runspaces, pipeline_id: str
    ) -> None:
        go = pool.start(
            pipeline_id,
            lambda line, stdin: self.understand(machine, user, line, stdin),
            machine.spawn,
            machine.problem,
        )
        running = pool.pipelines[pipeline_id.lower()].running
        assert running is not None
        struck = running.verdict.wire
        if struck and struck.kind in BEFORE:
            running.settle(word(struck))
            await break_off(request, struck)
        go()
        if running.verdict.hosts_changed:
            await machine.sync()

    @staticmethod
    async def _receive(
        request: web.BaseRequest, machine: Machine, pool: Runspaces, asked: soap.Request
    ) -> tuple[int, bytes]:
        pipeline = pool.pipelines.get(asked.command_id.lower())
        struck = pipeline.running.verdict.wire if pipeline and pipeline.running else None
        if pipeline and pipeline.task and struck and struck.kind in AFTER:
            await asyncio.wait([pipeline.task], timeout=max(0.1, asked.timeout - _MARGIN))
            if not pipeline.task.done():
                return fault(machine, asked, soap.OPERATION_TIMED_OUT)
            assert pipeline.running is not None
            pipeline.running.settle(word(struck))
            await break_off(request, struck)
        try:
            said = await pool.said(asked.command_id, max(0.1, asked.timeout - _MARGIN))
        except asyncio.TimeoutError:
            return fault(machine, asked, soap.OPERATION_TIMED_OUT)
        of = f' CommandId="{asked.command_id}"' if asked.command_id else ""
        body = "".join(f'<rsp:Stream Name="stdout"{of}>{data.decode()}</rsp:Stream>' for data in said)
        return 200, soap.response(asked, f"<rsp:ReceiveResponse>{body}</rsp:ReceiveResponse>")
