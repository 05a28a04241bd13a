# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of rollouts follows from the figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.page import render, Report
from bench.rollout_figures import CASES, reckoned, Rollout, rollout_bars, rollout_rows
from bench.schedule import durations, list_schedule, LONGEST
from bench.test_page import cells

# The slowest farm alone took 10 s more than its hosts.
ALONE = Rollout("", 1, (LONGEST,), 130.0, 3.0, 13.0, 100, until_first=4.0, wave=124.0)


def rollout(farms: int, forks: int, times: float = 1.15, cpu: float = 4.0, checkout: str = "") -> Rollout:
    """A rollout that took so many times what a list scheduler needs, and so many processor seconds a farm."""
    seconds = durations(farms)
    least = list_schedule([each + 10.0 for each in seconds], forks)
    took = least * times
    return Rollout(checkout, forks, tuple(seconds), took, cpu * farms, took / 4, 200 * farms, 20.0, took - 25.0)


# Each bar exactly at its limit, or within a rounding of it.
AT_THE_LIMIT = [
    ALONE,
    *(rollout(farms, forks, times=1.1499, cpu=4.0 if farms == 100 else 4.0 / 1.0999) for farms, forks in CASES),
]


def changed(farms: int, forks: int, times: float = 1.1499, cpu: float = 4.0) -> list[Rollout]:
    """All rollouts, one of them otherwise."""
    other = rollout(farms, forks, times, cpu)
    return [other if (it.farms, it.forks) == (farms, forks) else it for it in AT_THE_LIMIT]


def test_with_as_many_forks_as_farms_the_slowest_farm_alone_is_the_measure() -> None:
    assert reckoned(rollout(12, 12), ALONE) == pytest.approx(ALONE.seconds)
    assert reckoned(rollout(40, 40), ALONE) == pytest.approx(ALONE.seconds)
    # What a farm takes besides its hosts is on each fork as often as there are farms on it.
    few = reckoned(rollout(40, 5), ALONE)
    assert few >= (sum(durations(40)) + 40 * 10.0) / 5
    assert few > list_schedule(durations(40), 5)


def test_rows_keep_checkouts_apart() -> None:
    older = replace(ALONE, checkout="0a1b2c3", seconds=330.0)
    (mine, theirs) = rollout_rows([ALONE, rollout(12, 12, 1.5), older, rollout(12, 12, 1.5, checkout="0a1b2c3")])
    assert mine.times == pytest.approx(1.5)
    # The same time, against a slowest farm that took 200 s more.
    assert theirs.times == pytest.approx(1.5 * 130 / 330)


def test_bars_are_met_at_their_limits() -> None:
    assert [(mark.met, mark.why) for mark in rollout_bars(AT_THE_LIMIT)] == [(True, "")] * 7


@pytest.mark.parametrize(
    ("number", "rollouts", "words"),
    [
        (
            0,
            changed(12, 12, times=1.16),
            ["20 s passed until the first", "(4 s with the", "of the hosts", "5 s for the"],
        ),
        (1, changed(12, 5, times=1.16), ["124 s alone"]),
        (2, changed(40, 40, times=1.16), ["120 s are those of the hosts", "the lab 0.2"]),
        (3, changed(40, 5, times=1.16), ["(2 s alone)"]),
        (4, changed(100, 20, times=1.16), ["processors busy"]),
        (5, changed(12, 12, cpu=3.0), ["With 12 farms 200 results of tasks a farm, of 15 ms", "with 100 200 results"]),
        (6, changed(100, 20, cpu=4.1), ["200 results of tasks a farm, of 20 ms"]),
    ],
)
def test_a_missed_bar_says_why(number: int, rollouts: list[Rollout], words: list[str]) -> None:
    marks = rollout_bars(rollouts)
    assert marks[number].met is False
    assert [word for word in words if word not in marks[number].why] == []


def test_an_older_commit_and_shorter_durations_are_not_rollout_bars() -> None:
    older = [replace(each, checkout="0a1b2c3") for each in AT_THE_LIMIT]
    shorter = [replace(each, durations=tuple(second / 10 for second in each.durations)) for each in AT_THE_LIMIT]
    for rollouts in ([], older, shorter, AT_THE_LIMIT[1:]):
        assert [mark.met for mark in rollout_bars(rollouts)] == [None] * 7


def test_the_page_shows_each_rollout_and_the_older_commit() -> None:
    older = [replace(ALONE, checkout="0a1b2c3", seconds=330.0), rollout(12, 12, 3.0, 9.5, checkout="0a1b2c3")]
    text = render(Report("2026-01-31", {}, 64, 10, "make bench", 2, [], [], [*AT_THE_LIMIT, *older]))
    rows = cells(text, "Rollouts")
    assert [tuple(row[:3]) for row in rows] == [
        *(("rollout", f"{farms}", f"{forks}") for farms, forks in CASES),
        ("commit 0a1b2c3", "12", "12"),
    ]
    assert rows[0] == ["rollout", "12", "12", "149", "130", "1.15", "20", "3.6", "200", "25 %"]
    assert rows[5][3:] == ["390", "330", "1.18", "20", "9.5", "200", "25 %"]
    assert "(130 s and 330 s at 0a1b2c3)" in " ".join(text.split())
    assert [row[3] for row in cells(text, "Bars")] == ["not measured"] * 5 + ["met"] * 7
    assert "## Figures" not in text
    assert "An older commit runs against the lab of that commit." in text


def test_without_rollouts_nothing_is_said_of_them() -> None:
    text = render(Report("2026-01-31", {}, 64, 10, "make bench", 2, [], []))
    assert "## Rollouts" not in text
    assert "list scheduler each" not in text
