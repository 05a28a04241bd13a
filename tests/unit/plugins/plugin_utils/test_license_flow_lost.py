# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lost answers, changes that settle late, and changes for the worse."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    answer,
    EMAIL,
    KEY_SHOWN,
    OTHER_SHOWN,
    PRIVATE_EMAIL,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_backend import (
    Clock,
    done,
    FakeFarm,
    lost,
    Reaction,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.flows import actions, code, rules, Run

MOVE: dict[str, t.Any] = {"on_account_mismatch": "reactivate"}
PRIVATE = answer(paUserEmail=PRIVATE_EMAIL, licenseKey=OTHER_SHOWN)


class TestLost:
    """A lost answer leads to a fresh session and reads, never to a second write."""

    @pytest.mark.parametrize("late", [0, 1, 3])
    @pytest.mark.parametrize("before", [None, PRIVATE], ids=["new", "private"])
    def test_confirmed_when_the_license_shows_the_change(self, run: Run, before: t.Any, late: int) -> None:
        farm = FakeFarm(before, lost(effect=True, late=late))
        result = run(farm, **MOVE)
        assert code(result) is None
        assert (result["changed"], actions(result), rules(result)) == (True, ["activate"], ["answer_lost"])
        assert (len(farm.writes), farm.opened, farm.closed) == (1, 2, 1)
        assert run.gate.is_accepted(EMAIL)

    @pytest.mark.parametrize("before", [None, PRIVATE], ids=["new", "private"])
    def test_unknown_when_nothing_proves_it_until_settle_timeout(self, run: Run, clock: Clock, before: t.Any) -> None:
        farm = FakeFarm(before, lost(effect=False))
        result = run(farm, settle_timeout=30, **MOVE)
        assert code(result) == "outcome_unknown"
        assert (result["changed"], actions(result), len(farm.writes)) == (True, [], 1)
        assert 28 <= sum(clock.waits) <= 30
        assert not run.may_go_on()

    def test_unknown_when_the_farm_looks_as_wanted_but_did_so_before(self, run: Run) -> None:
        silent = answer(paUserEmail="", licenseKey="****", expiryDate="23/03/2026")
        shown = answer(paUserEmail="", licenseKey=OTHER_SHOWN)
        farm = FakeFarm(
            shown, Reaction(lost(effect=True).error, True, 0, {**silent, "licenseKey": OTHER_SHOWN, "paUserEmail": ""})
        )
        result = run(farm, on_key_mismatch="reactivate", settle_timeout=5)
        assert code(result) == "outcome_unknown"
        assert len(farm.writes) == 1

    def test_unknown_when_the_fresh_session_cannot_be_had(self, run: Run) -> None:
        farm = FakeFarm(None, lost(effect=True))
        farm.open_errors = [None, RasError("api_credentials_rejected", "the password was changed")]
        result = run(farm)
        assert code(result) == "outcome_unknown"
        for part in ("The answer was lost.", "the password was changed"):
            assert part in result["failure"].message
        assert result["changed"] is True
        assert not run.may_go_on()

    def test_unknown_when_the_farm_stays_unreachable(self, run: Run) -> None:
        farm = FakeFarm(None, lost(effect=True))
        farm.open_errors = [None] + [RasError("api_unreachable", "down")] * 99
        assert code(run(farm)) == "outcome_unknown"
        assert len(farm.writes) == 1

    def test_a_farm_that_comes_back_in_time_is_confirmed(self, run: Run) -> None:
        farm = FakeFarm(None, lost(effect=True))
        farm.open_errors = [None, RasError("api_unreachable", "down"), RasError("api_unreachable", "down")]
        farm.read_errors = [None, RasError("rate_limited", "busy")]
        result = run(farm)
        assert (code(result), len(farm.writes)) == (None, 1)

    @pytest.mark.parametrize(("effect", "expected"), [(True, None), (False, "outcome_unknown")])
    def test_a_deactivation_is_proven_by_the_license_being_gone(
        self, run: Run, effect: bool, expected: str | None
    ) -> None:
        farm = FakeFarm(answer(), lost(effect=effect))
        result = run(farm, state="absent", settle_timeout=5)
        assert code(result) == expected
        assert (result["changed"], len(farm.writes)) == (True, 1)
        assert run.may_go_on() is effect

    def test_a_confirmed_change_is_still_judged(self, run: Run) -> None:
        farm = FakeFarm(PRIVATE, lost(effect=True, installedUsers="10"))
        assert code(run(farm, **MOVE)) == "worse_than_before"

    def test_a_trial_of_a_paid_farm_proves_nothing(self, run: Run) -> None:
        farm = FakeFarm(PRIVATE, lost(effect=True, type=6, licenseKey="", licenseType=""))
        assert code(run(farm, settle_timeout=5, **MOVE)) == "outcome_unknown"

    def test_an_activation_by_somebody_else_proves_nothing(self, run: Run) -> None:
        farm = FakeFarm(None, lost(effect=True, paUserEmail=PRIVATE_EMAIL))
        assert code(run(farm, settle_timeout=5)) == "outcome_unknown"


class TestSettle:
    """After a write that was accepted, the farm is read until it shows it."""

    @pytest.mark.parametrize("late", [1, 2, 7])
    def test_a_license_that_settles_late_is_waited_for(self, run: Run, late: int) -> None:
        farm = FakeFarm(PRIVATE, done(late=late))
        result = run(farm, **MOVE)
        assert code(result) is None
        assert result["license"]["account"]["email"] == EMAIL
        assert farm.journal.count("read") == late + 2
        assert len(farm.writes) == 1

    @pytest.mark.parametrize(
        ("before", "shown"),
        [
            (PRIVATE, {"paUserEmail": PRIVATE_EMAIL}),
            ({"type": 6, "licenseType": ""}, {"type": 6, "licenseKey": "", "licenseType": ""}),
            (answer(licenseKey=OTHER_SHOWN), {"licenseKey": OTHER_SHOWN}),
            (None, {"licenseStatus": "Suspended"}),
            (PRIVATE, {"statusMessage": "Product not activated"}),
            (None, {"needsAttention": "maybe"}),
        ],
        ids=[
            *("still another account", "still a trial", "still the other key"),
            *("another status", "a text against it", "attention in an unknown form"),
        ],
    )
    def test_not_confirmed_when_it_never_settles(
        self, run: Run, clock: Clock, before: t.Any, shown: dict[str, t.Any]
    ) -> None:
        farm = FakeFarm(before, done(**shown))
        result = run(farm, settle_timeout=20, on_key_mismatch="reactivate", **MOVE)
        assert code(result) == "not_confirmed"
        assert "20 s" in result["failure"].message
        assert (result["changed"], actions(result), len(farm.writes)) == (True, ["activate"], 1)
        assert 18 <= sum(clock.waits) <= 20
        assert not run.may_go_on()

    def test_what_is_not_known_is_said_of_what_the_farm_shows_now(self, run: Run) -> None:
        moved = run(FakeFarm({**PRIVATE, "usersPeak": "few"}, done(gracePeriodDaysLeft="soon", usersPeak="1")), **MOVE)
        assert code(moved) is None
        (finding,) = [each for each in moved["findings"] if each.rule == "field_unknown"]
        assert (finding.severity, finding.observed) == ("warning", ["gracePeriodDaysLeft: soon"])

    def test_a_deactivation_that_is_not_shown_is_not_confirmed(self, run: Run) -> None:
        result = run(FakeFarm(answer(), done(**answer())), state="absent", settle_timeout=5)
        assert code(result) == "not_confirmed"

    @pytest.mark.parametrize(
        ("shown", "word"),
        [
            ({"type": 6, "licenseKey": "", "licenseType": ""}, "a trial in place of a paid license"),
            ({"installedUsers": "49"}, "fewer"),
            ({"expiryDate": "22/03/2027"}, "earlier"),
            ({"expiryDate": "23/03/2026"}, "expired"),
            ({"needsAttention": True, "alertMessage": "pay"}, "pay"),
        ],
    )
    def test_worse_than_before_is_said_at_once(
        self, run: Run, clock: Clock, shown: dict[str, t.Any], word: str
    ) -> None:
        result = run(FakeFarm(PRIVATE, done(**shown)), **MOVE)
        assert code(result) == "worse_than_before"
        assert word in result["failure"].message
        assert result["failure"].observed["before"]["account"] == PRIVATE_EMAIL
        assert result["changed"] is True
        assert clock.waits == []

    def test_a_lesser_type_is_worse(self, run: Run) -> None:
        result = run(FakeFarm({**PRIVATE, "type": 1}, done()), **MOVE)
        assert code(result) == "worse_than_before"
        assert "Permanent" in result["failure"].message

    def test_needed_attention_that_was_there_before_is_not_a_loss(self, run: Run) -> None:
        assert code(run(FakeFarm({**PRIVATE, "needsAttention": True}, done(needsAttention=True)), **MOVE)) is None

    def test_reads_that_fail_for_a_moment_are_passed_over(self, run: Run) -> None:
        farm = FakeFarm(None)
        farm.read_errors = [None, RasError("api_unreachable", "busy"), RasError("rate_limited", "busy")]
        assert code(run(farm)) is None

    @pytest.mark.parametrize("error", [RasError("api_forbidden", "no more"), RasError("bad_answer", "html")])
    def test_reads_that_fail_for_good_leave_the_change_not_confirmed(self, run: Run, error: RasError) -> None:
        farm = FakeFarm(None)
        farm.read_errors = [None] + [error] * 99
        result = run(farm)
        assert code(result) == "not_confirmed"
        assert error.message in result["failure"].message
        assert (result["changed"], len(farm.writes)) == (True, 1)

    def test_the_shortest_time_out_still_reads_once(self, run: Run, clock: Clock) -> None:
        farm = FakeFarm(None)
        assert code(run(farm, settle_timeout=1)) is None
        assert clock.waits == []

    def test_the_result_shows_what_the_farm_shows_now(self, run: Run) -> None:
        result = run(FakeFarm(PRIVATE), **MOVE)
        assert result["diff"]["before"]["account"] == PRIVATE_EMAIL
        assert result["diff"]["after"]["account"] == EMAIL
        assert result["diff"]["after"]["key"] == KEY_SHOWN
        assert (result["account_match"], result["account_evidence"], result["key_match"]) == (
            "match",
            "reported",
            "match",
        )
