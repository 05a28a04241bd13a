# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a farm before anything is written."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_words import as_variables
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.preflight import NO_ACCOUNT, preflight
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import EMAIL

FARM = {"guid": "{aa}", "connected_server": "cb1", "licensing_server": "cb1", "is_licensing_server": True}
LICENSE = {"status": "active", "key": "****-K2", "account": {"email": EMAIL}}
NAMES = {"account", "single_account", "api", "licensing_server", "identity", "keys", "plan"}


def _plan(**changes: t.Any) -> dict[str, t.Any]:
    plan = {"license": LICENSE, "farm": FARM, "steps": [], "account_match": "match", "account_evidence": "reported"}
    return {**plan, **changes}


def _failure(code: str) -> dict[str, t.Any]:
    return {"code": code, "message": f"It is {code}.", "remedy": REMEDIES[code], "observed": None}


def test_a_farm_that_is_right() -> None:
    seen = preflight(_plan(), "tokyo", EMAIL)
    assert (seen["farm"], seen["state"], seen["failure"]) == ("tokyo", "ok", None)
    assert seen["line"] == f"tokyo: nothing to do (active, {EMAIL}, account match by reported)"
    assert set(seen["checks"]) == NAMES
    assert {check["state"] for check in seen["checks"].values()} == {"ok"}
    assert all(set(check) == {"state", "observed", "expected", "remedy"} for check in seen["checks"].values())


def test_a_farm_that_will_be_changed() -> None:
    steps = [{"action": "activate", "reason": "the farm runs on a trial"}, {"action": "apply_settings", "reason": "x"}]
    seen = preflight(_plan(steps=steps), "tokyo", EMAIL)
    assert seen["state"] == "due"
    assert seen["line"] == "tokyo: activate is due: the farm runs on a trial; staged settings are applied"
    assert seen["checks"]["plan"]["state"] == "ok"


_TRIAL = {"action": "activate", "reason": "the farm is not activated and allow_trial is true"}
_UNKNOWN = {"rule": "trial_history_unknown", "severity": "warning"}


def test_a_trial_is_announced_as_one_before_anything_else() -> None:
    seen = preflight(_plan(steps=[_TRIAL], findings=[_UNKNOWN]), "tokyo", EMAIL)
    assert seen["state"] == "due"
    assert seen["line"] == (
        "tokyo: activate as a trial (no key is given, and whether the farm ever held a paid license is not known) is "
        "due: the farm is not activated and ras_allow_trial is true"
    )


def test_no_other_change_is_called_a_trial() -> None:
    for action, found in (("activate", []), ("deactivate", [_UNKNOWN])):
        step = {"action": action, "reason": "x"}
        assert preflight(_plan(steps=[step], findings=found), "tokyo", EMAIL)["line"] == f"tokyo: {action} is due: x"


def test_an_unmanaged_farm_is_left_alone_and_said_so() -> None:
    seen = preflight({"skipped": True}, "azure", None)
    assert (seen["state"], seen["failure"], seen["line"]) == ("unmanaged", None, "azure: unmanaged, left alone")


def test_without_an_account_the_guidance_is_the_remedy() -> None:
    seen = preflight(_plan(), "tokyo", None)
    assert seen["state"] == "refused"
    assert seen["failure"]["code"] == "invalid_option"
    assert seen["checks"]["account"]["state"] == "failed"
    assert seen["checks"]["account"]["remedy"] == NO_ACCOUNT == seen["failure"]["remedy"]


