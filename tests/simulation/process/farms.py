# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab without its sockets: the same farms, hosts and services as over the wire, in a time of their own."""

from __future__ import annotations

import json
from typing import Any

from raslab.changes import patch_account, patch_farm
from raslab.farm import open_sessions
from raslab.lab import RunningLab
from raslab.views import accounts_view, farm_view
from raslab.windows.views import patch_windows
from raslab.world import read_world
from simulation.process.clock import Clock
from simulation.process.network import QuietNetwork


class QuietLab:
    """A world that is asked in process, with the methods of :class:`raslab.testing.Lab`.

    Args:
        world: As a world file says it.
        clock: By which it lives.
        is_ipv6: Whether its hosts have addresses of IPv6.

    Raises:
        WorldError: The world is wrong.
    """

    def __init__(self, world: dict[str, Any], clock: Clock, is_ipv6: bool = False) -> None:
        self.clock = clock
        self.network = QuietNetwork(clock, is_ipv6)
        # As a world comes over the wire: plain data of its own.
        self.running = RunningLab(read_world(json.loads(json.dumps(world, default=str))), network=self.network)
        clock.run(self.running.start())

    def stop(self) -> None:
        """End everything."""
        self.clock.run(self.running.stop())

    def patch_farm(self, name: str, **changes: Any) -> None:
        patch_farm(self.running, self.running.farms[name], changes)

    def patch_windows(self, _farm: str, host: str, **changes: Any) -> None:
        self.clock.run(patch_windows(self.running.machines[host], changes, f"host {host}"))

    def patch_account(self, email: str, **changes: Any) -> None:
        person = self.running.account.person(email)
        assert person is not None
        patch_account(self.running, person, changes)

    def add_fault(self, name: str, **fault: Any) -> None:
        async def add() -> None:
            self.running.add_fault(self.running.farms[name], fault)
            await self.running.sync_hosts(self.running.farms[name])

        self.clock.run(add())

    def clear_faults(self) -> None:
        for farm in self.running.farms.values():
            farm.faults.clear()
            self.clock.run(self.running.sync_hosts(farm))

    def farm(self, name: str) -> dict[str, Any]:
        """The true state of a farm."""
        return farm_view(self.running, self.running.farms[name])

    def state(self) -> dict[str, Any]:
        """Accounts and farms as they truly are."""
        return {
            "accounts": accounts_view(self.running),
            "farms": {name: self.farm(name) for name in self.running.farms},
        }

    def journal(self) -> list[dict[str, Any]]:
        return [entry.as_dict() for entry in self.running.journal.entries]

    def attempts(self) -> list[dict[str, Any]]:
        return [attempt.as_dict() for attempt in self.running.account.attempts]

    def clear_journal(self) -> None:
        self.running.journal.clear()
        self.running.account.attempts.clear()

    def problems(self) -> list[dict[str, Any]]:
        return list(self.running.journal.problems)

    def open_sessions(self) -> list[dict[str, Any]]:
        return open_sessions(self.running.world.farms)
