# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about a license as such, whatever is wanted of it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.findings import (
    license_findings,
    LICENSE_RULES,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import plan_license
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.reader import read_license
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import answer, EMAIL, TODAY, wanted

_TRIAL: t.Final = {"type": 6, "licenseType": "Trial", "paUserEmail": EMAIL}


@pytest.mark.parametrize("changes", [_TRIAL, {"type": "Permanent"}])
@pytest.mark.parametrize(
    ("end", "said"),
    [("23/03/2026", ["expired"]), ("23/03/2027", []), ("24/11/2026", []), ("01/12/2026", ["date_ambiguous"])],
)
def test_an_end_that_is_certainly_past_is_said_where_no_status_says_it(
    changes: dict[str, t.Any], end: str, said: list[str]
) -> None:
    license_ = read_license({**answer(), **changes, "expiryDate": end}, today=TODAY)
    plan = plan_license(license_, Farm(), wanted(license_key=None, allow_trial=True))
    assert (plan.refusal, plan.steps) == (None, [])
    assert [finding.rule for finding in plan.findings] == said
    assert all(finding.observed == "2026-03-23" for finding in plan.findings if finding.rule == "expired")


def test_a_subscription_that_has_ended_has_a_status_that_says_it() -> None:
    license_ = read_license(answer(expiryDate="23/03/2026"), today=TODAY)
    assert (license_.status, license_findings(license_)) == ("expired", [])


def test_every_finding_has_a_rule_that_a_change_replaces() -> None:
    said = {"needsAttention": True, "gracePeriodDaysLeft": 3, "licenseStatus": "x", "supportExpireDate": "soon"}
    license_ = read_license({**answer(**said), **_TRIAL, "expiryDate": "01/02/2026"}, today=TODAY)
    rules = {finding.rule for finding in license_findings(license_)}
    assert rules == LICENSE_RULES
