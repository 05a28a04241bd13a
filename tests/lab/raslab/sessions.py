# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Administrator sessions of one farm's web administration services."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from raslab.secrecy import short_id

RIGHTS = ("root", "no_license", "read_only")


@dataclass(frozen=True)
class Admin:
    """A RAS administrator."""

    username: str
    password: str = field(repr=False)
    rights: str = "root"


@dataclass
class Session:
    """One log-on; it holds on the host that granted it only."""

    number: int
    token: str = field(repr=False)
    admin: Admin
    host: str
    last_used: float

    @property
    def short(self) -> str:
        return short_id(self.token)


class SessionTable:
    """Opens, finds and closes sessions; idle ones expire when somebody looks."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._last_number = 0

    def open(self, admin: Admin, host: str) -> Session:
        self._last_number += 1
        # the documented sample token is long and holds + / = -, which a client must send back verbatim
        token = f"{secrets.token_urlsafe(48)}+{secrets.token_hex(8)}/-=="
        session = Session(self._last_number, token, admin, host, time.monotonic())
        self._sessions[token] = session
        return session

    def find(self, token: str, host: str, idle_seconds: float) -> Session | None:
        """The live session, with its idle time starting anew; None if it is unknown here, closed or expired."""
        session = self._sessions.get(token)
        if session is None or session.host != host:
            return None
        if time.monotonic() - session.last_used > idle_seconds:
            self.close(session)
            return None
        session.last_used = time.monotonic()
        return session

    def close(self, session: Session) -> None:
        self._sessions.pop(session.token, None)

    def close_of(self, host: str) -> None:
        """Closes the sessions that ``host`` granted: it restarts."""
        self._sessions = {token: session for token, session in self._sessions.items() if session.host != host}

    def close_all(self) -> None:
        self._sessions.clear()

    def live(self, idle_seconds: float) -> list[dict[str, Any]]:
        """The sessions that nobody logged off and that have not expired, without their tokens."""
        now = time.monotonic()
        return [
            {"session": session.short, "admin": session.admin.username, "host": session.host}
            for session in self._sessions.values()
            if now - session.last_used <= idle_seconds
        ]
