# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""All that is to be said about a license as such, whatever is wanted of it. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.alarms import alarm_findings, ALARM_RULES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.causes import one_for_each_cause
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.ends import date_findings, DATE_RULES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.unclear import unclear_findings

# The rules of these findings: after a change, what the license said before it is no longer said.
LICENSE_RULES: t.Final = frozenset({*DATE_RULES, *ALARM_RULES, "field_unknown"})


def license_findings(license_: License) -> list[Finding]:
    """For each module that shows a license, the same."""
    return one_for_each_cause([*date_findings(license_), *alarm_findings(license_), *unclear_findings(license_)])
