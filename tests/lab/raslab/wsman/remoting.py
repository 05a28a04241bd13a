# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of PowerShell remoting that belong to a pool of runspaces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web

from raslab.windows.machine import Machine
from raslab.wsman import soap
from raslab.wsman.runspaces import Pipeline, POWERSHELL, Runspaces
from raslab.wsman.shells import Running
from raslab.wsman.strikes import begin, end, loses_its_answer, over_http

# An answer must arrive before the client's own patience ends
_MARGIN = 0.5
_Understand = Callable[[str, bytes], Running]


async def answer_pool(
    request: web.BaseRequest, machine: Machine, asked: soap.Request, pool: Runspaces, understand: _Understand
) -> str | tuple[int, str, str]:
    """The body of the answer, or a fault."""
    if asked.verb == "Command":
        fragments = "".join(node.text or "" for node in asked.root.iter(f"{{{soap.SHELL}}}Arguments"))
        pipeline = pool.take_command(asked.command_id, fragments)
        if pipeline.is_complete:
            await _start(request, machine, pool, pipeline, understand)
        return f"<rsp:CommandResponse><rsp:CommandId>{asked.command_id}</rsp:CommandId></rsp:CommandResponse>"
    if asked.verb == "Send":
        for node in asked.root.iter(f"{{{soap.SHELL}}}Stream"):
            sent_to = pool.take_input(asked.command_id, node.get("Name", ""), node.text or "")
            if sent_to and sent_to.is_complete and sent_to.running is None:
                await _start(request, machine, pool, sent_to, understand)
        return "<rsp:SendResponse/>"
    if asked.verb == "Receive":
        return await _receive(request, pool, asked)
    if asked.verb == "Signal":
        pool.stop(asked.command_id)
        return "<rsp:SignalResponse/>"
    machine.problem(f"the WS-Management action {asked.verb} of {POWERSHELL} is not modeled")
    return soap.UNKNOWN_ACTION


async def _start(
    request: web.BaseRequest, machine: Machine, pool: Runspaces, pipeline: Pipeline, understand: _Understand
) -> None:
    running = pipeline.running = understand(*pool.line_of(pipeline))
    await begin(
        machine, running, lambda: pool.run(pipeline, running, machine.spawn, machine.problem), over_http(request)
    )


async def _receive(request: web.BaseRequest, pool: Runspaces, asked: soap.Request) -> str | tuple[int, str, str]:
    patience = max(0.1, asked.timeout - _MARGIN)
    pipeline = pool.pipeline(asked.command_id)
    if pipeline and pipeline.task and pipeline.running and loses_its_answer(pipeline.running):
        await asyncio.wait([pipeline.task], timeout=patience)
        if not pipeline.task.done():
            return soap.OPERATION_TIMED_OUT
        await end(pipeline.running, over_http(request))
    try:
        said = await pool.said(asked.command_id, patience)
    except asyncio.TimeoutError:
        return soap.OPERATION_TIMED_OUT
    of = f' CommandId="{asked.command_id}"' if asked.command_id else ""
    body = "".join(f'<rsp:Stream Name="stdout"{of}>{data.decode()}</rsp:Stream>' for data in said)
    return f"<rsp:ReceiveResponse>{body}</rsp:ReceiveResponse>"
