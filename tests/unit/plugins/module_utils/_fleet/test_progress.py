# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run is, from what the role notes."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.progress import Progress
from hypothesis import given
from hypothesis import strategies as st

DUE: t.Final = {"ras_preflight": {"state": "due", "failure": None}}
GOOD: t.Final = {"ras_preflight": {"state": "ok", "failure": None}}
REFUSED: t.Final = {"ras_preflight": {"state": "refused", "failure": {"code": "account_mismatch"}}}
STARTED: t.Final = {"step": "enter", "stop": "", "problem": ""}
ENDED: t.Final = {"step": "leave", "stop": "", "problem": ""}
BROKE: t.Final = {"step": "leave", "stop": "", "problem": "it broke"}
HELD: t.Final = {"step": "enter", "stop": "too many farms failed", "problem": ""}


def planned(**plans: t.Mapping[str, t.Any]) -> Progress:
    """A run at the beginning of its first wave, 10 seconds after its start."""
    progress = Progress(100.0)
    progress.begin("Plan", plans, 100.0)
    for farm, plan in plans.items():
        progress.note(farm, plan)
    progress.begin("Wave 1", [], 110.0)
    return progress


def test_a_run_as_it_goes() -> None:
    progress = planned(a=DUE, b=DUE, c=DUE, d=GOOD, e=REFUSED)
    assert progress.line(110.0) == "Wave 1 | 2 of 5 farms done, 1 failed | 10 s elapsed"
    progress.turn("a", STARTED)
    assert progress.line(110.0) == "Wave 1 | 2 of 5 farms done, 1 failed, 1 at work | 10 s elapsed"
    progress.turn("a", ENDED)
    assert progress.line(130.0) == "Wave 1 | 3 of 5 farms done, 1 failed | 30 s elapsed | about 40 s to go"
    progress.turn("b", STARTED)
    progress.turn("b", BROKE)
    assert progress.line(150.0) == "Wave 1 | 4 of 5 farms done, 2 failed | 50 s elapsed | about 20 s to go"
    progress.begin("Wave 2", [], 150.0)
    progress.turn("c", HELD)
    assert progress.line(160.0) == "Wave 2 | 5 of 5 farms done, 3 failed | 1 min 00 s elapsed"


def test_the_line_of_one_farm() -> None:
    assert planned(a=DUE).line(0.0).split(" | ")[1] == "0 of 1 farm done"


def test_before_the_farms_are_known_the_phase_is_all() -> None:
    progress = Progress(0.0)
    progress.begin("Make sure that there are farms", [], 0.0)
    assert progress.line(3725.0) == "Make sure that there are farms | 1 h 02 min elapsed"
    assert progress.milestone() == ("Make sure that there are farms", 0, 0)


def test_farms_of_a_wave_go_at_their_own_pace() -> None:
    """Tasks of several farms mix: each is counted by what is said of it alone."""
    progress = planned(a=DUE, b=DUE, c=DUE)
    for farm in "abc":
        progress.turn(farm, STARTED)
    progress.turn("b", BROKE)
    progress.note("a", {"ras_license_result": {"changed": True}})
    assert progress.line(120.0).split(" | ")[1] == "1 of 3 farms done, 1 failed, 2 at work"
    progress.lost("c")
    progress.turn("a", ENDED)
    assert progress.line(120.0).split(" | ")[1] == "3 of 3 farms done, 2 failed"


@given(st.data())
def test_any_order_of_turns_ends_with_every_farm_done(data: st.DataObject) -> None:
    ends = data.draw(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["well", "broke", "held", "lost"])))
    progress = planned(**dict.fromkeys(ends, DUE))
    events = [[STARTED, ENDED], [STARTED, BROKE], [HELD], [STARTED, None]]
    left = {farm: list(events[["well", "broke", "held", "lost"].index(end)]) for farm, end in ends.items()}
    while any(left.values()):
        farm = data.draw(st.sampled_from(sorted(farm for farm, rest in left.items() if rest)))
        event = left[farm].pop(0)
        progress.turn(farm, event) if event else progress.lost(farm)
        done, failed, all_ = progress.counts
        assert failed <= done <= all_ == len(ends)
    assert progress.counts == (len(ends), sum(end != "well" for end in ends.values()), len(ends))
    assert "at work" not in progress.line(1.0)


@pytest.mark.parametrize("order", [(DUE, ENDED, ENDED), (GOOD, ENDED), (REFUSED, ENDED)])
def test_a_farm_is_done_once(order: t.Sequence[t.Mapping[str, t.Any]]) -> None:
    progress = planned(a=order[0], b=DUE)
    for said in order[1:]:
        progress.turn("a", said)
    assert progress.counts[0] == 1


def test_a_lost_farm_is_done_and_failed_and_a_lost_member_is_neither() -> None:
    progress = planned(a=DUE, b=DUE)
    progress.lost("a")
    progress.lost("rd1")
    progress.turn("rd1", ENDED)
    assert progress.counts == (1, 1, 2)


@pytest.mark.parametrize("said", [{}, {"step": None}, {"step": "other", "stop": "x"}, {"stop": "x", "problem": "y"}])
def test_what_is_no_turn_means_nothing(said: dict[str, t.Any]) -> None:
    progress = planned(a=DUE)
    progress.turn("a", said)
    assert progress.counts == (0, 0, 1)


@pytest.mark.parametrize("facts", [{}, {"ras_preflight": None}, {"ras_preflight": "later"}, {"other": 1}])
def test_other_facts_mean_nothing(facts: dict[str, t.Any]) -> None:
    progress = planned(a=DUE)
    progress.note("a", facts)
    assert progress.counts == (0, 0, 1)


def test_a_log_gets_a_line_at_each_tenth_and_each_failure() -> None:
    progress = planned(**{f"f{number}": DUE for number in range(100)})
    seen = {progress.milestone()}
    for number in range(100):
        progress.turn(f"f{number}", ENDED)
        seen.add(progress.milestone())
    assert len(seen) == 11
    before = progress.milestone()
    progress.lost("f3")
    assert progress.milestone() != before
