# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of docs/performance.md about rollouts. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.markdown import paragraph, table
from bench.rollout_figures import alone, cpu_a_farm, Rollout, rollout_rows, RolloutRow
from bench.rollout_world import INSTALL, MEMBERS, PUSH, RESTART
from bench.schedule import LONGEST, MEAN

_HEAD = (
    "what",
    "farms",
    "forks",
    "seconds",
    "a list scheduler",
    "times",
    "until the first installer",
    "processor s a farm",
    "results a farm",
    "lab busy",
)


def rollout_section(rollouts: Sequence[Rollout]) -> list[str]:
    """The lines; none where there was no rollout."""
    if not rollouts:
        return []
    singles = [each for each in rollouts if each.farms == 1]
    longest = singles[0].durations[0]
    return [
        "## Rollouts",
        "",
        *paragraph(
            "`ansible-playbook fleetops.parallels_ras.rollout` as a user starts it, with all farms in one wave. What "
            f"takes minutes takes seconds here: the hosts of the slowest farm take {longest:g} s together, those of "
            f"a farm {longest * MEAN / LONGEST:g} s on average. A list scheduler is how long the same farms take in "
            "the same order, when each begins as soon as a fork is free; with as many forks as farms that is the time "
            f"of the slowest farm, alone in a rollout of its own ({' and '.join(_alone(each) for each in singles)})."
        ),
        *table(_HEAD, [_line(row) for row in rollout_rows(rollouts)]),
    ]


def _alone(single: Rollout) -> str:
    return f"{single.seconds:.0f} s{_of(single.checkout)}"


def _of(checkout: str) -> str:
    return f" at {checkout}" if checkout else ""


def _line(row: RolloutRow) -> tuple[str, ...]:
    it = row.rollout
    return (
        f"commit {it.checkout}" if it.checkout else "rollout",
        f"{it.farms}",
        f"{it.forks}",
        f"{it.seconds:.0f}",
        f"{row.reckoned:.0f}",
        f"{row.times:.2f}",
        f"{it.until_first:.0f}",
        f"{cpu_a_farm(it):.1f}",
        f"{it.results / it.farms:.0f}",
        f"{it.lab_cpu / it.seconds * 100:.0f} %",
    )


def rollout_method(rollouts: Sequence[Rollout]) -> list[str]:
    """How it was done, in sentences; none where there was no rollout."""
    single = alone(rollouts, "")
    if single is None:
        return []
    return [
        f"A farm of a rollout has a licensing server, on which the installer runs ({INSTALL * 100:.0f} % of the farm's "
        f"time) and which restarts ({RESTART * 100:.0f} %), and {len(MEMBERS)} members to which the agent is pushed in "
        f"rounds of their own ({PUSH * 100:.0f} % each). All were activated before. The lab proves that each was "
        "installed once, restarted, and has the version everywhere.",
        "For a list scheduler each farm takes the time of its hosts, and what a rollout of one farm took besides.",
        "A result is what one task came to on one host, also when it was left out.",
        "An older commit runs against the lab of that commit.",
    ]
