# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The limits of options that are numbers, and the one sentence that refuses what is outside them. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError


class Range(t.NamedTuple):
    """The numbers that an option may have.

    :ivar most: None when there is no upper limit.
    :ivar unit: what the numbers count, such as ``seconds``; empty when the name of the option says it.
    """

    least: int
    most: int | None
    unit: str = ""

    def allows(self, value: int) -> bool:
        """Whether a number is within the limits."""
        return self.least <= value and (self.most is None or value <= self.most)

    @property
    def complaint(self) -> str:
        """What is said of a value that is not allowed, after the option's name; what was observed is not in it."""
        limits = f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"
        return f"is out of range: expected {f'{limits} {self.unit}'.strip()}"


# Of every time-out of a request.
TIMEOUT_RANGE: t.Final = Range(1, 3600, "seconds")
# Of how long before its end a license is a finding.
DAYS_RANGE: t.Final = Range(0, 3650, "days")


def check_ranges(options: t.Mapping[str, t.Any], ranges: t.Mapping[str, Range]) -> None:
    """Refuse numbers that are too small or too large; an option that is not given is allowed.

    :raises RasError: ``invalid_option``.
    """
    for name, allowed in ranges.items():
        value = options.get(name)
        if value is not None and not allowed.allows(value):
            raise RasError("invalid_option", f"{name} {allowed.complaint}, observed {value}.")
