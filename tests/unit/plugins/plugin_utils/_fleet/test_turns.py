# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ledger of turns that parallel workers share, with real forked processes."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
import stat
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.gate import Run, Step, Turn
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.turns import Turns
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import KEY
from ansible_collections.fleetops.parallels_ras.tests.unit.support.workers import barrier, Diary, Worker

SHOWN: t.Final = "****-CV55K2"


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> str:
    """The folder of one run."""
    path = tmp_path / "run"
    path.mkdir(mode=0o700)
    return str(path)


def _run(*playing: str, most: int = 0) -> Run:
    return Run((), playing, most, "", dt.datetime(2026, 11, 24, 8, 0))


def _turn(host: str, step: Step = "well", **more: t.Any) -> Turn:
    return Turn(host, host.upper(), step, **more)


def test_what_one_farm_says_holds_the_next_one_back(folder: str) -> None:
    turns = Turns(folder, "run")
    assert turns.enter(_turn("a"), None, _run("a", "b", "c")) == ""
    assert Turns(folder, "run").enter(_turn("b"), None, _run("a", "b", "c")) == ""
    turns.leave(_turn("a", "failed"))
    assert "(A)" in Turns(folder, "run").enter(_turn("c"), None, _run("a", "b", "c"))


def test_a_farm_that_says_nothing_and_is_gone_counts(folder: str) -> None:
    assert Turns(folder, "run").enter(_turn("a"), None, _run("a", "b")) == ""
    assert Turns(folder, "run").enter(_turn("b"), None, _run("a", "b")) == ""
    assert "(A)" in Turns(folder, "run").enter(_turn("c"), None, _run("b", "c"))


def test_farms_that_were_held_back_do_not_count(folder: str) -> None:
    turns = Turns(folder, "run")
    turns.enter(_turn("a"), None, _run("a"))
    turns.leave(_turn("a", "failed"))
    for host in "bcd":
        assert "1 farm of this run" in turns.enter(_turn(host), None, _run(host))


def test_a_later_playbook_of_the_run_begins_anew(folder: str) -> None:
    first = Turns(folder, "first")
    first.enter(_turn("a"), None, _run("a"))
    first.leave(_turn("a", "failed"))
    assert Turns(folder, "second").enter(_turn("b"), None, _run("b")) == ""


def test_a_key_is_recorded_as_a_digest_and_found_again(folder: str) -> None:
    turns = Turns(folder, "run")
    turns.enter(_turn("a"), KEY, _run("a"))
    turns.leave(_turn("a", key_shown=SHOWN, type_name="PrePaid"))
    # What a farm shows no more stays recorded.
    turns.leave(_turn("a"))
    assert "not an SPLA key" in turns.enter(_turn("b"), KEY.lower(), _run("b"))
    (file,) = pathlib.Path(folder).iterdir()
    text = file.read_text()
    assert KEY not in text
    assert KEY.replace("-", "").casefold() not in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {turn["step"] for turn in json.loads(text).values()} == {"well", "failed"}


def test_of_workers_that_ask_together_each_turn_is_recorded(folder: str, tmp_path: pathlib.Path) -> None:
    diary, together = Diary(tmp_path / "diary"), barrier(12)
    hosts = [f"h{number}" for number in range(12)]

    def work(host: str) -> None:
        together.wait()
        turns = Turns(folder, "run")
        stop = turns.enter(_turn(host), None, _run(*hosts))
        diary.note(f"{host} {stop}".strip())
        if not stop:
            turns.leave(_turn(host, "failed" if host == "h3" else "well"))

    workers = [Worker(diary, host, lambda host=host: work(host)) for host in hosts]  # type: ignore[misc]
    for worker in workers:
        worker.join()
    (file,) = pathlib.Path(folder).iterdir()
    recorded = json.loads(file.read_text())
    assert set(recorded) == set(hosts)
    started = {line for line in diary.lines if " " not in line}
    # Whoever asked after h3 had failed was held back; all others ended.
    steps = {step: {host for host, turn in recorded.items() if turn["step"] == step} for step in ("well", "held")}
    assert {**steps, "failed": {"h3"}} == {"well": started - {"h3"}, "held": set(hosts) - started, "failed": {"h3"}}
    assert recorded["h3"]["step"] == "failed"
    assert "1 farm" in Turns(folder, "run").enter(_turn("last"), None, _run("last"))


@pytest.mark.parametrize("farms", [20, 200])
def test_a_turn_reads_and_writes_one_small_file(folder: str, farms: int) -> None:
    """What a farm costs: no more than its line in the ledger, whatever the fleet is."""
    turns = Turns(folder, "run")
    hosts = [f"cb1.farm{number:03}.example.com" for number in range(farms)]
    for host in hosts:
        assert turns.enter(_turn(host, guid=f"{{{host}}}"), KEY, _run(*hosts)) == ""
        turns.leave(_turn(host, key_shown=SHOWN, type_name="PostPaid"))
    (file,) = pathlib.Path(folder).iterdir()
    assert file.stat().st_size < 400 * farms
