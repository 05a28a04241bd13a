# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Windows host cannot say of itself: a world names it, and ``host_observe`` answers that it is not known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

# The words of Windows for a right that is missing: of an interface, and of a key of the registry.
WHY = "Access is denied. "
WHY_KEY = "Requested registry access is not allowed."


@dataclass(frozen=True)
class Gap:
    """The sources of ``host_observe`` that cannot be read then, why, and the fields of its answer that are null."""

    sources: tuple[str, ...]
    why: str
    fields: tuple[str, ...]


GAPS = {
    "disk": Gap(("disk", "product_disk"), WHY, ("disk_free_bytes", "product_disk_free_bytes")),
    "products": Gap(("products",), WHY_KEY, ("products",)),
    "restart": Gap(
        ("component_servicing", "windows_update", "file_renames"), WHY_KEY, ("reboot_pending", "file_renames")
    ),
    "services": Gap(("services",), "", ()),
    "sessions": Gap(("sessions",), WHY, ("session_count",)),
}


def with_gaps(answer: dict[str, Any], unreadable: Collection[str]) -> dict[str, Any]:
    """The answer of ``host_observe`` with what the host cannot say taken out."""
    seen = dict(answer)
    unread: dict[str, str] = {}
    for gap in (GAPS[name] for name in unreadable):
        seen.update(dict.fromkeys(gap.fields))
        unread.update(dict.fromkeys(gap.sources, gap.why))
    if "restart" in unreadable:
        seen["reboot_sources"] = []
    if "services" in unreadable:
        unread["services"] = _why_services(seen["services"])
        # They are listed all the same, without what a question would have said.
        seen["services"] = [{**row, "status": None, "start_type": ""} for row in seen["services"]]
    return {**seen, "unread": [{"source": source, "why": unread[source]} for source in sorted(unread)]}


def _why_services(rows: list[dict[str, Any]]) -> str:
    first, more = rows[0], len(rows) - 1
    name = f"{first['display_name']} ({first['name']})"
    said = f"Service '{name}' cannot be queried due to the following error: {WHY}"
    return said + (f" (and {more} more)" if more else "")
