# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Understands a command line with its standard input, and runs what it means."""

from __future__ import annotations

import asyncio
import ntpath
from collections.abc import Awaitable, Callable
from dataclasses import replace

from raslab.added_text import add_to_json
from raslab.engine import wire
from raslab.journal import Entry, OPEN
from raslab.modules.run import op_for, run_module, short_name, shown_arguments
from raslab.powershell import commands
from raslab.powershell.payload import BadPayload, decode, encoded_script, Payload
from raslab.powershell.transfer import fetch_file, fetch_whole_file, put_file
from raslab.windows.files import expand, FileError
from raslab.windows.machine import Machine
from raslab.windows.users import WindowsUser
from raslab.wsman.shells import Outcome, Running

_HELPERS = {
    "powershell_mkdtemp.ps1": "temp",
    "powershell_expand_user.ps1": "temp",
    "winrm_put_file.ps1": "put_file",
    "winrm_fetch_file.ps1": "fetch_file",
    "psrp_put_file.ps1": "put_file",
    "psrp_fetch_file.ps1": "fetch_file",
}


def understand(machine: Machine, user: WindowsUser, line: str, stdin: bytes) -> Running:
    """What the process is, under its name in the journal, with the faults that are set on it."""
    try:
        payload = decode(stdin)
    except BadPayload as error:
        reason = str(error)
        return _running(machine, "command", "payload", lambda entry: _not_modeled(machine, entry, reason))
    if payload is None:
        script = encoded_script(line)
        command = commands.find(line, script, stdin)
        if command is None:
            shown = (script or line).strip().splitlines()
            text = f"the command {(shown[0] if shown else '')[:80]!r} is not modeled"
            return _running(machine, "command", "command", lambda entry: _not_modeled(machine, entry, text))
        return _running(machine, command.op, command.name, lambda entry: command.run(machine, entry))
    if payload.kind == "module":
        check = bool(payload.args.get("_ansible_check_mode", False))

        async def module(entry: Entry) -> Outcome:
            entry.args = shown_arguments(machine, payload)
            if wire.is_for_engine(machine, payload):
                return await wire.answer(machine, user.name, payload, (line, stdin), entry)
            return await run_module(machine, user.name, payload, entry)

        return _running(machine, op_for(payload), short_name(payload.name), module, payload.job is not None, check)
    if payload.kind == "helper" and payload.name in _HELPERS:
        return _running(machine, _HELPERS[payload.name], payload.name, lambda entry: _help(machine, payload))
    text = f"the script {payload.name} is not modeled"
    return _running(machine, "command", payload.name, lambda entry: _not_modeled(machine, entry, text))


def _running(
    machine: Machine,
    op: str,
    path: str,
    work: Callable[[Entry], Awaitable[Outcome]],
    is_job: bool = False,
    check: bool = False,
) -> Running:
    entry = machine.note(op, path)
    # Also where it is broken off before it begins: what it was about is known.
    entry.check = check
    verdict = machine.meet(op)
    if verdict.wire:
        entry.fault = verdict.wire.kind

    def settle(word: str | int) -> None:
        # a job's entry ends with the job, unless nobody ever heard that it started
        if entry.status == OPEN and not (is_job and word == 0):
            machine.journal.end(entry, word)

    async def run() -> Outcome:
        try:
            outcome = await work(entry)
            for fault in verdict.model:
                if fault.kind == "add_text" and outcome.stdout.startswith(b"{"):
                    outcome = replace(outcome, stdout=add_to_json(outcome.stdout, fault) + b"\r\n")
        except asyncio.CancelledError:
            settle("killed")
            raise
        except Exception as error:  # silence would look like a slow host for ever
            machine.problem(f"the lab failed: {type(error).__name__}: {error}", entry)
            settle("failed")
            return Outcome(99, b"", f"raslab failed: {type(error).__name__}\r\n".encode())
        if not (verdict.wire and verdict.wire.kind in ("reset_after", "hang_after", "babble")):
            settle(outcome.code)
        return outcome

    return Running(verdict, run, settle)


async def _not_modeled(machine: Machine, entry: Entry, text: str) -> Outcome:
    machine.problem(text, entry)
    return Outcome(1, b"", f"raslab: {text}\r\n".encode())


async def _help(machine: Machine, payload: Payload) -> Outcome:
    """The scripts of ansible-core that move files and make folders."""
    files, args = machine.windows.files, payload.args
    try:
        if payload.name == "powershell_mkdtemp.ps1":
            path = ntpath.join(expand(args["Directory"]), args["Name"])
            files.make_folder(path)
            return Outcome(0, path.encode() + b"\r\n")
        if payload.name == "powershell_expand_user.ps1":
            return Outcome(0, args["Path"].replace("~", r"C:\Users\Administrator", 1).encode() + b"\r\n")
        if payload.name in ("winrm_put_file.ps1", "psrp_put_file.ps1"):
            return put_file(machine, args["Path"], payload.rest)
        if payload.name == "psrp_fetch_file.ps1":
            return fetch_whole_file(machine, args["Path"], args["BufferSize"])
        return fetch_file(machine, args["Path"], args["Offset"], args["BufferSize"])
    except FileError as error:
        return Outcome(1, b"", f"{error}\r\n".encode())
