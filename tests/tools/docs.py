# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the plugins as text that a documentation site can take up, and the picture in the README."""

from __future__ import annotations

import shutil
from pathlib import Path

import debian
from lanes import Lane
from paths import CACHE, NAME, NAMESPACE, ROOT, SNAPSHOT
from runner import Argv, Log, StepFailed

# antsibull-docs puts the name of its temporary folder into the text that it checks, where a name that ends in "_" (one
# in 37 does) is taken for a reference.
_BY_CHANCE = 'Unknown target name: "antsibull-docs-'
_MOST_ATTEMPTS = 3


def lint(log: Log, lane: Lane) -> str:
    """Check the documentation of the plugins and of ``docs/docsite`` with antsibull-docs.

    Raises:
        StepFailed: It found something; its log says what.
    """
    argv: Argv = [lane.tool("antsibull-docs"), "lint-collection-docs", "--plugin-docs"]
    argv += ["--validate-collection-refs", "all", "--check-extra-docs-refs", "."]
    for _attempt in range(_MOST_ATTEMPTS):
        begin = log.path.stat().st_size
        if log.run(argv, env=lane.env(), cwd=SNAPSHOT, check=False) == 0:
            return ""
        if _BY_CHANCE not in log.path.read_text(errors="replace")[begin:]:
            break
    raise StepFailed("antsibull-docs found something")


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


def picture(log: Log, lane: Lane) -> str:
    """Take the picture of the HTML report that the README shows.

    Returns:
        Where it is, and its size.

    Raises:
        LeftOut: The browser or the font is missing and could not be installed.
        StepFailed: The picture could not be taken.
    """
    purpose = "the picture of the report"
    debian.ensure_command(log, "chromium-headless-shell", "chromium-headless-shell", purpose)
    # The page takes the fonts of the machine; with this one the picture looks the same on each.
    if not any(Path("/usr/share/fonts").rglob("Inter*")):
        debian.install(log, "fonts-inter", purpose)
    place = ROOT / "docs" / "images" / "drift_report.png"
    place.parent.mkdir(parents=True, exist_ok=True)
    log.run([lane.python, ROOT / "tests" / "browser" / "picture.py", place], env=lane.env())
    return f"{place.relative_to(ROOT)}, {place.stat().st_size // 1024} kB"
