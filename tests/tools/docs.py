# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the pages of the plugins as text that a documentation site can take up."""

from __future__ import annotations

import shutil

from lanes import Lane
from paths import CACHE, NAME, NAMESPACE, ROOT
from runner import Argv, Log, StepFailed


def render(log: Log, lane: Lane) -> str:
    """Render every page with antsibull-docs.

    Returns:
        How many pages of modules there are, and where.

    Raises:
        StepFailed: The documentation does not render.
    """
    place = CACHE / "docs"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    argv: Argv = [lane.tool("antsibull-docs"), "collection", "--use-current", "--dest-dir", place, "--no-indexes"]
    log.run([*argv, "--squash-hierarchy", "--fail-on-error", f"{NAMESPACE}.{NAME}"], env=lane.env())
    pages = sorted(place.rglob("*_module.rst"))
    if not pages:
        raise StepFailed("antsibull-docs rendered no page of a module")
    return f"{len(pages)} modules in {place.relative_to(ROOT)}"
