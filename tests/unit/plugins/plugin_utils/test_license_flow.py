# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""observe -> plan -> apply -> verify, without faults on the way."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._license_flow import wanted_from
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    answer,
    COLLEAGUE_EMAIL,
    defaults,
    EMAIL,
    HERE,
    KEY,
    KEY_SHOWN,
    OTHER_SHOWN,
    PRIVATE_EMAIL,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_backend import (
    Clock,
    done,
    failed,
    FakeFarm,
    Reaction,
    refused,
    unsent,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.flows import actions, code, PASSWORD, rules, Run
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import license_answers
from hypothesis import given, HealthCheck, settings
from hypothesis import strategies as st

# Farm, options: the kinds of outcome that a plan can have.
CASES: dict[str, tuple[t.Any, dict[str, t.Any]]] = {
    "new": (None, {}),
    "trial": ({"type": 6}, {}),
    "right": (answer(), {}),
    "private account": (answer(paUserEmail=PRIVATE_EMAIL), {}),
    "private account, reactivate": (answer(paUserEmail=PRIVATE_EMAIL), {"on_account_mismatch": "reactivate"}),
    "other key": (answer(licenseKey=OTHER_SHOWN), {}),
    "other key, reactivate": (answer(licenseKey=OTHER_SHOWN), {"on_key_mismatch": "reactivate"}),
    "no key": (None, {"license_key": None}),
    "trial wanted": (None, {"license_key": None, "allow_trial": True}),
    "expired": (answer(expiryDate="23/03/2026"), {}),
    "account not reported": (answer(paUserEmail="", licenseKey="****"), {"on_account_unknown": "fail"}),
    "absent": (answer(), {"state": "absent"}),
    "absent already": (None, {"state": "absent"}),
    "absent, private account": (answer(paUserEmail=PRIVATE_EMAIL), {"state": "absent"}),
    "unreadable": ({"type": 77}, {}),
    "wrong farm": (answer(), {"farm_guid": "99"}),
    "no account": (None, {"account_email": None}),
}


@pytest.mark.parametrize("case", CASES)
def test_check_and_apply_announce_and_do_the_same_and_a_second_run_does_nothing(case: str, run: Run) -> None:
    license, options = CASES[case]
    farm = FakeFarm(license)
    checked = run(farm, check=True, **options)
    assert farm.writes == []
    applied = run(farm, **options)
    for same in ("changed", "steps"):
        assert checked[same] == applied[same]
    assert code(checked) == code(applied)
    assert rules(checked) == rules(applied)
    assert [entry.split()[0] for entry in farm.writes] == actions(checked)
    farm.journal.clear()
    again = run(farm, **options)
    assert (again["changed"], again["steps"], farm.writes) == (False, [], [])
    if not code(applied):
        assert code(again) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    license_answers,
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(["present", "absent"]),
            "license_key": st.sampled_from([None, KEY]),
            "allow_trial": st.booleans(),
            "on_account_mismatch": st.sampled_from(["fail", "reactivate"]),
            "on_key_mismatch": st.sampled_from(["fail", "reactivate", "ignore"]),
            "on_account_unknown": st.sampled_from(["warn", "fail"]),
            "apply_settings": st.booleans(),
        }
    ),
)
def test_what_check_announces_is_what_apply_sends(
    run: Run, license: dict[str, t.Any] | None, options: dict[str, t.Any]
) -> None:
    farm = FakeFarm(license)
    checked: dict[str, t.Any] = {}
    with contextlib.suppress(RasError):  # no License object at all
        checked = run(farm, check=True, **options)
    if not checked:
        with pytest.raises(RasError):
            run(farm, **options)
        assert farm.writes == []
        return
    assert farm.writes == []
    run(farm, **options)
    assert [entry.split()[0] for entry in farm.writes] == actions(checked)


def test_a_farm_that_needs_nothing_is_read_once(run: Run) -> None:
    farm = FakeFarm(answer())
    result = run(farm)
    assert farm.journal == ["open", "read"]
    assert result["changed"] is False
    assert (result["account_match"], result["account_evidence"], result["key_match"]) == ("match", "reported", "match")
    assert result["diff"]["before"] == result["diff"]["after"]


def test_a_farm_that_needs_an_activation_is_read_once_more(run: Run) -> None:
    farm = FakeFarm(None)
    result = run(farm)
    assert farm.journal == ["open", "read", f"activate {EMAIL} {PASSWORD} {KEY}", "read"]
    assert result["changed"] is True
    assert result["license"]["status"] == "active"
    assert result["diff"]["after"]["account"] == EMAIL
    assert result["diff"]["after"]["key"] == KEY_SHOWN
    assert run.gate.is_accepted(EMAIL)


def test_a_farm_that_never_reports_its_account_counts_as_activated_now(run: Run) -> None:
    result = run(FakeFarm(None, done(paUserEmail="", licenseKey="****")))
    assert code(result) is None
    assert (result["account_match"], result["account_evidence"]) == ("match", "activated_now")


