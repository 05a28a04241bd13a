# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What PowerShell wrote beside its answer: ``error[]`` and ``warning[]`` of ansible.windows.win_powershell. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

_MOST: t.Final = 5
_LONGEST: t.Final = 500


class Streams(t.NamedTuple):
    """The records of two streams, each fit for a message."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        """All of them in one line; empty where there is none."""
        parts = [
            f"{name} '{text}'" for name, texts in (("error", self.errors), ("warning", self.warnings)) for text in texts
        ]
        return "; ".join(parts)


def streams_of(result: t.Mapping[str, t.Any]) -> Streams:
    """Read the streams of a result.

    A record that is not of the documented form is quoted as it is: that something was said is never lost.
    """
    return Streams(_texts(result.get("error")), _texts(result.get("warning")))


def _texts(records: t.Any) -> tuple[str, ...]:
    listed = records if isinstance(records, (list, tuple)) else [] if records in (None, "", {}) else [records]
    texts = [quote(_said(record), _LONGEST) for record in listed]
    lines = list(dict.fromkeys(text for text in texts if text))
    more = (f"and {len(lines) - _MOST} more",) if len(lines) > _MOST else ()
    return (*lines[:_MOST], *more)


def _said(record: t.Any) -> t.Any:
    """What an error record says: the details of its author, else its exception, else what a console shows."""
    if not isinstance(record, t.Mapping):
        return record
    for inner in (record.get("error_details"), record.get("exception")):
        message = inner.get("message") if isinstance(inner, t.Mapping) else None
        if isinstance(message, str) and message.strip():
            return message
    return record.get("output") or record
