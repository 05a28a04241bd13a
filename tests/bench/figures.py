# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic of the bench: medians, ratios and bars. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FLOOR, ENGINE, FLEET_INFO, LICENSE, NOTHING, MODULE, URI = (
    "floor",
    "engine",
    "fleet_info",
    "license",
    "nothing",
    "module",
    "uri",
)
# What each farm is asked by everyone, in this order, and nothing else.
REQUESTS = ("logon", "license", "logoff")
# The bars; each is judged at these sizes, or not at all.
FLOOR_RATIO, URI_RATIO, LICENSE_MS, GROWTH, MEMORY_MB = 1.3, 50.0, 25.0, 1.1, 250.0
BAR_SIZE, SMALL, LARGE = 1000, 300, 2000
# As the documentation of fleet_info has it: the connection, the ledger of its password, and one for what is brief.
FILES_A_WORKER = 3


@dataclass(frozen=True)
class Sample:
    """One run. Times are in seconds, net of the start of the interpreter and of Ansible.

    :ivar round: runs of one round followed each other closely.
    :ivar lab_cpu: processor time of the lab meanwhile.
    """

    contender: str
    farms: int
    round: int
    seconds: float
    cpu: float
    lab_cpu: float = 0.0


@dataclass(frozen=True)
class Memory:
    """The peak of one run in megabytes: all its processes together, the largest of them, and a play that reads nothing.

    Shared pages count once.

    :ivar files: the most file descriptors that one process had open.
    """

    farms: int
    whole_mb: float
    largest_mb: float
    nothing_mb: float
    files: int


@dataclass(frozen=True)
class Row:
    """The medians of the runs of one contender at one size; milliseconds a farm.

    :ivar lab_busy: the share of the time in which the lab worked.
    """

    contender: str
    farms: int
    runs: int
    ms: float
    least_ms: float
    most_ms: float
    cpu_ms: float
    lab_busy: float


@dataclass(frozen=True)
class Bar:
    """A bar and what was observed; ``met`` is None where this run did not measure it."""

    name: str
    wanted: str
    observed: str
    met: bool | None
    why: str = ""


def rows(samples: Sequence[Sample]) -> list[Row]:
    """One row for each contender and size, in the order in which they first ran."""
    groups: dict[tuple[str, int], list[Sample]] = {}
    for sample in samples:
        groups.setdefault((sample.contender, sample.farms), []).append(sample)
    return [_row(group) for group in groups.values()]


def _row(group: Sequence[Sample]) -> Row:
    first = group[0]
    each = [sample.seconds / first.farms * 1000 for sample in group]
    return Row(
        contender=first.contender,
        farms=first.farms,
        runs=len(group),
        ms=statistics.median(each),
        least_ms=min(each),
        most_ms=max(each),
        cpu_ms=statistics.median(sample.cpu / first.farms * 1000 for sample in group),
        lab_busy=statistics.median(sample.lab_cpu / sample.seconds for sample in group),
    )


def find(table: Iterable[Row], contender: str, farms: int | None = None) -> Row | None:
    """The row of a contender at a size, or at its largest."""
    found = [row for row in table if row.contender == contender and farms in (None, row.farms)]
    return max(found, key=lambda row: row.farms, default=None)


def ratio(samples: Iterable[Sample], contender: str, other: str, farms: int, cpu: bool = False) -> float | None:
    """The median over the rounds of one contender's time by another's; a slow phase of the machine meets both."""
    by_round: dict[int, dict[str, float]] = {}
    for sample in samples:
        if sample.farms == farms:
            by_round.setdefault(sample.round, {})[sample.contender] = sample.cpu if cpu else sample.seconds
    pairs = [each[contender] / each[other] for each in by_round.values() if {contender, other} <= set(each)]
    return statistics.median(pairs) if pairs else None


def bars(samples: Sequence[Sample], memories: Sequence[Memory], processors: int) -> list[Bar]:
    """All bars, each with what was observed and, where it is missed, why.

    :param processors: how many there were.
    """
    table = rows(samples)
    return [
        _floor_bar(samples, table, processors),
        _uri_bar(table),
        _license_bar(table),
        _growth_bar(table),
        _memory_bar(memories),
    ]


def _unmeasured(name: str, wanted: str) -> Bar:
    return Bar(name, wanted, "not measured in this run", None)


def _floor_bar(samples: Sequence[Sample], table: Sequence[Row], processors: int) -> Bar:
    name, wanted = f"`fleet_info` against the floor, {BAR_SIZE} farms", f"at most {FLOOR_RATIO:g} times"
    wall = ratio(samples, FLEET_INFO, FLOOR, BAR_SIZE)
    cpu = ratio(samples, FLEET_INFO, FLOOR, BAR_SIZE, cpu=True)
    if wall is None or cpu is None:
        return _unmeasured(name, wanted)
    floor, engine, whole = (find(table, contender, BAR_SIZE) for contender in (FLOOR, ENGINE, FLEET_INFO))
    why = ""
    if floor and engine and whole:
        why = (
            f"Processor time a farm: {floor.cpu_ms:.1f} ms are the requests themselves (the floor), "
            f"{engine.cpu_ms - floor.cpu_ms:.1f} ms what the scan adds (deadlines, the guard of passwords, reading and "
            f"judging the license, taking secrets out), and {whole.cpu_ms - engine.cpu_ms:.1f} ms what Ansible adds "
            "(working the variables of each host out, and handing the records back from the worker). "
            f"{_in_processes(floor, whole, processors)}"
        )
    observed = f"{wall:.2f} times ({cpu:.2f} times the processor time)"
    met = wall <= FLOOR_RATIO
    return Bar(name, wanted, observed, met, "" if met else why)


