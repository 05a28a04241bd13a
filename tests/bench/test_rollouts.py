# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollout is a measurement only if every farm was brought up, and an older commit is really that commit."""

from __future__ import annotations

import io
import os
import tarfile
import typing as t
from pathlib import Path

import pytest

from bench import checkouts
from bench.checkouts import older_checkout, ROOT, this_checkout
from bench.processes import BenchError
from bench.rollout_world import FULL_VERSION, INSTALL, MEMBERS, PUSH, RESTART, rollout_world
from bench.rollouts import phases, prove, roll_out
from bench.schedule import LONGEST


class Finished:
    """A lab after a rollout of one farm."""

    def __init__(self, version: str = FULL_VERSION, problems: int = 0) -> None:
        self.farms: dict[str, t.Any] = {"f001": {}}
        self._version = version
        self._problems = problems

    def farm(self, _name: str) -> dict[str, t.Any]:
        return {"hosts": [{"agent_version": FULL_VERSION}, {"agent_version": self._version}]}

    def problems(self) -> list[str]:
        return ["not modeled"] * self._problems

    def open_sessions(self) -> list[str]:
        return []


def entries(*ops: str) -> list[dict[str, t.Any]]:
    """A journal in which one thing happens every two seconds."""
    return [{"farm": "f001", "op": op, "t": 2.0 * number} for number, op in enumerate(ops, 5)]


DONE = ("logon", "install", "restart", "push", "push", "logoff")


def proved(lab: t.Any, *ops: str) -> None:
    prove(lab, entries(*ops))


def test_a_farm_that_was_brought_up_is_a_measurement() -> None:
    proved(Finished(), *DONE)


@pytest.mark.parametrize(
    ("lab", "ops", "said"),
    [
        (Finished(), DONE[:-2], "'push': 1"),
        (Finished(), (*DONE, "install"), "'install': 2"),
        (Finished(), tuple(op for op in DONE if op != "restart"), "a restart"),
        (Finished(version="20.2.0.1"), DONE, "20.2.0.1"),
        (Finished(problems=1), DONE, "not model"),
    ],
)
def test_anything_else_is_none(lab: t.Any, ops: tuple[str, ...], said: str) -> None:
    with pytest.raises(BenchError, match=said):
        proved(lab, *ops)


def test_the_phases_meet_at_the_first_installer() -> None:
    assert phases(entries("logon", "license", "install", "install", "logoff")) == (4.0, 4.0)
    with pytest.raises(BenchError, match="no installer"):
        phases(entries("logon", "logoff"))


def test_the_times_of_a_farm_add_up() -> None:
    (farm,) = rollout_world([LONGEST], "0" * 64)["farms"]
    server, *members = [host["windows"]["durations"] for host in farm["hosts"]]
    pushes = [member["push"] for member in members]
    assert server["install"] + server["restart"] + sum(pushes) == pytest.approx(LONGEST)
    assert len(pushes) == len(MEMBERS)
    assert INSTALL + RESTART + PUSH * len(MEMBERS) == pytest.approx(1)


def test_two_farms_are_rolled_out(tmp_path: Path) -> None:
    found = roll_out(this_checkout(), [1.0, 0.5], 2, tmp_path)
    assert (found.checkout, found.farms, found.forks) == ("", 2, 2)
    # Not how long: that the parts are those of a whole, and that there is something to reckon with.
    assert 0 < found.until_first < found.until_first + found.wave <= found.seconds
    assert found.cpu > 0
    assert found.lab_cpu > 0
    assert found.results > 2


def test_an_older_commit_is_found_instead_of_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = ROOT / ".cache" / "collections"
    monkeypatch.setenv("ANSIBLE_COLLECTIONS_PATH", os.pathsep.join([str(here), "/elsewhere"]))
    asked: list[tuple[str, ...]] = []

    def git(*words: str) -> bytes:
        asked.append(words)
        return b"0a1b2c3\n" if words[0] == "rev-parse" else packed()

    monkeypatch.setattr(checkouts, "_git", git)
    older = older_checkout("before", tmp_path / "older")
    assert older.name == "0a1b2c3"
    assert older.collections.split(os.pathsep) == [str(tmp_path / "older" / "0a1b2c3"), "/elsewhere"]
    assert older.root == tmp_path / "older" / "0a1b2c3" / "ansible_collections" / "fleetops" / "parallels_ras"
    started: t.Any = older.lab({}, tmp_path)
    assert started == ("the older lab", {}, tmp_path)
    assert asked[1] == ("archive", "--format=tar", "0a1b2c3")


def packed() -> bytes:
    """An archive of a checkout whose lab says that it is another one."""
    text = b"def Lab(world, folder):\n    return 'the older lab', world, folder\n"
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        entry = tarfile.TarInfo("tests/lab/raslab/testing.py")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return written.getvalue()


def test_a_commit_that_is_none_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="git rev-parse"):
        older_checkout("no-such-commit", tmp_path)
