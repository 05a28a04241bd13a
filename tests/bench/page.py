# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/performance.md out of figures. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
    MODULE,
    NOTHING,
    ratio,
    Row,
    rows,
    Sample,
    scan_seconds,
    URI,
)

NAMES = {
    FLOOR: "the floor: urllib3 and threads",
    ENGINE: "the scan of `fleet_info`, without Ansible",
    FLEET_INFO: "`fleet_info`",
    LICENSE: "`license`, nothing to do",
    NOTHING: "a task that does nothing (`debug`), no request",
    MODULE: "the same requests in an ordinary module",
    URI: "the same requests as `ansible.builtin.uri` tasks",
}
_PLANNED = (100, 300, 1000, 2000, 5000, 10000)
_ANSWER_SECONDS = 0.5
_WORKERS = (16, 64)
_WAIT_SECONDS = 600.0
_TOTAL_TIMEOUT = 1800.0


@dataclass(frozen=True)
class Report:
    """All that the page says.

    :ivar about: what was measured where: name and value.
    :ivar command: what makes the page anew.
    """

    date: str
    about: dict[str, str]
    workers: int
    forks: int
    command: str
    samples: list[Sample]
    memories: list[Memory] = field(default_factory=list)


def render(report: Report) -> str:
    """The page."""
    return "\n".join(
        [
            "<!-- Copyright (c) 2026, FleetOps contributors -->",
            "<!-- SPDX-License-Identifier: GPL-3.0-or-later -->",
            f"<!-- Written by `{report.command}`: change tests/bench, not this page. -->",
            "",
            "# Performance",
            "",
            f"Measured on {report.date} by `{report.command}`, which writes this page. The farms are simulated (the lab), on the same machine and",
            "without a network between: what follows is the cost of the controller, and says nothing about how fast a real farm answers.",
            "",
            *_table(("what", "where it was measured"), report.about.items()),
            "",
            *_bars(bars(report.samples, report.memories)),
            *_figures(report),
            *_memories(report.memories),
            *_sizing(report),
            *_method(report),
        ]
    )


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *body]
    return [f"| {' | '.join(line)} |" for line in lines]


def _bars(judged: Sequence[Bar]) -> list[str]:
    words = {True: "met", False: "**missed**", None: "not measured"}
    body = [(bar.name, bar.wanted, bar.observed, words[bar.met]) for bar in judged]
    lines = ["## Bars", "", *_table(("bar", "wanted", "observed", ""), body), ""]
    for bar in judged:
        if bar.why:
            lines += [f"Why *{bar.name}* is missed: {bar.why}", ""]
    return lines


def _figures(report: Report) -> list[str]:
    table = rows(report.samples)
    body = []
    for name in NAMES:
        for row in sorted((row for row in table if row.contender == name), key=lambda row: row.farms):
            times = ratio(report.samples, name, FLOOR, row.farms)
            body.append(
                (
                    NAMES[name],
                    f"{row.farms}",
                    f"{row.ms:.2f}",
                    f"{row.least_ms:.2f} to {row.most_ms:.2f}",
                    f"{row.cpu_ms:.2f}",
                    "" if times is None or name == NOTHING else f"{times:.2f}",
                    f"{row.runs}",
                    f"{row.lab_busy * 100:.0f} %",
                )
            )
    head = ("what", "farms", "ms a farm", "least to most", "processor ms a farm", "times the floor", "runs", "lab busy")
    lines = [
        "## Figures",
        "",
        "Milliseconds a farm, medians, without the start of Python and Ansible. All but the task that does nothing send three requests",
        "to each farm (log on, read the licence, log off), which the journal of the lab proves for every run.",
        "",
        *_table(head, body),
        "",
    ]
    busiest = max((row for row in table if row.contender == FLOOR), key=lambda row: row.lab_busy, default=None)
    if busiest is not None:
        lines += [_lab_sentence(busiest), ""]
    return lines


