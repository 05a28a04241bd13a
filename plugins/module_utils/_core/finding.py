# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""A finding: one observed deviation, as plain data. Pure, no I/O."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

Severity = t.Literal["info", "warning", "error"]
SEVERITIES: t.Final = t.get_args(Severity)
WORST_FIRST: t.Final[tuple[str, ...]] = SEVERITIES[::-1]


@dataclass(frozen=True)
class Finding:
    """One observed deviation.

    :ivar consequences: rules of other deviations that follow from this one, and are said in its words.
    """

    rule: str
    severity: Severity
    expected: t.Any
    observed: t.Any
    remedy: str
    consequences: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, t.Any]:
        """The form in which module results carry it."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "expected": self.expected,
            "observed": self.observed,
            "remedy": self.remedy,
        }


def in_words(value: t.Any) -> str:
    """What was expected or observed, in words."""
    if value is None:
        return "nothing"
    return ", ".join(in_words(each) for each in value) if isinstance(value, (list, tuple)) else str(value)
