# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan table, row by row, and the rules under it."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import read_date
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import Plan, plan_license, Wanted
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    active,
    carried_out,
    COLLEAGUE_EMAIL,
    EMAIL,
    expired,
    fresh,
    HERE,
    KEY,
    KEY_SHOWN,
    OTHER_KEY,
    OTHER_SHOWN,
    PRIVATE_EMAIL,
    trial,
    wanted,
)


class Row(t.NamedTuple):
    """One row of the table; outcome is a step, the code of a refusal, or "nothing"."""

    name: str
    observed: License
    wish: Wanted
    outcome: str
    finding: str | None = None


_PRIVATE = active(account_email=PRIVATE_EMAIL)
_SILENT = active(account_email=None)
_SILENT_KEYLESS = active(account_email=None, key_shown="****")

ROWS = [
    Row("never activated, with key", fresh(), wanted(), "activate"),
    Row("never activated, no key", fresh(), wanted(license_key=None), "key_required"),
    Row(
        "never activated, no key, trial allowed",
        fresh(),
        wanted(license_key=None, allow_trial=True),
        "activate",
        "trial_history_unknown",
    ),
    Row("never activated, with key, trial allowed", fresh(), wanted(allow_trial=True), "activate"),
    Row("trial, with key", trial(), wanted(), "activate"),
    Row("trial of another account, with key", trial(account_email=PRIVATE_EMAIL), wanted(), "activate"),
    Row("trial, no key", trial(), wanted(license_key=None), "key_required"),
    Row("trial, no key, trial allowed", trial(), wanted(license_key=None, allow_trial=True), "nothing"),
    Row(
        "trial of another account, no key, trial allowed",
        trial(account_email=PRIVATE_EMAIL),
        wanted(license_key=None, allow_trial=True),
        "account_mismatch",
    ),
    Row(
        "trial, account not reported, no key, trial allowed",
        trial(account_email=None),
        wanted(license_key=None, allow_trial=True),
        "nothing",
        "account_unknown",
    ),
    Row("active, account and key right", active(), wanted(), "nothing"),
    Row("active, account right, no key wanted", active(), wanted(license_key=None), "nothing"),
    Row("active, account right, key not visible", active(key_shown="****"), wanted(), "nothing"),
    Row("active, account right, key not shown", active(key_shown=None), wanted(), "nothing"),
    Row("active, account right in capitals", active(account_email=f" {EMAIL.upper()} "), wanted(), "nothing"),
    Row(
        "active, a colleague's address",
        active(account_email=COLLEAGUE_EMAIL),
        wanted(account_other_emails=(COLLEAGUE_EMAIL,)),
        "nothing",
        "account_other_email",
    ),
    Row("active, other key: fail", active(key_shown=OTHER_SHOWN), wanted(), "key_mismatch"),
    Row(
        "active, other key: reactivate", active(key_shown=OTHER_SHOWN), wanted(on_key_mismatch="reactivate"), "activate"
    ),
    Row(
        "active, other key: ignore",
        active(key_shown=OTHER_SHOWN),
        wanted(on_key_mismatch="ignore"),
        "nothing",
        "key_mismatch",
    ),
    Row("active, another account: fail", _PRIVATE, wanted(), "account_mismatch"),
    Row("active, another account: reactivate", _PRIVATE, wanted(on_account_mismatch="reactivate"), "activate"),
    Row(
        "active, another account, no key: reactivate",
        _PRIVATE,
        wanted(license_key=None, on_account_mismatch="reactivate"),
        "key_required",
    ),
    Row(
        "active, another account, no key, trial allowed",
        _PRIVATE,
        wanted(license_key=None, on_account_mismatch="reactivate", allow_trial=True),
        "key_required",
    ),
    Row(
        "active, another account and key: the account is asked first",
        active(account_email=PRIVATE_EMAIL, key_shown=OTHER_SHOWN),
        wanted(),
        "account_mismatch",
    ),
    Row(
        "active, another account and key: reactivate",
        active(account_email=PRIVATE_EMAIL, key_shown=OTHER_SHOWN),
        wanted(on_account_mismatch="reactivate"),
        "activate",
    ),
    Row("expired, account and key right", expired(), wanted(), "license_expired"),
    Row("expired, account right, no key wanted", expired(), wanted(license_key=None), "license_expired"),
    Row("expired, trial allowed", expired(), wanted(license_key=None, allow_trial=True), "license_expired"),
    Row(
        "expired, other key: reactivate",
        expired(key_shown=OTHER_SHOWN),
        wanted(on_key_mismatch="reactivate"),
        "activate",
    ),
    Row("expired, other key: fail", expired(key_shown=OTHER_SHOWN), wanted(), "key_mismatch"),
    Row(
        "expired, other key: ignore",
        expired(key_shown=OTHER_SHOWN),
        wanted(on_key_mismatch="ignore"),
        "license_expired",
        "key_mismatch",
    ),
    Row(
        "expired, another account: reactivate",
        expired(account_email=PRIVATE_EMAIL),
        wanted(on_account_mismatch="reactivate"),
        "activate",
    ),
    Row("account not reported, the wanted key fits", _SILENT, wanted(on_account_unknown="fail"), "nothing"),
    Row(
        "account not reported, a key of the account fits",
        _SILENT,
        wanted(license_key=None, account_keys=(OTHER_KEY, KEY), on_account_unknown="fail"),
        "nothing",
    ),
    Row("account not reported, no proof: warn", _SILENT_KEYLESS, wanted(), "nothing", "account_unknown"),
    Row("account not reported, no proof: fail", _SILENT_KEYLESS, wanted(on_account_unknown="fail"), "account_unknown"),
    Row(
        "account not reported, five characters are no proof",
        active(account_email=None, key_shown="***V55K2"),
        wanted(on_account_unknown="fail"),
        "account_unknown",
    ),
    Row(
        "account not reported, other key: warn, then fail",
        active(account_email=None, key_shown=OTHER_SHOWN),
        wanted(),
        "key_mismatch",
        "account_unknown",
    ),
    Row("absent, active under the wanted account", active(), wanted(state="absent"), "deactivate"),
    Row(
        "absent, active under a colleague's address",
        active(account_email=COLLEAGUE_EMAIL),
        wanted(state="absent", account_other_emails=(COLLEAGUE_EMAIL,)),
        "deactivate",
        "account_other_email",
    ),
    Row("absent, expired under the wanted account", expired(), wanted(state="absent"), "deactivate"),
    Row("absent, account proven by the key", _SILENT, wanted(state="absent"), "deactivate"),
    Row("absent, active under another account", _PRIVATE, wanted(state="absent"), "account_mismatch"),
    Row(
        "absent, another account, reactivate is no permission",
        _PRIVATE,
        wanted(state="absent", on_account_mismatch="reactivate"),
        "account_mismatch",
    ),
    Row("absent, account unknown", _SILENT_KEYLESS, wanted(state="absent"), "account_unknown"),
    Row("absent, not activated", fresh(), wanted(state="absent"), "nothing"),
    Row("absent, trial", trial(), wanted(state="absent"), "nothing"),
    Row("absent, not activated, without an account", fresh(), wanted(state="absent", account_email=None), "nothing"),
    Row("absent, active, without an account", active(), wanted(state="absent", account_email=None), "invalid_option"),
    Row("present without an account", active(), wanted(account_email=None), "invalid_option"),
    Row("present with a key of blanks", fresh(), wanted(license_key=" " * 8), "invalid_option"),
    Row("present with a masked key", fresh(), wanted(license_key="****-ME****-55K2XX"), "invalid_option"),
    Row(
        "another account, reactivate, a key of hyphens",
        _PRIVATE,
        wanted(license_key="-" * 8, on_account_mismatch="reactivate"),
        "invalid_option",
    ),
    Row("unreadable", License("unreadable", type_text="unheard"), wanted(), "bad_answer"),
    Row("absent, unreadable", License("unreadable"), wanted(state="absent"), "bad_answer"),
]


