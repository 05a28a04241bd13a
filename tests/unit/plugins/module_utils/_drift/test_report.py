# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report: what only all farms together show, what is waived, what changed, and the verdict."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.policy import (
    read_severities,
    read_waivers,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import (
    compare_reports,
    give_verdict,
    mask_accounts,
    records_of,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import FARM_RULES, FLEET_RULES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.survey import ADVICE
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    active,
    COLLEAGUE_EMAIL,
    EMAIL,
    fresh,
    PRIVATE_EMAIL,
    trial,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_report import (
    BEFORE,
    failed,
    fleet,
    identity,
    machines,
    read,
    Record,
    report_of,
)

FOREIGN: t.Final = active(account_email=PRIVATE_EMAIL)
DOWN: t.Final = failed("down", "api_unreachable", "Nothing answers.")


def _report(*records: Record, **changes: t.Any) -> dict[str, t.Any]:
    return report_of(records, **{"waivers": (), **changes})


def _rules(report: dict[str, t.Any]) -> list[tuple[str | None, str]]:
    return [(finding["farm"], finding["rule"]) for finding in report["findings"]]


def _verdict(report: dict[str, t.Any], fail_when: bool | RasError = False) -> str:
    give_verdict(report, fail_when)
    return str(report["verdict"])


def test_a_fleet_as_wanted_has_no_finding() -> None:
    report = _report(read("tokyo"), read("osaka"))
    assert (report["findings"], _verdict(report), report["failure"]) == ([], "ok", None)
    assert report["summary"]["states"]["ok"] == 2


class TestVerdict:
    """A typo, an empty fleet, a farm that is down: never green."""

    def test_drift_is_what_the_policy_says(self) -> None:
        assert _verdict(_report(read("tokyo")), True) == "drift"

    @pytest.mark.parametrize("code", ["api_unreachable", "api_credentials_rejected", "bad_answer", "not_tried"])
    def test_a_farm_that_was_not_read_is_an_error_whatever_the_policy_says(self, code: str) -> None:
        for said in (False, True):
            assert _verdict(_report(read("tokyo"), failed("down", code, "No.")), said) == "error"

    def test_no_farm_is_an_error(self) -> None:
        report = _report()
        assert _verdict(report) == "error"
        assert "No farm was scanned" in report["failure"]["message"]

    def test_farms_of_which_none_was_read_are_an_error_even_when_waived(self) -> None:
        waivers = read_waivers([{"farm": "down", "rule": "unreachable", "until": "2099-01-01", "reason": "gone"}])
        assert _verdict(_report(DOWN, waivers=waivers)) == "error"
        # One that is waived is not drift, but not everything was looked at.
        assert _verdict(_report(DOWN, read("tokyo"), waivers=waivers)) == "warning"

    def test_a_lower_severity_is_the_users_word(self) -> None:
        report = _report(DOWN, read("tokyo"), severities=read_severities({"unreachable": "warning"}))
        assert _verdict(report) == "warning"
        unseen = _report(DOWN, read("tokyo"), severities=read_severities({"unreachable": "info"}))
        assert _verdict(unseen) == "warning"

    def test_errors_that_the_expression_passes_over_are_not_right(self) -> None:
        report = _report(read("tokyo", trial()))
        assert (_verdict(report, False), report["farms"][0]["state"]) == ("warning", "error")

    def test_warnings_are_not_drift_and_not_right(self) -> None:
        report = _report(read("tokyo", active(needs_attention=True)))
        assert (_verdict(report), report["farms"][0]["state"]) == ("warning", "warning")

    def test_an_expression_that_said_nothing_is_an_error(self) -> None:
        report = _report(read("tokyo"))
        assert _verdict(report, RasError("invalid_option", "Null.")) == "error"
        assert report["failure"]["message"] == "Null."


class TestTogether:
    """What no farm shows alone."""

    def test_two_accounts_in_use(self) -> None:
        report = _report(read("tokyo"), read("osaka", FOREIGN))
        (finding,) = [each for each in report["findings"] if each["rule"] == "account_not_single"]
        assert (finding["farm"], finding["organization"]) == (None, "default")
        assert finding["observed"] == [f"{EMAIL}: 1 farm", f"{PRIVATE_EMAIL}: 1 farm"]

    def test_a_member_is_the_same_account(self) -> None:
        member = read("osaka", active(account_email=COLLEAGUE_EMAIL), account_other_emails=(COLLEAGUE_EMAIL,))
        assert _rules(_report(read("tokyo"), member)) == []

    def test_organizations_are_apart(self) -> None:
        other = read("osaka", FOREIGN, organization="other", account_email=PRIVATE_EMAIL, license_key=None)
        assert _rules(_report(read("tokyo"), other)) == []

    def test_two_wanted_accounts(self) -> None:
        other = read("osaka", FOREIGN, account_email=PRIVATE_EMAIL)
        rules = _rules(_report(read("tokyo"), other))
        assert rules == [(None, "account_not_single")] * 2

    @pytest.mark.parametrize("what", ["guid", "name"])
    def test_one_farm_for_two_hosts(self, what: str) -> None:
        second = read("osaka", farm=identity("osaka", guid="{GUID-OF-TOKYO}"))
        if what == "name":
            second = {**read("osaka"), "farm": "tokyo"}
        report = _report(read("tokyo"), second)
        assert [rule for _farm, rule in _rules(report)] == ["duplicate_farm"] * 2
        assert {farm["state"] for farm in report["farms"]} == {"error"}
        assert {farm["checks"]["duplicate_farm"] for farm in report["farms"]} == {"finding"}

    def test_several_versions_where_none_is_wanted(self) -> None:
        farms = [read("tokyo", agents=machines("tokyo")), read("osaka", agents=machines("osaka", "20.2.0.25893"))]
        assert _rules(_report(*farms)) == [(None, "version_mixed")]

    def test_versions_are_judged_farm_by_farm_where_one_is_wanted(self) -> None:
        farms = [
            read("tokyo", agents=machines("tokyo"), version="21.2.27306"),
            read("osaka", agents=machines("osaka", "20.2.0.25893"), version="21.2.27306"),
        ]
        assert _rules(_report(*farms)) == [("osaka", "version_behind")]


class TestSurvey:
    """Does my company already have a business account?"""

    def test_without_an_account_the_fleet_is_grouped_by_account(self) -> None:
        none: dict[str, t.Any] = {"account_email": None, "license_key": None}
        farms = [
            read("a", **none),
            read("b", FOREIGN, **none),
            read("c", active(account_email=PRIVATE_EMAIL.upper()), **none),
            read("d", active(account_email=None), **none),
            read("e", fresh(), **none),
        ]
        seen = _report(*farms)["survey"]
        assert [(each["email"], each["farms"]) for each in seen["accounts"]] == [
            (PRIVATE_EMAIL, ["b", "c"]),
            (EMAIL, ["a"]),
        ]
        assert (seen["most_used"], seen["not_reported"], seen["not_activated"]) == (PRIVATE_EMAIL, ["d"], ["e"])
        assert seen["advice"] == ADVICE

    def test_with_an_account_there_is_no_advice(self) -> None:
        assert _report(read("tokyo"), DOWN)["survey"]["advice"] is None


class TestPolicy:
    """Severities and waivers."""

    def test_severities_are_applied_and_the_states_follow(self) -> None:
        report = _report(read("tokyo", trial()), severities=read_severities({"trial": "info"}))
        assert report["findings"][0]["severity"] == "info"
        assert (report["farms"][0]["state"], report["farms"][0]["worst"]) == ("ok", "info")

    def test_a_waived_finding_stays_in_sight(self) -> None:
        waivers = read_waivers([{"farm": "tokyo", "rule": "trial", "until": "2026-11-24", "reason": "bought"}])
        report = _report(read("tokyo", trial()), waivers=waivers)
        (finding,) = report["findings"]
        assert finding["waiver"] == {"until": "2026-11-24", "reason": "bought"}
        assert (report["summary"]["waived"], report["summary"]["findings"]["error"]) == (1, 0)
        assert (report["farms"][0]["state"], report["farms"][0]["worst"]) == ("ok", None)

    def test_a_waiver_that_has_run_out_waives_nothing_and_is_reported(self) -> None:
        waivers = read_waivers([{"farm": "tokyo", "rule": "trial", "until": "2026-11-23", "reason": "bought"}])
        report = _report(read("tokyo", trial()), waivers=waivers)
        assert _rules(report) == [("tokyo", "trial"), (None, "waiver_expired")]
        assert report["findings"][0]["waived"] is False
        assert report["waivers"][0]["status"] == "expired"

    def test_a_waiver_that_meets_nothing_is_reported(self) -> None:
        waivers = read_waivers([{"farm": "tokio", "rule": "trial", "until": "2027-11-23", "reason": "typo"}])
        assert _rules(_report(read("tokyo"), waivers=waivers)) == [(None, "waiver_unused")]

    def test_a_waiver_can_waive_what_is_about_an_organization(self) -> None:
        row = {"organization": "default", "rule": "account_not_single", "until": "2027-01-01", "reason": "merger"}
        report = _report(read("tokyo"), read("osaka", FOREIGN), waivers=read_waivers([row]))
        assert [each["rule"] for each in report["findings"] if each["waived"]] == ["account_not_single"]


class TestMerging:
    """A job in slices gives the report of one that is whole."""

    def test_slices_are_the_whole(self) -> None:
        farms, whole = fleet(), report_of(fleet())
        slices = [report_of(farms[::2]), report_of(farms[1::2])]
        merged = report_of([record for each in slices for record in records_of(each)])
        assert merged == whole

    def test_what_only_a_slice_saw_is_judged_anew(self) -> None:
        report = report_of(fleet())
        again = records_of(report)
        assert {each["rule"] for record in again for each in record["findings"]} & (
            FLEET_RULES - set(FARM_RULES)
        ) == set()
        assert (
            report_of(again, severities=read_severities({"trial": "info"}))["policy"]["severities"]["trial"] == "info"
        )


def test_what_changed_is_shown_by_farm_and_rule() -> None:
    before = _report(read("tokyo", trial()), read("osaka"), read("gone"), scanned_at=BEFORE)
    give_verdict(before, True)
    now = _report(read("tokyo", fresh()), read("osaka"), read("fresh"))
    assert compare_reports(before, now) == {
        "since": BEFORE,
        "verdict_before": "drift",
        "new": [{"organization": "default", "farm": "tokyo", "rule": "not_activated"}],
        "gone": [{"organization": "default", "farm": "tokyo", "rule": "trial"}],
        "not_checked": [],
        "unchanged": 0,
        "farms_new": ["fresh"],
        "farms_gone": ["gone"],
    }


def test_a_waiver_does_not_make_a_finding_new_or_gone() -> None:
    waivers = read_waivers([{"farm": "tokyo", "rule": "trial", "until": "2027-01-01", "reason": "bought"}])
    before, now = _report(read("tokyo", trial())), _report(read("tokyo", trial()), waivers=waivers)
    changes = compare_reports(before, now)
    assert (changes["new"], changes["gone"], changes["unchanged"]) == ([], [], 1)


def test_the_order_does_not_depend_on_the_inventorys() -> None:
    assert report_of(fleet()) == report_of(list(reversed(fleet())))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("licensing@example.com", "l***@example.com"),
        ("a@b", "a***@b"),
        ("ab@b", "a***@b"),
        ("of x.y+z@a-b.example, and", "of x***@a-b.example, and"),
        ("no address", "no address"),
    ],
)
def test_addresses_are_masked(text: str, masked: str) -> None:
    assert mask_accounts({"k": [text]}) == {"k": [masked]}
    assert mask_accounts(masked) == masked
