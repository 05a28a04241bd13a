# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a run is, from what the role notes."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.progress import Progress

DUE: t.Final = {"ras_preflight": {"state": "due", "failure": None}}
GOOD: t.Final = {"ras_preflight": {"state": "ok", "failure": None}}
REFUSED: t.Final = {"ras_preflight": {"state": "refused", "failure": {"code": "account_mismatch"}}}
ENDED: t.Final = {"__ras_wave_ended": "1.0"}


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
    progress.note("a", ENDED)
    assert progress.line(130.0) == "Wave 1 | 3 of 5 farms done, 1 failed | 30 s elapsed | about 40 s to go"
    progress.note("b", {"__ras_wave_failed": "it broke"})
    progress.note("b", ENDED)
    assert progress.line(150.0) == "Wave 1 | 4 of 5 farms done, 2 failed | 50 s elapsed | about 20 s to go"
    progress.begin("Wave 2", [], 150.0)
    progress.note("c", {"__ras_wave_stopped": "too many farms failed"})
    assert progress.line(160.0) == "Wave 2 | 5 of 5 farms done, 3 failed | 1 min 00 s elapsed"


def test_the_line_of_one_farm() -> None:
    assert planned(a=DUE).line(0.0).split(" | ")[1] == "0 of 1 farm done"


def test_before_the_farms_are_known_the_phase_is_all() -> None:
    progress = Progress(0.0)
    progress.begin("Make sure that there are farms", [], 0.0)
    assert progress.line(3725.0) == "Make sure that there are farms | 1 h 02 min elapsed"
    assert progress.milestone() == ("Make sure that there are farms", 0, 0)


@pytest.mark.parametrize("order", [(DUE, ENDED, ENDED), (GOOD, GOOD), (REFUSED, ENDED)])
def test_a_farm_is_done_once(order: t.Sequence[t.Mapping[str, t.Any]]) -> None:
    progress = planned(a=order[0], b=DUE)
    for facts in order[1:]:
        progress.note("a", facts)
    assert progress.counts[0] == 1


def test_a_lost_farm_is_done_and_failed_and_a_lost_member_is_neither() -> None:
    progress = planned(a=DUE, b=DUE)
    progress.lost("a")
    progress.lost("rd1")
    progress.note("rd1", ENDED)
    assert progress.counts == (1, 1, 2)


def test_an_empty_reason_to_stop_is_none() -> None:
    progress = planned(a=DUE)
    progress.note("a", {"__ras_wave_stopped": "", "__ras_wave_started": "1"})
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
        progress.note(f"f{number}", ENDED)
        seen.add(progress.milestone())
    assert len(seen) == 11
    before = progress.milestone()
    progress.lost("f3")
    assert progress.milestone() != before
