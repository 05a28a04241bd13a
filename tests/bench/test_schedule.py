# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations and list scheduling, for farms that nobody thought of."""

from __future__ import annotations

import itertools
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.schedule import durations, list_schedule, LONGEST, MEAN

# The same farms in every run, on whatever machine.
always = settings(deadline=None, database=None, derandomize=True)

SECONDS = st.lists(st.floats(0.125, 1000), min_size=1, max_size=60)
FORKS = st.integers(1, 80)


@always
@given(SECONDS, FORKS)
def test_it_takes_what_it_must_and_no_more_than_a_list_may(seconds: list[float], forks: int) -> None:
    least = max(*seconds, sum(seconds) / forks) if len(seconds) > 1 else seconds[0]
    # Graham, 1966: when the last one begins, no fork has been idle.
    most = sum(seconds) / forks + max(seconds) * (1 - 1 / forks)
    assert least * (1 - 1e-9) <= list_schedule(seconds, forks) <= most * (1 + 1e-9)


@always
@given(SECONDS, st.integers(0, 20))
def test_with_as_many_forks_it_is_the_longest(seconds: list[float], more: int) -> None:
    assert list_schedule(seconds, len(seconds) + more) == max(seconds)


@always
@given(SECONDS)
def test_with_one_fork_it_is_the_sum(seconds: list[float]) -> None:
    assert list_schedule(seconds, 1) == pytest.approx(sum(seconds))


@always
@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(1, 3))
def test_it_is_at_most_twice_the_optimum(seconds: list[int], forks: int) -> None:
    best = min(
        max(sum(each for each, place in zip(seconds, places, strict=True) if place == fork) for fork in range(forks))
        for places in itertools.product(range(forks), repeat=len(seconds))
    )
    assert best <= list_schedule(seconds, forks) <= 2 * best


def test_a_farm_begins_when_the_first_fork_is_free() -> None:
    # 4 and 3 begin; 2 follows the 3 and ends at 5, 5 follows the 4 and ends at 9.
    assert list_schedule([4, 3, 2, 5], 2) == 9
    assert list_schedule([], 2) == 0


@always
@given(st.integers(2, 300))
def test_durations_have_their_longest_and_their_mean(farms: int) -> None:
    found = durations(farms)
    assert len(found) == farms
    assert max(found) == LONGEST
    assert statistics.fmean(found) == pytest.approx(MEAN)
    assert min(found) >= 0
    assert found == durations(farms)


def test_the_order_is_no_order() -> None:
    found = durations(40)
    assert found not in (sorted(found), sorted(found, reverse=True))


def test_one_farm_has_no_mean_of_its_own() -> None:
    with pytest.raises(ValueError, match="at least two farms: observed 1"):
        durations(1)
