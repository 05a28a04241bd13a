# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's model without its listeners: what a request comes to is asked of the same service as over the wire."""

from __future__ import annotations

import itertools
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from raslab.certificates import CertificateShop
from raslab.changes import patch_account, patch_farm
from raslab.farm import open_sessions
from raslab.faults import read_fault
from raslab.host import RasHost
from raslab.journal import Journal
from raslab.rest.service import WebAdminService
from raslab.secrecy import Scrubber
from raslab.ssh.keys import Keys
from raslab.views import accounts_view, farm_view
from raslab.world import read_world
from simulation.process.clock import Clock

_ELSEWHERE = "127.255.0.1"


class Cut(Exception):
    """The connection ended without an answer."""


class Silence(Exception):
    """Nothing comes any more, and the connection stays."""


@dataclass
class _Transport:
    """Below a request: the address that was connected to. To reset it is to end everything."""

    address: str

    def get_extra_info(self, name: str) -> Any:
        return (self.address, 20443) if name == "sockname" else self

    def setsockopt(self, *_args: Any) -> None:
        """The option makes a reset of the end; here each end is one."""

    def is_closing(self) -> bool:
        return False

    def write(self, _data: bytes) -> None:
        """What is written byte by byte never becomes an answer."""

    def close(self) -> None:
        raise Cut

    def abort(self) -> None:
        raise Cut


@dataclass
class _Request:
    """As much of a request as the service looks at."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    transport: _Transport
    path: str = field(init=False)
    query: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.path, _mark, query = self.target.partition("?")
        self.query = dict(part.partition("=")[::2] for part in query.split("&") if part)

    async def read(self) -> bytes:
        return self.body


class QuietLab:
    """A world that is asked in process. It has what views, changes and files of the lab look at.

    Args:
        world: As a world file says it.
        clock: By which it lives.

    Raises:
        WorldError: The world is wrong.
    """

    _shop: CertificateShop | None = None

    def __init__(self, world: dict[str, Any], clock: Clock) -> None:
        QuietLab._shop = QuietLab._shop or CertificateShop()
        self.shop = QuietLab._shop
        self.clock = clock
        self.world = read_world(json.loads(json.dumps(world, default=str)))
        self.account = self.world.account
        self.farms = {farm.name: farm for farm in self.world.farms}
        self.scrub = Scrubber(self.world.secrets())
        self._journal = Journal(self.scrub)
        self.listeners: dict[str, Any] = {}
        self.machines: dict[str, Any] = {}
        self.ssh_listeners: dict[str, Any] = {}
        self.ssh_keys = Keys()
        self._service = WebAdminService(self.account, self._journal, self.world.farms, _ELSEWHERE, self._changed)
        self._numbers = itertools.count(
            1 + max((f.id for farm in self.world.farms for f in farm.faults.faults), default=0)
        )
        self._ends: dict[int, float] = {}
        numbers = itertools.count(10)
        for farm in self.world.farms:
            for host in farm.hosts:
                number = next(numbers)
                host.address = f"127.200.{number // 250}.{number % 250 + 1}"
                self._service.hosts[host.address] = (farm, host)
            for fault in farm.faults.faults:
                self._schedule(fault)

    def fingerprint(self, _host: RasHost) -> None:
        """No certificate is shown: nobody pins one."""

    # -- requests ----------------------------------------------------------------------------------------------------

    def listens(self, address: str) -> str:
        """How the API of an address meets who connects: ``yes``, ``no``, or the kind of its certificate."""
        if address == _ELSEWHERE:
            return "yes"
        farm, host = self._service.hosts.get(address, (None, None))
        if farm is None or host is None or not host.has_web_admin:
            return "no"
        for fault in list(farm.faults.faults):
            if self._ends.get(fault.id, self.clock.now + 1) <= self.clock.now:
                farm.faults.remove(fault.id)
        if farm.faults.closes(host.name, "rest"):
            return "no"
        return farm.faults.certificate(host.name) or "yes"

    def ask(self, address: str, method: str, target: str, headers: dict[str, str], body: bytes) -> web.Response:
        """What the service answers.

        Raises:
            Cut: The connection was reset.
            Silence: No answer ever comes.
        """
        request = _Request(method, target, headers, body, _Transport(address))
        answer = _driven(self._service.handle(request))  # type: ignore[arg-type]
        assert isinstance(answer, web.Response)
        return answer

    async def _changed(self, _farm: Any) -> None:
        """Nothing follows: who listens is asked at each connection."""

    # -- as raslab.testing.Lab has it ---------------------------------------------------------------------------------

    def patch_farm(self, name: str, **changes: Any) -> None:
        patch_farm(self, self.farms[name], changes)  # type: ignore[arg-type]

    def patch_account(self, email: str, **changes: Any) -> None:
        person = self.account.person(email)
        assert person is not None
        patch_account(self, person, changes)  # type: ignore[arg-type]

    def add_fault(self, name: str, **fault: Any) -> None:
        farm = self.farms[name]
        names = tuple(host.name for host in farm.hosts)
        made = read_fault(fault, next(self._numbers), names, self.account, f"fault of {name}")
        farm.faults.add(made)
        self._schedule(made)

    def clear_faults(self) -> None:
        for farm in self.farms.values():
            farm.faults.clear()

    def farm(self, name: str) -> dict[str, Any]:
        """The true state of a farm."""
        return farm_view(self, self.farms[name])  # type: ignore[arg-type]

    def state(self) -> dict[str, Any]:
        """Accounts and farms as they truly are."""
        return {
            "accounts": accounts_view(self),  # type: ignore[arg-type]
            "farms": {name: self.farm(name) for name in self.farms},
        }

    def journal(self) -> list[dict[str, Any]]:
        return [entry.as_dict() for entry in self._journal.entries]

    def attempts(self) -> list[dict[str, Any]]:
        return [attempt.as_dict() for attempt in self.account.attempts]

    def clear_journal(self) -> None:
        self._journal.clear()
        self.account.attempts.clear()

    def problems(self) -> list[dict[str, Any]]:
        return list(self._journal.problems)

    def open_sessions(self) -> list[dict[str, Any]]:
        return open_sessions(self.world.farms)

    def _schedule(self, fault: Any) -> None:
        seconds = fault.params.get("seconds") if fault.cls == "host" else None
        if seconds is not None:
            self._ends[fault.id] = self.clock.now + seconds


def _driven(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that never waits; one that does waits for ever, for nobody is there to wake it."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    except RuntimeError as error:
        if "no running event loop" in str(error):
            raise Silence from None
        raise
    work.close()
    raise Silence