def _outcome(plan: Plan) -> str:
    if plan.refusal:
        assert plan.steps == []
        return plan.refusal.code
    return ",".join(step.action for step in plan.steps) or "nothing"


def _rules(plan: Plan) -> list[str]:
    return [finding.rule for finding in plan.findings]


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_table(row: Row) -> None:
    plan = plan_license(row.observed, HERE, row.wish)
    assert _outcome(plan) == row.outcome
    assert _rules(plan) == ([row.finding] if row.finding else [])
    if plan.refusal:
        assert plan.refusal.remedy
        assert KEY not in str(plan.refusal.as_dict())
    assert (plan.before == plan.after) is not bool(plan.steps)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.outcome in ("activate", "deactivate")], ids=lambda row: row.name
)
def test_after_its_effect_the_second_plan_of_a_row_is_empty(row: Row) -> None:
    first = plan_license(row.observed, HERE, row.wish)
    then = carried_out(first, row.observed, HERE, row.wish, key_shown=KEY_SHOWN, reports_account=True)
    second = plan_license(*then, row.wish)
    assert _outcome(second) == "nothing"


@pytest.mark.parametrize(
    ("observed", "wish", "match", "evidence", "key"),
    [
        (active(), wanted(), "match", "reported", "match"),
        (
            active(account_email=COLLEAGUE_EMAIL),
            wanted(account_other_emails=(COLLEAGUE_EMAIL,)),
            "match",
            "reported",
            "match",
        ),
        (_PRIVATE, wanted(), "mismatch", "reported", "match"),
        (_SILENT, wanted(), "match", "key", "match"),
        (_SILENT, wanted(license_key=OTHER_KEY, account_keys=(KEY,)), "match", "key", "mismatch"),
        (_SILENT_KEYLESS, wanted(), "unknown", "none", "unknown"),
        (fresh(), wanted(), "unknown", "none", "unknown"),
    ],
)
def test_what_is_said_of_account_and_key(observed: License, wish: Wanted, match: str, evidence: str, key: str) -> None:
    plan = plan_license(observed, HERE, wish)
    assert (plan.account_match, plan.account_evidence, plan.key_match) == (match, evidence, key)


