# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ok means that everything that is wanted was looked at and is right, whatever is missing, whatever a policy says."""

from __future__ import annotations

import random
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.levels import level_of, UNCHECKED
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.policy import read_severities, read_waivers
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.record import (
    record_of_failure,
    record_of_unmanaged,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import (
    compare_reports,
    give_verdict,
    Report,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import FIXED, RULES
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import active, EMAIL, KEY, trial
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_report import (
    failed,
    machines,
    NEW,
    read,
    Record,
    report_of,
    target,
)

INPUTS: t.Final = {"account": "account_not_given", "key": "key_not_given", "version": "version_not_given"}
WAIVER: t.Final = {"until": "2099-01-01", "reason": "known"}


def _report(*farms: Record, fail_when: bool | RasError = False, **changes: t.Any) -> Report:
    report = report_of(farms, **{"waivers": (), **changes})
    give_verdict(report, fail_when)
    return report


def _farm(name: str, organization: str, given: t.Mapping[str, bool]) -> Record:
    return read(
        name,
        agents=machines(name),
        organization=organization,
        account_email=EMAIL if given["account"] else None,
        license_key=KEY if given["key"] else None,
        **({"version": NEW} if given["version"] else {}),
    )


def test_a_missing_input_is_an_error_in_every_fleet() -> None:
    """Fleets of any make; the expectation is counted from what was drawn, not from the report."""
    rng = random.Random(152)
    seen = 0
    for _turn in range(300):
        drawn = [
            (f"f{number}", rng.choice("ab"), {name: rng.random() < 0.7 for name in INPUTS}, rng.randrange(8))
            for number in range(rng.randrange(1, 6))
        ]
        farms: list[Record] = []
        for name, organization, given, kind in drawn:
            if kind == 0:
                farms.append(record_of_unmanaged(target(name, organization, managed=False)))
            elif kind == 1:
                own = target(name, organization, account_email=None, license_key=None)
                farms.append(record_of_failure(own, RasError("invalid_option", "Odd.")))
            else:
                farms.append(_farm(name, organization, given))
        judged = [row for row in drawn if row[3] > 1]
        expected = {(name, INPUTS["account"]) for name, _org, given, _kind in judged if not given["account"]}
        for what in ("key", "version"):
            for name, organization, given, _kind in judged:
                if not given[what] and any(row[1] == organization and row[2][what] for row in judged):
                    expected.add((name, INPUTS[what]))
        report = _report(*farms, fail_when=rng.random() < 0.5)
        found = {(row["farm"], row["rule"]) for row in report["findings"] if row["rule"] in INPUTS.values()}
        bad = {name for name, _org, _given, kind in drawn if kind == 1}
        assert {each for each in found if each[0] not in bad} == expected
        if expected:
            assert report["verdict"] == "error"
            seen += 1
    assert seen > 100


def test_a_misspelled_account_is_never_no_drift() -> None:
    report = _report(*(read(name, account_email=None) for name in ("a", "b", "c")))
    assert report["verdict"] == "error"
    assert report["summary"]["states"]["error"] == 3


class TestSurvey:
    """To look without a wanted account is asked for by name."""

    def test_it_is_a_warning_and_never_green(self) -> None:
        farm = read("a", account_email=None)
        report = _report(farm, severities=read_severities({}, survey=True), survey=True)
        assert (report["verdict"], report["farms"][0]["state"]) == ("warning", "warning")
        assert report["policy"]["survey"] is True

    def test_a_key_that_others_have_is_still_missing(self) -> None:
        farms = (read("a", account_email=None), read("b", account_email=None, license_key=None))
        report = _report(*farms, severities=read_severities({}, survey=True), survey=True)
        assert report["verdict"] == "error"

    @pytest.mark.parametrize("survey", [False, True])
    @pytest.mark.parametrize("name", sorted(FIXED))
    def test_no_policy_reaches_it_otherwise(self, name: str, survey: bool) -> None:
        for wrong in ("info", "warning", "error"):
            with pytest.raises(RasError, match="always an error") as caught:
                read_severities({name: wrong}, survey=survey)
            assert "ras_drift_survey" in caught.value.remedy
        with pytest.raises(RasError, match="always an error"):
            read_waivers([{"farm": "a", "rule": name, **WAIVER}])
        with pytest.raises(RasError, match="observed 'ignore'"):
            read_severities({"trial": "ignore"})


@pytest.mark.parametrize("rule", sorted(UNCHECKED - FIXED))
def test_what_was_not_looked_at_is_a_warning_at_least(rule: str) -> None:
    finding = {"rule": rule, "farm": "a", "host": "h", "organization": "default", "consequences": []}
    for severity in ("info", "warning", "error"):
        for waived in (False, True):
            level = level_of([{**finding, "severity": severity, "waived": waived}])
            assert level == ("error" if severity == "error" and not waived else "warning")


def test_what_was_looked_at_and_is_tolerated_is_ok() -> None:
    for rule in RULES.keys() - UNCHECKED:
        assert level_of([{"rule": rule, "severity": "error", "waived": True, "consequences": []}]) == "ok"
        assert level_of([{"rule": rule, "severity": "info", "waived": False, "consequences": []}]) == "ok"


def test_a_report_is_ok_only_where_all_its_farms_are() -> None:
    """Random findings and severities: counted apart from the code."""
    rng = random.Random(153)
    verdicts = set()
    licenses = [active(), trial(), active(account_email=None, key_shown="****"), active(needs_attention=True)]
    licenses += [active(unclear={"type": "Enterprise"}), active(expires=None)]
    for _turn in range(200):
        farms = [read(f"f{number}", rng.choice(licenses)) for number in range(rng.randrange(1, 4))]
        farms += [failed("down", "api_unreachable", "No.")] if rng.random() < 0.2 else []
        rules = rng.sample(sorted(RULES.keys() - FIXED), 6)
        changes = {rule: rng.choice(["info", "warning", "error"]) for rule in rules}
        waivers = read_waivers([{"farm": "f0", "rule": rule, **WAIVER} for rule in rules[:2]])
        report = _report(*farms, severities=read_severities(changes), waivers=waivers, fail_when=rng.random() < 0.2)
        open_ = [row for row in report["findings"] if not row["waived"]]
        bad = any(row["severity"] != "info" for row in open_)
        bad = bad or any(row["rule"] in UNCHECKED for row in report["findings"])
        if report["verdict"] == "ok":
            assert not bad
            assert {farm["state"] for farm in report["farms"]} == {"ok"}
        elif report["verdict"] == "warning":
            assert bad
        verdicts.add(report["verdict"])
    assert verdicts == {"ok", "warning", "drift", "error"}


class TestChanges:
    """What could not be looked at this time did not get better."""

    def test_a_farm_that_is_down_hides_nothing(self) -> None:
        before, now = _report(read("down", trial()), read("b")), _report(failed("down", "bad_answer", "No."), read("b"))
        changes = compare_reports(before, now)
        assert changes["gone"] == []
        assert changes["not_checked"] == [{"organization": "default", "farm": "down", "rule": "trial"}]

    def test_a_farm_that_answers_again_is_no_longer_down(self) -> None:
        changes = compare_reports(_report(failed("a", "bad_answer", "No.")), _report(read("a")))
        assert [row["rule"] for row in changes["gone"]] == ["bad_answer"]
        assert changes["not_checked"] == []

    def test_accounts_of_an_organization_are_not_single_because_one_is_down(self) -> None:
        foreign = read("b", active(account_email="other@example.com"))
        changes = compare_reports(
            _report(read("a"), foreign), _report(read("a"), failed("b", "api_unreachable", "No."))
        )
        assert {row["rule"] for row in changes["not_checked"]} == {"account_mismatch", "account_not_single"}
