# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's own tests share: a client that has no code in common with the lab or the collection, and a world."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import urllib3

from raslab.testing import Lab

ADMIN, ADMIN_PASSWORD = "svc-ansible@example.com", "administrators-password"
EMAIL, PASSWORD = "licensing@example.com", "accounts-password"
COLLEAGUE, COLLEAGUE_PASSWORD = "colleague@example.com", "colleagues-password"
OTHER_EMAIL, OTHER_PASSWORD = "bob@private.example.net", "bobs-own-password"
SPLA_KEY = "AB12CD-SP34EF-GH56IJ-B978KL-SPLA01"
PERMANENT_KEY = "AB12CD-PM34EF-GH56IJ-B978KL-PERM01"
OTHER_KEY = "ZZ12CD-ME34EF-GH56IJ-B978KL-BOB001"
EXPIRES = "2031-12-05"
SPARE_FARMS = 300
_CONTENT_TYPE = "application/json; api-version=1.0"


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether the condition comes true; asks often enough to be quick and seldom enough to leave the machine alone."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@dataclass
class Reply:
    """An HTTP answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Client:
    """A RAS REST client on bare urllib3: no retries, no redirects."""

    base: str
    ca_path: str
    token: str | None = None
    timeout: float = 20.0
    pool: urllib3.PoolManager = field(init=False)

    def __post_init__(self) -> None:
        self.pool = urllib3.PoolManager(ca_certs=self.ca_path, retries=False, timeout=self.timeout)

    def ask(self, method: str, path: str, body: Any = None, **headers: str | None) -> Reply:
        """Sends a request; a header given as None is left out."""
        sent: dict[str, str | None] = {"Content-Type": _CONTENT_TYPE, "auth_token": self.token, **headers}
        answer = self.pool.request(
            method,
            self.base + path,
            body=body if isinstance(body, (bytes, type(None))) else json.dumps(body),
            headers={name: value for name, value in sent.items() if value is not None},
            redirect=False,
        )
        return Reply(answer.status, dict(answer.headers), answer.data)

    def logon(self, username: str = ADMIN, password: str = ADMIN_PASSWORD) -> Reply:
        reply = self.ask("POST", "/api/Session/logon", {"username": username, "password": password}, auth_token=None)
        if reply.status == 200:
            self.token = reply.json["authToken"]
        return reply

    def license(self) -> Reply:
        return self.ask("GET", "/api/License")

    def activate(self, key: str | None, email: str = EMAIL, password: str = PASSWORD) -> Reply:
        body = {"email": email, "password": password}
        return self.ask("POST", "/api/License/activate", {**body, "key": key} if key else body)

    def deactivate(self, email: str = EMAIL, password: str = PASSWORD) -> Reply:
        return self.ask("POST", "/api/License/deactivate", {"email": email, "password": password})


@dataclass
class Spot:
    """A farm that belongs to one test, with a client that is logged on to it and a key that only this farm uses."""

    lab: Lab
    name: str
    key: str
    client: Client

    @property
    def truth(self) -> dict[str, Any]:
        return self.lab.farm(self.name)

    @property
    def problems(self) -> list[str]:
        return [problem["text"] for problem in self.lab.problems() if problem["farm"] == self.name]

    @property
    def attempts(self) -> list[str]:
        return [attempt["result"] for attempt in self.lab.attempts() if attempt["farm"] == self.name]

    def journal(self, op: str | None = None) -> list[dict[str, Any]]:
        return self.lab.journal(self.name, op)

    def quirks(self, **quirks: Any) -> None:
        self.lab.patch_farm(self.name, quirks=quirks)

    def activated(self, **license: Any) -> Spot:
        self.lab.patch_farm(self.name, license={"state": "active", "account": EMAIL, "key": self.key, **license})
        return self

    def raw_connection(self, timeout: float = 20.0) -> ssl.SSLSocket:
        """TLS without HTTP, for tests that look at single bytes."""
        address = self.lab.farms[self.name]["address"]
        context = ssl.create_default_context(cafile=str(self.lab.ca_path))
        return context.wrap_socket(socket.create_connection((address, 20443), timeout), server_hostname=address)


def spare_key(index: int) -> str:
    return f"AB12CD-ME{index:04d}-GH56IJ-B978KL-C{index:05d}"


def world(farms: list[dict[str, Any]]) -> dict[str, Any]:
    """A world with two companies, that holds ``farms``."""
    spare = [
        {"key": spare_key(index), "type": "prepaid", "users": 50, "expires": EXPIRES} for index in range(SPARE_FARMS)
    ]
    people = [
        {"email": EMAIL, "password": PASSWORD, "name": "Lic Ensing"},
        {"email": COLLEAGUE, "password": COLLEAGUE_PASSWORD, "name": "Col League"},
        {"email": "lockable@example.com", "password": "lockables-password", "name": "Lock Able"},
    ]
    return {
        "vault": {"ras_account_email": EMAIL, "ras_account_password": PASSWORD},
        "my_account": {
            "accounts": [
                {
                    "company": "Example Holdings",
                    "people": people,
                    "keys": [
                        *spare,
                        {"key": SPLA_KEY, "type": "spla", "support_until": "2031-03-23"},
                        {"key": PERMANENT_KEY, "type": "permanent", "users": 15, "max_farms": 2},
                    ],
                },
                {
                    "company": "Private",
                    "people": [{"email": OTHER_EMAIL, "password": OTHER_PASSWORD, "name": "Bob"}],
                    "keys": [{"key": OTHER_KEY, "users": 5, "expires": "2029-01-31", "max_farms": 1000}],
                },
            ]
        },
        "defaults": {
            "admins": [
                {"username": ADMIN, "password": ADMIN_PASSWORD},
                {"username": "nolicense@example.com", "password": ADMIN_PASSWORD, "rights": "no_license"},
                {"username": "reader@example.com", "password": ADMIN_PASSWORD, "rights": "read_only"},
            ],
            # a test may ask much of its farm; the limit has tests of its own
            "quirks": {"rate_limit": False},
        },
        "farms": farms,
    }
