# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Windows host that runs: its shells, jobs and processes, and its restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Protocol, TYPE_CHECKING

from raslab.farm import Farm
from raslab.faults import Fault, Verdict
from raslab.host import RasHost
from raslab.journal import Entry, Journal
from raslab.windows.model import WindowsHost
from raslab.world import World

if TYPE_CHECKING:
    from raslab.engine.run import Scripts


class Closable(Protocol):
    """What a client holds on the host: a shell, a runspace pool, a connection."""

    def close(self) -> None:
        """Ends everything that runs in it."""


class Machine:
    """One host over time. Everything that it runs dies when it restarts.

    ``scripts`` is the PowerShell that runs its scripts, where the world asks for a real one.
    ``neighbors`` are all machines of the lab by name. ``on_power`` makes the lab's listeners follow after the host
    went down or came up; ``on_event`` reports to the farm what happened: ``down`` and ``up``, and ``promote`` where a
    fault demands it.
    """

    def __init__(
        self,
        farm: Farm,
        host: RasHost,
        world: World,
        journal: Journal,
        neighbors: dict[str, Machine],
        on_power: Callable[[Machine], Awaitable[None]],
        on_event: Callable[[Machine, str], None],
    ) -> None:
        assert host.windows is not None
        self.farm = farm
        self.host = host
        self.windows: WindowsHost = host.windows
        self.world = world
        self.journal = journal
        self.neighbors = neighbors
        self.shells: dict[str, Closable] = {}
        self.shutdown_scheduled = False
        self.installing = False
        self.scripts: Scripts | None = None
        self.winrm_lost = False
        self.rest_lost = False
        self._on_power = on_power
        self._on_event = on_event
        self._processes: set[asyncio.Task[None]] = set()
        self._clockwork: set[asyncio.Task[None]] = set()
        self._shutdown: asyncio.Task[None] | None = None

    @property
    def is_up(self) -> bool:
        return self.windows.power == "on"

    @property
    def winrm_answers(self) -> bool:
        """Whether its WinRM ports are open, faults apart."""
        winrm = self.windows.services.find("WinRM")
        running = winrm is not None and winrm.is_running
        return self.is_up and running and not self.windows.winrm.down and not self.winrm_lost

    @property
    def ssh_answers(self) -> bool:
        """Whether its SSH port is open, faults apart."""
        return self.is_up and not self.winrm_lost

    @property
    def rest_answers(self) -> bool:
        """Whether its REST port is open, faults apart: the service that answers there must run."""
        service = self.windows.services.of_component("web_admin")
        return self.is_up and not self.rest_lost and service is not None and service.is_running

    def spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Runs ``work`` as a process of the host: a restart kills it."""
        return self._keep(work, self._processes)

    def schedule(self, work: Awaitable[None]) -> asyncio.Task[None]:
        """Runs ``work`` from outside the host: a restart does not touch it, the end of the lab does."""
        return self._keep(work, self._clockwork)

    @staticmethod
    def _keep(work: Awaitable[None], where: set[asyncio.Task[None]]) -> asyncio.Task[None]:
        async def run() -> None:
            await work

        coroutine: Coroutine[Any, Any, None] = run()
        task = asyncio.get_running_loop().create_task(coroutine)
        where.add(task)
        task.add_done_callback(where.discard)
        return task

    def meet(self, op: str) -> Verdict:
        """The faults that are set on ``op`` here; counts it."""
        return self.farm.faults.meet(op, self.host.name)

    def note(self, op: str, path: str, protocol: str = "") -> Entry:
        """A new journal entry of this host, by default over the connection that clients take to it."""
        protocol = protocol or self.windows.connection
        return self.journal.begin(self.farm.name, self.host.name, protocol.upper(), path, op, protocol)

    def problem(self, text: str, entry: Entry | None = None) -> None:
        """Notes something that is not modeled."""
        self.journal.problem(entry or self.journal.quiet(self.farm.name, self.host.name), text)

    async def sync(self) -> None:
        """Lets the lab's listeners follow what changed here."""
        await self._on_power(self)

    def order_restart(self, delay: float = 0.1) -> None:
        """What shutdown.exe /r does: it returns, and the host goes down soon after."""
        if not self.shutdown_scheduled:
            self.shutdown_scheduled = True
            self._shutdown = self.schedule(self._restart(delay))

    def cancel_restart(self) -> bool:
        """What shutdown.exe /a does; too late once the host goes down."""
        was_scheduled, self.shutdown_scheduled = self.shutdown_scheduled, False
        if was_scheduled and self._shutdown is not None:
            self._shutdown.cancel()
        return was_scheduled

    async def lose_winrm(self, delay: float, seconds: float) -> None:
        """WinRM goes away, with its shells, while the host and its installer go on."""
        await asyncio.sleep(delay)
        self.winrm_lost = True
        await self._drop()
        await asyncio.sleep(seconds)
        self.winrm_lost = False
        await self.sync()

    async def switch(self, power: str) -> None:
        """Pulls the plug, or puts it in again."""
        if power == "on" and not self.is_up:
            await self._come_up(Verdict())
        elif power == "off" and self.windows.power != "off":
            await self._go_down("off")
        elif power == "restarting" and self.is_up:
            self.order_restart(0.0)

    async def _restart(self, delay: float) -> None:
        await asyncio.sleep(delay)
        if not self.shutdown_scheduled:
            return
        entry = self.note("restart", self.host.name, "host")
        verdict = self.meet("restart")
        self._mark(entry, verdict.model)
        await self._go_down("restarting")
        if verdict.find("promotion"):
            self._on_event(self, "promote")
        slow = verdict.find("restart_slow")
        seconds = slow.params["seconds"] if slow else self.windows.durations.restart
        if verdict.find("restart_never_ends"):
            self.windows.power = "off"
            self.journal.end(entry, "gone")
            return
        await asyncio.sleep(seconds)
        if self.windows.power == "restarting":  # somebody may have switched it meanwhile
            await self._come_up(verdict)
        self.journal.end(entry, "done")

    async def _go_down(self, power: str) -> None:
        self.shutdown_scheduled = False
        self.windows.power = power
        self.installing = False
        for process in list(self._processes):
            process.cancel()
        self.farm.sessions.close_of(self.host.name)
        await self._drop()
        self._on_event(self, "down")

    async def _come_up(self, verdict: Verdict) -> None:
        windows = self.windows
        windows.pending_reboot = False
        windows.boot_time = datetime.now() + timedelta(seconds=windows.clock_moved)
        windows.sessions = 0
        windows.services.start_automatic()
        stopped = verdict.find("service_stopped")
        if stopped:
            stop_service(windows, self.host, stopped)
        self.rest_lost = verdict.find("restart_without_rest") is not None
        windows.power = "on"
        self._on_event(self, "up")
        await self.sync()

    async def _drop(self) -> None:
        """Ends all that clients hold with what runs in it, then the connections."""
        for shell in list(self.shells.values()):
            shell.close()
        self.shells.clear()
        await self.sync()

    def stop(self) -> None:
        """Ends everything, for the lab itself stops."""
        for task in [*self._processes, *self._clockwork]:
            task.cancel()

    @staticmethod
    def _mark(entry: Entry, faults: list[Fault]) -> None:
        if faults:
            entry.fault = ",".join(fault.kind for fault in faults)


def stop_service(windows: WindowsHost, host: RasHost, fault: Fault) -> None:
    """What the fault ``service_stopped`` does: a named service, or the first one that RAS has here, is stopped."""
    wanted = fault.params["service"]
    service = windows.services.find(wanted) if wanted else None
    for component in ("gateway", "rds", "broker", "web_admin"):
        if service is None and component in host.components:
            service = windows.services.of_component(component)
    if service is not None:
        service.state = "Stopped"
