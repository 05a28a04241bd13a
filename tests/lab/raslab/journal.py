# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of whom, and what nobody should have asked: the lab's memory for tests, free of secrets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from raslab.secrecy import Scrubber

OPS = (
    "logon",
    "logoff",
    "license",
    "activate",
    "deactivate",
    "apply",
    "site",
    "site_status",
    "broker",
    "agent",
    "gateway",
    "gateway_status",
    "rds",
    "rds_status",
    "rds_drain",
    "version",
    "unknown",
)
# what comes over WinRM: the shell, plumbing of connection plugins, modules, and marked scripts (by their names)
PLUMBING_OPS = (
    "winrm_open",
    "winrm_refused",
    "put_file",
    "fetch_file",
    "temp",
    "boot_time",
    "shutdown",
    "logon_check",
    "command",
)
MODULE_OPS = (
    "win_ping",
    "setup",
    "win_powershell",
    "win_package",
    "win_copy",
    "win_get_url",
    "win_file",
    "win_stat",
    "win_service",
    "win_service_info",
    "win_reg_stat",
    "win_wait_for",
    "slurp",
    "async_status",
)
SCRIPT_OPS = (
    "ras_observe",
    "ras_agents",
    "ras_license_write",
    "ras_apply",
    "ras_export",
    "ras_agent_update",
    "ras_drain",
    "host_observe",
    "read_tail",
    "state_note",
    "private_folder",
    "signature",
    "host_install",
    "host_restart",
)
WINRM_OPS = PLUMBING_OPS + MODULE_OPS + SCRIPT_OPS
# what happens on a host, whoever caused it
EVENT_OPS = ("install", "restart", "push", "promotion")
OPEN = "open"


@dataclass
class Entry:
    """One request, command or event; ``status`` is the HTTP status, or the word for what became of it.

    ``protocol`` is ``rest``, ``winrm``, ``psrp``, ``ssh`` or, for events, ``host``. ``args`` holds arguments that are
    no secrets.
    """

    seq: int
    t: float
    farm: str
    host: str
    method: str
    path: str
    op: str
    status: int | str = OPEN
    session: str | None = None
    admin: str | None = None
    effect: str | None = None
    fault: str | None = None
    protocol: str = "rest"
    check: bool = False
    args: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


class Journal:
    """Requests in the order in which they arrived, and problems: questions that the lab does not model."""

    def __init__(self, scrub: Scrubber, echo: Callable[[str], None] | None = None) -> None:
        self.scrub = scrub
        self.entries: list[Entry] = []
        self.problems: list[dict[str, Any]] = []
        self._echo = echo
        self._seq = 0
        self._waiters: list[asyncio.Future[None]] = []
        self._start = time.monotonic()

    def begin(self, farm: str, host: str, method: str, path: str, op: str, protocol: str = "rest") -> Entry:
        """Starts an entry; it shows as ``open`` until :meth:`end`."""
        self._seq += 1
        entry = Entry(
            seq=self._seq,
            t=round(time.monotonic() - self._start, 4),
            farm=farm,
            host=host,
            method=self.scrub(method),
            path=self.scrub(path),
            op=op,
            protocol=protocol,
        )
        self.entries.append(entry)
        return entry

    def end(self, entry: Entry, status: int | str) -> None:
        entry.status = status
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
        if self._echo:
            marks = "".join(
                f" {name}={value}" for name, value in (("effect", entry.effect), ("fault", entry.fault)) if value
            )
            self._echo(f"{entry.farm} {entry.host} {entry.method} {entry.path} -> {status}{marks}")

    def quiet(self, farm: str, host: str) -> Entry:
        """An entry that is not in the journal, only to say where a problem was met."""
        return Entry(self._seq, 0.0, farm, host, "", "", "unknown")

    def problem(self, entry: Entry | None, text: str) -> None:
        """Notes a question that is not modeled; tests assert that there is none."""
        self.problems.append(
            {
                "seq": entry.seq if entry else None,
                "farm": entry.farm if entry else None,
                "host": entry.host if entry else None,
                "op": entry.op if entry else None,
                "text": self.scrub(text),
            }
        )
        if self._echo:
            self._echo(f"NOT MODELED: {self.problems[-1]['text']}")

    async def wait_until(self, found: Callable[[], Entry | None], seconds: float) -> Entry | None:
        """What ``found`` finds, asked anew whenever an entry has ended; None if that takes too long."""
        deadline = time.monotonic() + seconds
        while (entry := found()) is None and (left := deadline - time.monotonic()) > 0:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            try:
                await asyncio.wait_for(waiter, left)
            except asyncio.TimeoutError:
                pass
        return entry

    def clear(self) -> None:
        """Forgets the entries. Problems stay, for they are asserted at the end; numbering goes on."""
        self.entries.clear()
