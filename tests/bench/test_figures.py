# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic of the bench."""

from __future__ import annotations

import pytest

from bench.figures import (
    Bar,
    bars,
    ENGINE,
    find,
    FLEET_INFO,
    FLOOR,
    LICENSE,
    Memory,
    memory_at,
    NOTHING,
    ratio,
    rows,
    Sample,
    scan_seconds,
    URI,
)


def samples_of(contender: str, farms: int, *seconds: float, cpu: float = 1.0) -> list[Sample]:
    """Runs of these seconds, one a round; the processor worked ``cpu`` of the time."""
    return [Sample(contender, farms, number, each, each * cpu, each / 2) for number, each in enumerate(seconds)]


# Each bar exactly at its limit.
AT_THE_LIMIT = [
    *samples_of(FLOOR, 1000, 1.0, 2.0, 4.0),
    *samples_of(ENGINE, 1000, 1.125, 2.25, 4.5),
    *samples_of(FLEET_INFO, 1000, 1.3, 2.6, 5.2),
    *samples_of(FLEET_INFO, 300, 0.3),
    *samples_of(FLEET_INFO, 2000, 2.2),
    *samples_of(LICENSE, 1000, 25.0),
    *samples_of(NOTHING, 1000, 12.5),
    *samples_of(URI, 30, 3.9),
]


def judged(samples: list[Sample], memory: float = 249.9) -> list[Bar]:
    return bars(samples, [Memory(2000, memory, 100.0, 90.0, 0)], 2)


def slower(contender: str, farms: int, times: float) -> list[Sample]:
    """All samples, those of one contender at one size so many times as long."""
    return [
        Sample(each.contender, each.farms, each.round, each.seconds * times, each.cpu * times, each.lab_cpu)
        if (each.contender, each.farms) == (contender, farms)
        else each
        for each in AT_THE_LIMIT
    ]


def test_a_row_holds_medians_of_milliseconds_a_farm() -> None:
    (row,) = rows(samples_of(FLOOR, 100, 0.5, 0.2, 0.3, cpu=0.5))
    assert (row.contender, row.farms, row.runs) == (FLOOR, 100, 3)
    assert (row.ms, row.least_ms, row.most_ms) == pytest.approx((3.0, 2.0, 5.0))
    assert (row.cpu_ms, row.lab_busy) == pytest.approx((1.5, 0.5))


def test_rows_keep_sizes_apart_and_the_largest_is_found() -> None:
    table = rows(AT_THE_LIMIT)
    assert [row.farms for row in table if row.contender == FLEET_INFO] == [1000, 300, 2000]
    largest = find(table, FLEET_INFO)
    assert largest is not None
    assert largest.farms == 2000
    assert find(table, FLEET_INFO, 100) is None


def test_a_ratio_is_taken_within_rounds() -> None:
    """The machine was four times slower in the last round; it met both. A ratio of the medians would be 3."""
    samples = [*samples_of(FLOOR, 10, 1.0, 1.0, 8.0), *samples_of(FLEET_INFO, 10, 2.0, 3.0, 16.0, cpu=0.5)]
    assert ratio(samples, FLEET_INFO, FLOOR, 10) == pytest.approx(2.0)
    assert ratio(samples, FLEET_INFO, FLOOR, 10, cpu=True) == pytest.approx(1.0)
    assert ratio(samples, FLEET_INFO, URI, 10) is None


def test_bars_are_met_at_their_limits() -> None:
    assert [(mark.met, mark.why) for mark in judged(AT_THE_LIMIT)] == [(True, "")] * 5


@pytest.mark.parametrize(
    ("number", "samples", "memory", "words"),
    [
        (
            0,
            slower(FLEET_INFO, 1000, 1.01),
            100.0,
            ["2.0 ms are the requests", "0.2 ms", "0.4 ms what Ansible adds", "the 2 processors", "0.98 times"],
        ),
        (1, slower(URI, 30, 0.99), 100.0, ["49 times as much"]),
        (2, slower(LICENSE, 1000, 1.01), 100.0, ["takes 12.5 ms", "adds 12.8 ms"]),
        (3, slower(FLEET_INFO, 2000, 1.01), 100.0, ["from 1.00 to 1.11 ms"]),
        (4, AT_THE_LIMIT, 250.0, ["holds 90 MB"]),
    ],
)
def test_a_missed_bar_says_why(number: int, samples: list[Sample], memory: float, words: list[str]) -> None:
    mark = judged(samples, memory)[number]
    assert mark.met is False
    assert [word for word in words if word not in mark.why] == []


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    assert [mark.met for mark in bars(samples_of(FLOOR, 100, 1.0), [Memory(100, 1.0, 1.0, 1.0, 0)], 2)] == [None] * 5


def test_memory_lies_on_a_straight_line() -> None:
    measured = [Memory(100, 70.0, 0.0, 0.0, 0), Memory(300, 71.0, 0.0, 0.0, 0), Memory(1100, 80.0, 0.0, 0.0, 0)]
    assert memory_at(measured, 2100) == pytest.approx(90.0)
    assert memory_at(measured[:1], 2100) == 70.0


def test_a_scan_waits_or_works() -> None:
    assert scan_seconds(1000, 4.0, 0.5, 3, 16) == pytest.approx(93.75)
    assert scan_seconds(1000, 4.0, 0.01, 3, 16) == pytest.approx(4.0)
