# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Put rows together that have something in common. Pure, no I/O."""

from __future__ import annotations

import typing as t

Row = t.TypeVar("Row")
Key = t.TypeVar("Key")


def grouped(rows: t.Iterable[Row], key: t.Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """The rows by their key; keys in the order in which they first come, rows in their own."""
    groups: dict[Key, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
