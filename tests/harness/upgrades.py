# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Worlds in which RAS is upgraded: Windows hosts, one installer, and time-outs that suit a lab."""

from __future__ import annotations

import hashlib
import typing as t
from pathlib import Path

from .worlds import host_of, PASSWORD, SPLA_KEY, world

# As the lab shows ras_version.
WANTED: t.Final = "21.2.0.28000"
ROLLOUT: t.Final = "fleetops.parallels_ras.rollout"
URL: t.Final = "https://download.example.com/RASInstaller-21.2.28000.msi"
# Patience costs nothing where an answer comes.
PATIENT: t.Final = {"ras_restart_timeout": 60, "ras_install_timeout": 90, "ras_agent_timeout": 60}
_MSI: t.Final = Path(__file__).resolve().parents[1] / "lab" / "msi" / "RASInstaller-21.2.28000.msi"


def upgrade_world(
    farms: t.Mapping[str, t.Mapping[str, t.Any]], emails: t.Iterable[str], **variables: t.Any
) -> dict[str, t.Any]:
    """A world whose farms are upgraded all at once.

    :param emails: the members of the one business account.
    :param variables: inventory variables besides those of every upgrade, or in place of them.
    """
    made = world(
        farms,
        downloads={URL: f"lab:{_MSI.name}"},
        inventory_vars={
            "ras_version": "21.2.28000",
            "ras_installer_url": URL,
            "ras_installer_sha256": hashlib.sha256(_MSI.read_bytes()).hexdigest(),
            "ras_reboot": "auto",
            "ras_poll_interval": 1,
            "ras_settle_timeout": 3,
            "ras_drain_timeout": 5,
            "ras_batches": ["100%"],
            "ras_max_failed_farms": 1000,
            **PATIENT,
            **variables,
        },
        my_account={
            "lockout_after": 5,
            "accounts": [
                {
                    "company": "Example Holdings",
                    "members": [{"email": each, "password": PASSWORD} for each in emails],
                    "keys": [{"key": SPLA_KEY, "type": "spla", "users": 0, "expires": "2031-12-31"}],
                }
            ],
        },
    )
    made["defaults"]["windows"] = {}
    return made


def standing(truth: t.Mapping[str, t.Any]) -> str:
    """Whose version is the wanted one in a farm: ``none``, ``server`` (the licensing server alone) or ``all``."""
    behind = [host["name"] for host in truth["hosts"] if host["agent_version"] != WANTED]
    if not behind:
        return "all"
    return "none" if host_of(truth["name"]) in behind else "server"


def done_twice(journal: t.Iterable[t.Mapping[str, t.Any]]) -> set[tuple[str, str]]:
    """Host and effect of what took effect more often than once, of what must not: installation, agent, activation."""
    found = [
        (each["host"], each["effect"]) for each in journal if each["effect"] in ("installed", "updated", "activated")
    ]
    return {each for each in found if found.count(each) > 1}
