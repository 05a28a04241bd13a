# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No test is left unrun."""

from __future__ import annotations

import suites
from lanes import Lane


def no_lane() -> Lane:
    raise AssertionError("listing the suites sets no lane up")


def test_a_test_file_outside_the_suites_is_found() -> None:
    unclaimed = suites.unclaimed_tests(["tests/unit"])
    assert "tests/tools/tests/test_suites.py" in unclaimed
    assert not [name for name in unclaimed if name.startswith("tests/unit/")]


def test_every_test_file_belongs_to_a_suite() -> None:
    names = [step.name for block in suites.blocks(no_lane, no_lane) for step in block]
    assert "suites" not in names
    assert {
        "unit main",
        "unit floor",
        "tools main",
        "molecule main",
        "payloads",
        "powershell main",
        "powershell floor",
    } <= set(names)
