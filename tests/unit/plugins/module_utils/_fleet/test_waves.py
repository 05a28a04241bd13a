# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which farms change together."""

from __future__ import annotations

import datetime as dt
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.waves import (
    assign_waves,
    may_start,
    MOST_WAVES,
    too_late,
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


@pytest.mark.parametrize(("failed", "allowed", "may"), [(0, 0, True), (1, 0, False), (1, 1, True), (2, 1, False)])
def test_the_next_wave_starts_only_while_few_farms_failed(failed: int, allowed: int, may: bool) -> None:
    why_not = may_start([f"farm{number}" for number in range(failed)], allowed)
    assert (why_not is None) is may
    if why_not:
        assert "farm0" in why_not
        assert f"ras_max_failed_farms={allowed}" in why_not


def test_many_failed_farms_are_not_all_named() -> None:
    why_not = may_start([f"farm{number}" for number in range(9)], 0) or ""
    assert "9 farms" in why_not
    assert "farm4 and more" in why_not
    assert "farm5" not in why_not


@pytest.mark.parametrize(
    ("not_after", "says"),
    [
        ("", None),
        ("  ", None),
        ("2026-11-24 08:01", None),
        ("2026-11-24 08:00", None),
        ("2026-11-24 07:59", "it is 2026-11-24 08:00, after ras_no_new_farm_after=2026-11-24 07:59."),
        ("07:59", "expected YYYY-MM-DD HH:MM, observed '07:59'"),
        ("tomorrow", "is not a time"),
    ],
)
def test_no_wave_starts_after_a_time(not_after: str, says: str | None) -> None:
    seen = too_late(not_after, dt.datetime(2026, 11, 24, 8, 0))
    assert (seen is None) == (says is None)
    assert says is None or (seen is not None and says in seen)
