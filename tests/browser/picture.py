# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take the picture of the HTML report that the README shows; ``make picture`` runs this in the main lane."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.html_page import render_html
from ansible_collections.fleetops.parallels_ras.tests.harness.browser import browser
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_report import rich_report


def main(target: Path) -> None:
    """Write the head of the example report, as wide as a desktop."""
    with tempfile.TemporaryDirectory() as folder, browser() as context:
        report = Path(folder) / "drift.html"
        report.write_text(render_html(rich_report()), encoding="utf-8")
        page = context.pages[0]
        page.emulate_media(color_scheme="light")
        page.goto(report.as_uri())
        bottom = page.locator(".charts figure").first.bounding_box()
        if bottom is None:
            raise SystemExit("the report shows no chart")
        height = bottom["y"] + bottom["height"] + 18
        page.screenshot(path=target, full_page=True, clip={"x": 0, "y": 0, "width": 1280, "height": height})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
