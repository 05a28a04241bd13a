# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Decide what findings make of a farm and of a report: error, warning or ok. Pure, no I/O.

*ok* means that everything that is wanted was looked at, and is right. What was not looked at is no finding of the farm
that could be tolerated away: a severity or a waiver makes a warning of it, never less.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import INPUTS, UNREAD

Level = t.Literal["ok", "warning", "error"]
Verdict = t.Literal["ok", "warning", "drift", "error"]
Row = t.Mapping[str, t.Any]
VERDICTS: t.Final[tuple[str, ...]] = t.get_args(Verdict)
READ_STATES: t.Final = frozenset(t.get_args(Level))
# A finding of these rules says that something was not looked at.
UNCHECKED: t.Final = frozenset(
    {*UNREAD, *INPUTS, "account_unknown", "not_compared", "field_unknown", "date_unreadable"}
)


def rules_of(row: Row) -> list[str]:
    """The rule of a finding, and those of what follows from it and is said with it."""
    return [row["rule"], *row["consequences"]]


def is_unchecked(row: Row) -> bool:
    """Whether a finding says that something was not looked at."""
    return not UNCHECKED.isdisjoint(rules_of(row))


def level_of(findings: t.Iterable[Row]) -> Level:
    """What these findings, whose severities are those of the policy, make of what they are about."""
    found = list(findings)
    open_ = {row["severity"] for row in found if not row.get("waived")}
    if "error" in open_:
        return "error"
    return "warning" if "warning" in open_ or any(map(is_unchecked, found)) else "ok"


def verdict_of(findings: t.Sequence[Row], fail_when: bool) -> Verdict:
    """The verdict on farms of which at least one was read.

    :param fail_when: what the policy's expression said.
    """
    unread = (
        row["rule"] in UNREAD or row["rule"] in INPUTS
        for row in findings
        if row["severity"] == "error" and not row["waived"]
    )
    if any(unread):
        return "error"
    if fail_when:
        return "drift"
    # Errors that the expression passes over are not right for that.
    return "ok" if level_of(findings) == "ok" else "warning"
