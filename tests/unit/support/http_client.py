# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client for a server on loopback, and the ways in which a server can fail it."""

from __future__ import annotations

import time
import types
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends import http_client
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import (
    Answer,
    HttpClient,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.tls import TlsSettings
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate
from ansible_collections.fleetops.parallels_ras.tests.unit.support.tls_server import (
    answer,
    dripping,
    guarded,
    hang_up,
    holding,
    raw,
    Script,
    TlsServer,
)

HEADERS = {"Content-Type": "application/json; api-version=1.0", "auth_token": "token"}
OK = answer(200, {"a": 1})
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
# How a server can fail to give a whole answer.
NO_ANSWER: dict[str, Script] = {
    "hangs up": hang_up,
    "no HTTP": raw(b"SSH-2.0-OpenSSH\r\n\r\n"),
    "cut in the headers": raw(HEAD),
    "cut in the body": raw(HEAD + b"Content-Length: 100\r\n\r\n{"),
    "cut between chunks": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"),
    "no chunk": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "too many headers": raw(HEAD + b"X: y\r\n" * 200 + b"\r\n"),
    "too long a line": raw(b"HTTP/1.1 200 " + b"x" * 70000 + b"\r\n\r\n"),
}
ENDLESS: dict[str, Script] = {
    "nothing": holding(),
    "status line, byte by byte": dripping(b"HTTP/1.1 2"),
    "headers, byte by byte": dripping(HEAD + b"X-Long: "),
    "one header after the other": dripping(HEAD, b"X: y\r\n"),
    "body, byte by byte": dripping(HEAD + b"Content-Length: 1000000\r\n\r\n"),
    "chunks, byte by byte": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "interim answers": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body that stops": holding(HEAD + b"Content-Length: 10\r\n\r\n{"),
}


class Naps:
    """Replaces the client's clock: waits are noted and not slept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waits: list[float] = []
        monkeypatch.setattr(
            http_client, "time", types.SimpleNamespace(monotonic=time.monotonic, sleep=self.waits.append)
        )


def make_client(server: TlsServer, certificate: Certificate, timeout: float = 20) -> HttpClient:
    """A client that trusts this server; the time-out is in seconds."""
    return HttpClient(server.url, TlsSettings(ca_path=str(certificate.authority)), timeout=timeout)


def read(client: HttpClient, **options: t.Any) -> Answer:
    """One read, as of a license."""
    return guarded(lambda: client.read("GET", "/api/License", HEADERS, **{"limit": 10000, **options}))


def write(client: HttpClient, **options: t.Any) -> Answer:
    """One write, as of an activation."""
    return guarded(
        lambda: client.write("POST", "/api/License/activate", HEADERS, body=b'{"k": 1}', **{"limit": 10000, **options})
    )


def code(call: t.Callable[..., Answer], *args: t.Any, **options: t.Any) -> str:
    """The code with which a call fails."""
    with pytest.raises(RasError) as caught:
        call(*args, **options)
    return caught.value.code
