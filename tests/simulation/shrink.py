# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a history that fails smaller, as long as it fails the same way."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator

from harness.worlds import host_of
from simulation.history import History


def shrink(history: History, fails: Callable[[History], bool], budget: int = 60) -> History:
    """The smallest history that was found.

    Args:
        history: One that fails.
        fails: Plays a history and says whether it fails the same way.
        budget: How many may be played.
    """
    smaller = True
    while smaller and budget > 0:
        smaller = False
        for candidate in _smaller(history):
            if budget <= 0:
                break
            budget -= 1
            if fails(candidate):
                history, smaller = candidate, True
                break
    return history


def _smaller(history: History) -> Iterator[History]:
    """Each with one thing less, or half of the farms, what weighs most first."""
    farms = history.farms()
    if len(farms) > 3:
        half = len(farms) // 2
        for gone in (farms[:half], farms[half:]):
            made = history
            for farm in gone:
                made = _without_farm(made, farm)
            yield made
    for farm in farms:
        if len(history.farms()) > 1:
            yield _without_farm(history, farm)
    for number in reversed(range(len(history.moves))):
        yield _changed(history, lambda made, number=number: made.moves.pop(number))
    for number, farm in enumerate(history.world["farms"]):
        for quirk in farm.get("quirks", {}):
            yield _changed(history, lambda made, n=number, q=quirk: made.world["farms"][n]["quirks"].pop(q))
        for place in range(1, len(farm.get("hosts", []))):
            yield _without_host(history, number, place)
        for key in ("settings_pending", "clock"):
            if key in farm:
                yield _changed(history, lambda made, n=number, k=key: made.world["farms"][n].pop(k))
    for number, move in enumerate(history.moves):
        if move.get("limit"):
            yield _changed(history, lambda made, n=number: made.moves[n].update(limit=[]))
        if move.get("kill"):
            yield _changed(history, lambda made, n=number: made.moves[n].update(kill=None))


def _changed(history: History, change: Callable[[History], object]) -> History:
    made = copy.deepcopy(history)
    change(made)
    return made


def _without_host(history: History, number: int, place: int) -> History:
    made = copy.deepcopy(history)
    name = made.world["farms"][number]["hosts"].pop(place)["name"]
    made.moves = [move for move in made.moves if name not in json.dumps(move)]
    return made


def _without_farm(history: History, farm: str) -> History:
    made = copy.deepcopy(history)
    made.world["farms"] = [each for each in made.world["farms"] if each["name"] != farm]
    del made.wanted[farm]
    made.over.pop(host_of(farm), None)
    made.moves = [move for move in made.moves if move.get("farm") != farm]
    for move in made.moves:
        if move["do"] == "run":
            had_limit = bool(move["limit"])
            move["limit"] = [each for each in move["limit"] if each != farm]
            if had_limit and not move["limit"]:
                move["limit"] = made.farms()
            if "confirm" in move:
                move["confirm"] = [each for each in move["confirm"] if each != history.called(farm)]
    return made
