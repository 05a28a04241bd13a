# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What a license warns of in fields whose meaning is documented: a grace period, and that it needs attention. Pure.

Drift, plans and license_info say it in the same sentences.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License

TOO_MANY_USERS: t.Final = "Buy more users, or let fewer connect: when it is over, only the licensed number can connect."
_LOOK: t.Final = "Look at the license in the RAS console (Licensing)."
ALARM_RULES: t.Final = ("grace_period", "needs_attention")


def alarms(license_: License) -> list[tuple[bool | None, Finding]]:
    """Each alarm, and whether it is raised; None where that is not known."""
    # The values of the grace period's state are not documented; the days that are left speak for themselves.
    days = license_.grace_days_left
    running = None if days is None or days < 0 else days > 0
    left = f"{counted(days or 0, 'day')} left of it"
    # Both texts: which of them says why is not documented.
    said = list(dict.fromkeys(each for each in (license_.alert_message, license_.status_message) if each))
    why = "; ".join(said) or "needs attention"
    return [
        (running, Finding("grace_period", "warning", "no grace period", left, TOO_MANY_USERS)),
        (
            license_.needs_attention,
            Finding("needs_attention", "warning", "a license that needs no attention", why, _LOOK),
        ),
    ]


def alarm_findings(license_: License) -> list[Finding]:
    """The alarms that are raised."""
    return [finding for raised, finding in alarms(license_) if raised]
