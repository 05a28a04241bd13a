# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every plan, whatever a farm shows and whatever is wanted."""

from __future__ import annotations

import copy
import dataclasses
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.keys import normalize_key
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import Plan, plan_license, Wanted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.reader import read_license
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    carried_out,
    EMAIL,
    fresh,
    HERE,
    KEY,
    KEY_SHOWN,
    OTHER_KEY,
    TODAY,
    wanted,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import (
    farms,
    license_answers,
    licenses,
    wishes,
)
from hypothesis import event, given, settings
from hypothesis import strategies as st

_MANY = settings(max_examples=200)


def _actions(plan: Plan) -> list[str]:
    return [step.action for step in plan.steps]


def _has_key(wish: Wanted) -> bool:
    return bool(normalize_key(wish.license_key or ""))


@_MANY
@given(licenses, farms, wishes)
def test_a_farm_that_holds_or_held_a_paid_license_is_never_activated_without_a_key(
    observed: License, farm: Farm, wish: Wanted
) -> None:
    plan = plan_license(observed, farm, wish)
    if "activate" in _actions(plan) and not _has_key(wish):
        event("trial planned")
        assert observed.status == "not_activated"
        assert wish.allow_trial


@_MANY
@given(
    license_answers,
    st.booleans(),
    st.sampled_from(["fail", "reactivate"]),
    st.sampled_from([None, "", " " * 9, "--------"]),
)
def test_no_answer_with_a_key_or_a_paid_type_leads_to_an_activation_without_a_key(
    fields: dict[str, t.Any] | None, allow_trial: bool, policy: t.Literal["fail", "reactivate"], no_key: str | None
) -> None:
    """The same from the raw answer on, with an oracle that does not trust the reader."""
    values = {name[:1].lower() + name[1:]: value for name, value in (fields or {}).items()}
    key, kind = values.get("licenseKey"), values.get("type")
    held = (isinstance(key, str) and "55K2" in key) or (
        not isinstance(kind, bool) and kind in (1, 2, 3, "1", "2", "3", "PrePaid", "postpaid")
    )
    try:
        observed = read_license(fields, today=TODAY)
    except RasError:
        return
    wish = wanted(license_key=no_key, allow_trial=allow_trial, on_account_mismatch=policy, on_key_mismatch="reactivate")
    planned = "activate" in _actions(plan_license(observed, HERE, wish))
    event(f"held {held}, planned {planned}")
    assert not (held and planned)


def test_the_rule_above_can_fail() -> None:
    """A trial is planned where it may be, so the two properties are about something."""
    assert _actions(plan_license(fresh(), HERE, wanted(license_key=None, allow_trial=True))) == ["activate"]


@given(licenses, farms, wishes)
def test_the_same_input_gives_the_same_plan_and_is_not_changed(observed: License, farm: Farm, wish: Wanted) -> None:
    inputs = copy.deepcopy((observed, farm, wish))

    def shown(plan: Plan) -> tuple[t.Any, ...]:
        refusal = plan.refusal.as_dict() if plan.refusal else None
        return (
            plan.steps,
            plan.findings,
            refusal,
            plan.before,
            plan.after,
            plan.account_match,
            plan.account_evidence,
            plan.key_match,
        )

    assert shown(plan_license(observed, farm, wish)) == shown(plan_license(*inputs))
    assert (observed, farm, wish) == inputs


@given(licenses, farms, wishes)
def test_a_refusal_excludes_steps_and_shows_no_difference(observed: License, farm: Farm, wish: Wanted) -> None:
    plan = plan_license(observed, farm, wish)
    if plan.refusal:
        assert plan.steps == []
        assert plan.after == plan.before
    assert plan.writes_license == bool({"activate", "deactivate"} & set(_actions(plan)))


@given(licenses, farms, wishes)
def test_a_plan_holds_at_most_one_write_to_the_vendor_and_applies_settings_last(
    observed: License, farm: Farm, wish: Wanted
) -> None:
    actions = _actions(plan_license(observed, farm, wish))
    assert actions in (
        [],
        ["activate"],
        ["deactivate"],
        ["apply_settings"],
        ["activate", "apply_settings"],
        ["deactivate", "apply_settings"],
    )


@given(licenses, farms, wishes)
def test_on_absent_nothing_is_activated_and_on_present_nothing_is_deactivated(
    observed: License, farm: Farm, wish: Wanted
) -> None:
    forbidden = "activate" if wish.state == "absent" else "deactivate"
    assert forbidden not in _actions(plan_license(observed, farm, wish))


@given(licenses, farms, wishes)
def test_a_foreign_license_is_never_given_back(observed: License, farm: Farm, wish: Wanted) -> None:
    plan = plan_license(observed, farm, wish)
    if "deactivate" in _actions(plan):
        assert plan.account_match == "match"


@given(licenses, farms, wishes)
def test_writes_go_to_the_licensing_server_or_need_permission(observed: License, farm: Farm, wish: Wanted) -> None:
    if plan_license(observed, farm, wish).writes_license:
        assert farm.is_licensing_server or (farm.is_licensing_server is None and wish.allow_unverified_server)


@given(licenses, farms, wishes)
def test_the_full_key_is_in_no_part_of_a_plan(observed: License, farm: Farm, wish: Wanted) -> None:
    plan = plan_license(observed, farm, wish)
    shown = repr((plan.before, plan.after, plan.steps, plan.findings, plan.refusal and plan.refusal.as_dict()))
    assert KEY not in shown
    assert OTHER_KEY not in shown


@_MANY
@given(licenses, farms, wishes, st.sampled_from([KEY_SHOWN, KEY, "****-****", "*K2", None]), st.booleans())
def test_the_second_plan_is_empty(
    observed: License, farm: Farm, wish: Wanted, key_shown: str | None, reports_account: bool
) -> None:
    farm = dataclasses.replace(farm, is_licensing_server=True)
    wish = dataclasses.replace(wish, farm_guid=None, license_key=KEY if _has_key(wish) else wish.license_key)
    first = plan_license(observed, farm, wish)
    if not first.steps:  # the table's own rows see to it that plans with steps are tried
        return
    event(",".join(_actions(first)))
    then = carried_out(first, observed, farm, wish, key_shown=key_shown, reports_account=reports_account)
    second = plan_license(*then, wish)
    assert second.steps == []
    if reports_account:
        assert second.refusal is None


@given(licenses, farms, wishes)
def test_findings_and_refusals_have_a_remedy(observed: License, farm: Farm, wish: Wanted) -> None:
    plan = plan_license(observed, farm, wish)
    assert all(finding.remedy for finding in plan.findings)
    assert plan.refusal is None or (plan.refusal.remedy and plan.refusal.message)


@given(licenses, farms)
def test_an_uncertain_date_changes_no_step(observed: License, farm: Farm) -> None:
    """With the status given, steps do not depend on dates at all."""
    bare = License(**{**vars(observed), "expires": None, "support_expires": None})
    wish = Wanted(account_email=EMAIL, license_key=KEY, on_account_mismatch="reactivate", on_key_mismatch="reactivate")
    assert _actions(plan_license(observed, farm, wish)) == _actions(plan_license(bare, farm, wish))
