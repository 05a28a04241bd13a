# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What an inventory's cache holds of farms: readings, each with its own age. No secret is in a reading."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._inventory import (
    FarmEntry,
    FarmReading,
    reading_from_dict,
)


class FarmCache:
    """The farms under one key of a cache plugin, which itself knows only the age of the whole.

    :param stored: what the cache plugin holds; anything that is not a record of ours is ignored.
    :param lasts: seconds for which a reading counts; 0 means forever.
    :param now: seconds since the epoch.
    """

    def __init__(self, stored: t.Any, lasts: float, now: float) -> None:
        self._now = now
        self._records: dict[str, dict[str, t.Any]] = {}
        for key, record in stored.items() if isinstance(stored, dict) else ():
            read_at = record.get("read_at") if isinstance(record, dict) else None
            if isinstance(read_at, (int, float)) and (not lasts or 0 <= now - read_at <= lasts):
                self._records[key] = record

    def get(self, entry: FarmEntry) -> FarmReading | None:
        """What is known of a farm."""
        return reading_from_dict(self._records.get(_key(entry), {}).get("reading"))

    def put(self, entry: FarmEntry, reading: t.Mapping[str, t.Any]) -> None:
        """Note what was just read, as :meth:`FarmReading.as_dict` gives it."""
        self._records[_key(entry)] = {"read_at": self._now, "reading": reading}

    def as_dict(self, entries: t.Iterable[FarmEntry]) -> dict[str, t.Any]:
        """What is to be stored: the farms that are still listed."""
        listed = {_key(entry) for entry in entries}
        return {key: record for key, record in self._records.items() if key in listed}


def _key(entry: FarmEntry) -> str:
    """At another address it may be another farm."""
    return f"{entry.name} at {entry.api_url}"
