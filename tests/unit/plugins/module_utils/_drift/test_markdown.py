# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown: what farms say is text, and all of it has a bound. tests/meta lets a renderer judge it."""

from __future__ import annotations

import html
import re

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import read_date
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.markdown import MOST_ROWS, render_markdown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import (
    compare_reports,
    give_verdict,
    Report,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import active
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_report import (
    machines,
    NASTY,
    read,
    report_of,
    rich_report,
)


@pytest.fixture(name="report", scope="module")
def _report() -> Report:
    return rich_report()


class TestMarkdown:
    """What farms say is text, not markup."""

    def test_nothing_of_a_farm_becomes_markup(self, report: Report) -> None:
        text = render_markdown(report)
        assert "<script" not in text
        assert not re.search(r"(?<!\\)\]\(", text)
        rows = [line for line in text.splitlines() if line.startswith("| ")]
        for line in rows:
            assert len(re.findall(r"(?<!\\)\|", line)) in (5, 6, 7, 8), line

    def test_long_tables_say_what_they_leave_out(self) -> None:
        many = report_of([read(f"f{number:04}") for number in range(MOST_ROWS + 7)], waivers=())
        many["verdict"] = "error"
        assert "... and 7 more, see the JSON report." in render_markdown(many)

    def test_it_is_below_a_mebibyte_for_a_fleet_in_which_every_farm_deviates(self) -> None:
        """With names and texts as long and as wide as they can be, and with a baseline in which none was."""
        words = "東京" * 100
        wide = active(
            account_email=f"{words}@example.com",
            account_company=words,
            key_shown="****-ME****-****-B9****-PL77Z9",
            needs_attention=True,
            alert_message="&" * 1000 + words,
            expires=read_date("23/03/2026"),
        )
        farms = [
            read(f"{number:04}{words}", wide, machines(f"{number}{words}", "19.4.2.24000"), version="21.2.27306")
            for number in range(3000)
        ]
        report = report_of(farms, waivers=())
        report["changes"] = compare_reports({**report_of([read("x")], waivers=()), "verdict": "ok"}, report)
        give_verdict(report, True)
        text = render_markdown(report)
        assert len(text.encode("utf-8")) < 1 << 20
        for title, number in (("Findings", len(report["findings"])), ("Farms", 3000)):
            section = text.split(f"## {title}\n")[1].split("\n## ")[0]
            left_out = re.search(r"\.\.\. and (\d+) more, see the JSON report\.", section)
            assert left_out
            rows = len([line for line in section.splitlines() if line.startswith("| ")]) - 2  # two lines of the head
            assert rows > 50
            assert rows + int(left_out[1]) == number

    def test_what_is_put_in_is_what_is_shown(self) -> None:
        for text in (
            NASTY[:-1],
            "a `` b ` c | d \\| e",
            "fe80:ab:cd::1 @all #1 GH-1 www.x.example",
            "[x](y)![z](w)",
            "-",
        ):
            row = render_markdown({**report_of([read("tokyo")]), "verdict": "ok", "selected": [text]})
            (line,) = [line for line in row.splitlines() if line.startswith("- ")][:1]
            assert html.unescape(line[2:].replace("`", "")).split() == text.split()