def _lab_sentence(row: Row) -> str:
    served = 3000 / row.ms
    said = f"Against the floor the lab served {served:.0f} requests a second and was busy {row.lab_busy * 100:.0f} % of the time on its own processor"
    if row.lab_busy < 0.8:
        return f"{said}: it was not what the others waited for."
    return f"{said}: the floor waited for it, so that the ratios of processor time tell more than those of time."


def _memories(memories: Sequence[Memory]) -> list[str]:
    if not memories:
        return []
    body = [
        (f"{each.farms}", f"{each.whole_mb:.0f}", f"{each.largest_mb:.0f}", f"{each.nothing_mb:.0f}")
        for each in memories
    ]
    head = (
        "farms",
        "all processes together, MB",
        "the largest process (resident), MB",
        "a play that reads nothing, MB",
    )
    return [
        "## Memory of a scan",
        "",
        "`fleet_info` runs in one worker that Ansible forks. Pages that both share count once in the sum.",
        "",
        *_table(head, body),
        "",
    ]


def _sizing(report: Report) -> list[str]:
    table = rows(report.samples)
    scan, write = find(table, FLEET_INFO), find(table, LICENSE)
    if scan is None or not report.memories:
        return []
    own = max(scan.ms, scan.cpu_ms)
    body = []
    for farms in _PLANNED:
        waits = [scan_seconds(farms, own, _ANSWER_SECONDS, 3, workers) for workers in _WORKERS]
        body.append(
            (
                f"{farms}",
                _duration(farms * own / 1000),
                *(_duration(each) for each in waits),
                f"{memory_at(report.memories, farms):.0f} MB",
                f"{_workers_for(own)}",
                "" if write is None else _duration(farms * write.ms / 1000),
            )
        )
    head = (
        "farms",
        "scan, farms that answer at once",
        *(f"scan, {_ANSWER_SECONDS:g} s a request, {workers} workers" for workers in _WORKERS),
        "memory",
        "workers beyond which nothing is won",
        f"`activate` where nothing is to do, a task for each farm, {report.forks} forks",
    )
    most = int(_TOTAL_TIMEOUT / 2 / (3 * _ANSWER_SECONDS / _WORKERS[0]))
    return [
        "## Sizing",
        "",
        f"Reckoned from the figures above, for a machine like this one. A scan takes what the controller needs ({own:.1f} ms a farm, on one",
        "processor), or what the farms make it wait for (three requests a farm, four with agents, divided among the workers), whichever is more.",
        "",
        *_table(head, body),
        "",
        "- `workers` (`ras_drift_workers`) is a matter of how long farms take to answer; a worker is a thread and costs little.",
        "- `forks` is a matter of processors: each fork is a process that works. About five a processor are enough; more cost memory.",
        f"- Slice a job over several controllers when one cannot reach all farms, or when a scan comes near `total_timeout` ({_TOTAL_TIMEOUT:g} s):",
        f"  at {_ANSWER_SECONDS:g} s a request and {_WORKERS[0]} workers that is beyond {most} farms, and more workers come first. Only scans may be",
        "  sliced; `drift_report` merges their reports into one verdict.",
        "",
    ]


def _workers_for(own_ms: float) -> int:
    return min(256, math.ceil(3 * _ANSWER_SECONDS * 1000 / own_ms))


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds >= _WAIT_SECONDS else f"{seconds / 60:.1f} min"


def _method(report: Report) -> list[str]:
    return [
        "## Method",
        "",
        "- The contenders run one after the other in rounds, so that a slow phase of the machine meets all. Ratios are taken within a round. The",
        "  lab is a process of its own. Scans use "
        f"{report.workers} workers, tasks for each farm {report.forks} forks and pipelining.",
        "- Time is counted from the first task to the end of the last one, as Ansible's own callbacks tell it; for the floor and the scan without",
        "  Ansible from the first thread to the last. Processor time is what the kernel charges the process and its children, without what they",
        "  had used by the first task.",
        "- What is slow is run with few farms and in few rounds, for its cost a farm does not fall with their number.",
        "- Memory is measured in runs of its own, for looking costs time: the sum of the proportional set sizes of all processes, sampled every 20 ms.",
        "",
    ]
