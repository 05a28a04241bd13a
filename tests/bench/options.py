# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person may ask of ``make bench``: all of it, one part, less of it. Pure."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.rollout_figures import CASES, OLDER

SCAN, ROLLOUT = "scan", "rollout"
SIZES = (100, 300, 1000, 2000)
RUNS = 3


@dataclass(frozen=True)
class Options:
    """What is measured.

    :ivar page: where the page goes.
    :ivar figures: where each single run goes, as JSON.
    :ivar scans: numbers of farms that are scanned.
    :ivar rollouts: numbers of farms that are rolled out.
    :ivar older: the same of an older commit; empty without one.
    :ivar scale: what the seconds of the rollouts' world are multiplied with.
    """

    page: Path
    figures: Path | None
    scans: tuple[int, ...]
    runs: int
    rollouts: tuple[int, ...]
    base: str
    older: tuple[int, ...]
    scale: float


def read(words: list[str]) -> Options:
    """The options of a command line.

    Raises:
        SystemExit: One of them says nothing that can be done.
    """
    parser = argparse.ArgumentParser(description="Measure, print, and write the page.")
    parser.add_argument("--page", type=Path, required=True)
    parser.add_argument("--figures", type=Path)
    parser.add_argument("--only", choices=[SCAN, ROLLOUT])
    parser.add_argument("--sizes", default="")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--scale", default="1")
    parser.add_argument("--base", default="")
    given = parser.parse_args(words)
    if given.sizes and not given.only:
        sys.exit(f"SIZES={given.sizes}: expected ONLY={SCAN} or ONLY={ROLLOUT} besides, for their sizes differ")
    if given.base and given.only == SCAN:
        sys.exit(f"BASE={given.base}: expected no ONLY={SCAN}, for only rollouts are compared with an older commit")
    scans = (sizes_of(given.sizes) if given.sizes else SIZES) if given.only != ROLLOUT else ()
    rollouts = _rollouts(given.sizes) if given.only != SCAN else ()
    return Options(
        page=given.page,
        figures=given.figures,
        scans=scans,
        runs=max(1, given.runs),
        rollouts=rollouts,
        base=given.base,
        older=tuple(each for each in OLDER if each in rollouts) if given.base else (),
        scale=_scale(given.scale),
    )


def _rollouts(text: str) -> tuple[int, ...]:
    known = tuple(sorted({farms for farms, _forks in CASES}))
    chosen = sizes_of(text) if text else known
    if not set(chosen) <= set(known):
        sys.exit(f"SIZES={text}: expected some of {', '.join(map(str, known))} with ONLY={ROLLOUT}")
    return chosen


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 0 < scale <= 1:
        sys.exit(f"SCALE={text}: expected a number above 0, at most 1, such as 0.1")
    return scale


def sizes_of(text: str) -> tuple[int, ...]:
    """The sizes that a text such as ``100,300`` names.

    Raises:
        SystemExit: It names none.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not words or not all(word.isdecimal() and int(word) > 0 for word in words):
        sys.exit(f"SIZES={text}: expected numbers of farms, such as 100,300")
    return tuple(sorted({int(word) for word in words}))
