# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP client of the REST back end, replaced by answers."""

from __future__ import annotations

import contextlib
import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import LogonPermit
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import Answer, HttpClient
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.rest import RestBackend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import (
    RasError,
)

TOKEN = "dG9rZW4+/=-"
SESSION = {
    "authToken": TOKEN,
    "connectedServer": "cb1",
    "licensingServer": "cb1",
    "licensingServerConnection": True,
    "primaryBrokerConnection": True,
    "applySettingsEnabled": False,
    "farmName": "tokyo",
    "farmGUID": "{aa}",
}
JSON = "application/json; api-version=1.0"


def said(status: int = 200, body: t.Any = None, content_type: str = JSON, location: str | None = None) -> Answer:
    """An answer; a body that is not bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Answer(status, content_type, content, None, location)


def problem(status: int, title: str = "Problem") -> Answer:
    """A ProblemDetails."""
    return said(status, {"title": title, "status": status, "detail": "License not found."})


class Call(t.NamedTuple):
    """One request of the back end."""

    kind: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    once_sent: bool


class FakeClient(HttpClient):
    """Answers by path; the last answer of a path counts for all later ones."""

    def __init__(self, **answers: t.Any) -> None:
        self.url = "https://cb1:20443"
        self.calls: list[Call] = []
        self.closed = 0
        self._answers = {
            "logon": [said(200, SESSION)],
            "logoff": [said()],
            **{name: list(many) for name, many in answers.items()},
        }

    def read(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        *,
        body: bytes | None = None,
        limit: int,
        once_sent: bool = False,
        limited_by: t.Container[int] = (429,),
    ) -> Answer:
        """A read."""
        return self._take(Call("read", method, path, headers, body, once_sent))

    def write(self, method: str, path: str, headers: dict[str, str], *, body: bytes, limit: int) -> Answer:
        """A write."""
        return self._take(Call("write", method, path, headers, body, True))

    def _take(self, call: Call) -> Answer:
        self.calls.append(call)
        queue = self._answers[call.path.rsplit("/", 1)[1]]
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(answer, Exception):
            raise answer
        return t.cast("Answer", answer)

    def probe(self) -> None:
        """Always open."""

    def close(self) -> None:
        """Noted."""
        self.closed += 1

    @property
    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [call.path for call in self.calls]


class Guard:
    """Notes what the permit was called for."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    @contextlib.contextmanager
    def __call__(self, farm_url: str, username: str, probe: t.Callable[[], None]) -> t.Iterator[LogonPermit]:
        """Let everyone pass."""
        yield self

    def accepted(self) -> None:
        """Noted."""
        self.seen.append("accepted")

    def rejected(self) -> None:
        """Noted."""
        self.seen.append("rejected")

    def unclear(self) -> None:
        """Noted."""
        self.seen.append("unclear")


def backend(client: FakeClient, guard: Guard | None = None, user: str = "svc@example.com") -> RestBackend:
    """A back end over these answers."""
    return RestBackend(client, user, "api-password", guard or Guard())


def failure(call: t.Callable[[], t.Any]) -> RasError:
    """The failure of a call."""
    with pytest.raises(RasError) as caught:
        call()
    return caught.value
