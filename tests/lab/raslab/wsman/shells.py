# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote shells and the commands that run in them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from raslab.faults import Verdict


@dataclass(frozen=True)
class Outcome:
    """How a process ended."""

    code: int
    stdout: bytes = b""
    stderr: bytes = b""


@dataclass
class Running:
    """What a command line and its standard input turned out to be, and how to run it.

    ``verdict`` holds the faults that are set on it; ``settle`` takes the word that ends its journal entry.
    """

    verdict: Verdict
    run: Callable[[], Awaitable[Outcome]]
    settle: Callable[[str], None]


@dataclass
class Command:
    """A process in a shell; its output waits here until it is received."""

    line: str
    waits_for_stdin: bool
    id: str = field(default_factory=lambda: str(uuid.uuid4()).upper())
    stdin: bytearray = field(default_factory=bytearray)
    stdout: bytes = b""
    stderr: bytes = b""
    code: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    running: Running | None = None
    task: asyncio.Task[None] | None = None

    def start(self, running: Running, spawn: Callable[[Awaitable[None]], asyncio.Task[None]]) -> None:
        """Lets the process run; :attr:`done` says when it ended."""
        self.running = running
        self.task = spawn(self._run(running))

    async def _run(self, running: Running) -> None:
        try:
            outcome = await running.run()
            self.code, self.stdout, self.stderr = outcome.code, outcome.stdout, outcome.stderr
        finally:
            self.done.set()

    def take(self, limit: int) -> tuple[bytes, bytes, bool]:
        """Up to ``limit`` bytes of standard output and of standard error, and whether that was all."""
        out, self.stdout = self.stdout[:limit], self.stdout[limit:]
        err, self.stderr = self.stderr[:limit], self.stderr[limit:]
        return out, err, not self.stdout and not self.stderr

    def kill(self) -> None:
        if self.task and not self.task.done():
            self.task.cancel()


@dataclass
class Shell:
    """A remote shell; it holds on the host that opened it, until that host restarts."""

    id: str = field(default_factory=lambda: str(uuid.uuid4()).upper())
    commands: dict[str, Command] = field(default_factory=dict)

    def close(self) -> None:
        """Ends everything that runs in it."""
        for command in self.commands.values():
            command.kill()
        self.commands.clear()