def test_a_trial_is_sent_without_a_key(run: Run) -> None:
    farm = FakeFarm(None)
    result = run(farm, license_key=None, allow_trial=True)
    assert farm.writes == [f"activate {EMAIL} {PASSWORD} None"]
    assert rules(result) == ["trial_history_unknown"]


def test_a_deactivation_sends_the_account_and_is_verified(run: Run) -> None:
    farm = FakeFarm(answer(paUserEmail=COLLEAGUE_EMAIL))
    result = run(farm, state="absent", account_other_emails=[COLLEAGUE_EMAIL])
    assert farm.writes == [f"deactivate {EMAIL} {PASSWORD}"]
    assert result["license"]["status"] == "not_activated"
    assert result["changed"] is True
    assert actions(result) == ["deactivate"]


def test_settings_are_applied_last_and_are_pending_no_more(run: Run) -> None:
    farm = FakeFarm(None, farm=dataclasses.replace(HERE, settings_pending=True))
    result = run(farm, apply_settings=True)
    assert [entry.split()[0] for entry in farm.writes] == ["activate", "apply_settings"]
    assert result["farm"]["settings_pending"] is False
    assert "settings_pending" not in rules(result)


def test_settings_alone_need_no_account_password(run: Run) -> None:
    farm = FakeFarm(answer(), farm=dataclasses.replace(HERE, settings_pending=True))
    result = run(farm, apply_settings=True, account_password=None)
    assert farm.writes == ["apply_settings"]
    assert result["changed"] is True
    assert code(result) is None


def test_after_a_failed_activation_no_settings_are_applied(run: Run) -> None:
    farm = FakeFarm(
        None, refused("key_rejected", farm_fault=True), farm=dataclasses.replace(HERE, settings_pending=True)
    )
    result = run(farm, apply_settings=True)
    assert len(farm.writes) == 1
    assert result["steps"] == []


class TestPassword:
    """The account password is needed, and sent, only when a change is due."""

    def test_nothing_due_needs_no_password(self, run: Run) -> None:
        result = run(FakeFarm(answer()), account_password=None)
        assert (code(result), rules(result)) == (None, [])

    def test_a_change_without_it_is_refused_before_anything_is_sent(self, run: Run) -> None:
        farm = FakeFarm(None)
        result = run(farm, account_password=None)
        assert code(result) == "invalid_option"
        assert "account_password" in result["failure"].message
        assert farm.writes == []
        assert result["changed"] is False
        assert run.may_go_on()

    def test_a_check_announces_the_change_and_that_the_password_will_be_needed(self, run: Run) -> None:
        result = run(FakeFarm(None), check=True, account_password=None)
        assert code(result) is None
        assert actions(result) == ["activate"]
        assert rules(result) == ["password_missing"]

    @pytest.mark.parametrize("name", ["previous_account_email", "previous_account_password"])
    def test_a_release_needs_the_previous_account_before_anything_is_sent(self, run: Run, name: str) -> None:
        farm = FakeFarm(answer(paUserEmail=PRIVATE_EMAIL))
        options: dict[str, t.Any] = {
            "previous_account_email": PRIVATE_EMAIL,
            "previous_account_password": "previous-password",
            name: None,
        }
        result = run(farm, on_account_mismatch="reactivate", release_previous=True, **options)
        assert code(result) == "invalid_option"
        assert name in result["failure"].message
        assert farm.writes == []


class TestPlace:
    """Where the farm does not say whether this is its licensing server, it is asked for sites and brokers."""

    UNKNOWN = dataclasses.replace(HERE, is_licensing_server=None)

    def test_a_farm_that_needs_nothing_is_not_asked(self, run: Run) -> None:
        farm = FakeFarm(answer(), farm=self.UNKNOWN)
        assert code(run(farm)) is None
        assert farm.journal == ["open", "read"]

    def test_the_primary_broker_is_the_licensing_server(self, run: Run) -> None:
        farm = FakeFarm(None, farm=self.UNKNOWN)
        result = run(farm)
        assert farm.journal[:4] == ["open", "read", "sites", "brokers"]
        assert result["changed"] is True
        assert result["farm"]["is_licensing_server"] is True

    def test_another_broker_is_refused_and_the_right_one_named(self, run: Run) -> None:
        farm = FakeFarm(None, farm=self.UNKNOWN)
        farm.broker_list = [Broker(1, "cb0", None, 1, 0), Broker(2, "cb1", None, 1, 1)]
        result = run(farm)
        assert code(result) == "wrong_server"
        assert "cb0" in result["failure"].message
        assert farm.writes == []

    def test_what_nothing_settles_is_refused_unless_it_is_allowed(self, run: Run) -> None:
        farm = FakeFarm(None, farm=self.UNKNOWN)
        farm.site_list = []
        assert code(run(farm)) == "wrong_server"
        assert code(run(farm, allow_unverified_server=True)) is None
        assert len(farm.writes) == 1


