# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""In place of urllib3's pool: requests go to the lab's model, and what breaks is raised as urllib3 raises it."""

from __future__ import annotations

import contextlib
import io
import ssl
import typing as t
from collections.abc import Iterator
from unittest import mock

import urllib3
import urllib3.exceptions as u3
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends import http_client
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import HttpClient

from simulation.process.farms import Cut, QuietLab, Silence


class _Pool:
    """Knows one address; asks the lab whether it listens, and then what it says."""

    def __init__(self, client: HttpClient, host: str, lab: QuietLab) -> None:
        self.host = host
        self._client = client
        self._lab = lab

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
        listens = self._lab.listens(self.host)
        if listens == "no":
            raise u3.NewConnectionError(t.cast("t.Any", self), "[Errno 111] Connection refused")
        budget.connected = True
        if listens != "yes":
            cause = ssl.SSLCertVerificationError(1, f"certificate verify failed: {listens}")
            raise u3.SSLError(cause)
        budget.sent = True
        try:
            said = self._lab.ask(self.host, method, target, dict(headers or {}), body or b"")
        except Cut:
            raise u3.ProtocolError(
                "Connection aborted.", ConnectionResetError(104, "Connection reset by peer")
            ) from None
        except Silence:
            self._lab.clock.until(budget.ends_at)
            raise u3.ReadTimeoutError(t.cast("t.Any", self), target, "Read timed out.") from None
        content = bytes(said.body or b"")  # type: ignore[arg-type]
        return urllib3.HTTPResponse(
            io.BytesIO(content),
            {**said.headers, "Content-Length": str(len(content))},
            said.status,
            preload_content=False,
        )


@contextlib.contextmanager
def asking(lab: QuietLab) -> Iterator[None]:
    """Let every client of the collection ask this lab."""

    def probe(client: HttpClient) -> http_client.Answer:
        if lab.listens(client.host) == "no":
            raise client._unreachable(OSError(111, "Connection refused"))
        return http_client.Answer(0, "", b"", None, None)

    with (
        mock.patch.object(HttpClient, "_new_pool", lambda client, host: _Pool(client, host.strip("[]"), lab)),
        mock.patch.object(HttpClient, "_probe_once", probe),
        mock.patch.object(http_client, "ssl_context", return_value=None),
        mock.patch.object(http_client, "describe_certificate", return_value={}),
    ):
        yield
