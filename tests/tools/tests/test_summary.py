# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

import summary
from runner import Result

REPORT = '<testsuites><testsuite name="x" tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(summary, "REPORTS", tmp_path)
    monkeypatch.setattr(summary, "COUNTS_FILE", tmp_path / "counts.jsonl")
    return tmp_path


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.splitlines()[-1]


def test_reports_are_summed(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (reports / "unit-main.xml").write_text(REPORT.format(10, 0, 0, 1))
    (reports / "lab-main.xml").write_text(REPORT.format(5, 0, 0, 0))
    assert summary.print_summary([Result("unit main", "PASS", 1.0, ""), Result("lab main", "PASS", 1.0, "")])
    assert last_line(capsys) == "14 passed, 0 failed"


def test_a_red_suite_counts_its_tests(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (reports / "unit-main.xml").write_text(REPORT.format(10, 2, 1, 0))
    assert not summary.print_summary([Result("unit main", "FAIL", 1.0, "")])
    assert last_line(capsys) == "7 passed, 3 failed"


def test_a_failed_step_without_a_failed_test_is_a_failure(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (reports / "unit-main.xml").write_text(REPORT.format(10, 0, 0, 0))
    assert not summary.print_summary([Result("unit main", "FAIL", 1.0, ""), Result("mypy", "FAIL", 1.0, "")])
    assert last_line(capsys) == "10 passed, 2 failed"


def test_what_was_left_out_is_counted(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (reports / "unit-main.xml").write_text(REPORT.format(10, 0, 0, 0))
    left_out = [Result(name, "SKIP", 0.0, "no PowerShell") for name in ("powershell main", "powershell floor")]
    assert summary.print_summary([Result("unit main", "PASS", 1.0, ""), *left_out])
    assert "2 steps were left out" in capsys.readouterr().out
