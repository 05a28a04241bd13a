# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A demo that shows something else than it says fails."""

from __future__ import annotations

from typing import Any

COMPANY = "Example Holdings"


class Failed(Exception):
    """The demo showed something else than it says."""


def expect(what: str, expected: Any, observed: Any) -> None:
    """Hold what was observed to what is said.

    Raises:
        Failed: They differ.
    """
    if expected != observed:
        raise Failed(f"{what}: expected {expected}, observed {observed}")