def test_a_key_is_no_evidence_against_an_account_that_the_farm_reports() -> None:
    plan = plan_license(_PRIVATE, HERE, wanted(account_keys=(KEY,)))
    assert (plan.account_match, plan.account_evidence) == ("mismatch", "reported")


def test_refusals_name_expected_and_observed_and_the_option_that_would_allow_it() -> None:
    for observed, option, expected, seen in (
        (_PRIVATE, "on_account_mismatch", EMAIL, PRIVATE_EMAIL),
        (active(key_shown=OTHER_SHOWN), "on_key_mismatch", "****-CV55K2", OTHER_SHOWN),
    ):
        refusal = plan_license(observed, HERE, wanted()).refusal
        assert refusal is not None
        assert expected in refusal.message
        assert seen in refusal.message
        assert option in refusal.remedy
    refusal = plan_license(fresh(), HERE, wanted(license_key=None)).refusal
    assert refusal is not None
    assert "allow_trial" in refusal.remedy


def test_a_trial_is_sent_with_a_warning_that_nothing_is_known_of_the_farms_past() -> None:
    (finding,) = plan_license(fresh(), HERE, wanted(license_key=None, allow_trial=True)).findings
    assert (finding.rule, finding.severity) == ("trial_history_unknown", "warning")
    assert finding.expected == "a farm that never held a paid license"
    assert finding.observed == "the farm shows nothing about earlier licenses"
    assert "Parallels My Account" in finding.remedy
    assert "license_key" in finding.remedy


def test_a_trial_that_is_refused_brings_no_such_warning() -> None:
    farm = dataclasses.replace(HERE, is_licensing_server=False)
    plan = plan_license(fresh(), farm, wanted(license_key=None, allow_trial=True))
    assert (_outcome(plan), _rules(plan)) == ("wrong_server", [])


def test_a_mismatch_of_the_same_company_hints_at_another_person() -> None:
    refusal = plan_license(_PRIVATE, HERE, wanted(account_company=" EXAMPLE")).refusal
    assert refusal is not None
    assert "another person" in refusal.message
    refusal = plan_license(_PRIVATE, HERE, wanted(account_company="Other")).refusal
    assert refusal is not None
    assert "another person" not in refusal.message


def test_another_company_with_a_matching_email_is_a_warning_and_no_write() -> None:
    plan = plan_license(active(), HERE, wanted(account_company="Other"))
    assert [(finding.rule, finding.severity) for finding in plan.findings] == [("account_company", "warning")]
    assert _outcome(plan) == "nothing"


