# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the build tools keep things. Everything they make lies under ``.cache`` of the checkout."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
LOCKS = ROOT / "tests" / "locks"
REPORTS = CACHE / "reports"
LOGS = CACHE / "logs"
HOME = CACHE / "home"
COLLECTIONS = CACHE / "collections"
NAMESPACE, NAME = "fleetops", "parallels_ras"
COLLECTION_PATH = Path("ansible_collections") / NAMESPACE / NAME
SNAPSHOT = CACHE / "snapshot" / COLLECTION_PATH
BUILD = CACHE / "build"
COUNTS_FILE = REPORTS / "counts.jsonl"
FULL = os.environ.get("RAS_FULL") == "1"


def in_ci() -> bool:
    """Say whether this is a CI run, where nothing may be left out."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def cpus() -> int:
    """Count the processors this process may use (2 to 8: fewer serialize the tests, more do not pay)."""
    return max(2, min(8, len(os.sched_getaffinity(0))))
