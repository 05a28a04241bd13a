# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person asks for is what is measured, and what says nothing is refused."""

from __future__ import annotations

import pytest

from bench.options import Options, read, SIZES, sizes_of
from bench.rollout_figures import CASES

ALL = tuple(sorted({farms for farms, _forks in CASES}))


def asked(*words: str) -> Options:
    return read(["--page", "page.md", *words])


@pytest.mark.parametrize(
    ("words", "scans", "rollouts", "older"),
    [
        ((), SIZES, ALL, ()),
        (("--only=scan",), SIZES, (), ()),
        (("--only=rollout",), (), ALL, ()),
        (("--only=scan", "--sizes=300,100"), (100, 300), (), ()),
        (("--only=rollout", "--sizes=12", "--scale=0.1"), (), (12,), ()),
        (("--base=HEAD~1",), SIZES, ALL, (12,)),
        (("--only=rollout", "--sizes=100", "--base=HEAD~1"), (), (100,), ()),
    ],
)
def test_parts_and_sizes(
    words: tuple[str, ...], scans: tuple[int, ...], rollouts: tuple[int, ...], older: tuple[int, ...]
) -> None:
    options = asked(*words)
    assert (options.scans, options.rollouts, options.older) == (scans, rollouts, older)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sizes=100",), "SIZES=100: expected ONLY=scan or ONLY=rollout"),
        (("--only=rollout", "--sizes=13"), "SIZES=13: expected some of 12, 40, 100"),
        (("--only=scan", "--base=HEAD"), "BASE=HEAD: expected no ONLY=scan"),
        (("--scale=0",), "SCALE=0: expected a number above 0"),
        (("--scale=2",), "SCALE=2: expected"),
        (("--scale=slow",), "SCALE=slow: expected"),
        (("--scale=nan",), "SCALE=nan: expected"),
    ],
)
def test_what_cannot_be_done_is_refused(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        asked(*words)


def test_a_typo_in_the_sizes_is_no_measurement() -> None:
    assert sizes_of("300, 100,300") == (100, 300)
    for text in ("", "100;300", "0", "many"):
        with pytest.raises(SystemExit, match="SIZES="):
            sizes_of(text)


def test_there_is_one_run_at_least() -> None:
    assert asked("--runs=0").runs == 1
    assert asked("--scale=0.25").scale == 0.25