def test_a_members_email_is_an_info_finding() -> None:
    plan = plan_license(active(account_email=COLLEAGUE_EMAIL), HERE, wanted(account_other_emails=(COLLEAGUE_EMAIL,)))
    assert [finding.severity for finding in plan.findings] == ["info"]


@pytest.mark.parametrize(
    ("raw", "rule"),
    [("03/04/2026", "date_ambiguous"), ("someday", "date_unreadable"), ("31/12/2569", "date_unreadable")],
)
@pytest.mark.parametrize("field", ["expires", "support_expires"])
def test_an_uncertain_date_is_a_finding_and_never_causes_a_write(raw: str, rule: str, field: str) -> None:
    plan = plan_license(active(**{field: read_date(raw)}), HERE, wanted())
    assert _outcome(plan) == "nothing"
    severity = {"date_ambiguous": "info", "date_unreadable": "warning"}[rule]
    assert [(finding.rule, finding.severity) for finding in plan.findings] == [(rule, severity)]


def test_a_certain_date_is_no_finding() -> None:
    assert plan_license(active(support_expires=read_date("23/03/2027")), HERE, wanted()).findings == []


def test_an_expired_license_says_when_it_ended_and_that_nothing_was_sent() -> None:
    refusal = plan_license(expired(), HERE, wanted()).refusal
    assert refusal is not None
    assert "ended on 2026-03-23;" in refusal.message
    assert "portal" in refusal.remedy or "My Account" in refusal.remedy


class TestPlace:
    """Writes go to the licensing server of the right farm only."""

    def test_a_write_to_another_server_is_refused_and_names_both(self) -> None:
        farm = dataclasses.replace(HERE, is_licensing_server=False, licensing_server="cb9")
        plan = plan_license(fresh(), farm, wanted(allow_unverified_server=True))
        assert _outcome(plan) == "wrong_server"
        assert plan.refusal is not None
        assert "cb9" in plan.refusal.message
        assert "cb1" in plan.refusal.message

    @pytest.mark.parametrize(("allowed", "outcome"), [(False, "wrong_server"), (True, "activate")])
    def test_a_server_that_is_not_known_needs_permission(self, allowed: bool, outcome: str) -> None:
        plan = plan_license(
            fresh(), dataclasses.replace(HERE, is_licensing_server=None), wanted(allow_unverified_server=allowed)
        )
        assert _outcome(plan) == outcome
        if plan.refusal:
            assert "allow_unverified_server" in plan.refusal.remedy

    @pytest.mark.parametrize("here", [False, None])
    def test_a_farm_that_needs_nothing_may_be_read_from_any_server(self, here: bool | None) -> None:
        assert (
            _outcome(plan_license(active(), dataclasses.replace(HERE, is_licensing_server=here), wanted())) == "nothing"
        )

    @pytest.mark.parametrize("here", [False, None])
    def test_a_deactivation_needs_the_licensing_server_too(self, here: bool | None) -> None:
        assert (
            _outcome(
                plan_license(active(), dataclasses.replace(HERE, is_licensing_server=here), wanted(state="absent"))
            )
            == "wrong_server"
        )

    @pytest.mark.parametrize(
        "pin",
        [
            "11111111-2222-3333-4444-555555555555",
            "{11111111-2222-3333-4444-555555555555}",
            " {11111111-2222-3333-4444-555555555555}",
        ],
    )
    def test_a_pinned_guid_is_compared_without_braces_and_case(self, pin: str) -> None:
        assert _outcome(plan_license(active(), HERE, wanted(farm_guid=pin.upper()))) == "nothing"

    @pytest.mark.parametrize(
        "farm", [HERE, Farm(name="tokyo", is_licensing_server=True)], ids=["another", "not reported"]
    )
    @pytest.mark.parametrize("observed", [fresh(), active()], ids=["to activate", "right already"])
    def test_a_farm_that_is_not_the_pinned_one_is_always_refused(self, farm: Farm, observed: License) -> None:
        plan = plan_license(observed, farm, wanted(farm_guid="99999999-2222-3333-4444-555555555555"))
        assert _outcome(plan) == "wrong_farm"
