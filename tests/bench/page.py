# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/performance.md out of figures. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.figures import (
    Bar,
    bars,
    ENGINE,
    FILES_A_WORKER,
    find,
    FLEET_INFO,
    FLOOR,
    LICENSE,
    Memory,
    memory_at,
    MODULE,
    NOTHING,
    ratio,
    REQUESTS,
    Row,
    rows,
    Sample,
    scan_seconds,
    URI,
)
from bench.markdown import bullets, paragraph, table
from bench.rollout_figures import Rollout, rollout_bars
from bench.rollout_page import rollout_method, rollout_section

NAMES = {
    FLOOR: "the floor: urllib3 and threads",
    ENGINE: "the scan of `fleet_info`, without Ansible",
    FLEET_INFO: "`fleet_info`",
    LICENSE: "`license`, nothing to do",
    NOTHING: "a task that does nothing (`debug`), no request",
    MODULE: "the same requests in an ordinary module",
    URI: "the same requests as `ansible.builtin.uri` tasks",
}
PLANNED = (100, 300, 1000, 2000, 5000, 10000)
# A farm that is far away, or slow.
_ANSWER_SECONDS = 0.5
# The default of ras_drift_workers, and the most.
_WORKERS = (64, 256)
_TOTAL_TIMEOUT = 1800.0
# Above this share of its time the lab is what others wait for.
_LAB_LIMIT = 0.9
_SECONDS_UNTIL, _MINUTES_FROM = 100.0, 600.0


@dataclass(frozen=True)
class Report:
    """All that the page says.

    :ivar about: what was measured where: name and value.
    :ivar command: what makes the page anew.
    :ivar processors: how many the machine has.
    """

    date: str
    about: dict[str, str]
    workers: int
    forks: int
    command: str
    processors: int
    samples: list[Sample]
    memories: list[Memory] = field(default_factory=list)
    rollouts: list[Rollout] = field(default_factory=list)


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
            *paragraph(
                f"Measured on {report.date} by `{report.command}`, which writes this page. The farms are simulated "
                "(the lab), on the same machine and without a network between: what follows is the cost of the "
                "controller, and says nothing about how fast a real farm answers."
            ),
            *table(("where", "it was measured"), report.about.items()),
            *_bars([*bars(report.samples, report.memories, report.processors), *rollout_bars(report.rollouts)]),
            *_figures(report),
            *_memories(report.memories),
            *_sizing(report),
            *rollout_section(report.rollouts),
            *_method(report),
        ]
    )


def _bars(judged: Sequence[Bar]) -> list[str]:
    words = {True: "met", False: "**missed**", None: "not measured"}
    body = [(mark.name, mark.wanted, mark.observed, words[mark.met]) for mark in judged]
    lines = ["## Bars", "", *table(("bar", "wanted", "observed", ""), body)]
    for mark in judged:
        if mark.why:
            lines += paragraph(f"Why *{mark.name}* is missed: {mark.why}")
    return lines


def _figures(report: Report) -> list[str]:
    if not report.samples:
        return []
    measured = rows(report.samples)
    body = [
        _figure(row, report.samples)
        for name in NAMES
        for row in sorted((row for row in measured if row.contender == name), key=lambda row: row.farms)
    ]
    head = ("what", "farms", "ms a farm", "least to most", "processor ms a farm", "times the floor", "runs", "lab busy")
    lines = [
        "## Figures",
        "",
        *paragraph(
            "Milliseconds a farm, medians, without the start of Python and Ansible. All but the task that does nothing "
            "send three requests to each farm (log on, read the license, log off), which the journal of the lab proves "
            "for every run."
        ),
        *table(head, body),
    ]
    floors = [row for row in measured if row.contender == FLOOR]
    if floors:
        lines += paragraph(_lab_sentence(max(floors, key=lambda row: row.farms)))
    return lines


def _figure(row: Row, samples: Sequence[Sample]) -> tuple[str, ...]:
    times = None if row.contender == NOTHING else ratio(samples, row.contender, FLOOR, row.farms)
    return (
        NAMES[row.contender],
        f"{row.farms}",
        f"{row.ms:.2f}",
        f"{row.least_ms:.2f} to {row.most_ms:.2f}",
        f"{row.cpu_ms:.2f}",
        "" if times is None else f"{times:.2f}",
        f"{row.runs}",
        f"{row.lab_busy * 100:.0f} %",
    )


def _lab_sentence(row: Row) -> str:
    said = (
        f"Against the floor with {row.farms} farms the lab, one process, served {len(REQUESTS) * 1000 / row.ms:.0f} "
        f"requests a second and was busy {row.lab_busy * 100:.0f} % of the time"
    )
    if row.lab_busy < _LAB_LIMIT:
        return f"{said}: it was not what the floor waited for."
    return f"{said}: the floor waited for it, so that ratios of processor time say more than those of time."


