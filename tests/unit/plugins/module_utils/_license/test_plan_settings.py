# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Staged settings in a plan, and the difference that a plan shows."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import Plan, plan_license, Wanted
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    active,
    EMAIL,
    fresh,
    HERE,
    KEY_SHOWN,
    PRIVATE_EMAIL,
    wanted,
)

_PRIVATE = active(account_email=PRIVATE_EMAIL)


def _outcome(plan: Plan) -> str:
    if plan.refusal:
        assert plan.steps == []
        return plan.refusal.code
    return ",".join(step.action for step in plan.steps) or "nothing"


def _rules(plan: Plan) -> list[str]:
    return [finding.rule for finding in plan.findings]


class TestSettings:
    """Settings that other administrators have staged are applied only on request."""

    PENDING = dataclasses.replace(HERE, settings_pending=True)
    NONE = dataclasses.replace(HERE, settings_pending=False)
    SILENT = dataclasses.replace(HERE, settings_pending=None)

    def test_staged_settings_are_only_mentioned(self) -> None:
        plan = plan_license(fresh(), self.PENDING, wanted())
        assert _outcome(plan) == "activate"
        assert _rules(plan) == ["settings_pending"]

    def test_they_are_applied_on_request_and_last(self) -> None:
        assert _outcome(plan_license(fresh(), self.PENDING, wanted(apply_settings=True))) == "activate,apply_settings"

    def test_they_are_applied_on_request_when_the_license_is_right_already(self) -> None:
        assert _outcome(plan_license(active(), self.PENDING, wanted(apply_settings=True))) == "apply_settings"

    def test_nothing_is_applied_where_nothing_is_staged_or_changed(self) -> None:
        plan = plan_license(active(), self.NONE, wanted(apply_settings=True))
        assert (_outcome(plan), _rules(plan)) == ("nothing", [])

    @pytest.mark.parametrize(
        ("observed", "wish"),
        [
            (active(), wanted(apply_settings=True)),
            (fresh(), wanted(apply_settings=True, state="absent")),
        ],
        ids=["present", "absent"],
    )
    def test_where_the_farm_reports_nothing_nothing_is_applied_and_that_is_said(
        self, observed: License, wish: Wanted
    ) -> None:
        plan = plan_license(observed, self.SILENT, wish)
        assert _outcome(plan) == "nothing"
        (finding,) = plan.findings
        assert (finding.rule, finding.severity, finding.observed) == ("settings_unknown", "info", None)
        assert "RAS console" in finding.remedy
        assert "next change of the license" in finding.remedy

    def test_it_is_not_said_where_they_are_applied_or_not_asked_for(self) -> None:
        with_a_change = plan_license(fresh(), self.SILENT, wanted(apply_settings=True))
        assert (_outcome(with_a_change), _rules(with_a_change)) == ("activate,apply_settings", [])
        assert _rules(plan_license(active(), self.SILENT, wanted())) == []

    def test_applying_settings_does_not_go_to_the_vendor(self) -> None:
        assert not plan_license(active(), self.PENDING, wanted(apply_settings=True)).writes_license
        assert plan_license(fresh(), self.PENDING, wanted()).writes_license

    def test_a_refusal_applies_no_settings_either(self) -> None:
        assert _outcome(plan_license(_PRIVATE, self.PENDING, wanted(apply_settings=True))) == "account_mismatch"


def test_the_diff_of_an_activation_shows_the_key_only_masked() -> None:
    plan = plan_license(fresh(), HERE, wanted())
    assert plan.before == {"status": "not_activated", "account": None, "key": None, "type": None, "expires": None}
    assert plan.after == {
        "status": "active",
        "account": EMAIL,
        "key": "****-CV55K2",
        "type": "as the key grants",
        "expires": "as the key grants",
    }


def test_the_diff_of_a_trial_says_trial() -> None:
    assert plan_license(fresh(), HERE, wanted(license_key=None, allow_trial=True)).after["status"] == "trial"


def test_the_diff_of_a_deactivation_shows_nothing_left() -> None:
    plan = plan_license(active(), HERE, wanted(state="absent"))
    assert plan.before["key"] == KEY_SHOWN
    assert plan.after == {"status": "not_activated", "account": None, "key": None, "type": None, "expires": None}
