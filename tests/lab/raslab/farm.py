# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm: one RAS database, one license, its sites, hosts and administrators."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from raslab.faults import FaultBook
from raslab.host import RasHost
from raslab.license import License
from raslab.quirks import Quirks
from raslab.sessions import Admin, SessionTable


@dataclass(frozen=True)
class Site:
    """A RAS site; exactly one of a farm is the licensing site."""

    id: int
    name: str
    licensing: bool
    rds_pools: tuple[str, ...] = ()


@dataclass
class Farm:
    """The truth about one farm. Answers are made from it, and may lag behind it (see :meth:`shown_license`)."""

    name: str
    guid: str
    generation: int
    version: str
    admins: list[Admin]
    sites: list[Site]
    hosts: list[RasHost]
    licensing_server: RasHost
    license: License
    quirks: Quirks
    settings_pending: bool = False
    in_inventory: bool = True
    vars: dict[str, Any] = field(default_factory=dict)
    clock: datetime | None = None
    given_quirks: dict[str, Any] = field(default_factory=dict)
    promotion_seconds: float | None = None
    staged: dict[str, bool] = field(default_factory=dict)
    faults: FaultBook = field(default_factory=FaultBook)
    sessions: SessionTable = field(default_factory=SessionTable)
    _settling: tuple[License, float] | None = None

    def now(self) -> datetime:
        """The farm's local time, for day arithmetic."""
        return self.clock or datetime.now()

    def site(self, name: str) -> Site:
        return next(site for site in self.sites if site.name == name)

    def host(self, name: str) -> RasHost | None:
        return next((host for host in self.hosts if host.name == name), None)

    def admin(self, username: str) -> Admin | None:
        wanted = username.casefold()
        return next((admin for admin in self.admins if admin.username.casefold() == wanted), None)

    def set_license(self, license_: License, settle_seconds: float = 0.0) -> None:
        """Makes the license true at once; for ``settle_seconds`` the API goes on showing what it showed before."""
        self._settling = (self.shown_license(), time.monotonic() + settle_seconds) if settle_seconds > 0 else None
        self.license = license_

    def shown_license(self) -> License:
        """The license that the API shows."""
        if self._settling and time.monotonic() < self._settling[1]:
            return self._settling[0]
        self._settling = None
        return self.license

    @property
    def is_settling(self) -> bool:
        return self._settling is not None and time.monotonic() < self._settling[1]

    def stage(self, host: RasHost, enabled: bool) -> None:
        """Remembers a change that an administrator made and nobody has applied yet."""
        self.staged[host.name] = enabled
        self.settings_pending = True

    def apply(self) -> None:
        """Commits everything that any administrator has staged."""
        for host in self.hosts:
            host.enabled = self.staged.pop(host.name, host.enabled)
        self.settings_pending = False

    def is_licensing_server(self, host: RasHost) -> bool:
        """Whether ``host`` serves the farm's license; a web service beside the brokers talks to that server."""
        if self.quirks.on_licensing_server is not None:
            return self.quirks.on_licensing_server
        return host is self.licensing_server or not host.is_broker


def open_sessions(farms: Iterable[Farm]) -> list[dict[str, Any]]:
    """All sessions that nobody logged off."""
    return [
        {"farm": farm.name, **session}
        for farm in farms
        for session in farm.sessions.live(farm.quirks.session_idle_seconds)
    ]
