# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count what the tests really ran, so that the summary of ``make test`` can say it.

Tests call ``count("scenario", "activate: fresh farm")``. Each call appends one JSON line to the file that the
environment variable ``RAS_COUNTS_FILE`` names; without that variable it does nothing: a test can be run by hand.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import get_args, Literal

Kind = Literal["scenario", "fault", "canary", "mutant", "kill", "lane", "example"]
KINDS: tuple[str, ...] = get_args(Kind)


def count(kind: Kind, name: str) -> None:
    """Note that something ran.

    Args:
        kind: What ran, one of ``KINDS``.
        name: Its name. The same name of the same kind is counted once, however often it ran.

    Raises:
        ValueError: ``kind`` is not one of ``KINDS``, or ``name`` is empty.
    """
    if kind not in KINDS or not name:
        raise ValueError(
            f"cannot count {kind!r} {name!r}: the kind is one of {', '.join(KINDS)}, the name is not empty"
        )
    target = os.environ.get("RAS_COUNTS_FILE")
    if not target:
        return
    line = json.dumps({"kind": kind, "name": name}) + "\n"
    # One write in append mode: the lines of parallel test workers do not mix.
    descriptor = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def totals(path: Path) -> dict[str, int]:
    """Count the different names of each kind in a counts file.

    Args:
        path: The counts file; one that does not exist counts as empty.

    Returns:
        The number of different names for every kind of ``KINDS``.

    Raises:
        ValueError: A line is not what ``count`` writes.
    """
    names: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for line in path.read_text().splitlines() if path.exists() else []:
        entry = json.loads(line)
        if entry.get("kind") not in names or not isinstance(entry.get("name"), str):
            raise ValueError(f"{path}: not a counts line: {line}")
        names[entry["kind"]].add(entry["name"])
    return {kind: len(found) for kind, found in names.items()}
