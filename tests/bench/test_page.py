# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page is made of the figures, and the one in the docs by the bench."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.figures import FLOOR, Memory, Sample
from bench.page import duration, NAMES, PLANNED, render, Report
from bench.run import taking_part
from bench.test_figures import AT_THE_LIMIT, slower

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


def report(samples: list[Sample], memories: list[Memory]) -> Report:
    about = {"machine": "2 processors", "versions": "ansible-core 2.21"}
    return Report("2026-01-31", about, 64, 10, "make bench", 2, samples, memories)


def cells(text: str, heading: str) -> list[list[str]]:
    """The rows of the table below a heading, without its head."""
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def test_the_page_holds_every_figure() -> None:
    text = render(report(AT_THE_LIMIT, [Memory(300, 70.0, 60.0, 50.0, 90), Memory(2000, 104.0, 80.0, 70.0, 91)]))
    assert "Measured on 2026-01-31" in text
    assert "| machine | 2 processors |" in text
    figures = cells(text, "Figures")
    assert [NAMES[FLOOR], "1000", "2.00", "1.00 to 4.00", "2.00", "1.00", "3", "50 %"] in figures
    assert ["`fleet_info`", "1000", "2.60", "1.30 to 5.20", "2.60", "1.30", "3", "50 %"] in figures
    assert len(figures) == 8
    assert "served 1500 requests a second and was busy 50 %" in " ".join(text.split())
    assert cells(text, "Memory of a scan")[1] == ["2000", "104", "80", "70", "91"]
    assert [row[3] for row in cells(text, "Bars")] == ["met"] * 5 + ["not measured"] * 7
    assert "is missed" not in text


def test_the_sizing_follows_from_the_figures() -> None:
    text = render(report(AT_THE_LIMIT, [Memory(300, 70.0, 60.0, 50.0, 90), Memory(2000, 104.0, 80.0, 70.0, 91)]))
    table = cells(text, "Sizing")
    assert [int(row[0]) for row in table] == list(PLANNED)
    # 1.1 ms a farm by itself; 1.5 s of waiting a farm, shared out; 0.02 MB a farm; 25 ms a farm.
    assert table[2] == ["1000", "1.1 s", "23.4 s", "5.9 s", "84 MB", "25.0 s"]
    assert "76800 farms with 64 workers and 307200 with 256" in " ".join(text.split())


def test_a_missed_bar_is_shown_with_its_reason() -> None:
    text = render(report(slower("license", 1000, 1.5), [Memory(2000, 104.0, 80.0, 70.0, 91)]))
    assert [row[3] for row in cells(text, "Bars")] == ["met", "met", "**missed**", "met", "met", *["not measured"] * 7]
    assert "is missed: A task that does nothing at all takes 12.5 ms" in " ".join(text.split())


def test_what_was_not_measured_is_left_out() -> None:
    text = render(report([Sample(FLOOR, 5, 0, 0.01, 0.01, 0.0099)], []))
    assert [row[3] for row in cells(text, "Bars")] == ["not measured"] * 12
    assert "the floor waited for it" in " ".join(text.split())
    assert "## Sizing" not in text


@pytest.mark.parametrize(
    ("seconds", "shown"), [(4.44, "4.4 s"), (99.9, "99.9 s"), (100, "1.7 min"), (599, "10.0 min"), (600, "10 min")]
)
def test_times_are_said_as_a_person_says_them(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_slow_contenders_take_part_where_they_end_soon() -> None:
    everyone = {"floor", "fleet_info", "engine", "nothing", "license", "module", "uri"}
    assert {name for name, _farms in taking_part(100, 0)} == everyone
    assert dict(taking_part(100, 0))["uri"] < 100
    assert dict(taking_part(5, 0))["uri"] == 5
    assert {name for name, _farms in taking_part(1000, 0)} == everyone - {"module", "uri"}
    assert {name for name, _farms in taking_part(1000, 1)} == {"floor", "fleet_info", "engine"}
    assert [farms for _name, farms in taking_part(2000, 4)] == [2000] * 3


def test_the_page_in_the_docs_is_one_of_the_bench() -> None:
    """Written over by hand, or with fewer sizes than the bars need, it would say what nobody measured."""
    text = PAGE.read_text(encoding="utf-8")
    assert text.startswith(render(report([], [])).split("\n# ")[0])
    assert "not measured" not in [row[3] for row in cells(text, "Bars")]
    assert {int(row[1]) for row in cells(text, "Figures") if row[0] == "`fleet_info`"} == {100, 300, 1000, 2000}
    missed = [row[0] for row in cells(text, "Bars") if "missed" in row[3]]
    explained = re.findall(r"^Why \*(.+?)\* is missed", " ".join(text.split("\n")).replace(" Why ", "\nWhy "), re.M)
    assert explained == missed