def _memories(memories: Sequence[Memory]) -> list[str]:
    if not memories:
        return []
    body = [
        (f"{m.farms}", f"{m.whole_mb:.0f}", f"{m.largest_mb:.0f}", f"{m.nothing_mb:.0f}", f"{m.files}")
        for m in memories
    ]
    head = (
        "farms",
        "all processes, MB",
        "the largest process, MB",
        "a play that reads nothing, MB",
        "file descriptors of one process",
    )
    return [
        "## Memory of a scan",
        "",
        *paragraph(
            "`fleet_info` runs in one worker that Ansible forks. In the sums, pages that processes share count once; "
            "the largest process counts with all its pages. Each worker has one connection and at most "
            f"{FILES_A_WORKER} file descriptors."
        ),
        *table(head, body),
    ]


def _sizing(report: Report) -> list[str]:
    measured = rows(report.samples)
    scan, write = find(measured, FLEET_INFO), find(measured, LICENSE)
    if scan is None or not report.memories:
        return []
    own, usual, most = max(scan.ms, scan.cpu_ms), *_WORKERS
    body = []
    for farms in PLANNED:
        waits = [scan_seconds(farms, own, _ANSWER_SECONDS, len(REQUESTS), workers) for workers in _WORKERS]
        body.append(
            (
                f"{farms}",
                duration(farms * own / 1000),
                *(duration(each) for each in waits),
                f"{memory_at(report.memories, farms):.0f} MB",
                "" if write is None else duration(farms * write.ms / 1000),
            )
        )
    slow = f"{_ANSWER_SECONDS:g} s a request"
    head = (
        "farms",
        "scan: farms that answer at once",
        *(f"scan: {slow}, {workers} workers" for workers in _WORKERS),
        "memory of the scan",
        f"`license` where nothing is to do, {report.forks} forks",
    )
    in_time = int(_TOTAL_TIMEOUT / (len(REQUESTS) * _ANSWER_SECONDS / usual))
    busy = math.ceil(len(REQUESTS) * _ANSWER_SECONDS * 1000 / own)
    return [
        "## Sizing",
        "",
        *paragraph(
            f"Calculated from the figures above, for a machine like this one. A scan takes what the controller needs "
            f"({own:.1f} ms a farm), or what the farms make it wait for (three requests a farm, four with agents, "
            "shared out among the workers), whichever is more. Ansible's own start comes on top."
        ),
        *table(head, body),
        *bullets(
            f"Workers (`ras_drift_workers`: {usual} unless set, at most {most}) are threads that wait for farms. "
            f"At {slow} {busy} of them would keep the controller busy all the time; where farms answer sooner, fewer "
            "do.",
            "Forks are processes that work: more than five for each processor win little, and each holds memory.",
            "Raise the workers first. Slice a scan over several controllers when no single one reaches all farms, or "
            f"when it comes near `total_timeout` ({_TOTAL_TIMEOUT:g} s): at {slow} that is {in_time} farms with "
            f"{usual} workers and {in_time * most // usual} with {most}. `drift_report` makes one report and one "
            "verdict of the slices.",
        ),
    ]


def duration(seconds: float) -> str:
    """A time as a person says it."""
    if seconds < _SECONDS_UNTIL:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds >= _MINUTES_FROM else f"{seconds / 60:.1f} min"


def _method(report: Report) -> list[str]:
    return [
        "## Method",
        "",
        *bullets(
            "The contenders run one after the other in rounds, so that a slow phase of the machine meets all of them. "
            "Ratios are taken within a round, then their median.",
            "The lab is a process of its own and answers over TLS, one certificate and address for each farm.",
            f"Scans use {report.workers} workers. Tasks for each farm use {report.forks} forks, and pipelining where a "
            "module is sent.",
            "Time runs from the first task to the end of the last one, as callbacks report it; for the floor and the "
            "scan without Ansible, from before the first thread to after the last. So nobody's start counts.",
            "The floor has a time-out for each request, as any client needs, and one TLS context for all farms.",
            "Processor time is what the kernel charges the process and all its children, less what was used by the "
            "first task. It holds Ansible's end, which weighs on small numbers of farms.",
            "What is slow runs with few farms and in few rounds: its cost a farm hardly changes with their number.",
            "Memory is looked at in runs of its own, because looking costs time: the proportional set sizes of all "
            "processes, added up every 20 ms.",
            *rollout_method(report.rollouts),
        )[:-1],
        "",
    ]
