# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench``: measure, print, and write the page.

ONLY, SIZES, RUNS and SCALE in the environment make it shorter (``ONLY=scan SIZES=100,300 RUNS=1``); the page is then
written elsewhere. BASE names an older commit, whose rollouts are shown besides.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from types import FrameType

from bench.checkouts import older_checkout, this_checkout
from bench.contenders import Arena, FORKS, NOTHING_ONCE, WORKERS, world
from bench.figures import ENGINE, FLEET_INFO, FLOOR, LICENSE, Memory, MODULE, NOTHING, Sample, URI
from bench.options import Options, read
from bench.page import render, Report
from bench.processes import BenchError
from bench.rollout_figures import Rollout
from bench.rollouts import measure_rollouts
from raslab.testing import Lab, LabError


@dataclass(frozen=True)
class Entry:
    """Where a contender takes part: up to so many farms of a lab, in labs of up to ``largest``, in so many rounds."""

    contender: str
    farms: int
    largest: int
    rounds: int


# The slow ones with few farms and in few rounds: they would take hours, and their cost a farm does not fall.
PLAN = (
    Entry(FLOOR, 10**6, 10**6, 10**6),
    Entry(FLEET_INFO, 10**6, 10**6, 10**6),
    Entry(ENGINE, 10**6, 10**6, 10**6),
    Entry(NOTHING, 10**6, 300, 3),
    Entry(LICENSE, 10**6, 300, 3),
    Entry(NOTHING, 1000, 1000, 1),
    Entry(LICENSE, 1000, 1000, 1),
    Entry(MODULE, 100, 100, 3),
    Entry(URI, 30, 100, 3),
)


def taking_part(size: int, number: int) -> list[tuple[str, int]]:
    """Who runs in a round of a size, and with how many farms; each once."""
    found: dict[str, int] = {}
    for entry in PLAN:
        if size <= entry.largest and number < entry.rounds:
            found.setdefault(entry.contender, min(size, entry.farms))
    return list(found.items())


def measure(sizes: Sequence[int], runs: int, folder: Path) -> tuple[list[Sample], list[Memory]]:
    """Run everything.

    Raises:
        BenchError: A run is not a measurement.
    """
    samples: list[Sample] = []
    memories: list[Memory] = []
    for size in sizes:
        with Lab(world(size), folder / f"lab{size}") as lab:
            arena = Arena(lab, folder / f"run{size}")
            arena.run(FLOOR, size)  # warms the lab up
            for number in range(runs):
                for contender, farms in taking_part(size, number):
                    sample = arena.run(contender, farms, number)
                    samples.append(sample)
                    each = sample.seconds / farms * 1000
                    say(f"{size:5} farms, round {number + 1}: {contender:10} {each:8.2f} ms a farm")
            nothing, scan = arena.watch(NOTHING_ONCE, size), arena.watch(FLEET_INFO, size)
            memories.append(Memory(size, scan.whole_mb or 0.0, scan.largest_mb, nothing.whole_mb or 0.0, scan.files))
    return samples, memories


def about() -> dict[str, str]:
    """The machine and the versions."""
    names = ("ansible-core", "urllib3")
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next((int(line.split()[1]) // 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return {
        "machine": f"{_processors()} processors ({processor}), {memory} GB, Linux {platform.release()}",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "versions": ", ".join(
            [*(f"{name} {metadata.version(name)}" for name in names), f"Python {platform.python_version()}"]
        ),
    }


def _processors() -> int:
    return len(os.sched_getaffinity(0))


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def roll_out_all(options: Options, folder: Path) -> list[Rollout]:
    """All rollouts, those of the older commit last.

    Raises:
        BenchError: A run is not a measurement, or there is no such commit.
    """
    if not options.rollouts:
        return []
    checkouts = [(this_checkout(), options.rollouts)]
    if options.older:
        checkouts.append((older_checkout(options.base, folder), options.older))
    return measure_rollouts(checkouts, options.scale, folder, say)


def main() -> int:
    """Measure, print, write. Returns 1 when a run was no measurement; a missed bar is a finding, not a failure."""
    options = read(sys.argv[1:])
    signal.signal(signal.SIGTERM, _stop)
    begin, machine = time.monotonic(), about()
    try:
        with tempfile.TemporaryDirectory(prefix="ras-bench-") as folder:
            samples, memories = measure(options.scans, options.runs, Path(folder))
            rollouts = roll_out_all(options, Path(folder))
    except (BenchError, LabError) as failure:
        say(f"FAIL {failure}")
        return 1
    except KeyboardInterrupt:
        say("stopped")
        return 130
    report = Report(
        dt.date.today().isoformat(), machine, WORKERS, FORKS, "make bench", _processors(), samples, memories, rollouts
    )
    text = render(report)
    options.page.parent.mkdir(parents=True, exist_ok=True)
    options.page.write_text(text, encoding="utf-8")
    if options.figures:
        measured = {
            "samples": [asdict(each) for each in samples],
            "memories": [asdict(each) for each in memories],
            "rollouts": [asdict(each) for each in rollouts],
        }
        options.figures.parent.mkdir(parents=True, exist_ok=True)
        options.figures.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    say(f"\n{text}\nwritten to {options.page} after {time.monotonic() - begin:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
