# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Worlds in which RAS is upgraded: Windows hosts, one installer, and time-outs that suit a lab."""

from __future__ import annotations

import typing as t

from .rollouts import DOWNLOADS, FULL_VERSION, to_version
from .worlds import host_of, PASSWORD, SPLA_KEY, windows, world

# Patience costs nothing where an answer comes.
PATIENT: t.Final = {"ras_restart_timeout": 60, "ras_install_timeout": 90, "ras_agent_timeout": 60}


def upgrade_world(
    farms: t.Mapping[str, t.Mapping[str, t.Any]], emails: t.Iterable[str], **variables: t.Any
) -> dict[str, t.Any]:
    """A world whose farms are upgraded all at once.

    :param emails: the people of the one business account.
    :param variables: inventory variables besides those of every upgrade, or in place of them.
    """
    made = world(
        farms,
        downloads=DOWNLOADS,
        inventory_vars=to_version(
            {
                "ras_settle_timeout": 3,
                "ras_drain_timeout": 5,
                "ras_waves": ["100%"],
                "ras_max_failed_farms": 1000,
                **PATIENT,
                **variables,
            }
        ),
        my_account={
            "lockout_after": 5,
            "accounts": [
                {
                    "company": "Example Holdings",
                    "people": [{"email": each, "password": PASSWORD} for each in emails],
                    "keys": [{"key": SPLA_KEY, "type": "spla", "users": 0, "expires": "2031-12-31"}],
                }
            ],
        },
    )
    made["defaults"]["windows"] = windows()
    return made


def upgraded(truth: t.Mapping[str, t.Any]) -> str:
    """Whose version is the wanted one in a farm: ``none``, ``server`` (the licensing server alone) or ``all``."""
    behind = [host["name"] for host in truth["hosts"] if host["agent_version"] != FULL_VERSION]
    if not behind:
        return "all"
    return "none" if host_of(truth["name"]) in behind else "server"


def done_twice(journal: t.Iterable[t.Mapping[str, t.Any]]) -> set[tuple[str, str]]:
    """Host and effect of what took effect more often than once, of what must not: installation, agent, activation."""
    found = [
        (each["host"], each["effect"]) for each in journal if each["effect"] in ("installed", "updated", "activated")
    ]
    return {each for each in found if found.count(each) > 1}