@pytest.mark.parametrize(
    "part",
    [
        "ansible-vault",
        "no API offers",
        "upgrade insurance",
        "reseller",
        "other Parallels business products",
        "purchase",
        "Forgot password",
        "invite you",
        "support",
    ],
)
def test_the_guidance_says_how_to_find_out_about_an_account(part: str) -> None:
    assert part in NO_ACCOUNT


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("api_unreachable", "api"),
        ("tls_untrusted", "api"),
        ("rest_disabled", "api"),
        ("api_credentials_rejected", "api"),
        ("api_forbidden", "api"),
        ("rate_limited", "api"),
        ("session_expired", "api"),
        ("bad_answer", "api"),
        ("not_tried", "api"),
        ("wrong_server", "licensing_server"),
        ("wrong_farm", "identity"),
        ("key_required", "keys"),
        ("key_mismatch", "keys"),
    ],
)
def test_a_failure_fails_the_check_that_it_is_about(code: str, check: str) -> None:
    seen = preflight({"failed": True, "failure": _failure(code)}, "tokyo", EMAIL)
    assert seen["state"] == "refused"
    assert {name for name, each in seen["checks"].items() if each["state"] == "failed"} == {check, "plan"}
    assert seen["checks"][check]["remedy"] == as_variables(REMEDIES[code])
    assert seen["line"] == f"tokyo: refused, {code}: It is {code}. {as_variables(REMEDIES[code])}"


@pytest.mark.parametrize("code", ["account_mismatch", "license_expired", "account_unknown"])
def test_a_failure_of_no_single_check_fails_the_plan_alone(code: str) -> None:
    seen = preflight(_plan(failed=True, failure=_failure(code)), "tokyo", EMAIL)
    assert [name for name, each in seen["checks"].items() if each["state"] == "failed"] == ["plan"]


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("account_not_single", "single_account"),
        ("duplicate_farm", "identity"),
        ("key_not_shared", "keys"),
        ("not_confirmed_list", "plan"),
    ],
)
def test_a_problem_of_the_fleet_refuses_a_farm_that_would_be_right(code: str, check: str) -> None:
    seen = preflight(_plan(), "tokyo", EMAIL, [{**_failure(code), "hosts": ["a"]}])
    assert (seen["state"], seen["failure"]["code"]) == ("refused", code)
    assert seen["checks"][check]["state"] == "failed"


def test_a_problem_of_the_fleet_is_in_the_words_of_the_role_in_every_place() -> None:
    problem = {"code": "account_not_single", "message": "expected one account_email", "remedy": "Set license_key."}
    seen = preflight(_plan(), "tokyo", EMAIL, [problem])
    assert (
        seen["failure"]["message"] == seen["checks"]["single_account"]["observed"] == "expected one ras_account_email"
    )
    assert seen["checks"]["plan"]["remedy"] == seen["checks"]["single_account"]["remedy"] == "Set ras_license_key."


def test_of_several_failures_the_worst_counts() -> None:
    problems = [_failure("account_not_single"), _failure("duplicate_farm"), _failure("key_not_shared")]
    seen = preflight(_plan(failure=_failure("key_required")), "t", EMAIL, problems)
    assert seen["failure"]["code"] == "account_not_single"
    failed = {name for name, each in seen["checks"].items() if each["state"] == "failed"}
    assert failed == {"single_account", "identity", "keys", "plan"}


def test_a_missing_account_goes_before_what_follows_from_it() -> None:
    seen = preflight(_plan(), "t", None, [_failure("account_not_single")])
    assert (seen["failure"]["code"], seen["failure"]["remedy"]) == ("invalid_option", NO_ACCOUNT)


@pytest.mark.parametrize("foreign", [{"failed": True, "msg": "boom"}, {"unreachable": True, "msg": "boom"}, {}])
def test_a_result_that_is_none_of_ours_is_a_failure_and_never_right(foreign: dict[str, t.Any]) -> None:
    seen = preflight(foreign, "tokyo", EMAIL)
    assert (seen["state"], seen["failure"]["code"]) == ("refused", "internal_error")
    assert seen["checks"]["api"]["state"] == "not_checked"


def test_what_the_farm_does_not_report_is_not_checked_rather_than_right() -> None:
    seen = preflight(_plan(farm={}), "tokyo", EMAIL)
    assert seen["checks"]["licensing_server"]["state"] == "not_checked"
    assert seen["checks"]["identity"]["state"] == "not_checked"
