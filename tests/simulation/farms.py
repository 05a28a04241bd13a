# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw farms: their versions, licenses, contracts, and the Windows hosts that they run on."""

from __future__ import annotations

import typing as t

from simulation import texts
from simulation.dice import Dice
from simulation.people import OTHER, OURS, PREPAID, SECOND, SECOND_KEY, SPLA, STRANGER, STRANGERS_KEY

# What the vendor's documents leave open.
_QUIRKS: t.Final[dict[str, tuple[t.Any, ...]]] = {
    "pa_fields": ("absent",),
    "logon_answer": ("full", "token_only"),
    "write_success": (204,),
    "never_activated": ("empty", "null_fields"),
    "type_as": ("string", "name"),
    "numbers_as": ("number",),
    "language": ("ja",),
    "date_order": ("mdy", "ymd"),
    "date_separator": (".", "-"),
    "date_calendar": ("buddhist",),
    "direct_account_change": (False,),
    "deactivate_check_first": ("account",),
    "licensing_server_fields": ("absent",),
    "broker_path": ("pa", "broker", "connection_broker", "both", "none"),
    "version_path": ("absent",),
    "missing_path": ("bare",),
    "agent_enum": ("name",),
    "logical_rows": ("name", "nameless"),
    "settle_seconds": (2, 8),
    "rate_limit": (
        False,
        {"requests": 50, "window": 10, "status": 503},
        {"requests": 4, "window": 10},
        {"requests": 6, "window": 10, "status": 503},
    ),
    "unknown_fields": (True,),
}
# What a farm with hosts is made of: the components of each host, the licensing server first.
_SHAPES: t.Final[tuple[tuple[str, ...], ...]] = (
    ("broker",),
    ("broker",),
    ("broker",),
    ("broker", "rds"),
    ("broker", "gateway", "rds"),
    ("broker", "broker"),
    ("broker", "broker", "gateway", "gateway", "rds", "rds"),
)
_SHORT: t.Final = {"broker": "cb", "gateway": "gw", "rds": "rd"}


def farm(dice: Dice, name: str, is_second: bool, has_hosts: bool) -> dict[str, t.Any]:
    """A farm as a world file has it.

    Args:
        is_second: Whether it belongs to the second organization.
        has_hosts: Whether Windows hosts are there besides its REST API.
    """
    generations = (18, 19, 20, 20, 20, 21) if has_hosts else (17, 18, 19, 20, 21, 21, 21, 22)
    generation = dice.one(generations)
    quirks = {}
    for quirk in dice.random.sample(list(_QUIRKS), dice.one((0, 0, 1) if has_hosts else (0, 0, 1, 2, 3))):
        quirks[quirk] = dice.one(_QUIRKS[quirk])
        dice.note("quirk", quirk, quirks[quirk])
    if dice.chance(0.05):
        quirks["message"] = texts.refusal(dice.random)[1]
        dice.note("every refusal is in other words")
    dice.note("generation", generation)
    made: dict[str, t.Any] = {
        "name": name,
        "generation": generation,
        "license": _license(dice, is_second, has_hosts),
        "quirks": quirks,
    }
    if dice.chance(0.1):
        made["settings_pending"] = True
        dice.note("settings wait")
    if dice.chance(0.06):
        # Against the day on which every history begins.
        made["clock"] = dice.one(("2026-05-31T23:59:00", "2026-06-02T00:01:00", "2012-01-01T00:00:00"))
        dice.note("clock", made["clock"])
    if has_hosts:
        made["hosts"] = _hosts(dice, name)
    if len(made.get("hosts", [])) > 1 and dice.chance(0.3):
        made["sites"] = [{"name": "Main", "licensing": True}, {"name": "Branch"}]
        for host in made["hosts"][1:]:
            host["site"] = dice.one(("Main", "Branch"))
        dice.note("two sites")
    return made


def _license(dice: Dice, is_second: bool, has_hosts: bool) -> dict[str, t.Any]:
    ours, key = (SECOND, SECOND_KEY) if is_second else (OURS, SPLA)
    licenses: dict[str, dict[str, t.Any]] = {
        "none": {"state": "none"},
        "ours": {"state": "active", "account": ours, "key": key},
        "trial": {"state": "trial", "account": ours},
        "trial of nobody": {"state": "trial"},
        "foreign": {"state": "active", "account": STRANGER, "key": STRANGERS_KEY},
        "expired": {"state": "active", "account": ours, "key": key, "expires": "2025-01-31"},
        "without key": {"state": "active", "account": ours},
        "deactivated": {"state": "deactivated"},
        "attention": {"state": "active", "account": ours, "key": key, "needs_attention": True},
    }
    if not is_second:
        licenses["of another person"] = {"state": "active", "account": OTHER, "key": SPLA}
        licenses["another key"] = {"state": "active", "account": OURS, "key": PREPAID}
    # Where the license blocks its plan, nothing happens on a host.
    often = ["none"] * 6 + ["ours"] * 12 if has_hosts else ["none"] * 2 + ["ours"] * 2
    state = dice.one([*often, "foreign", *licenses])
    dice.note("license", state)
    return licenses[state]


def _hosts(dice: Dice, name: str) -> list[dict[str, t.Any]]:
    shape = dice.one(_SHAPES)
    dice.note("hosts", *shape)
    numbers = dict.fromkeys(_SHORT, 0)
    made = []
    for component in shape:
        numbers[component] += 1
        host: dict[str, t.Any] = {
            "name": f"{_SHORT[component]}{numbers[component]}.{name}.example.com",
            "components": [component],
        }
        if made and dice.chance(0.3):
            host["vars"] = {"ras_agents_method": "msi"}
            dice.note("a member that installs by itself")
        if dice.chance(0.15):
            host["windows"] = _windows(dice, component)
        if component == "rds" and dice.chance(0.1):
            host["enabled"] = False
            dice.note("a host that an administrator disabled")
        made.append(host)
    return made


def _windows(dice: Dice, component: str) -> dict[str, t.Any]:
    found = dice.one(
        (
            {"pending_reboot": True},
            {"sessions": 3 if component == "rds" else 1},
            {"disk_free_gb": 1.0},
            {"installer_busy": True},
            {"uptime_hours": 0.2},
            {"durations": {"install": 20.0, "restart": 40.0, "push": 5.0}},
            {"durations": {"install": 2.0, "restart": 90.0, "push": 70.0}},
            {"msiexec": "blocked"},
            {"shutdown_code": 5},
            {"winrm": {"scheme": "https"}},
        )
    )
    dice.note("host", *found)
    return dict(found)
