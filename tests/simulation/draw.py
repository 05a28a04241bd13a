# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw a history: a world, an inventory, and commands between faults and people, as nobody thought of them."""

from __future__ import annotations

import typing as t

from harness.rollouts import DOWNLOADS
from simulation.dice import Dice
from simulation.events import fault, person
from simulation.farms import farm
from simulation.history import called, History, Move, Wanted
from simulation.inventory import Over, variables, vault, wanted
from simulation.people import ADMINS, my_account, WINDOWS_PASSWORD, WINDOWS_USER

_NAMES: t.Final = (
    *("tokyo", "osaka", "kobe", "kyoto", "nara", "sendai"),
    *("berlin", "paris", "oslo", "lima", "quito", "perth"),
)


def draw(seed: int) -> History:
    """The history of a seed; the same one at any time, on any machine."""
    dice = Dice(seed)
    # With hosts, a history takes ten times as long.
    has_hosts = dice.chance(0.06)
    number = dice.one((1, 1, 2, 3, 3, 4) if has_hosts else (1, 1, 2, 3, 3, 3, 3, 3, 4, 5))
    if not has_hosts and dice.chance(0.04):
        number = dice.random.randint(6, 12)
    names = dice.random.sample(_NAMES, number)
    is_divided = number > 1 and dice.chance(0.2)
    dice.note("farms", number)
    of_farms: dict[str, Wanted] = {}
    over: Over = {}
    farms = []
    for place, name in enumerate(names):
        is_second = is_divided and place % 2 == 1
        farms.append(farm(dice, name, is_second, has_hosts))
        of_farms[name] = wanted(dice, name, is_second, [each["name"] for each in farms[-1].get("hosts", [])], over)
    defaults: dict[str, t.Any] = {"generation": 21, "admins": ADMINS}
    if has_hosts:
        defaults["windows"] = {
            "users": [{"name": WINDOWS_USER, "password": WINDOWS_PASSWORD}],
            "durations": {"install": 5.0, "restart": 8.0, "push": 4.0},
        }
    world = {
        "seed": seed,
        "vault": vault(dice, of_farms),
        "my_account": my_account(dice),
        "defaults": defaults,
        "farms": farms,
        "inventory_vars": variables(dice, has_hosts),
    }
    if has_hosts:
        world["downloads"] = DOWNLOADS
        if dice.chance(0.05):
            over["all"] = {"ansible_password": "a wrong password of Windows"}
            dice.note("the password of the Windows user is wrong")
    return History(seed, world, of_farms, _moves(dice, farms, of_farms, over, has_hosts), over, dice.notes)


def _moves(
    dice: Dice, farms: t.Sequence[dict[str, t.Any]], of_farms: t.Mapping[str, Wanted], over: Over, has_hosts: bool
) -> list[Move]:
    names = [each["name"] for each in farms]
    hosts = {each["name"]: [host["name"] for host in each.get("hosts", [])] for each in farms}
    moves: list[Move] = []
    is_quiet = dice.chance(0.15)
    while sum(move["do"] == "run" for move in moves) < dice.one((3, 3, 3, 4)):
        command = _command(dice, names, of_farms, over, has_hosts)
        scope = [name for name in command["limit"] or names if of_farms[name].managed and of_farms[name].readable]
        if scope and not is_quiet:
            moves += [fault(dice, dice.one(scope), has_hosts) for _fault in range(dice.one((1, 1, 2, 3)))]
        while dice.chance(0.25):
            name = dice.one(names)
            moves.append(person(dice, name, hosts[name]))
        moves += _repeated(dice, command)
        if dice.chance(0.2):
            moves.append({"do": "clear"})
            dice.note("faults end")
    return moves


def _command(dice: Dice, names: t.Sequence[str], of_farms: t.Mapping[str, Wanted], over: Over, has_hosts: bool) -> Move:
    playbook = dice.one(
        ("rollout",) * 5 + ("activate", "drift", "drift", "deactivate")
        if has_hosts
        else ("activate",) * 5 + ("drift",) * 2 + ("deactivate",)
    )
    move: Move = {"do": "run", "playbook": playbook, "check": False, "limit": [], "kill": None}
    if dice.chance(0.25):
        move["limit"] = dice.random.sample(list(names), dice.random.randint(1, len(names)))
        dice.note("limit")
    move["forks"] = dice.one((1, 5, 5, 20))
    if playbook == "deactivate":
        scope = [name for name in names if not move["limit"] or name in move["limit"]]
        exact = [called(over, name) for name in scope if of_farms[name].managed]
        others = [called(over, name) for name in dice.random.sample(list(names), dice.random.randint(0, len(names)))]
        move["confirm"] = exact if dice.chance(0.7) else others
        dice.note("confirmed", "exactly" if sorted(move["confirm"]) == sorted(exact) else "otherwise")
    if playbook != "drift" and dice.chance(0.1):
        move["kill"] = dice.random.randint(1, 60 if has_hosts else 12)
        dice.note("killed")
    dice.note("command", playbook)
    return move


def _repeated(dice: Dice, move: Move) -> list[Move]:
    """A command, and what people do besides it: look first, or run it again."""
    if move["playbook"] == "drift":
        return [move, move] if dice.chance(0.15) else [move]
    if dice.chance(0.4):
        dice.note("checked before")
        return [{**move, "check": True, "kill": None}, move]
    if dice.chance(0.15):
        return [{**move, "check": True}]
    return [move, move] if dice.chance(0.15) else [move]
