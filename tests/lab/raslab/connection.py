# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The TCP connection below a request: whom it means, and how it ends badly."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import NoReturn

from aiohttp import web

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def local_address(request: web.BaseRequest) -> str:
    """The address that the client connected to; with it the host it means."""
    assert request.transport is not None
    return str(request.transport.get_extra_info("sockname")[0])


def reset(request: web.BaseRequest) -> None:
    """Ends the connection with RST, so that the client sees a reset and not an orderly end."""
    if request.transport is None:
        return
    request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    request.transport.abort()


def babble(request: web.BaseRequest, text: str) -> None:
    """Says something that is no HTTP in place of an answer, and ends the connection."""
    if request.transport is not None:
        request.transport.write(f"{text}\r\n\r\n".encode())
        request.transport.close()


async def until_the_client_leaves() -> NoReturn:
    """Waits to be canceled, which the server does as soon as the connection is lost."""
    await asyncio.get_running_loop().create_future()
    raise AssertionError("nobody sets this future")
