# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every contender does its requests, and a run that does not is noticed. Nothing here looks at a time."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

import pytest

from bench.contenders import Arena, NOTHING_ONCE, world
from bench.figures import ENGINE, FLEET_INFO, FLOOR, LICENSE, MODULE, REQUESTS, URI
from bench.processes import BenchError
from raslab.testing import Lab

FARMS: t.Final = 2


class Watched(Lab):
    """A lab that remembers what was forgotten of its journal."""

    forgotten: list[dict[str, t.Any]]

    def clear_journal(self) -> None:
        self.forgotten = self.journal()
        super().clear_journal()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    lab = Watched(world(FARMS + 1), tmp_path_factory.mktemp("bench") / "lab")
    with lab:
        yield lab


@pytest.fixture(scope="module")
def arena(lab: Watched, tmp_path_factory: pytest.TempPathFactory) -> Arena:
    return Arena(lab, tmp_path_factory.mktemp("bench") / "run")


def asked(lab: Watched) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    for entry in lab.forgotten:
        asked.setdefault(entry["farm"], []).append(entry["op"])
    return asked


@pytest.mark.parametrize("contender", [FLOOR, ENGINE, FLEET_INFO, LICENSE, MODULE, URI])
def test_each_asks_the_same_of_each_farm(lab: Watched, arena: Arena, contender: str) -> None:
    sample = arena.run(contender, FARMS, 7)
    assert asked(lab) == {name: list(REQUESTS) for name in list(lab.farms)[:FARMS]}
    assert (sample.contender, sample.farms, sample.round) == (contender, FARMS, 7)
    # Not how long: that there is something to reckon with.
    assert sample.seconds > 0
    assert sample.cpu > 0


def test_nothing_asks_for_nothing_and_its_memory_is_seen(lab: Watched, arena: Arena) -> None:
    cost = arena.watch(NOTHING_ONCE, FARMS)
    assert asked(lab) == {}
    # An interpreter with Ansible in it, which no process can be without.
    assert cost.whole_mb is not None
    assert cost.whole_mb > 10
    assert cost.largest_mb > 10


def test_a_run_that_asks_for_less_is_no_measurement(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.contenders.REQUESTS", ("logon", "license", "agent", "logoff"))
    with pytest.raises(BenchError, match=r"expected logon license agent logoff of each, .*'logon license logoff'"):
        arena.run(FLOOR, FARMS)


def test_a_refusal_is_no_measurement(lab: Watched, arena: Arena) -> None:
    lab.add_fault(next(iter(lab.farms)), on="license", kind="http_403", times=-1)
    try:
        with pytest.raises(BenchError, match=r"HTTP 403"):
            arena.run(FLOOR, FARMS)
        lab.clear_journal()
        # The scan goes on, as it should; the journal shows it.
        with pytest.raises(BenchError, match=r"license 403"):
            arena.run(FLEET_INFO, FARMS)
    finally:
        lab.clear_faults()
