# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Histories are drawn, kept, played and shrunk; those of fixed seeds break no rule, on either level."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from counts import count
from simulation.draw import draw
from simulation.history import History
from simulation.shrink import shrink
from simulation.torture import base

HERE: t.Final = Path(__file__).resolve().parent
# What failed once, and must not again.
KEPT: t.Final = sorted((HERE / "kept").glob("*.json"))
SEEDS: t.Final = "7-18"
# Histories in which no fault ends by itself, and no run is killed: over the wire, that takes real seconds.
BOTH_LEVELS: t.Final = "8-10"


def _simulate(*arguments: str) -> tuple[int, str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(HERE.parent)])}
    done = subprocess.run(
        [sys.executable, "-m", "simulation.run", "--minutes", "60", "--digests", *arguments],
        env=env,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def _digests(shown: str) -> dict[str, str]:
    return dict(re.findall(r"^ *(\d+)  ([0-9a-f]{16})  ", shown, flags=re.MULTILINE))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str]:
    return _simulate("--seeds", SEEDS, "--keep", str(tmp_path_factory.mktemp("kept")))


def test_fixed_seeds_break_no_rule(played: tuple[int, str]) -> None:
    code, shown = played
    assert code == 0, shown
    assert len(_digests(shown)) == 12
    for seed in _digests(shown):
        count("scenario", f"history {seed}")


def test_faults_strike_in_them(played: tuple[int, str]) -> None:
    _code, shown = played
    found = re.search(r"(\d+) histories, (\d+) faults struck", shown)
    assert found
    assert int(found[2]) > int(found[1]) / 2


def test_the_same_history_gives_the_same_bytes_on_both_levels(played: tuple[int, str]) -> None:
    first = _digests(played[1])
    again = _digests(_simulate("--seeds", BOTH_LEVELS)[1])
    wired = _digests(_simulate("--seeds", BOTH_LEVELS, "--level", "wire")[1])
    assert len(again) == 3
    assert again == {seed: first[seed] for seed in again}
    assert wired == again


def test_a_rollout_is_the_same_on_both_levels(tmp_path: Path) -> None:
    """With installers, restarts and agents, over REST and WinRM."""
    (tmp_path / "rollout.json").write_text(base("rollout").text(), encoding="utf-8")
    shown = [
        _simulate("--history", str(tmp_path / "rollout.json"), "--level", level)[1] for level in ("process", "wire")
    ]
    assert [list(_digests(each)) for each in shown] == [["0"], ["0"]], shown
    assert _digests(shown[0]) == _digests(shown[1]), shown


# Of the ways in which one thing of a run breaks: all by `make simulate TORTURE=...`, at night.
@pytest.mark.parametrize(("playbook", "every"), [("activate", 23), ("drift", 23), ("deactivate", 23), ("rollout", 289)])
def test_one_thing_that_breaks_breaks_no_rule(playbook: str, every: int) -> None:
    code, shown = _simulate("--torture", playbook, "--every", str(every))
    assert code == 0, shown
    found = re.search(r"^(\d+) histories, ", shown, flags=re.MULTILINE)
    assert found
    for number in range(int(found[1])):
        count("fault", f"torture of {playbook}, {number}")


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_failed_once_does_not_fail_again(path: Path) -> None:
    code, shown = _simulate("--history", str(path))
    assert code == 0, shown
    count("scenario", f"kept history {path.stem}")


def test_a_seed_draws_one_history() -> None:
    assert draw(7).text() == draw(7).text()
    assert len({draw(seed).text() for seed in range(50)}) == 50


def test_a_history_is_read_as_it_was_written() -> None:
    assert History.read(draw(7).text()).text() == draw(7).text()
    with pytest.raises(ValueError, match="no history of version 1"):
        History.read(draw(7).text().replace('"version": 1', '"version": 0'))


def test_most_worlds_have_several_farms_and_all_have_three_commands() -> None:
    drawn = [draw(seed) for seed in range(200)]
    assert sorted(len(each.farms()) for each in drawn)[100] >= 3
    assert min(sum(move["do"] == "run" for move in each.moves) for each in drawn) >= 3


def test_a_history_is_shrunk_to_what_fails() -> None:
    history = next(each for each in map(draw, range(100)) if len(each.farms()) > 3 and _faults(each))
    wanted = _faults(history)[0]
    small = shrink(history, lambda each: wanted in _faults(each))
    assert small.farms() == [wanted["farm"]]
    assert small.moves == [wanted]
    assert all(not farm.get("quirks") for farm in small.world["farms"])


def _faults(history: History) -> list[dict[str, t.Any]]:
    return [move for move in history.moves if move["do"] == "fault"]
