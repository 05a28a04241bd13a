# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and ports of a lab without sockets: a request is a call, and what breaks it is an exception."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from raslab.certificates import CertificateShop, GOOD
from raslab.host import RasHost
from raslab.listener import Sockets
from simulation.process.clock import Clock


class Cut(Exception):
    """The connection ended; its argument is what was said before, if that was no HTTP."""


class Silence(Exception):
    """Nothing came in time."""


class Killed(BaseException):
    """Who asks is no more. Nothing that it does after this reaches anybody."""


class _Addresses:
    """Never taken by anybody else."""

    control_address, elsewhere_address = "127.255.0.1", "127.255.0.2"

    def __init__(self, is_ipv6: bool) -> None:
        self._numbers = itertools.count(10)
        self._is_ipv6 = is_ipv6

    def next_host(self) -> str:
        number = next(self._numbers)
        return f"fd00::{number:x}" if self._is_ipv6 else f"127.200.{number // 250}.{number % 250 + 1}"

    def release(self) -> None:
        """Nothing is held."""


class _Transport:
    """Below a request: the address that was connected to."""

    def __init__(self, address: str, port: int) -> None:
        self._name = (address, port)
        self.task: asyncio.Task[Any] | None = None
        self.is_cut = False
        self.said = b""

    def get_extra_info(self, name: str) -> Any:
        return self._name if name == "sockname" else self

    def setsockopt(self, *_args: Any) -> None:
        """The option makes a reset of the end; here each end is one."""

    def is_closing(self) -> bool:
        return self.is_cut

    def write(self, data: bytes) -> None:
        self.said += data

    def abort(self) -> None:
        self.is_cut = True
        if self.task:
            self.task.cancel()

    close = abort


class _Connection:
    """As much of a connection as the lab looks at when it ends those of a host."""

    def __init__(self, transport: _Transport) -> None:
        self.transport = transport
        self._current_request = self


class _Request:
    """As much of a request as the services look at."""

    def __init__(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, transport: _Transport
    ) -> None:
        self.method, self.body, self.transport = method, body, transport
        self.headers = CIMultiDict(headers)
        self.path, _mark, query = target.partition("?")
        self.query = dict(part.partition("=")[::2] for part in query.split("&") if part)

    async def read(self) -> bytes:
        return self.body


class _Server:
    def __init__(self, handle: Callable[[Any], Awaitable[web.StreamResponse]]) -> None:
        self.handle = handle
        self.connections: list[_Connection] = []

    async def shutdown(self, timeout: float) -> None:
        """No connection outlives its request."""


class _Listener:
    """One port of one host; its certificate is known by its kind."""

    fingerprint = None

    def __init__(self, host: RasHost, server: _Server, tls: bool) -> None:
        self.host, self.server = host, server
        self.certificate = GOOD
        self.is_open = False
        self._tls = tls

    async def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def show_certificate(self, kind: str) -> bool:
        is_other = self._tls and kind != self.certificate
        self.certificate = kind if self._tls else self.certificate
        return is_other


class QuietNetwork(Sockets):
    """Where a lab without sockets listens.

    Args:
        clock: By which everybody lives.
        is_ipv6: Whether hosts have addresses of IPv6.

    Attributes:
        is_killed: Whether who asks is killed at this moment; None where nobody is.
        has_killed: Whether somebody was.
    """

    _shop: CertificateShop | None = None

    def __init__(self, clock: Clock, is_ipv6: bool) -> None:  # pylint: disable=super-init-not-called
        QuietNetwork._shop = QuietNetwork._shop or CertificateShop()
        self.shop = QuietNetwork._shop
        self.pool: Any = _Addresses(is_ipv6)
        self._clock = clock
        self._listeners: dict[tuple[str, int], _Listener] = {}
        self.is_killed: Callable[[], bool] | None = None
        self.has_killed = False

    @staticmethod
    def server(handle: Callable[[Any], Awaitable[web.StreamResponse]]) -> Any:
        return _Server(handle)

    def listener(self, host: RasHost, port: int, server: Any, tls: bool = True) -> Any:
        made = _Listener(host, server, tls)
        self._listeners[host.address, port] = made
        return made

    def listens(self, address: str, port: int) -> str | None:
        """The kind of the certificate that is shown to who connects; None where nothing listens."""
        found = self._listeners.get((address, port))
        return found.certificate if found and found.is_open else None

    def ask(
        self,
        where: tuple[str, int],
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes,
        patience: float,
    ) -> web.Response:
        """What is answered.

        Args:
            where: Address and port; something listens there.
            patience: Seconds until nobody waits for an answer any more.

        Raises:
            Cut: The connection was reset.
            Silence: No answer came in time.
            Killed: The one who asks was killed, before or while it waited.
        """
        self._live()
        server, transport = self._listeners[where].server, _Transport(*where)
        request = _Request(method, target, headers, body, transport)
        try:
            answer = self._clock.run(_asked(server, request, patience))
        finally:
            self._live()
        assert isinstance(answer, web.Response)
        return answer

    def _live(self) -> None:
        if self.is_killed and self.is_killed():
            self.has_killed = True
            raise Killed


async def _asked(server: _Server, request: _Request, patience: float) -> web.StreamResponse:
    connection = _Connection(request.transport)
    server.connections.append(connection)
    task = request.transport.task = asyncio.ensure_future(server.handle(request))
    try:
        return await asyncio.wait_for(task, max(patience, 0.0))
    except asyncio.TimeoutError:
        raise Silence from None
    except asyncio.CancelledError:
        if not request.transport.is_cut:
            raise
        raise Cut(request.transport.said.decode("utf-8", "replace")) from None
    finally:
        server.connections.remove(connection)
