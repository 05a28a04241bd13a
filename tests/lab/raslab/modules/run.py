# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's double: arguments, become, check mode, background jobs and the JSON that Ansible reads."""

from __future__ import annotations

import asyncio
import json
import ntpath
from collections.abc import Awaitable, Callable
from typing import Any

from raslab.journal import Entry, MODULE_OPS

# They register themselves when they are imported.
# pylint: disable-next=unused-import
from raslab.modules import files, getting, package, powershell, services, system, waiting  # noqa: F401
from raslab.modules.arguments import censored, complete, secrets_in, shown
from raslab.modules.call import ModuleCall, ModuleFailed, MODULES, NotModeled
from raslab.powershell.payload import Become, Payload
from raslab.powershell.scripts import op_of

# They register themselves too.
# pylint: disable-next=unused-import
from raslab.ras import script_doubles  # noqa: F401
from raslab.windows.files import expand, FileError
from raslab.windows.machine import Machine
from raslab.wsman.shells import Outcome

# Collections in which a short name means the module that ansible.windows brings
_COLLECTIONS = ("ansible.windows.", "ansible.legacy.", "ansible.builtin.", "")
# What core's own names mean on Windows
_RENAMED = {"ping": "win_ping", "stat": "win_stat", "copy": "win_copy", "file": "win_file", "command": "win_command"}
_SERVICE_ACCOUNTS = ("system", "nt authority\\system", "local system", "localsystem")
_PROCESS_ID = 4312


def short_name(name: str) -> str:
    """``win_ping`` for ``ansible.windows.win_ping``; modules of other collections keep their full name."""
    for prefix in _COLLECTIONS:
        rest = name[len(prefix) :]
        if name.startswith(prefix) and "." not in rest:
            return _RENAMED.get(rest, rest)
    return name


def op_for(payload: Payload) -> str:
    """The operation under which the journal and faults know a module's run."""
    name = short_name(payload.name)
    if name == "win_powershell":
        return op_of(str(payload.args.get("script") or "")) or name
    return name if name in MODULE_OPS else "command"


def shown_arguments(machine: Machine, payload: Payload) -> dict[str, Any]:
    """The arguments that the journal may show."""
    known = MODULES.get(short_name(payload.name))
    scrub = machine.journal.scrub
    found: dict[str, Any] = {}
    for option in known.shown if known else ():
        value = payload.args.get(option)
        if value is not None:
            text = str(value).partition("?")[0] if option in ("url", "path", "src") else str(value)
            found[option] = value if isinstance(value, (bool, int)) else scrub(text)
    return found


async def run_module(machine: Machine, user: str, payload: Payload, entry: Entry) -> Outcome:
    """The module's process: one JSON object on standard output."""
    if payload.become:
        refused = _refusal(machine, payload.become)
        if refused:
            return _said({"failed": True, "msg": refused})
        user = payload.become.user
    if payload.job:
        return _start_job(machine, user, payload, entry)
    return _said(await _result(machine, user, payload, entry))


async def _result(machine: Machine, user: str, payload: Payload, entry: Entry) -> dict[str, Any]:
    name = short_name(payload.name)
    known = MODULES.get(name)
    if known is None:
        text = f"the module {payload.name} is not modeled"
        machine.problem(text, entry)
        return {"failed": True, "msg": f"raslab: {text}"}
    args: dict[str, Any] = {}
    try:
        args = complete(name, payload.options())
        call = ModuleCall(
            machine=machine,
            name=name,
            args=args,
            check=bool(payload.args.get("_ansible_check_mode", False)),
            diff=bool(payload.args.get("_ansible_diff", False)),
            user=user,
            entry=entry,
            in_job=payload.job is not None,
        )
        result = {"changed": False, **await known.handler(call)}
    except ModuleFailed as failure:
        result = {"changed": False, **failure.result, "failed": True, "msg": failure.message}
    except FileError as failure:
        result = {"changed": False, "failed": True, "msg": str(failure)}
    except NotModeled as refusal:
        machine.problem(str(refusal), entry)
        return {"failed": True, "msg": f"raslab: {refusal}"}
    result.setdefault("invocation", {"module_args": shown(args)})
    censored_result: dict[str, Any] = censored(result, secrets_in(args))
    return censored_result


def _refusal(machine: Machine, become: Become) -> str | None:
    """Why ``become`` does not work; None if it does."""
    name = become.user
    if name.casefold() in _SERVICE_ACCOUNTS:
        return None
    computer = machine.windows.computer_name
    for user in machine.windows.users:
        if user.is_called(name, computer):
            # without a password Windows can still get a token for an administrator who is an administrator's choice
            return None if become.password in (None, user.password) else _logon_failed(name)
    return _logon_failed(name)


def _logon_failed(name: str) -> str:
    return (
        f"internal error: failed to become user '{name}': Failed to logon {name} (The user name or password is "
        "incorrect, Win32ErrorCode 1326 - 0x0000052E)"
    )


def _start_job(machine: Machine, user: str, payload: Payload, entry: Entry) -> Outcome:
    """The module in the background, as async_wrapper.ps1 and async_watchdog.ps1 do it: its result goes to a file."""
    job = payload.job
    assert job is not None
    job_id = f"{job.job_id}.{_PROCESS_ID}"
    files_ = machine.windows.files
    path = ntpath.join(expand(job.folder), job_id)
    started = {
        "started": True,
        "finished": False,
        "results_file": path,
        "ansible_job_id": job_id,
        "_ansible_suppress_tmpdir_delete": True,
        "ansible_async_watchdog_pid": _PROCESS_ID,
    }
    files_.make_folder(job.folder)
    files_.write(path, json.dumps(started).encode())

    async def work() -> None:
        result = {**started, "finished": True}
        try:
            result.update(await asyncio.wait_for(_result(machine, user, payload, entry), job.timeout))
        except asyncio.TimeoutError:
            text = "failure during async watchdog: timed out waiting for module completion"
            result.update(failed=True, msg=text)
        if files_.is_file(path):  # a cleanup may have come first
            files_.write(path, json.dumps(result).encode())

    machine.spawn(finishing(work, machine, entry)())
    return _said(started)


def finishing(work: Callable[[], Awaitable[None]], machine: Machine, entry: Entry) -> Callable[[], Awaitable[None]]:
    """``work`` that ends its journal entry, whatever becomes of it."""

    async def run() -> None:
        try:
            await work()
        except asyncio.CancelledError:
            machine.journal.end(entry, "killed")
            raise
        except Exception as error:  # a bug of the lab must be seen as such, and never look like a slow host
            machine.problem(f"the lab failed: {type(error).__name__}: {error}", entry)
            machine.journal.end(entry, "failed")
        else:
            machine.journal.end(entry, "done")

    return run


def _said(result: dict[str, Any]) -> Outcome:
    content = json.dumps(result, ensure_ascii=False).encode() + b"\r\n"
    return Outcome(1 if result.get("failed") else 0, content)
