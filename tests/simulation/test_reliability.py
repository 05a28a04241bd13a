# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered of histories: the page is made of the ledger, and the ledger of what was played."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from simulation import ledger
from simulation.coverage import Coverage
from simulation.draw import draw
from simulation.ledger import FOUND, PAGE, page, remember, Session

_SESSION = Session("2026-12-01", "abc", "process", "1-2", 1000, 7000, 900, 12, 1, 10.0)


def test_the_page_is_what_the_ledger_says() -> None:
    assert PAGE.read_text("utf-8") == page(ledger.sessions(), ledger.found())


def test_what_was_found_names_histories_that_are_kept() -> None:
    kept = {each["kept"] for each in ledger.found() if each.get("kept")}
    assert kept == {path.stem for path in (FOUND.parent / "kept").glob("*.json")}


def test_a_session_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "LEDGER", tmp_path / "ledger.jsonl")
    monkeypatch.setattr(ledger, "PAGE", tmp_path / "page.md")
    remember(_SESSION)
    remember(_SESSION)
    assert ledger.sessions() == [_SESSION, _SESSION]
    assert "Since 2026-12-01: 2 000 histories with 14 000 runs" in (tmp_path / "page.md").read_text("utf-8")


def test_what_never_struck_is_named() -> None:
    covered = Coverage(Counter({"fault hang license": 2, "fault http_503 logon": 1}))
    covered.add(Coverage(struck=Counter({"hang on license": 1})))
    assert covered.never() == ["http_503"]
    assert covered.lines()[-1] == "never struck: http_503"


def test_every_kind_of_move_is_drawn() -> None:
    moves = [move for seed in range(300) for move in draw(seed).moves]
    assert {move["do"] for move in moves} == {"run", "farm", "host", "account", "fault", "clear"}
    runs = [move for move in moves if move["do"] == "run"]
    assert {move["playbook"] for move in runs} == {"activate", "deactivate", "drift", "rollout"}
    assert any(move["kill"] for move in runs)
