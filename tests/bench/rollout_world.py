# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world of the rollouts: old farms of three hosts, each of which takes a time of its own. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

VERSION = "21.2.28000"
# As agents report it.
FULL_VERSION = "21.2.0.28000"
INSTALLER = f"RASInstaller-{VERSION}.msi"
# Of a farm's time: what follows each other on its licensing server, and then with its members in their rounds.
INSTALL, RESTART, PUSH = 0.55, 0.15, 0.15
MEMBERS = {"gw1": "gateway", "rd1": "rds"}
# A member restarts behind its push, and nobody waits for it.
_RESTART_OF_MEMBERS = 0.2

_URL = f"https://download.example.com/{INSTALLER}"
_EMAIL, _PASSWORD = "licensing@example.com", "correct horse battery staple"
_KEY = "AB12CD-ME34EF-GH56IJ-B978KL-MN90CV-55K2XX"


def rollout_world(seconds: Sequence[float], sha256: str) -> dict[str, Any]:
    """A world of old farms that are signed in already, all in one wave.

    Args:
        seconds: What installation, restart and pushes of each farm take together.
        sha256: Of the lab's installer.
    """
    return {
        "vault": {
            "ras_account_email": _EMAIL,
            "ras_account_password": _PASSWORD,
            "ras_api_username": "svc-ansible@example.com",
            "ras_api_password": "the administrator's secret",
            "ras_license_key": _KEY,
        },
        "inventory_vars": {
            "ras_version": VERSION,
            "ras_installer_url": _URL,
            "ras_installer_sha256": sha256,
            "ras_reboot": "auto",
            "ras_waves": ["100%"],
            # Minutes take seconds here, so it is looked more often.
            "ras_poll_interval": 1,
        },
        "my_account": {
            "accounts": [
                {
                    "company": "Example Holdings",
                    "people": [{"email": _EMAIL, "password": _PASSWORD, "name": "Licensing"}],
                    "keys": [{"key": _KEY, "type": "spla", "users": 0, "expires": "+900d"}],
                }
            ]
        },
        "downloads": {_URL: f"lab:{INSTALLER}"},
        "defaults": {"generation": 20, "windows": {}},
        "farms": [_farm(f"f{number:03}", each) for number, each in enumerate(seconds, 1)],
    }


def _farm(name: str, seconds: float) -> dict[str, Any]:
    server = {
        "name": f"cb1.{name}.example.com",
        "windows": {"durations": {"install": seconds * INSTALL, "restart": seconds * RESTART}},
    }
    pushed = {"durations": {"push": seconds * PUSH, "restart": _RESTART_OF_MEMBERS}}
    members = [
        {"name": f"{host}.{name}.example.com", "components": [component], "windows": pushed}
        for host, component in MEMBERS.items()
    ]
    return {
        "name": name,
        "license": {"state": "active", "account": _EMAIL, "key": _KEY},
        "hosts": [server, *members],
        # The installation leaves a restart to do.
        "faults": [{"on": "install", "kind": "msiexec", "code": 3010}],
    }
