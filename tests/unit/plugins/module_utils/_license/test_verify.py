# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The license after a write: settled, not there yet, or worse than before."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import read_date, read_dates
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import Wanted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.verify import (
    judge_activation,
    judge_deactivation,
    proves_activation,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    active,
    COLLEAGUE_EMAIL,
    EMAIL,
    expired,
    fresh,
    OTHER_SHOWN,
    PRIVATE_EMAIL,
    trial,
    wanted,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import licenses, wishes
from hypothesis import given

_OLD = active(account_email=PRIVATE_EMAIL, key_shown=OTHER_SHOWN)
_TRIAL_WISH = wanted(license_key=None, allow_trial=True)


@pytest.mark.parametrize(
    ("after", "wish"),
    [
        pytest.param(active(), wanted(), id="as wanted"),
        pytest.param(
            active(account_email=COLLEAGUE_EMAIL),
            wanted(account_other_emails=(COLLEAGUE_EMAIL,)),
            id="a colleague's address",
        ),
        pytest.param(active(account_email=None), wanted(), id="account not reported"),
        pytest.param(active(key_shown="****"), wanted(), id="key not visible"),
        pytest.param(trial(), _TRIAL_WISH, id="a wanted trial"),
    ],
)
def test_settled(after: License, wish: Wanted) -> None:
    assert judge_activation(fresh(), after, wish).settled


@pytest.mark.parametrize(
    ("after", "word"),
    [
        pytest.param(fresh(), "not_activated", id="not activated yet"),
        pytest.param(trial(account_email=PRIVATE_EMAIL), PRIVATE_EMAIL, id="a trial of another account"),
        pytest.param(_OLD, PRIVATE_EMAIL, id="still another account"),
        pytest.param(active(key_shown=OTHER_SHOWN), OTHER_SHOWN, id="still the other key"),
        pytest.param(License("unreadable"), "unreadable", id="unreadable"),
    ],
)
def test_not_there_yet_says_what_is_missing_and_compares_nothing_else(after: License, word: str) -> None:
    verdict = judge_activation(active(users_licensed=999), after, wanted())
    assert not verdict.settled
    assert any(word in sentence for sentence in verdict.missing)
    assert verdict.worse == ()


@pytest.mark.parametrize("before", [fresh(), trial(), trial(account_email=PRIVATE_EMAIL)])
def test_a_farm_that_held_no_paid_license_and_still_shows_a_trial_is_not_there_yet(before: License) -> None:
    verdict = judge_activation(before, trial(), wanted())
    assert (verdict.missing, verdict.worse) == (("expected an active license, observed trial",), ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(_OLD, trial(), id="moved, and a trial now"),
        pytest.param(active(key_shown=OTHER_SHOWN), trial(), id="another key, and a trial now"),
        pytest.param(expired(), trial(), id="an expired license was paid too"),
        pytest.param(_OLD, trial(account_email=None), id="account not reported"),
        pytest.param(_OLD, trial(type_name=None, type_text="Trial"), id="a trial by its text"),
    ],
)
def test_a_paid_farm_that_shows_a_trial_is_worse_at_once(before: License, after: License) -> None:
    verdict = judge_activation(before, after, wanted())
    assert verdict.missing == ()
    (sentence,) = verdict.worse
    assert sentence.startswith("a trial in place of a paid license: before PrePaid, after ")


