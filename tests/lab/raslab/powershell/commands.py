# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines that are no Ansible modules: plumbing of action and connection plugins, and what people try first.

Taken from ansible.windows ``plugin_utils/_reboot.py`` and, for the plumbing, ansible-core 2.16 ``plugins/shell/
powershell.py`` and ``plugins/connection/winrm.py``; newer ones send helper scripts instead.
"""

from __future__ import annotations

import json
import ntpath
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from raslab.journal import Entry
from raslab.powershell.transfer import fetch_file, put_file
from raslab.windows.files import expand, FileError
from raslab.windows.machine import Machine
from raslab.wsman.shells import Outcome

_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)
_ALREADY_SCHEDULED = 1190  # ERROR_SHUTDOWN_IS_SCHEDULED
_NOT_SCHEDULED = 1116  # ERROR_NO_SHUTDOWN_IN_PROGRESS
_QUOTED = r"'((?:[^']|'')*)'"


@dataclass(frozen=True)
class Command:
    """A command that is understood: the operation, a name for the journal, and what it does."""

    op: str
    name: str
    run: Callable[[Machine, Entry], Awaitable[Outcome]]


def find(line: str, script: str | None, stdin: bytes) -> Command | None:
    """The command behind a line, or behind the script that it carries encoded."""
    text = (script if script is not None else line).strip()
    for pattern, op, action in _TABLE:
        if match := pattern.search(text):
            return Command(op, action.__name__.strip("_"), _bound(action, match, stdin))
    return None


_Action = Callable[[Machine, "re.Match[str]", bytes], Outcome]


def _bound(action: _Action, match: re.Match[str], stdin: bytes) -> Callable[[Machine, Entry], Awaitable[Outcome]]:
    async def run(machine: Machine, _entry: Entry) -> Outcome:
        try:
            return action(machine, match, stdin)
        except FileError as error:
            return Outcome(1, b"", f"{error}\r\n".encode())

    return run


def filetime(moment: datetime) -> int:
    """A local time as Windows counts: 100 nanoseconds since 1601."""
    return int((moment.astimezone(timezone.utc) - _FILETIME_EPOCH).total_seconds() * 1_000_000) * 10


def _line(text: str) -> Outcome:
    return Outcome(0, text.encode() + b"\r\n")


def _boot_time(machine: Machine, _match: re.Match[str], _stdin: bytes) -> Outcome:
    return _line(str(filetime(machine.windows.boot_time)))


def _shutdown(machine: Machine, match: re.Match[str], _stdin: bytes) -> Outcome:
    """shutdown.exe /r; the script of win_reboot wraps what it says into JSON."""
    scheduled = machine.shutdown_scheduled
    machine.order_restart()
    said = "A system shutdown has already been scheduled.(1190)" if scheduled else ""
    code = _ALREADY_SCHEDULED if scheduled else 0
    if "ConvertTo-Json" in match.string:
        return _line(json.dumps({"stdout": "", "stderr": said, "rc": code}))
    return Outcome(code, b"", said.encode())


def _abort_shutdown(machine: Machine, _match: re.Match[str], _stdin: bytes) -> Outcome:
    return Outcome(0 if machine.cancel_restart() else _NOT_SCHEDULED)


def _logon_check(_machine: Machine, match: re.Match[str], _stdin: bytes) -> Outcome:
    return _line(match[1])


def _mkdtemp(machine: Machine, match: re.Match[str], _stdin: bytes) -> Outcome:
    path = ntpath.join(expand(match[1]), match[2])
    machine.windows.files.make_folder(path)
    return _line(path)


def _remove(machine: Machine, match: re.Match[str], _stdin: bytes) -> Outcome:
    machine.windows.files.remove(match[1] or match[2])
    return Outcome(0)


def _put_file(machine: Machine, match: re.Match[str], stdin: bytes) -> Outcome:
    return put_file(machine, match[1].replace("''", "'"), stdin)


def _fetch_file(machine: Machine, match: re.Match[str], _stdin: bytes) -> Outcome:
    return fetch_file(machine, match[1].replace("''", "'"), int(match[3]), int(match[2]))


def _home(_machine: Machine, match: re.Match[str], _stdin: bytes) -> Outcome:
    return _line(r"C:\Users\Administrator")


def _hostname(machine: Machine, _match: re.Match[str], _stdin: bytes) -> Outcome:
    return _line(machine.windows.computer_name)


def _whoami(machine: Machine, _match: re.Match[str], _stdin: bytes) -> Outcome:
    return _line(f"{machine.windows.computer_name}\\{machine.windows.users[0].name}".lower())


def _ipconfig(machine: Machine, _match: re.Match[str], _stdin: bytes) -> Outcome:
    return _line(f"\r\nWindows IP Configuration\r\n\r\n   IPv4 Address. . . . . . . . . . . : {machine.host.address}")


def _echo(_machine: Machine, match: re.Match[str], _stdin: bytes) -> Outcome:
    return _line(match[1].strip("'\""))


def _version(machine: Machine, _match: re.Match[str], _stdin: bytes) -> Outcome:
    return _line(f"\r\nMicrosoft Windows [Version {machine.windows.version}]")


def _systeminfo(_machine: Machine, _match: re.Match[str], _stdin: bytes) -> Outcome:
    return _line("OS Name:                   Microsoft Windows Server 2022 Standard")


def _service_state(machine: Machine, match: re.Match[str], _stdin: bytes) -> Outcome:
    service = machine.windows.services.find(match[1].replace("''", "'"))
    if service is None:
        return Outcome(1, b"", f"Cannot find any service with service name '{match[1]}'.\r\n".encode())
    return _line(service.state)


def _nothing(_machine: Machine, _match: re.Match[str], _stdin: bytes) -> Outcome:
    return Outcome(0)


def _unknown_program(_machine: Machine, _match: re.Match[str], _stdin: bytes) -> Outcome:
    text = "'uname' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
    return Outcome(1, b"", text.encode())


_TABLE: tuple[tuple[re.Pattern[str], str, _Action], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), op, action)
    for pattern, op, action in (
        (r"Win32_OperatingSystem -Property LastBootUpTime\)\.LastBootUpTime\.ToFileTime\(\)", "boot_time", _boot_time),
        (r"shutdown(?:\.exe)? /r\b", "shutdown", _shutdown),
        (r"shutdown(?:\.exe)? /a\b", "shutdown", _abort_shutdown),
        (r"AutoLogonChecked' -ErrorAction Stop; '(success-[0-9a-f-]+)'", "logon_check", _logon_check),
        (
            rf"ExpandEnvironmentVariables\({_QUOTED}\)\s+"
            rf"\$tmp = New-Item -Type Directory -Path \$tmp_path -Name {_QUOTED}",
            "temp",
            _mkdtemp,
        ),
        (rf"^(?:Set-StrictMode -Version Latest\s+)?Remove-Item (?:{_QUOTED}|(\S+)) -Force", "temp", _remove),
        (rf"\$path = {_QUOTED}.*\[System\.IO\.File\]::Create\(\$path\)", "put_file", _put_file),
        (rf"\$path = {_QUOTED}.*\$buffer_size = (\d+)\s+\$offset = (\d+)", "fetch_file", _fetch_file),
        (r"^(?:Set-StrictMode -Version Latest\s+)?Write-Output \(Get-Location\)\.Path", "temp", _home),
        (r"^hostname(?:\.exe)?$", "command", _hostname),
        (r"^whoami(?:\.exe)?$", "command", _whoami),
        (r"^ipconfig(?:\.exe)?(?: /all)?$", "command", _ipconfig),
        (r"^(?:cmd(?:\.exe)? /c )?ver$", "command", _version),
        (r"^systeminfo \| findstr", "command", _systeminfo),
        (r"^exit 0$", "command", _nothing),
        (r"^uname -s$", "command", _unknown_program),
        (rf"^\(Get-Service -Name {_QUOTED}\)\.Status$", "command", _service_state),
        (r"^(?:Write-Output|echo) ([^|;&$()]+)$", "command", _echo),
    )
)
