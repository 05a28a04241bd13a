# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The listening socket of one host, which faults close, open and give other certificates; and where they all are."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

from aiohttp import web

from raslab.addresses import AddressPool
from raslab.certificates import CertificateShop, GOOD
from raslab.host import RasHost

REST_PORT = 20443
WINRM_PORTS = {"http": 5985, "https": 5986}
_BACKLOG = 512


class HostListener:
    """One address and port, with TLS unless it is switched off; the protocol behind it is shared by all hosts."""

    def __init__(self, host: RasHost, port: int, protocol: web.Server, shop: CertificateShop, tls: bool = True) -> None:
        self.host = host
        self.port = port
        self.certificate = GOOD
        self._protocol = protocol
        self._shop = shop
        self._tls = tls
        self._context: ssl.SSLContext | None = None
        self._server: asyncio.Server | None = None

    @property
    def is_open(self) -> bool:
        return self._server is not None

    @property
    def fingerprint(self) -> str:
        """The sha256 of the certificate that is shown now."""
        return self._shop.fingerprint(self.certificate, self.host.name, self.host.address)

    async def open(self) -> None:
        """Listens. Raises OSError if the address is taken."""
        if self._server is None:
            if self._tls:
                self._context = self._context or self._shop.context(self.host.name, self.host.address)
            self._server = await asyncio.get_running_loop().create_server(
                self._protocol,
                self.host.address,
                self.port,
                ssl=self._context,
                reuse_address=True,
                backlog=_BACKLOG,
                ssl_handshake_timeout=20 if self._tls else None,
            )

    def close(self) -> None:
        """Stops listening: connections are refused from now on. Living ones are not touched."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def show_certificate(self, kind: str) -> bool:
        """Switches the certificate for handshakes to come; says whether it was another one before."""
        if kind == self.certificate or not self._tls:
            return False
        # also before it listens for the first time: a fault of the world file holds from the start
        self._context = self._context or self._shop.context(self.host.name, self.host.address)
        self._shop.load(self._context, kind, self.host.name, self.host.address)
        self.certificate = kind
        return True


class Sockets:
    """Where a lab listens: addresses of its own on the loopback. A lab without sockets has another one."""

    def __init__(self) -> None:
        self.pool = AddressPool()
        self.shop = CertificateShop()

    @staticmethod
    def server(handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> web.Server:
        """What serves the connections of all hosts that speak one protocol."""
        # handler_cancellation lets a silent fault know that its client has left
        return web.Server(handle, handler_cancellation=True, access_log=None)

    def listener(self, host: RasHost, port: int, server: web.Server, tls: bool = True) -> HostListener:
        """One port of a host, closed as yet."""
        return HostListener(host, port, server, self.shop, tls)
