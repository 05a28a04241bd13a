# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""release_previous: the one way that can leave a farm without a license, and all the doors before it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import answer, EMAIL, KEY, PRIVATE_EMAIL
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_backend import (
    Clock,
    done,
    failed,
    FakeFarm,
    lost,
    Reaction,
    refused,
    unsent,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.flows import (
    actions,
    code,
    PASSWORD,
    PREVIOUS_PASSWORD,
    RELEASE,
    Run,
)

PRIVATE = answer(paUserEmail=PRIVATE_EMAIL)
DIRECT = f"activate {EMAIL} {PASSWORD} {KEY}"
RELEASED = f"deactivate {PRIVATE_EMAIL} {PREVIOUS_PASSWORD}"
BOUND = refused("activation_refused", "already activated with another account", farm_fault=True)


@pytest.mark.parametrize(
    "reason", [BOUND, refused("activation_refused", "unheard")], ids=["bound to another account", "unknown text"]
)
def test_it_follows_a_refusal_of_the_direct_activation(run: Run, reason: Reaction) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE, reason)
    result = run(farm, **RELEASE)
    assert code(result) is None
    assert farm.writes == [DIRECT, RELEASED, DIRECT]
    assert actions(result) == ["deactivate", "activate"]
    assert result["license"]["account"]["email"] == EMAIL
    assert run.may_go_on()
    assert run.may_go_on(PRIVATE_EMAIL)


def test_it_is_not_used_where_the_direct_activation_works(run: Run) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE)
    assert code(run(farm, **RELEASE)) is None
    assert farm.writes == [DIRECT]


def test_a_check_sends_nothing(run: Run) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE, BOUND)
    assert actions(run(farm, check=True, **RELEASE)) == ["activate"]
    assert farm.writes == []


def test_it_is_not_used_without_the_option(run: Run) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE, BOUND)
    assert code(run(farm, on_account_mismatch="reactivate")) == "activation_refused"
    assert farm.writes == [DIRECT]


@pytest.mark.parametrize(
    "other",
    ["account_credentials_rejected", "account_locked", "key_rejected", "key_not_in_account", "licensing_unreachable"],
)
def test_it_is_not_used_after_a_refusal_that_a_release_would_not_heal(run: Run, other: str) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE, refused(other))
    assert code(run(farm, **RELEASE)) == other
    assert farm.writes == [DIRECT]


def test_it_is_not_used_after_a_lost_answer(run: Run) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE, lost(effect=False))
    assert code(run(farm, settle_timeout=5, **RELEASE)) == "outcome_unknown"
    assert farm.writes == [DIRECT]


def test_it_waits_until_the_account_was_accepted_for_another_farm_of_this_run(run: Run) -> None:
    farm = FakeFarm(PRIVATE, BOUND)
    result = run(farm, **RELEASE)
    assert code(result) == "activation_refused"
    assert "release_previous was not used" in result["failure"].message
    assert "accepted for another farm" in result["failure"].message
    assert farm.writes == [DIRECT]
    assert result["changed"] is False


@pytest.mark.parametrize(
    ("license", "options", "word"),
    [
        (answer(paUserEmail="third@example.com"), {}, "third@example.com"),
        (answer(paUserEmail="", licenseKey="****"), {}, "does not report"),
        ({"type": 6, "paUserEmail": EMAIL}, {}, "does not report"),
        (None, {}, "does not report"),
    ],
    ids=["another account than the previous", "account not reported", "the wanted account's trial", "no license"],
)
def test_only_the_account_that_the_farm_reports_is_released(
    run: Run, license: t.Any, options: dict[str, t.Any], word: str
) -> None:
    run.accept()
    farm = FakeFarm(license, BOUND)
    result = run(farm, **RELEASE, **options)
    if farm.writes:
        assert code(result) == "activation_refused"
        assert word in result["failure"].message
    assert not any(entry.startswith("deactivate") for entry in farm.writes)


def test_the_previous_account_is_compared_without_case(run: Run) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE, BOUND)
    assert code(run(farm, **{**RELEASE, "previous_account_email": f" {PRIVATE_EMAIL.upper()}"})) is None
    assert len(farm.writes) == 3


@pytest.mark.parametrize(
    ("reaction", "expected", "go_on"),
    [
        (refused("account_credentials_rejected"), "account_credentials_rejected", False),
        (refused("not_activated", farm_fault=True), "not_activated", True),
        (unsent("api_unreachable"), "api_unreachable", True),
        (failed("api_forbidden"), "api_forbidden", False),
        (lost(effect=False), "outcome_unknown", False),
    ],
)
def test_a_release_that_fails_sends_no_second_activation(
    run: Run, reaction: Reaction, expected: str, go_on: bool
) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE, BOUND, reaction)
    result = run(farm, settle_timeout=5, **RELEASE)
    assert code(result) == expected
    assert farm.writes == [DIRECT, RELEASED]
    assert actions(result) == []
    assert run.may_go_on(PRIVATE_EMAIL) is go_on
    assert run.may_go_on(EMAIL)


def test_a_previous_account_that_was_refused_elsewhere_is_not_tried_here(run: Run) -> None:
    run.accept()
    with run.gate.attempt(PRIVATE_EMAIL, "elsewhere") as permit:
        permit.stop("the vendor said no")
    farm = FakeFarm(PRIVATE, BOUND)
    assert code(run(farm, **RELEASE)) == "not_tried"
    assert farm.writes == [DIRECT]


@pytest.mark.parametrize(
    ("reaction", "cause"),
    [
        (refused("key_rejected", "no such key", farm_fault=True), "key_rejected"),
        (refused("account_locked"), "account_locked"),
        (failed("api_unreachable"), "api_unreachable"),
        (lost(effect=False), "outcome_unknown"),
    ],
)
def test_left_unlicensed_is_the_loudest_failure(run: Run, reaction: Reaction, cause: str) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE, BOUND, done(), reaction)
    result = run(farm, settle_timeout=5, **RELEASE)
    assert code(result) == "left_unlicensed"
    failure = result["failure"]
    assert "NO LICENSE" in failure.message
    assert failure.remedy == REMEDIES["left_unlicensed"]
    assert failure.remedy.startswith("ACT NOW")
    assert failure.observed["code"] == cause
    for part in (PRIVATE_EMAIL, EMAIL):
        assert part in failure.message
    assert farm.writes == [DIRECT, RELEASED, DIRECT]
    assert result["changed"] is True
    assert actions(result) == ["deactivate"]


def test_after_left_unlicensed_the_next_run_activates_the_farm(run: Run) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE, BOUND, done(), refused("key_rejected", farm_fault=True))
    assert code(run(farm, **RELEASE)) == "left_unlicensed"
    farm.journal.clear()
    result = run(farm, **RELEASE)
    assert code(result) is None
    assert farm.writes == [DIRECT]


def test_lost_answers_on_both_halves_are_found_out(run: Run) -> None:
    run.accept()
    farm = FakeFarm(PRIVATE, BOUND, lost(effect=True), lost(effect=True))
    result = run(farm, **RELEASE)
    assert code(result) is None
    assert farm.writes == [DIRECT, RELEASED, DIRECT]
    assert result["license"]["account"]["email"] == EMAIL


def test_a_trial_that_the_release_left_is_waited_out(run: Run, clock: Clock) -> None:
    """What a farm shows between the two is not documented, and it may be shown a little longer."""
    run.accept()
    farm = FakeFarm(PRIVATE, BOUND, done(type=6), done(late=2))
    result = run(farm, **RELEASE)
    assert code(result) is None
    assert clock.waits
    assert result["license"]["status"] == "active"
