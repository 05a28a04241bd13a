# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a run: one line a step, the counts, and the sum over all pytest reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from counts import totals
from paths import COUNTS_FILE, REPORTS
from runner import Result, say


def junit_sums(folder: Path) -> tuple[int, int, set[str]]:
    """Sum the pytest reports of a folder.

    Returns:
        Tests passed, tests failed (errors included), and the names of the reports that hold failures.
    """
    passed = failed = 0
    red: set[str] = set()
    for path in sorted(folder.glob("*.xml")):
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            numbers = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
            bad = numbers["failures"] + numbers["errors"]
            passed += numbers["tests"] - bad - numbers["skipped"]
            failed += bad
            if bad:
                red.add(path.stem)
    return passed, failed, red


def print_summary(results: Sequence[Result]) -> bool:
    """Print the summary.

    Returns:
        Whether everything passed.
    """
    say("\nsummary")
    for result in results:
        say(f"  {result.line()}")
    left_out = sum(result.state == "SKIP" for result in results)
    if left_out:
        say(f"{left_out} steps were left out: their lines say what is missing and how to get it")
    number = totals(COUNTS_FILE)
    say(
        f"scenarios {number['scenario']}, fault cases {number['fault']}, canary runs {number['canary']}, "
        f"mutants {number['mutant']}, lanes {number['lane']}, kills {number['kill']}, examples {number['example']}"
    )
    passed, failed, red = junit_sums(REPORTS)
    # A failed step without a failed test (a linter, a crash of pytest) counts as one: no red run ends with 0 failed.
    failed += sum(result.state == "FAIL" and result.name.replace(" ", "-") not in red for result in results)
    say(f"{passed} passed, {failed} failed")
    return failed == 0
