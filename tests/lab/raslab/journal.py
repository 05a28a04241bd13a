# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of whom, and what nobody should have asked: the lab's memory for tests, free of secrets."""

from __future__ import annotations

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
    "version",
    "unknown",
)
OPEN = "open"


@dataclass
class Entry:
    """One request; ``status`` is the HTTP status, or the word for what the transport did instead."""

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
        self._start = time.monotonic()

    def begin(self, farm: str, host: str, method: str, path: str, op: str) -> Entry:
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
        )
        self.entries.append(entry)
        return entry

    def end(self, entry: Entry, status: int | str) -> None:
        entry.status = status
        if self._echo:
            marks = "".join(
                f" {name}={value}" for name, value in (("effect", entry.effect), ("fault", entry.fault)) if value
            )
            self._echo(f"{entry.farm} {entry.host} {entry.method} {entry.path} -> {status}{marks}")

    def problem(self, entry: Entry | None, text: str) -> None:
        """Notes a question that is not modelled; tests assert that there is none."""
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
            self._echo(f"NOT MODELLED: {self.problems[-1]['text']}")

    def clear(self) -> None:
        """Forgets the entries. Problems stay, for they are asserted at the end; numbering goes on."""
        self.entries.clear()