class TestPermit:
    """What the other farms of the run may still do with the account."""

    @pytest.mark.parametrize(
        ("reaction", "expected", "go_on"),
        [
            (refused("account_credentials_rejected"), "account_credentials_rejected", False),
            (refused("account_locked"), "account_locked", False),
            (refused("account_already_exists"), "account_already_exists", False),
            (refused("activation_refused"), "activation_refused", False),
            (refused("activation_refused", farm_fault=True), "activation_refused", True),
            (refused("key_rejected", farm_fault=True), "key_rejected", True),
            (refused("key_not_in_account", farm_fault=True), "key_not_in_account", True),
            (refused("licensing_unreachable", farm_fault=True), "licensing_unreachable", True),
            (unsent("api_unreachable"), "api_unreachable", True),
            (unsent("tls_untrusted"), "tls_untrusted", True),
            (unsent("bad_answer"), "bad_answer", True),
            (failed("api_unreachable"), "api_unreachable", False),
            (failed("session_expired"), "session_expired", False),
            (failed("api_forbidden"), "api_forbidden", False),
            (failed("rate_limited"), "rate_limited", True),
            (failed("bad_answer"), "bad_answer", False),
            (failed("internal_error"), "internal_error", False),
        ],
        ids=lambda value: value if isinstance(value, str) else None,
    )
    def test_after_a_failed_activation(self, run: Run, reaction: t.Any, expected: str, go_on: bool) -> None:
        farm = FakeFarm(None, reaction)
        result = run(farm)
        assert code(result) == expected
        assert (result["changed"], result["steps"], len(farm.writes)) == (False, [], 1)
        assert result["diff"]["after"] == result["diff"]["before"]
        assert run.may_go_on() is go_on
        assert not run.gate.is_accepted(EMAIL)

    @pytest.mark.parametrize("second", [refused("key_rejected", farm_fault=True), failed("rate_limited")])
    def test_the_second_refusal_stops_all_whatever_its_text(self, run: Run, second: Reaction) -> None:
        run(FakeFarm(None, refused("key_rejected", farm_fault=True)))
        run(FakeFarm(None, second))
        farm = FakeFarm(None)
        assert code(run(farm)) == "not_tried"
        assert farm.writes == []

    def test_refusals_of_single_farms_stop_nobody_once_the_account_was_accepted(self, run: Run) -> None:
        run(FakeFarm(None))
        for _number in range(3):
            run(FakeFarm(None, refused("key_rejected", farm_fault=True)))
        assert code(run(FakeFarm(None))) is None

    @pytest.mark.parametrize("shown", [None, {"type": 6, "licenseType": "Trial"}, answer(licenseKey=OTHER_SHOWN)])
    def test_a_success_that_the_license_does_not_show_is_none(self, run: Run, shown: t.Any) -> None:
        """An empty 200 may come from anything in between, or be how somebody refuses."""
        silent = FakeFarm(shown, Reaction(effect=False))
        assert code(run(silent, settle_timeout=5, on_key_mismatch="reactivate")) == "not_confirmed"
        assert not run.gate.is_accepted(EMAIL)
        farm = FakeFarm(None)
        assert code(run(farm)) == "not_tried"
        assert farm.writes == []

    def test_after_a_failed_deactivation(self, run: Run) -> None:
        result = run(FakeFarm(answer(), refused("not_activated", farm_fault=True)), state="absent")
        assert code(result) == "not_activated"
        assert run.may_go_on()

    def test_an_account_that_was_refused_elsewhere_is_not_tried_here(self, run: Run) -> None:
        run(FakeFarm(None, refused("account_credentials_rejected")))
        farm = FakeFarm(None)
        result = run(farm)
        assert code(result) == "not_tried"
        assert "account_credentials_rejected" in result["failure"].message
        assert farm.writes == []
        assert result["changed"] is False

    def test_the_reason_that_others_repeat_does_not_quote_the_vendor(self, run: Run) -> None:
        """The words may hold a secret of that farm, which the others do not know as one."""
        run(FakeFarm(None, refused("activation_refused", "unheard about its-own-secret")))
        failure = run(FakeFarm(None))["failure"]
        assert "its-own-secret" not in str(failure.as_dict())

    def test_farms_that_need_nothing_are_still_read(self, run: Run) -> None:
        run(FakeFarm(None, refused("account_credentials_rejected")))
        assert code(run(FakeFarm(answer()))) is None

    def test_a_check_asks_no_permit_and_leaves_no_trace(self, run: Run) -> None:
        run(FakeFarm(None), check=True)
        assert not run.gate.is_accepted(EMAIL)
        assert run.may_go_on()


def test_the_options_become_a_wish_without_passwords() -> None:
    wish = wanted_from(
        defaults(
            account_email=EMAIL,
            account_password=PASSWORD,
            account_other_emails=["a"],
            account_keys=[KEY],
            license_key="",
        )
    )
    assert wish.license_key is None
    assert (wish.account_other_emails, wish.account_keys) == (("a",), (KEY,))
    assert PASSWORD not in repr(wish)


def test_waits_are_the_clocks_own(run: Run, clock: Clock) -> None:
    """The fixtures work: nothing in these tests sleeps for real."""
    run(FakeFarm(None))
    assert clock.waits == []
