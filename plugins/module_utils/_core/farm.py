# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What a farm is: its identity, its sites and its Connection Brokers. Plain, immutable data without any I/O."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Farm:
    """The identity of a farm, and of the server that answered for it.

    ``is_licensing_server`` and ``settings_pending`` are None when the farm does not report them.
    """

    guid: str | None = None
    name: str | None = None
    connected_server: str | None = None
    licensing_server: str | None = None
    is_licensing_server: bool | None = None
    is_primary_broker: bool | None = None
    settings_pending: bool | None = None

    def as_dict(self) -> dict[str, t.Any]:
        """The ``farm`` value of module results."""
        return {
            "guid": self.guid,
            "name": self.name,
            "connected_server": self.connected_server,
            "licensing_server": self.licensing_server,
            "is_licensing_server": self.is_licensing_server,
            "is_primary_broker": self.is_primary_broker,
            "settings_pending": self.settings_pending,
        }

    def placed(self, is_licensing_server: bool | None, licensing_server: str | None) -> Farm:
        """The same farm with what was found out about its licensing server."""
        return replace(
            self, is_licensing_server=is_licensing_server, licensing_server=licensing_server or self.licensing_server
        )


@dataclass(frozen=True)
class Site:
    """A site of a farm; exactly one holds the licensing server."""

    id: int
    name: str | None
    licensing: bool


@dataclass(frozen=True)
class Broker:
    """A Connection Broker. Priority 0 is the primary of its site."""

    id: int
    server: str
    ip: str | None
    site_id: int
    priority: int
    enabled: bool | None = None
    standby: bool | None = None
