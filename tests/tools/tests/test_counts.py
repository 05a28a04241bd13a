# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counts that the summary prints."""

from __future__ import annotations

from pathlib import Path

import pytest

import counts


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "counts.jsonl"
    monkeypatch.setenv("RAS_COUNTS_FILE", str(path))
    return path


def test_each_name_of_a_kind_counts_once(target: Path) -> None:
    counts.count("scenario", "fresh farm")
    counts.count("scenario", "fresh farm")
    counts.count("scenario", "other\nfarm")
    counts.count("fault", "fresh farm")
    assert counts.totals(target) == {**dict.fromkeys(counts.KINDS, 0), "scenario": 2, "fault": 1}


@pytest.mark.parametrize(("kind", "name"), [("scenarios", "x"), ("scenario", "")])
def test_what_cannot_be_counted_is_refused(target: Path, kind: counts.Kind, name: str) -> None:
    with pytest.raises(ValueError, match="cannot count"):
        counts.count(kind, name)
    assert not target.exists()


def test_without_the_variable_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAS_COUNTS_FILE", raising=False)
    monkeypatch.chdir(tmp_path)
    counts.count("lane", "main")
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_line_is_refused(target: Path) -> None:
    target.write_text('{"kind": "typo", "name": "x"}\n')
    with pytest.raises(ValueError, match="not a counts line"):
        counts.totals(target)
