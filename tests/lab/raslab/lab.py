# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running lab: a world on its addresses, with journal, faults and listeners."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from aiohttp import web

from raslab.certificates import GOOD
from raslab.engine.process import Engine
from raslab.engine.run import Scripts
from raslab.farm import Farm
from raslab.faults import Fault, read_fault
from raslab.host import RasHost
from raslab.journal import Journal
from raslab.listener import HostListener, REST_PORT, Sockets, WINRM_PORTS
from raslab.powershell.runner import understand
from raslab.ras import effects
from raslab.rest.service import WebAdminService
from raslab.secrecy import Scrubber
from raslab.ssh.keys import Keys
from raslab.ssh.server import SshListener
from raslab.windows.machine import Machine
from raslab.world import World
from raslab.wsman.service import WinRmService

_ENDED_BY_RESTART = ("RebootPending", "LogonDrainUntilRestart")


class RunningLab:
    """Starts and stops everything, and is what the control API works on."""

    def __init__(self, world: World, echo: Callable[[str], None] | None = None, network: Sockets | None = None) -> None:
        self.world = world
        self.account = world.account
        self.farms = {farm.name: farm for farm in world.farms}
        self.scrub = Scrubber(world.secrets())
        self.journal = Journal(self.scrub, echo)
        self._network = network or Sockets()
        self.pool, self.shop = self._network.pool, self._network.shop
        self.listeners: dict[str, HostListener] = {}
        self.winrm_listeners: dict[str, list[HostListener]] = {}
        self.ssh_listeners: dict[str, SshListener] = {}
        self.ssh_keys = Keys()
        self.machines: dict[str, Machine] = {}
        self._service = WebAdminService(
            self.account, self.journal, world.farms, self.pool.elsewhere_address, self._on_hosts_changed
        )
        self._protocol = self._network.server(self._service.handle)
        self._winrm = WinRmService(understand)
        self._winrm_protocol = self._network.server(self._winrm.handle)
        last = max((fault.id for farm in world.farms for fault in farm.faults.faults), default=0)
        self._fault_numbers = itertools.count(last + 1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._elsewhere: HostListener | None = None
        self._engine = Engine()
        self._scripts = Scripts(self._engine)

    async def start(self) -> None:
        """Gives every host its address and listens where a web administration service runs."""
        for farm in self.world.farms:
            for host in farm.hosts:
                host.address = self.pool.next_host()
                self._service.hosts[host.address] = (farm, host)
                if host.has_web_admin:
                    self.listeners[host.name] = self._network.listener(host, REST_PORT, self._protocol)
                if host.windows:
                    self._add_machine(farm, host)
        elsewhere = RasHost("elsewhere.example.net", (), "", address=self.pool.elsewhere_address)
        self._elsewhere = self._network.listener(elsewhere, REST_PORT, self._protocol)
        await self._elsewhere.open()
        for listener in self.listeners.values():
            if listener.host.windows is None:
                await listener.open()
        for farm in self.world.farms:
            for fault in farm.faults.faults:
                self._schedule_end(farm, fault)
            await self.sync_hosts(farm)

    async def stop(self) -> None:
        """Closes all listeners and connections and gives the addresses back."""
        for task in self._tasks:
            task.cancel()
        for machine in self.machines.values():
            machine.stop()
        winrm = [listener for listeners in self.winrm_listeners.values() for listener in listeners]
        for listener in [*self.listeners.values(), *winrm, *([self._elsewhere] if self._elsewhere else [])]:
            listener.close()
        for ssh in self.ssh_listeners.values():
            ssh.close()
        await self._protocol.shutdown(timeout=0.1)
        await self._winrm_protocol.shutdown(timeout=0.1)
        await self._engine.close()
        self.pool.release()

    def add_fault(self, farm: Farm, data: Any) -> Fault:
        """Puts a fault on the farm; the caller then calls :meth:`sync_hosts`. Raises WorldError."""
        names = tuple(host.name for host in farm.hosts)
        fault = read_fault(data, next(self._fault_numbers), names, self.account, f"fault of {farm.name}")
        farm.faults.add(fault)
        self._schedule_end(farm, fault)
        return fault

    async def sync_hosts(self, farm: Farm) -> None:
        """Makes the farm's listeners be as its host faults demand, and ends connections that belong to the past."""
        for host in farm.hosts:
            await self._sync_rest(farm, host)
            await self._sync_winrm(farm, host)
            await self._sync_ssh(farm, host)

    async def _sync_rest(self, farm: Farm, host: RasHost) -> None:
        listener, machine = self.listeners.get(host.name), self.machines.get(host.name)
        if listener is None:
            return
        changed = listener.show_certificate(farm.faults.certificate(host.name) or GOOD)
        if farm.faults.closes(host.name, "rest") or (machine and not machine.rest_answers):
            changed |= listener.is_open
            listener.close()
        else:
            await listener.open()
        if changed:
            end_connections(self._protocol, host, idle_only=machine is None or machine.is_up)

    async def _sync_winrm(self, farm: Farm, host: RasHost) -> None:
        machine = self.machines.get(host.name)
        if machine is None:
            return
        is_closed = farm.faults.closes(host.name, "winrm") or not machine.winrm_answers
        for listener in self.winrm_listeners[host.name]:
            if not is_closed:
                await listener.open()
            elif listener.is_open:
                listener.close()
                # what the host was about to answer is lost, unless only its port was closed to newcomers
                end_connections(self._winrm_protocol, host, idle_only=machine.winrm_answers)

    async def _sync_ssh(self, farm: Farm, host: RasHost) -> None:
        listener, machine = self.ssh_listeners.get(host.name), self.machines.get(host.name)
        if listener is None or machine is None:
            return
        if farm.faults.closes(host.name, "winrm") or not machine.ssh_answers:
            listener.close()
        else:
            await listener.open()

    def fingerprint(self, host: RasHost) -> str | None:
        listener = self.listeners.get(host.name)
        return listener.fingerprint if listener else None

    def table(self) -> list[Mapping[str, str]]:
        """Farm, host, address and API URL of every host."""
        return [
            {
                "farm": farm.name,
                "host": host.name,
                "address": host.address,
                "url": f"https://{host.address}:{REST_PORT}" if host.has_web_admin else "-",
            }
            for farm in self.world.farms
            for host in farm.hosts
        ]

    async def _on_hosts_changed(self, farm: Farm) -> None:
        # shielded: a client that leaves now must not stop the change half-way
        await asyncio.shield(self._spawn(self.sync_hosts(farm)))

    def _schedule_end(self, farm: Farm, fault: Fault) -> None:
        seconds = fault.params.get("seconds") if fault.cls == "host" else None
        if seconds is not None:
            self._spawn(self._end_fault(farm, fault, seconds))

    async def _end_fault(self, farm: Farm, fault: Fault, seconds: float) -> None:
        await asyncio.sleep(seconds)
        farm.faults.remove(fault.id)
        await self.sync_hosts(farm)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop keeps weak references only
        task.add_done_callback(self._tasks.discard)
        return task

    def _add_machine(self, farm: Farm, host: RasHost) -> None:
        """Gives a host its Windows side and its WinRM ports."""
        machine = Machine(farm, host, self.world, self.journal, self.machines, self._on_power, self._on_event)
        if machine.windows.powershell == "engine":
            machine.scripts = self._scripts
        self.machines[host.name] = self._winrm.machines[host.address] = machine
        self.winrm_listeners[host.name] = [
            self._network.listener(host, port, self._winrm_protocol, tls=scheme == "https")
            for scheme, port in WINRM_PORTS.items()
        ]
        if machine.windows.connection == "ssh":
            self.ssh_listeners[host.name] = SshListener(machine, self.ssh_keys, understand)

    async def _on_power(self, machine: Machine) -> None:
        await self._on_hosts_changed(machine.farm)

    def _on_event(self, machine: Machine, event: str) -> None:
        """A primary broker that stays away is replaced, where the farm is set up so; a restart ends some states."""
        if event == "up" and machine.host.agent_state in _ENDED_BY_RESTART:
            machine.host.agent_state = "OK"
        if event == "promote":
            effects.promote(machine)
        seconds = machine.farm.promotion_seconds
        if event == "down" and seconds is not None:
            self._spawn(self._promote_later(machine, seconds))

    @staticmethod
    async def _promote_later(machine: Machine, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if not machine.is_up:
            effects.promote(machine)


def end_connections(protocol: web.Server, host: RasHost, idle_only: bool) -> None:
    """Ends the connections of a host; with ``idle_only`` not those on which a request is being answered."""
    for connection in protocol.connections:
        transport = connection.transport
        # a connection that was just reset has no address any more
        sockname = transport.get_extra_info("sockname") if transport else None
        if transport is None or not sockname or sockname[0] != host.address:
            continue
        # a request that is being answered closes its connection itself
        if not idle_only or getattr(connection, "_current_request", None) is None:
            transport.abort()
