# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of one farm: what is a deviation, what is none, and what was never looked at."""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import replace

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import read_date
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.record import (
    record_of,
    record_of_failure,
    record_of_unmanaged,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import (
    FARM_RULES,
    FLEET_RULES,
    state_of_failure,
    UNREAD,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import Target
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    active,
    COLLEAGUE_EMAIL,
    EMAIL,
    expired,
    fresh,
    HERE,
    KEY,
    KEY_SHOWN,
    OTHER_SHOWN,
    PRIVATE_EMAIL,
    TODAY,
    trial,
    wanted,
)

VERSION = "21.2.1.27306"
BROKER = Agent("cb1.tokyo.example.com", "broker", state="OK", version=VERSION)
GATEWAY = Agent("gw1.tokyo.example.com", "gateway", state="OK", version=VERSION)
POOL = Agent("Pool", "logical", state="Broken", version="1.0.0.1")


def _target(**changes: t.Any) -> Target:
    own = {name: changes.pop(name) for name in ("version",) if name in changes}
    return Target("h1", "tokyo", wanted=wanted(**changes), **own)


def _record(
    license: License | None = None,
    agents: list[Agent] | None = None,
    farm: Farm = HERE,
    target: Target | None = None,
    today: dt.date = TODAY,
    said: t.Sequence[Finding] = (),
) -> dict[str, t.Any]:
    seen = active() if license is None else license
    return record_of(target or _target(), farm, seen, agents, today=today, said=said, elapsed_ms=5)


def _rules(record: dict[str, t.Any]) -> list[str]:
    return [finding["rule"] for finding in record["findings"]]


def test_a_farm_as_wanted() -> None:
    record = _record(agents=[BROKER, GATEWAY, POOL])
    assert (record["state"], record["findings"], record["failure"]) == ("ok", [], None)
    assert (record["account_match"], record["account_evidence"], record["key_match"]) == ("match", "reported", "match")
    assert (record["version"], len(record["agents"])) == (VERSION, 2)
    days = {"expiry_warning_days": 30}
    assert record["wanted"] == {"account": EMAIL, "other_emails": [], "key": "****-CV55K2", "version": None, **days}
    assert set(record["checks"]) == set(FARM_RULES) - FLEET_RULES
    assert "finding" not in record["checks"].values()


@pytest.mark.parametrize(
    ("license", "state", "rules"),
    [
        (fresh(), "error", ["not_activated"]),
        (trial(), "error", ["trial"]),
        (active(account_email=PRIVATE_EMAIL), "error", ["account_mismatch"]),
        (active(account_email=COLLEAGUE_EMAIL), "error", ["account_mismatch"]),
        (active(account_email=None, key_shown=OTHER_SHOWN), "error", ["account_unknown", "key_mismatch"]),
        (active(account_email=None, key_shown="****"), "error", ["account_unknown", "not_compared"]),
        (active(account_email=None), "ok", []),
        (active(key_shown=OTHER_SHOWN), "error", ["key_mismatch"]),
        (expired(), "error", ["expired"]),
        (active(expires=read_date("24/12/2026")), "warning", ["expiry_soon"]),
        (active(expires=read_date("25/12/2026")), "ok", []),
        (active(expires=read_date("24/11/2026")), "warning", ["expiry_soon"]),
        (active(expires=read_date("03/12/2026")), "warning", ["expiry_soon", "date_ambiguous"]),
        (active(expires=read_date("at the end")), "warning", ["date_unreadable"]),
        (active(expires=read_date("31/12/2569")), "warning", ["date_unreadable"]),
        (active(expires=None), "warning", ["date_unreadable"]),
        (active(expires=None, type_name="PostPaid"), "ok", []),
        (active(expires=None, type_name="Permanent"), "ok", []),
        (active(support_expires=read_date("31/12/1453")), "warning", ["date_unreadable"]),
        (active(expires=read_date("01/12/2026")), "warning", ["expiry_soon", "date_ambiguous"]),
        (active(support_expires=read_date("01/12/2026")), "warning", ["support_expired", "date_ambiguous"]),
        (active(support_expires=read_date("23/11/2026")), "warning", ["support_expired"]),
        (active(grace_days_left=3), "warning", ["grace_period"]),
        (active(grace_days_left=0), "ok", []),
        (active(needs_attention=True, alert_message="Call us"), "warning", ["needs_attention"]),
        (active(users_peak=51), "warning", ["over_use"]),
        (active(users_peak=50), "ok", []),
        (active(unclear={"type": "Enterprise"}), "warning", ["field_unknown"]),
        (active(users_peak=None), "warning", ["not_compared"]),
        (active(users_peak=None, unclear={"usersPeak": "few"}), "warning", ["field_unknown"]),
        (active(users_peak=None, type_name="PostPaid"), "ok", []),
        (active(key_shown="****"), "warning", ["not_compared"]),
        (active(grace_days_left=-2, unclear={"gracePeriodDaysLeft": "-2"}), "warning", ["field_unknown"]),
        (active(users_licensed=0, users_peak=50), "warning", ["not_compared"]),
    ],
)
def test_what_the_license_says(license: License, state: str, rules: list[str]) -> None:
    record = _record(license)
    assert (record["state"], _rules(record)) == (state, rules)


def test_a_license_that_shows_nothing_is_a_bad_answer() -> None:
    record = _record(License("unreadable", account_email=EMAIL))
    assert (record["state"], _rules(record), record["failure"]["code"]) == ("bad_answer", ["bad_answer"], "bad_answer")
    assert record["checks"]["trial"] == "not_checked"


def test_an_ambiguous_date_warns_by_its_nearest_reading() -> None:
    record = _record(active(expires=read_date("12/01/2027")), today=dt.date(2026, 12, 20))
    assert record["findings"][0]["observed"] == "23 days, until 12/01/2027"


def test_an_end_that_may_have_passed_is_not_shown_as_days_that_are_left() -> None:
    record = _record(active(expires=read_date("01/12/2026"), support_expires=read_date("02/12/2026")))
    soon, support = (each for each in record["findings"] if each["severity"] == "warning")
    assert (soon["observed"], support["observed"]) == ("perhaps ended, 01/12/2026", "perhaps ended, 02/12/2026")
    assert record["checks"]["expired"] == "not_checked"


@pytest.mark.parametrize("raw", ["31/12/2569", "31 Dec 2026", "31/12/26", "1970-01-01", None])
def test_an_end_that_is_not_known_is_never_fine(raw: str | None) -> None:
    record = _record(active(expires=read_date(raw)))
    assert {record["checks"][rule] for rule in ("expired", "expiry_soon")} == {"not_checked"}
    assert [(each["rule"], each["severity"]) for each in record["findings"]] == [("date_unreadable", "warning")]


def test_what_was_not_asked_or_not_reported_is_not_checked() -> None:
    silent = Farm(name="tokyo")
    shows_nothing = active(expires=None, users_peak=None, needs_attention=None)
    record = _record(shows_nothing, farm=silent)
    unchecked = {rule for rule, check in record["checks"].items() if check == "not_checked"}
    assert unchecked == {
        *("wrong_server", "wrong_farm", "settings_waiting", "expired", "expiry_soon", "support_expired"),
        *("grace_period", "needs_attention", "over_use", "date_ambiguous", "account_company"),
        *("version_behind", "version_ahead", "agents_behind", "agents_unhealthy", "product_out_of_support"),
        "version_untried",
    }
    # What is wanted, and what every farm has to report, is a warning; what it may lack is not.
    (compared,) = (each for each in record["findings"] if each["rule"] == "not_compared")
    assert record["state"] == "warning"
    assert {each["rule"] for each in record["findings"]} == {"not_compared", "date_unreadable"}
    assert [each.split(":")[0] for each in compared["observed"]] == ["wrong_server", "over_use"]


def test_what_is_wanted_and_cannot_be_compared_is_never_right() -> None:
    target = _target(farm_guid="11", version="21.2.27306")
    record = _record(active(needs_attention=None), farm=Farm(is_licensing_server=True), target=target)
    assert [each.split(":")[0] for each in record["findings"][0]["observed"]] == ["wrong_farm", "version_behind"]
    asked = _record(active(needs_attention=None), [BROKER], target=_target(version="21.2.27306"))
    assert [each.split(":")[0] for each in asked["findings"][0]["observed"]] == ["needs_attention"]
    before_the_flag = Agent("cb1.tokyo.example.com", "broker", state="OK", version="19.4.2.24000")
    old = _record(active(needs_attention=None), [before_the_flag], target=_target())
    assert _rules(old) == ["product_out_of_support"]


@pytest.mark.parametrize("email", [None, ""])
def test_without_a_wanted_account_a_farm_is_an_error(email: str | None) -> None:
    record = _record(target=_target(account_email=email, license_key=None))
    assert (record["state"], _rules(record)) == ("error", ["account_not_given"])
    assert (record["account_match"], record["key_match"]) == ("not_checked",) * 2
    assert record["checks"]["account_mismatch"] == "not_checked"
    assert record["license"]["key"] == KEY_SHOWN
    down = record_of_failure(_target(account_email=email), RasError("api_unreachable", "No."))
    assert _rules(down) == ["unreachable", "account_not_given"]
    unread = Target("h1", "tokyo", problem=RasError("invalid_option", "Odd."))
    assert _rules(record_of_failure(unread, RasError("invalid_option", "Odd."))) == ["failed"]


def test_each_farm_has_its_own_days_of_warning() -> None:
    ends = active(expires=read_date("24/12/2026"))
    assert _rules(_record(ends, target=replace(_target(), warning_days=29))) == []
    assert _rules(_record(ends, target=replace(_target(), warning_days=30))) == ["expiry_soon"]


def test_a_trial_that_is_wanted_cannot_be_renewed() -> None:
    (finding,) = _record(trial(expires=read_date("2026-01-01")), target=_target(allow_trial=True))["findings"]
    assert finding["rule"] == "expired"
    assert "ras_license_key" in finding["remedy"]


def test_what_is_allowed_is_no_deviation() -> None:
    assert _rules(_record(trial(), target=_target(allow_trial=True))) == []
    assert _rules(_record(active(key_shown=OTHER_SHOWN), target=_target(on_key_mismatch="ignore"))) == []
    member = _record(active(account_email=COLLEAGUE_EMAIL), target=_target(account_other_emails=(COLLEAGUE_EMAIL,)))
    assert (member["state"], _rules(member)) == ("ok", [])


def test_another_company_is_a_finding_and_the_same_is_looked_at() -> None:
    assert _rules(_record(target=_target(account_company="Other"))) == ["account_company"]
    assert _record(target=_target(account_company="example"))["checks"]["account_company"] == "ok"


def test_where_the_session_is() -> None:
    other = Farm(guid="{22}", connected_server="cb2", licensing_server="cb1", is_licensing_server=False)
    record = _record(farm=other, target=_target(farm_guid="11"))
    assert _rules(record) == ["wrong_server", "wrong_farm"]
    assert record["findings"][0]["expected"] == "cb1"
    assert "ras_api_url" in record["findings"][0]["remedy"]
    waiting = Farm(is_licensing_server=True, settings_pending=True)
    assert _rules(_record(farm=waiting)) == ["settings_waiting"]


@pytest.mark.parametrize(
    ("agents", "wanted_version", "rules"),
    [
        ([BROKER, GATEWAY], "21.2.27306", []),
        ([BROKER], "21.2.28000", ["version_behind"]),
        ([BROKER], "21.1.26691", ["version_ahead"]),
        ([BROKER, Agent("gw", "gateway", state="OK", version="20.2.0.26050")], None, ["agents_behind"]),
        ([BROKER, Agent("gw", "gateway", state="ConnectionFailed", version=VERSION)], None, ["agents_unhealthy"]),
        ([], None, ["not_compared", "agents_unhealthy"]),
        ([Agent("cb1", "broker", state="OK", version="19.4.2.24000")], None, ["product_out_of_support"]),
        (
            [Agent("cb1", "broker", state="OK", version="16.2.1.19160")],
            None,
            ["product_out_of_support", "version_untried"],
        ),
    ],
)
def test_versions_and_agents(agents: list[Agent], wanted_version: str | None, rules: list[str]) -> None:
    record = _record(agents=agents, target=_target(version=wanted_version))
    assert _rules(record) == rules


def test_the_version_of_a_farm_is_its_licensing_servers() -> None:
    second = Agent("cb2.tokyo.example.com", "broker", state="OK", version="21.1.1.26691")
    assert _record(agents=[second, BROKER])["version"] == VERSION
    elsewhere = Farm(is_licensing_server=True)
    unsettled = _record(agents=[second, BROKER], farm=elsewhere)
    assert unsettled["version"] is None
    assert unsettled["checks"]["agents_behind"] == "not_checked"


_UNTRIED: t.Final = Finding(
    "version_untried", "info", "RAS 18 to 21", "RAS 17.0.21289: documented, never tried", "Look."
)
_OTHER: t.Final = Finding("brokers_unknown", "info", "the list", "not found", "None.")


@pytest.mark.parametrize(
    ("agents", "said", "check"),
    [
        (None, (), "not_checked"),
        (None, (_OTHER,), "not_checked"),
        (None, (_OTHER, _UNTRIED), "finding"),
        ([BROKER], (), "ok"),
        # What the agents show is the version of the farm; what the back end said is that of its web service.
        ([BROKER], (_UNTRIED,), "ok"),
        ([replace(BROKER, version="17.0.0.21289")], (), "finding"),
        ([replace(BROKER, version="22.0.0.28102")], (), "finding"),
        ([replace(BROKER, version=None)], (_UNTRIED,), "finding"),
    ],
)
def test_a_version_that_was_never_tried(agents: list[Agent] | None, said: t.Any, check: str) -> None:
    record = _record(agents=agents, said=said)
    assert record["checks"]["version_untried"] == check
    found = [each for each in record["findings"] if each["rule"] == "version_untried"]
    assert len(found) == (check == "finding")
    assert "brokers_unknown" not in _rules(record)


def test_an_agent_that_shows_nothing_was_not_looked_at() -> None:
    record = _record(agents=[BROKER, Agent("gw", "gateway")])
    assert (record["checks"]["agents_unhealthy"], record["checks"]["agents_behind"]) == ("not_checked",) * 2
    assert (record["state"], _rules(record)) == ("warning", ["not_compared"])


def test_an_unmanaged_farm_is_listed_with_its_reason() -> None:
    record = record_of_unmanaged(Target("h1", "azure", managed=False, unmanaged_reason="pay as you go"))
    assert (record["state"], _rules(record)) == ("unmanaged", ["unmanaged"])
    assert record["findings"][0]["observed"] == "pay as you go"
    assert set(record["checks"].values()) == {"finding", "not_checked"}


@pytest.mark.parametrize("code", REMEDIES)
def test_every_failure_is_a_state_that_is_not_ok(code: str) -> None:
    record = record_of_failure(_target(), RasError(code, "The api_url is odd."))
    assert record["state"] == state_of_failure(code)
    assert record["state"] in UNREAD
    assert record["license"] is None
    assert "ras_api_url" in record["failure"]["message"]
    assert "ok" not in record["checks"].values()


def test_no_record_holds_the_wanted_key() -> None:
    for record in (_record(), _record(active(key_shown=OTHER_SHOWN)), _record(fresh())):
        assert KEY not in repr(record)
