# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all shells of a host share: how one is opened, and how a fault breaks the connection below it."""

from __future__ import annotations

from aiohttp import web

from raslab.connection import babble, reset, until_the_client_leaves
from raslab.faults import Fault
from raslab.windows.machine import Machine
from raslab.wsman import soap

# Those that strike before something runs, and those that strike when it has ended.
BEFORE, AFTER = ("reset_before", "hang"), ("reset_after", "hang_after", "babble")


async def refused_status(request: web.BaseRequest, machine: Machine) -> int | None:
    """The HTTP status with which a fault refuses a new shell; None where one may be opened."""
    verdict = machine.meet("winrm_open")
    if not verdict.wire:
        return None
    entry = machine.note("winrm_open", "shell")
    entry.fault = verdict.wire.kind
    status: int | None = verdict.wire.params.get("status")
    machine.journal.end(entry, status or word(verdict.wire))
    if not status:
        await break_off(request, verdict.wire)
    return status


def created(asked: soap.Request, machine: Machine, resource: str, shell_id: str) -> bytes:
    """The answer to a Create."""
    return soap.response(
        asked,
        f"<x:ResourceCreated><a:Address>http://{machine.host.address}:5985/wsman</a:Address><a:ReferenceParameters>"
        f'<w:ResourceURI>{resource}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">{shell_id}'
        f"</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>"
        f"<rsp:Shell><rsp:ShellId>{shell_id}</rsp:ShellId></rsp:Shell>",
    )


def fault(machine: Machine, asked: soap.Request, kind: tuple[int, str, str]) -> tuple[int, bytes]:
    """A SOAP fault as an answer."""
    return 500, soap.fault(asked.message_id, kind, machine.windows.computer_name)


async def break_off(request: web.BaseRequest, fault: Fault) -> None:
    """Does to the connection what the fault demands; never returns."""
    if fault.kind.startswith("reset"):
        reset(request)
    elif fault.kind == "babble":
        babble(request, fault.params["text"])
    await until_the_client_leaves()


def word(fault: Fault) -> str:
    """With which word the journal ends an entry that a fault broke off."""
    return "babble" if fault.kind == "babble" else "reset" if fault.kind.startswith("reset") else "hang"
