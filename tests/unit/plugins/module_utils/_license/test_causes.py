# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One cause is one finding: no two remedies for it, nothing less severe, and nothing that was observed is lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import read_date
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import (
    Finding,
    in_words,
    SEVERITIES,
    Severity,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift import record as record_module
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.levels import level_of, rules_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.policy import Policy, Waiver
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.record import record_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import make_report
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import INPUTS, RULES, UNREAD
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import Target
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license import findings as findings_module
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.causes import (
    CONSEQUENCES,
    one_for_each_cause,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.findings import license_findings
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import plan_license, Wanted
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    active,
    EMAIL,
    HERE,
    KEY,
    OTHER_SHOWN,
    PRIVATE_EMAIL,
    TODAY,
    trial,
    wanted,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import farms, licenses, wishes
from hypothesis import event, given, settings
from hypothesis import strategies as st

_NOW: t.Final = "2026-11-24T02:00:00Z"
# What no farm of the other strategies reports, and causes or follows.
_more: t.Final = st.fixed_dictionaries(
    {"users_peak": st.none() | st.integers(0, 200), "grace_days_left": st.none() | st.integers(-1, 30)}
)
Row = dict[str, t.Any]


def _fields(license_: License, more: dict[str, t.Any]) -> License:
    ended = license_.expires is not None and license_.expires.past(TODAY)
    return dataclasses.replace(license_, ended=ended, **more)


def _record(license_: License, farm: Farm, wish: Wanted) -> Row:
    return record_of(Target("h1", "tokyo", wanted=wish), farm, license_, None, today=TODAY)


def _one_by_one(license_: License, farm: Farm, wish: Wanted) -> Row:
    """The record as it would be without causes."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (record_module, findings_module):
            patch.setattr(module, "one_for_each_cause", list)
        return _record(license_, farm, wish)


def _worst(rows: t.Iterable[Row]) -> int:
    return max((SEVERITIES.index(row["severity"]) for row in rows), default=-1)


@settings(max_examples=400)
@given(licenses, farms, wishes, _more)
def test_a_farm_has_one_finding_for_each_cause(
    license_: License, farm: Farm, wish: Wanted, more: dict[str, t.Any]
) -> None:
    license_ = _fields(license_, more)
    rows, single = (make(license_, farm, wish)["findings"] for make in (_record, _one_by_one))
    remedies = [row["remedy"] for row in rows]
    assert len(set(remedies)) == len(remedies)
    assert (_worst(rows), level_of(rows)) == (_worst(single), level_of(single))
    assert {rule for row in rows for rule in rules_of(row)} == {row["rule"] for row in single}
    event(f"{len(single) - len(rows)} within others")
    for each in single:
        said = next(in_words(row["observed"]) for row in rows if each["rule"] in rules_of(row))
        assert in_words(each["observed"]).split(", ", maxsplit=1)[0] in said
        kept = next((row for row in rows if row["rule"] == each["rule"]), None)
        assert kept is None or kept["remedy"] == each["remedy"]


@given(licenses, farms, wishes, _more, st.data())
def test_a_policy_makes_of_a_cause_what_it_makes_of_its_findings_one_by_one(
    license_: License, farm: Farm, wish: Wanted, more: dict[str, t.Any], data: st.DataObject
) -> None:
    license_ = _fields(license_, more)
    records = [make(license_, farm, wish) for make in (_record, _one_by_one)]
    rules = sorted({row["rule"] for row in records[1]["findings"]})
    changes = data.draw(st.dictionaries(st.sampled_from(rules or ["trial"]), st.sampled_from(SEVERITIES)))
    waived = data.draw(st.lists(st.sampled_from(rules or ["trial"]), unique=True))
    days = [TODAY + dt.timedelta(days=data.draw(st.integers(-2, 2))) for _rule in waived]
    severities: dict[str, Severity] = {name: rule.severity for name, rule in RULES.items()} | changes
    waivers = tuple(Waiver(rule, day, "moves", farm="tokyo") for rule, day in zip(waived, days, strict=True))
    policy = Policy(severities, waivers)
    merged, single = (make_report([each], policy, scanned_at=_NOW, today=TODAY) for each in records)
    assert [row["worst"] for row in merged["farms"]] == [row["worst"] for row in single["farms"]]
    assert [row["state"] for row in merged["farms"]] == [row["state"] for row in single["farms"]]
    assert merged["waivers"] == single["waivers"]


@given(licenses, _more)
def test_what_is_said_of_a_license_alone_has_no_remedy_twice(license_: License, more: dict[str, t.Any]) -> None:
    remedies = [finding.remedy for finding in license_findings(_fields(license_, more))]
    assert len(set(remedies)) == len(remedies)


@given(
    st.lists(
        st.builds(
            Finding,
            rule=st.sampled_from(sorted(RULES)),
            severity=st.sampled_from(SEVERITIES),
            expected=st.none() | st.text(max_size=5),
            observed=st.text(min_size=1, max_size=9),
            remedy=st.sampled_from(["a", "b"]),
        ),
        max_size=8,
        unique_by=lambda each: (each.rule, each.remedy),
    )
)
def test_whatever_is_found_nothing_is_lost_and_nothing_is_milder(found: list[Finding]) -> None:
    merged = one_for_each_cause(found)
    rules = [rule for each in merged for rule in (each.rule, *each.consequences)]
    assert sorted(rules) == sorted(each.rule for each in found)
    for each in found:
        at = [one for one in merged if each.rule in (one.rule, *one.consequences)]
        assert any(each.observed in in_words(one.observed) for one in at)
        assert max(SEVERITIES.index(one.severity) for one in at) >= SEVERITIES.index(each.severity)
    assert one_for_each_cause(merged) == merged


def test_the_causes_are_rules_and_what_follows_never_says_that_nothing_was_read() -> None:
    named = {rule for cause, rules in CONSEQUENCES.items() for rule in (cause, *rules)}
    assert named <= set(RULES)
    assert not named & (set(UNREAD) | set(INPUTS))


def test_an_unwanted_trial_is_one_finding_with_account_key_and_end_in_its_words() -> None:
    seen = trial(account_email=PRIVATE_EMAIL, key_shown=OTHER_SHOWN, expires=read_date("2026-01-01"))
    record = _record(seen, HERE, wanted())
    (finding,) = record["findings"]
    assert (finding["rule"], finding["severity"], finding["expected"]) == ("trial", "error", "a paid license")
    assert finding["consequences"] == ["account_mismatch", "key_mismatch", "expired"]
    for said in ("a trial", f"account_mismatch: {PRIVATE_EMAIL} instead of {EMAIL}", OTHER_SHOWN, "2026-01-01"):
        assert said in in_words(finding["observed"])
    assert "ras_license_key" in finding["remedy"]
    assert {record["checks"][rule] for rule in finding["consequences"]} == {"not_checked"}


def test_the_plan_says_in_one_place_what_an_unwanted_trial_brings_with_it() -> None:
    seen = dataclasses.replace(trial(account_email=PRIVATE_EMAIL, expires=read_date("2026-01-01")), ended=True)
    refused = plan_license(seen, HERE, wanted(license_key=None))
    due = plan_license(seen, HERE, wanted(license_key=KEY))
    assert (refused.findings, due.findings) == ([], [])
    assert refused.refusal is not None
    for said in (refused.refusal.message, due.steps[0].reason):
        assert f"(account {PRIVATE_EMAIL}, ended 2026-01-01)" in said
    # What is refused for another reason does not say it.
    elsewhere = plan_license(seen, Farm(is_licensing_server=False), wanted(license_key=KEY))
    assert [finding.rule for finding in elsewhere.findings] == ["expired"]


def test_what_has_another_remedy_stays() -> None:
    seen = active(
        account_email=PRIVATE_EMAIL, key_shown=OTHER_SHOWN, expires=read_date("2026-12-20"), needs_attention=True
    )
    rows = _record(seen, HERE, wanted())["findings"]
    assert [(row["rule"], row["consequences"]) for row in rows] == [
        ("account_mismatch", []),
        ("key_mismatch", []),
        ("expiry_soon", []),
        ("needs_attention", []),
    ]


def test_two_dates_that_cannot_be_read_are_one_finding() -> None:
    seen = active(expires=read_date("03/04/2027"), support_expires=read_date("05/06/2027"))
    (finding,) = license_findings(seen)
    assert finding.expected == ["expires: one certain day", "support_expires: one certain day"]
    assert "2027-03-04" in in_words(finding.observed)
    assert "2027-05-06" in in_words(finding.observed)