def _in_processes(floor: Row, whole: Row, processors: int) -> str:
    """Why a scan is one process all the same."""
    least = (whole.cpu_ms + whole.lab_busy * whole.ms) / processors / floor.ms
    return (
        f"A scan is one process, whose threads share one processor. Spread over the {processors} processors, on which "
        f"the lab works too, it would take {least:.2f} times as long as the floor if nothing were lost; and Ansible's "
        "worker, which may be ended at any time, would have to fork processes that log on with passwords, and take all "
        "of them along."
    )


def _uri_bar(table: Sequence[Row]) -> Bar:
    name, wanted = "`fleet_info` against `ansible.builtin.uri`, a farm", f"at least {URI_RATIO:g} times faster"
    uri, scan = find(table, URI), find(table, FLEET_INFO, BAR_SIZE)
    if uri is None or scan is None:
        return _unmeasured(name, wanted)
    times = uri.ms / scan.ms
    observed = f"{times:.0f} times ({uri.ms:.0f} ms at {uri.farms} farms, {scan.ms:.1f} ms at {scan.farms})"
    met = times >= URI_RATIO
    why = f"The processor time is {uri.cpu_ms / scan.cpu_ms:.0f} times as much."
    return Bar(name, wanted, observed, met, "" if met else why)


def _license_bar(table: Sequence[Row]) -> Bar:
    name, wanted = "`license` where nothing is to do, net of an empty play", f"at most {LICENSE_MS:g} ms a farm"
    row = find(table, LICENSE, BAR_SIZE)
    if row is None:
        return _unmeasured(name, wanted)
    nothing = find(table, NOTHING, row.farms)
    met, why = row.ms <= LICENSE_MS, ""
    if nothing:
        why = (
            f"A task that does nothing at all takes {nothing.ms:.1f} ms a host in the same run ({nothing.cpu_ms:.1f} "
            "ms of processor time): Ansible starts a process for each host and task, and works its variables out. "
            f"`license` itself adds {row.ms - nothing.ms:.1f} ms ({row.cpu_ms - nothing.cpu_ms:.1f} ms)."
        )
    return Bar(name, wanted, f"{row.ms:.1f} ms ({row.cpu_ms:.1f} ms of processor time)", met, "" if met else why)


def _growth_bar(table: Sequence[Row]) -> Bar:
    name = f"`fleet_info`, a farm of {LARGE} against one of {SMALL}"
    wanted = f"at most {GROWTH:g} times"
    small, large = find(table, FLEET_INFO, SMALL), find(table, FLEET_INFO, LARGE)
    if small is None or large is None:
        return _unmeasured(name, wanted)
    times = large.ms / small.ms
    met = times <= GROWTH
    why = f"The processor time a farm went from {small.cpu_ms:.2f} to {large.cpu_ms:.2f} ms."
    return Bar(name, wanted, f"{times:.2f} times", met, "" if met else why)


def _memory_bar(memories: Sequence[Memory]) -> Bar:
    name, wanted = f"peak memory of a scan of {LARGE} farms", f"less than {MEMORY_MB:g} MB"
    found = [memory for memory in memories if memory.farms == LARGE]
    if not found:
        return _unmeasured(name, wanted)
    (memory,) = found
    met = memory.whole_mb < MEMORY_MB
    why = f"Ansible itself holds {memory.nothing_mb:.0f} MB of it, for the inventory, in a play that reads nothing."
    return Bar(name, wanted, f"{memory.whole_mb:.0f} MB", met, "" if met else why)


def memory_at(memories: Sequence[Memory], farms: int) -> float:
    """Megabytes at a size, on the straight line through the smallest and the largest that were measured."""
    low, high = min(memories, key=lambda each: each.farms), max(memories, key=lambda each: each.farms)
    if low.farms == high.farms:
        return high.whole_mb
    slope = (high.whole_mb - low.whole_mb) / (high.farms - low.farms)
    return low.whole_mb + slope * (farms - low.farms)


def scan_seconds(farms: int, own_ms: float, answer_seconds: float, requests: int, workers: int) -> float:
    """How long a scan takes: what is waited for, or what the controller itself needs, whichever is more.

    :param own_ms: processor time a farm; one process has the use of one processor.
    :param answer_seconds: until a farm has answered a request.
    """
    return max(farms * own_ms / 1000, farms * requests * answer_seconds / workers)
