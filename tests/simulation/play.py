# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Play a history on a stage, and write down what a judge needs to know."""

from __future__ import annotations

import hashlib
import json
import typing as t
from dataclasses import dataclass, field

from simulation.history import History, Move
from simulation.stage import KILLED, Ran, Stage

# What differs from one playing to the next, or between the levels, and says nothing.
_IDLE: t.Final = ("seq", "t", "session")
_LAST_ATTEMPTS: t.Final = 3
_LONGEST_REST: t.Final = 300


@dataclass
class Seen:
    """One command, and the world around it.

    Attributes:
        sessions: Those that it began and did not end.
        faulty: Farms on which there was a fault, or whose contract is broken by one, while it ran.
        moved: Whether anybody but us changed something since the command before.
        is_last: Whether it is one of those that follow when nothing is wrong any more.
    """

    move: Move
    ran: Ran
    before: dict[str, t.Any]
    after: dict[str, t.Any]
    journal: list[dict[str, t.Any]]
    attempts: list[dict[str, t.Any]]
    sessions: list[dict[str, t.Any]]
    faulty: set[str]
    moved: bool
    is_last: bool = False

    @property
    def is_killed(self) -> bool:
        """Whether it never came to its end."""
        return self.ran.code == KILLED

    def shows_what_was(self, farm: str) -> bool:
        """Whether a farm still showed the license from before a change: what is true then can be seen by nobody."""
        return any(state["farms"][farm]["license"].get("settling") for state in (self.before, self.after))

    def scope(self, history: History) -> list[str]:
        """The farms within its limit."""
        return [farm for farm in history.farms() if not self.move["limit"] or farm in self.move["limit"]]


@dataclass
class Played:
    """A history that was played to its end."""

    history: History
    seen: list[Seen] = field(default_factory=list)
    problems: list[dict[str, t.Any]] = field(default_factory=list)

    def journal(self) -> list[dict[str, t.Any]]:
        """All requests, without what says nothing, each farm's in their order; one that is repeated at once only once.

        How often something is asked that takes time depends on how long that takes.
        """
        entries = [
            {name: value for name, value in entry.items() if name not in _IDLE}
            for seen in self.seen
            for entry in seen.journal
        ]
        ordered = sorted(entries, key=lambda entry: str(entry["farm"]))
        return [entry for before, entry in zip([{}, *ordered], ordered, strict=False) if entry != before]

    def digest(self) -> str:
        """Of the journal, the exit codes and the rows: the same for each playing."""
        said = [[seen.ran.code, _plain(seen.ran.rows)] for seen in self.seen]
        text = json.dumps([self.journal(), said], sort_keys=True, ensure_ascii=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(rows: t.Sequence[t.Mapping[str, t.Any]]) -> list[list[t.Any]]:
    return [[row["farm"], row["state"], row["code"]] for row in rows]


def play(history: History, stage: Stage) -> Played:
    """All moves, then the same command again without faults until nothing is left to do."""
    played = Played(history)
    moved = True
    for move in history.moves:
        if move["do"] == "run":
            _command(played, stage, history, move, moved)
            moved = False
        else:
            _change(stage, move)
            moved = True
    stage.lab.clear_faults()
    _rest(stage)
    playbook = "rollout" if "ras_version" in history.world["inventory_vars"] else "activate"
    last: Move = {"do": "run", "playbook": playbook, "check": False, "limit": []}
    said: list[list[t.Any]] | None = None
    for _number in range(_LAST_ATTEMPTS + 1):
        seen = _command(played, stage, history, last, moved)
        seen.is_last = True
        moved = False
        is_quiet = not [row for row in seen.ran.rows if row["changed"]]
        if is_quiet and said == _plain(seen.ran.rows):
            break
        said = _plain(seen.ran.rows)
    played.problems = stage.lab.problems()
    return played


def _rest(stage: Stage) -> None:
    """Wait until nothing moves by itself any more: whoever runs the command again does so later."""
    for _time in range(_LONGEST_REST):
        if not any(_moves(farm) for farm in stage.lab.state()["farms"].values()):
            return
        stage.wait(1.0)


def _moves(farm: t.Mapping[str, t.Any]) -> bool:
    """Whether it does not yet show its license, or a host of it is at work."""
    windows = [host["windows"] for host in farm["hosts"] if host["windows"]]
    return farm["license"]["settling"] or any(
        each["installing"] or each["shutdown_scheduled"] or each["power"] == "restarting" for each in windows
    )


def _command(played: Played, stage: Stage, history: History, move: Move, moved: bool) -> Seen:
    stage.lab.clear_journal()
    before, open_ = stage.lab.state(), stage.lab.open_sessions()
    arguments = [f"fleetops.parallels_ras.{move['playbook']}", "--forks", str(move.get("forks", 5))]
    arguments += ["--check"] if move["check"] else []
    arguments += ["--limit", ",".join(f"*.{farm}.example.com" for farm in move["limit"])] if move["limit"] else []
    if "confirm" in move:
        arguments += ["-e", json.dumps({"ras_confirm_deactivate": move["confirm"]})]
    ran = stage.run(arguments, history.over, move.get("kill"))
    after = stage.lab.state()
    faulty = {name for state in (before, after) for name, farm in state["farms"].items() if _is_faulty(farm)}
    left = [session for session in stage.lab.open_sessions() if session not in open_]
    seen = Seen(move, ran, before, after, stage.lab.journal(), stage.lab.attempts(), left, faulty, moved)
    played.seen.append(seen)
    return seen


def _is_faulty(farm: t.Mapping[str, t.Any]) -> bool:
    return any(fault["due"] or fault["fired"] for fault in farm["faults"])


def _change(stage: Stage, move: Move) -> None:
    if move["do"] == "farm":
        stage.lab.patch_farm(move["farm"], **move["changes"])
    elif move["do"] == "host":
        stage.lab.patch_windows(move["farm"], move["host"], **move["changes"])
    elif move["do"] == "account":
        stage.lab.patch_account(move["email"], **move["changes"])
    elif move["do"] == "fault":
        stage.lab.add_fault(move["farm"], **move["fault"])
    else:
        stage.lab.clear_faults()
