# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""In place of sockets below urllib3 and requests: the lab is asked, and what breaks is raised as they raise it."""

from __future__ import annotations

import contextlib
import http.client
import io
import ssl
import typing as t
import urllib.parse
from collections.abc import Iterator
from unittest import mock

import requests
import urllib3
import urllib3.exceptions as u3
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends import http_client
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import HttpClient

from raslab.certificates import GOOD
from raslab.listener import REST_PORT
from simulation.process.clock import Clock
from simulation.process.network import Cut, QuietNetwork, Silence

_RESET: t.Final = (104, "Connection reset by peer")
_REFUSED: t.Final = "[Errno 111] Connection refused"


class _Pool:
    """Of urllib3, as the client of the REST API uses it."""

    def __init__(self, client: HttpClient, host: str, network: QuietNetwork, clock: Clock) -> None:
        self.host = host
        self._client = client
        self._network = network
        self._clock = clock

    def close(self) -> None:
        """There is no connection."""

    def request(
        self,
        method: str,
        target: str,
        *,
        body: bytes | None = None,
        headers: t.Mapping[str, str] | None = None,
        **_options: t.Any,
    ) -> urllib3.HTTPResponse:
        budget = self._client._budget
        shown = self._network.listens(self.host, REST_PORT)
        if shown is None:
            raise u3.NewConnectionError(t.cast("t.Any", self), _REFUSED)
        budget.connected = True
        if shown != GOOD:
            cause = ssl.SSLCertVerificationError(1, f"certificate verify failed: {shown}")
            raise u3.SSLError(cause)
        budget.sent = True
        patience = budget.ends_at - self._clock.now
        try:
            said = self._network.ask((self.host, REST_PORT), method, target, dict(headers or {}), body or b"", patience)
        except Cut:
            raise u3.ProtocolError("Connection aborted.", ConnectionResetError(*_RESET)) from None
        except Silence:
            raise u3.ReadTimeoutError(t.cast("t.Any", self), target, "Read timed out.") from None
        content = bytes(said.body or b"")  # type: ignore[arg-type]
        return urllib3.HTTPResponse(
            io.BytesIO(content),
            {**said.headers, "Content-Length": str(len(content))},
            said.status,
            preload_content=False,
        )


def _send(network: QuietNetwork, request: requests.PreparedRequest, timeout: t.Any) -> requests.Response:
    """What requests' adapter does for pywinrm."""
    url = urllib.parse.urlsplit(str(request.url))
    where = (str(url.hostname), url.port or 0)
    patience = timeout[1] if isinstance(timeout, tuple) else timeout
    pool = urllib3.HTTPConnectionPool(*where)
    if network.listens(*where) is None:
        connection = urllib3.connection.HTTPConnection(*where)
        refused = u3.NewConnectionError(connection, f"Failed to establish a new connection: {_REFUSED}")
        raise requests.ConnectionError(u3.MaxRetryError(pool, url.path, refused), request=request)
    body = request.body.encode() if isinstance(request.body, str) else bytes(request.body or b"")  # type: ignore[arg-type]
    try:
        said = network.ask(where, str(request.method), url.path, request.headers, body, patience)
    except Cut as cut:
        cause = http.client.BadStatusLine(str(cut)) if str(cut) else ConnectionResetError(*_RESET)
        raise requests.ConnectionError(u3.ProtocolError("Connection aborted.", cause), request=request) from None
    except Silence:
        late = u3.ReadTimeoutError(pool, url.path, f"Read timed out. (read timeout={patience})")
        raise requests.ReadTimeout(late, request=request) from None
    answer = requests.Response()
    answer.status_code, answer.url, answer.request = said.status, str(request.url), request
    answer.headers.update(said.headers)
    answer.reason = http.client.responses.get(said.status, "")
    answer.raw = io.BytesIO()
    answer._content = bytes(said.body or b"")  # type: ignore[arg-type]
    return answer


@contextlib.contextmanager
def asking(network: QuietNetwork, clock: Clock) -> Iterator[None]:
    """Let every client of this process ask this network."""

    def probe(client: HttpClient) -> http_client.Answer:
        if network.listens(client.host, REST_PORT) is None:
            raise client._unreachable(OSError(111, "Connection refused"))
        return http_client.Answer(0, "", b"", None, None)

    def send(
        _adapter: t.Any, request: requests.PreparedRequest, *, timeout: t.Any = None, **_options: t.Any
    ) -> requests.Response:
        return _send(network, request, timeout)

    with (
        mock.patch.object(
            HttpClient, "_new_pool", lambda client, host: _Pool(client, host.strip("[]"), network, clock)
        ),
        mock.patch.object(HttpClient, "_probe_once", probe),
        mock.patch.object(http_client, "ssl_context", return_value=None),
        mock.patch.object(http_client, "describe_certificate", return_value={}),
        mock.patch.object(requests.adapters.HTTPAdapter, "send", send),
    ):
        yield
