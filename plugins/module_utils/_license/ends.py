# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What is to be said about the end of a license and of its support where it is not certain. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import PLAUSIBLE
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding, Severity
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License

# An end that is not known may have passed: that is for a person to look at. One that can be two days is known roughly.
DATE_RULES: t.Final[dict[str, Severity]] = {
    "date_ambiguous": "info",
    "date_unreadable": "warning",
    "expired": "warning",
}
ENDED: t.Final = (
    "Look at the license in the RAS console (Licensing) and in Parallels My Account: a trial that has ended needs a "
    "license_key, and a permanent license is not expected to have an end."
)
_REMEDIES: t.Final = {
    "date_ambiguous": "Set date_order to how the farm writes dates: it decides days_left. No write depends on this "
    "date.",
    "date_unreadable": "Look in Parallels My Account, or in the RAS console, until when the license runs: nothing here "
    "says that it has not ended. Dates in other calendars, with names of months or with years of two digits are not "
    "read; the culture of the server decides how it writes them.",
}


def date_findings(observed: License) -> list[Finding]:
    """What is to be said about dates that are not certain."""
    found = []
    for name, date in (("expires", observed.expires), ("support_expires", observed.support_expires)):
        if date is None or date.certain:
            continue
        rule = "date_ambiguous" if date.ambiguous else "date_unreadable"
        shown = [day.isoformat() for day in date.readings] or date.raw
        found.append(_finding(rule, name, shown))
    if observed.ended and observed.status in ("trial", "active"):
        # A trial that is wanted, or a license without an end by its type: nothing else would say it.
        end = observed.expires.shown if observed.expires else None
        found.append(Finding("expired", "warning", "a license that has not ended", end, ENDED))
    if observed.expires is None and _must_end(observed):
        found.append(_finding("date_unreadable", "expires", "none is reported"))
    return found


def _must_end(observed: License) -> bool:
    """Whether a license ends by its type: a subscription or a trial. One that is paid by use may run without an end."""
    return observed.status == "trial" or (observed.paid and observed.type_name == "PrePaid")


def _finding(rule: str, name: str, observed: list[str] | str) -> Finding:
    expected = "one certain day" if rule == "date_ambiguous" else PLAUSIBLE
    return Finding(rule, DATE_RULES[rule], f"{name}: {expected}", observed, _REMEDIES[rule])