def test_between_a_release_and_its_activation_a_trial_is_waited_out() -> None:
    """What a farm shows after a deactivation is not documented; it may be shown a little longer."""
    verdict = judge_activation(_OLD, trial(), wanted(), released=True)
    assert (verdict.missing, verdict.worse) == (("expected an active license, observed trial",), ())


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        pytest.param(active(users_licensed=50), active(users_licensed=49), "before 50, after 49", id="fewer seats"),
        pytest.param(active(), active(expires=read_date("22/03/2027")), "2027-03-22", id="earlier end"),
        pytest.param(active(), active(expires=read_date("01/12/2026")), "01/12/2026", id="earlier either way"),
        pytest.param(
            active(type_name="Permanent"), active(type_name="PrePaid"), "lesser type", id="permanent to prepaid"
        ),
        pytest.param(
            active(type_name="Permanent"), active(type_name="PostPaid"), "lesser type", id="permanent to postpaid"
        ),
        pytest.param(
            active(needs_attention=False),
            active(needs_attention=True, alert_message="pay"),
            "pay",
            id="attention became needed",
        ),
        pytest.param(
            active(needs_attention=None),
            active(needs_attention=True),
            "needs attention",
            id="attention needed, before unknown",
        ),
        pytest.param(
            fresh(), active(needs_attention=True, status_message="why"), "why", id="a new license that needs attention"
        ),
        pytest.param(_OLD, expired(), "expired", id="an expired license"),
        pytest.param(fresh(), expired(), "2026-03-23", id="an expired key on a new farm"),
    ],
)
def test_worse_than_before(before: License, after: License, word: str) -> None:
    verdict = judge_activation(before, after, wanted())
    assert not verdict.settled
    assert verdict.missing == ()
    assert any(word in sentence for sentence in verdict.worse)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(active(needs_attention=True), active(needs_attention=True), id="attention was needed before"),
        pytest.param(active(users_licensed=None), active(users_licensed=1), id="seats were not reported"),
        pytest.param(active(users_licensed=50), active(users_licensed=None), id="seats are not reported"),
        pytest.param(active(), active(expires=read_date("05/02/2027")), id="an end that may be later proves no loss"),
        pytest.param(active(expires=None), active(), id="no end before"),
        pytest.param(active(type_name="PrePaid"), active(type_name="PostPaid"), id="two ways of paying"),
        pytest.param(active(type_name="PostPaid"), active(type_name="PrePaid"), id="and back"),
        pytest.param(active(type_name="Permanent"), active(type_name=None), id="type not reported"),
        pytest.param(
            trial(users_licensed=50, expires=read_date("23/03/2030")),
            active(users_licensed=10),
            id="a trial had nothing to lose",
        ),
    ],
)
def test_no_loss(before: License, after: License) -> None:
    assert judge_activation(before, after, wanted()).settled


@pytest.mark.parametrize(
    ("after", "settled"),
    [(fresh(), True), (trial(), True), (License("unreadable"), False), (active(), False), (expired(), False)],
)
def test_a_deactivation_is_settled_when_it_shows_that_no_paid_license_is_left(after: License, settled: bool) -> None:
    assert judge_deactivation(active(), after, wanted(state="absent")).settled is settled


@pytest.mark.parametrize(
    ("before", "after", "proven"),
    [
        pytest.param(fresh(), active(), True, id="new license"),
        pytest.param(_OLD, active(), True, id="moved to the wanted account"),
        pytest.param(_OLD, _OLD, False, id="nothing changed"),
        pytest.param(fresh(), fresh(), False, id="still not activated"),
        pytest.param(
            active(account_email=None, key_shown="****"),
            active(account_email=None, key_shown="****"),
            False,
            id="as wanted, but as before too",
        ),
        pytest.param(fresh(), active(account_email=PRIVATE_EMAIL), False, id="activated by somebody else"),
        pytest.param(fresh(), trial(), False, id="a trial is not what was wanted"),
        pytest.param(_OLD, trial(), False, id="nor is it of a paid farm"),
        pytest.param(active(), active(users_licensed=1), False, id="a change that the summary does not show"),
    ],
)
def test_a_lost_answer_is_proven_only_by_a_license_that_is_wanted_and_new(
    before: License, after: License, proven: bool
) -> None:
    assert proves_activation(before, after, wanted()) is proven


def test_a_date_that_became_certain_proves_nothing() -> None:
    dates = {"expires": "03/04/2027", "support": "30/11/2027"}
    before = active(account_email=None, expires=read_date(dates["expires"]))
    after = active(account_email=None, expires=read_dates(dates)["expires"])
    assert before.summary() != after.summary()
    assert not proves_activation(before, after, wanted())


@given(licenses, licenses, wishes)
def test_every_pair_of_licenses_is_judged(before: License, after: License, wish: Wanted) -> None:
    verdict = judge_activation(before, after, wish)
    assert verdict.settled == (not verdict.missing and not verdict.worse)
    assert not (verdict.missing and verdict.worse)
    if (
        after.account_email
        and after.account_email.strip().casefold() not in {EMAIL, *wish.account_other_emails}
        and wish.account_email
    ):
        assert not verdict.settled


@given(licenses, wishes)
def test_an_unchanged_license_proves_nothing(license: License, wish: Wanted) -> None:
    assert not proves_activation(license, license, wish)
