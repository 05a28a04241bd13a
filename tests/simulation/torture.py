# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Torture: for each request, script and file of a run, break exactly that one, in each way that there is."""

from __future__ import annotations

import copy
import typing as t
from collections import Counter
from collections.abc import Iterator

from harness.rollouts import DOWNLOADS, to_version
from simulation.dice import Dice
from simulation.history import History, Move, Wanted
from simulation.inventory import secrets
from simulation.people import ADMINS, my_account, OURS, SPLA, WINDOWS_PASSWORD, WINDOWS_USER

_OF_REQUESTS: t.Final[tuple[dict[str, t.Any], ...]] = (
    *({"kind": kind} for kind in ("reset_before", "reset_after", "hang", "hang_after", "truncated_json")),
    *({"kind": kind} for kind in ("http_403", "http_429", "http_503", "html_200", "expire_session", "redirect")),
    *({"kind": "status", "status": status} for status in (401, 404, 409, 500)),
)
_OF_SCRIPTS: t.Final[tuple[dict[str, t.Any], ...]] = tuple(
    {"kind": kind} for kind in ("reset_before", "reset_after", "hang", "hang_after")
)
_ACTIVE: t.Final = {"state": "active", "account": OURS, "key": SPLA}


def base(playbook: str) -> History:
    """The run that is tortured: two farms, one of which needs all that the playbook can do."""
    has_hosts = playbook == "rollout"
    farms: list[dict[str, t.Any]] = [
        {"name": "tokyo", "license": {"state": "none"} if playbook != "deactivate" else _ACTIVE},
        {"name": "osaka", "license": _ACTIVE},
    ]
    variables: dict[str, t.Any] = {"ras_timeout": 12, "ras_settle_timeout": 12}
    defaults: dict[str, t.Any] = {"generation": 21, "admins": ADMINS}
    if has_hosts:
        farms[0]["hosts"] = [
            {"name": "cb1.tokyo.example.com"},
            {"name": "rd1.tokyo.example.com", "components": ["rds"]},
        ]
        defaults["generation"] = 20
        defaults["windows"] = {"users": [{"name": WINDOWS_USER, "password": WINDOWS_PASSWORD}]}
        waits = dict.fromkeys(("ras_install_timeout", "ras_restart_timeout", "ras_agent_timeout"), 120)
        variables = to_version({**waits, "ras_drain_timeout": 60, "ras_max_failed_farms": 1000, **variables})
    world = {
        "seed": 0,
        "vault": secrets(),
        "my_account": my_account(Dice(0)),
        "defaults": defaults,
        "farms": farms,
        "inventory_vars": variables,
        **({"downloads": DOWNLOADS} if has_hosts else {}),
    }
    command: Move = {"do": "run", "playbook": playbook, "check": False, "limit": [], "kill": None}
    if playbook == "deactivate":
        command["confirm"] = [farm["name"] for farm in farms]
    return History(0, world, {farm["name"]: Wanted([OURS], SPLA) for farm in farms}, [command])


def tortures(playbook: str, journal: t.Sequence[t.Mapping[str, t.Any]]) -> Iterator[History]:
    """A history for each way in which one thing of a run breaks, and one for each moment at which it is killed.

    Args:
        journal: Of the run without a fault.
    """
    before: Counter[tuple[str, str]] = Counter()
    for number, entry in enumerate(journal, start=1):
        yield _with({"kill": number}, playbook, None, f"killed at {number}")
        if entry["protocol"] == "host":
            continue
        place = (entry["host"], entry["op"])
        for fault in _OF_REQUESTS if entry["protocol"] == "rest" else _OF_SCRIPTS:
            made = {**fault, "on": entry["op"], "host": entry["host"], "after": before[place], "times": 1}
            yield _with({}, playbook, {"do": "fault", "farm": entry["farm"], "fault": made}, f"{number} {made}")
        before[place] += 1


def _with(changes: Move, playbook: str, fault: Move | None, said: str) -> History:
    made = copy.deepcopy(base(playbook))
    made.moves[-1].update(changes)
    if fault:
        made.moves.insert(0, fault)
    made.drawn.append(said)
    return made
