# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which farms change together."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.waves import (
    assign_waves,
    MOST_FORKS,
    MOST_WAVES,
    pace,
)
from hypothesis import given
from hypothesis import strategies as st


def _counts(farms: int, sizes: t.Sequence[t.Any]) -> list[int]:
    waves = list(assign_waves([f"farm{number}" for number in range(farms)], sizes).values())
    return [waves.count(wave) for wave in range(1, max(waves, default=0) + 1)]


@pytest.mark.parametrize(
    ("farms", "sizes", "counts"),
    [
        pytest.param(50, [1, "10%", "100%"], [1, 5, 44], id="the default"),
        pytest.param(1, [1, "10%", "100%"], [1], id="one farm"),
        pytest.param(0, [1, "10%", "100%"], [], id="none"),
        pytest.param(5, ["10%", "100%"], [1, 4], id="a percentage is one farm at least"),
        pytest.param(3, ["100%"], [3], id="all at once"),
        pytest.param(3, ["250%"], [3], id="more than all"),
        pytest.param(10, [3], [3, 3, 3, 1], id="the last size is repeated"),
        pytest.param(10, ["33.3%"], [3, 3, 3, 1], id="a fraction of a percent"),
        pytest.param(4, [" 2 ", "2"], [2, 2], id="numbers as texts"),
    ],
)
def test_sizes(farms: int, sizes: list[t.Any], counts: list[int]) -> None:
    assert _counts(farms, sizes) == counts


@pytest.mark.parametrize("wrong", [0, "0", "0%", -1, "-5%", "ten", "", None, True, 1.5, "10 %", "\u00b2", [1]])
def test_what_is_no_size_is_refused_and_shown(wrong: t.Any) -> None:
    with pytest.raises(ValueError, match="ras_waves holds"):
        assign_waves(["a"], [wrong])


def test_no_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        assign_waves(["a"], [])


def test_more_waves_than_there_are_plays_are_refused_rather_than_left_out() -> None:
    assert _counts(MOST_WAVES, [1]) == [1] * MOST_WAVES
    with pytest.raises(ValueError, match=f"more than {MOST_WAVES} waves"):
        assign_waves([str(number) for number in range(MOST_WAVES + 1)], [1])


@given(
    st.lists(st.text(min_size=1, max_size=5), unique=True, max_size=40),
    st.lists(st.sampled_from([1, 2, 7, "1%", "10%", "50%", "100%"]), min_size=1, max_size=4),
)
def test_every_farm_has_one_wave_in_order_without_gaps_or_the_sizes_are_refused(
    farms: list[str], sizes: list[t.Any]
) -> None:
    try:
        waves = assign_waves(farms, sizes)
    except ValueError:
        assert len(farms) > MOST_WAVES
        return
    numbers = list(waves.values())
    assert list(waves) == farms
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, max(numbers, default=0) + 1))
    assert all(number <= MOST_WAVES for number in numbers)


@pytest.mark.parametrize(
    ("counts", "forks", "sentence"),
    [
        ([], 5, ""),
        ([1], 5, "One wave of 1 farm, forks 5: each wave takes as long as its slowest farm."),
        ([1, 5], 5, "Waves of 1 and 5 farms, forks 5: each wave takes as long as its slowest farm."),
        ([1, 20], 5, "Waves of 1 and 20 farms; wave 2: 20 farms, forks 5: 5 at a time; set ANSIBLE_FORKS=20."),
        ([8], 5, "One wave of 8 farms; wave 1: 8 farms, forks 5: 5 at a time; set ANSIBLE_FORKS=8."),
        (
            [1, 10, 89],
            5,
            "Waves of 1, 10 and 89 farms; waves 2 and 3: up to 89 farms, forks 5: 5 at a time; set ANSIBLE_FORKS=50.",
        ),
        ([1, 90], 50, "Waves of 1 and 90 farms; wave 2: 90 farms, forks 50: 50 at a time."),
        ([2, 1], 1, "Waves of 2 and 1 farm; wave 1: 2 farms, forks 1: 1 at a time; set ANSIBLE_FORKS=2."),
    ],
)
def test_the_pace_is_one_sentence(counts: list[int], forks: int, sentence: str) -> None:
    assert pace(counts, forks) == sentence


@given(st.lists(st.integers(1, 300), min_size=1, max_size=MOST_WAVES), st.integers(1, 300))
def test_more_forks_are_advised_where_they_win_something_and_never_fewer(counts: list[int], forks: int) -> None:
    said = pace(counts, forks)
    assert ("at a time" in said) == (max(counts) > forks)
    advised = re.search(r"ANSIBLE_FORKS=(\d+)", said)
    assert bool(advised) == (min(max(counts), MOST_FORKS) > forks)
    if advised:
        assert forks < int(advised[1]) <= max(counts)
        assert pace(counts, int(advised[1])).count("set ANSIBLE_FORKS") == 0
