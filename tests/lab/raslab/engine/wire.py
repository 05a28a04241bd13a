# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hands a payload of win_powershell to PowerShell as it came over the wire."""

from __future__ import annotations

import json
import re

from raslab.engine.run import Scripts
from raslab.journal import Entry
from raslab.powershell import schemas, scripts
from raslab.powershell.payload import encoded_script, Payload
from raslab.windows.machine import Machine
from raslab.wsman.shells import Outcome

# 2.21 names the interpreter, and its wrapper would start that one as a process of its own.
_INTERPRETER = re.compile(r'("PwshPath":\s*)"[^"]*"')


def is_for_engine(machine: Machine, payload: Payload) -> bool:
    """Whether a real PowerShell answers: become and the wrapper of background jobs call Windows, and stay doubles."""
    return (
        machine.scripts is not None
        and payload.name.rpartition(".")[2] == "win_powershell"
        and payload.become is None
        and payload.job is None
    )


async def answer(machine: Machine, user: str, payload: Payload, command: tuple[str, bytes], entry: Entry) -> Outcome:
    """What the process says. Raises EngineError.

    :param command: its command line and its standard input.
    """
    line, stdin = command
    assert isinstance(machine.scripts, Scripts)
    secure = {item["name"]: item.get("value") or "" for item in payload.args.get("sensitive_parameters") or []}
    check = bool(payload.args.get("_ansible_check_mode", False))
    run = scripts.Run(machine, dict(payload.args.get("parameters") or {}), secure, check, user, entry)
    text = _INTERPRETER.sub(r"\1null", stdin.decode("utf-8"), count=1)
    said = await machine.scripts.exchange(run, {"script": encoded_script(line) or line, "stdin": text})
    _hold_to_schema(machine, payload, said["stdout"], entry)
    return Outcome(said["rc"], said["stdout"].encode(), said["stderr"].encode())


def _hold_to_schema(machine: Machine, payload: Payload, stdout: str, entry: Entry) -> None:
    mark = scripts.mark_of(str(payload.args.get("script") or ""))
    if mark is None:
        return
    try:
        result = json.loads(stdout)["result"]
    except (ValueError, KeyError, TypeError):
        return
    if isinstance(result, str) and (misfit := schemas.misfit(mark[0], result)):
        machine.problem(misfit, entry)
