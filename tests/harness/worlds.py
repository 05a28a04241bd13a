# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pieces of worlds that most tests need."""

from __future__ import annotations

import copy
import os
import typing as t

EMAIL = "licensing@example.com"
PASSWORD = "correct horse battery staple"
OTHER_EMAIL = "tanaka@example.com"
PRIVATE = "someone@private.example"
PRIVATE_PASSWORD = "some private password"
ADMIN = "svc-ansible@example.com"
ADMIN_PASSWORD = "the administrator's secret"

SPLA_KEY = "AB12CD-ME34EF-GH56IJ-B978KL-MN90CV-55K2XX"
PREPAID_KEY = "PP12CD-ME34EF-GH56IJ-B978KL-MN90CV-77K2YY"
SMALL_KEY = "SM12CD-ME34EF-GH56IJ-B978KL-MN90CV-11K2QQ"
PRIVATE_KEY = "ZZ12CD-ME34EF-GH56IJ-B978KL-MN90CV-88K2ZZ"

ACTIVE: t.Final = {"state": "active", "account": EMAIL, "key": SPLA_KEY}
ACTIVE_BY_OTHER: t.Final = {"state": "active", "account": OTHER_EMAIL, "key": SPLA_KEY}
FOREIGN: t.Final = {"state": "active", "account": PRIVATE, "key": PRIVATE_KEY}
OTHER_KEY: t.Final = {"state": "active", "account": EMAIL, "key": PREPAID_KEY}
TRIAL: t.Final = {"state": "trial", "account": EMAIL}
NONE: t.Final = {"state": "none"}
EXPIRED: t.Final = {"state": "active", "account": EMAIL, "key": SPLA_KEY, "expires": "2025-01-31"}

_WORLD: t.Final = {
    "seed": 1,
    "vault": {
        "ras_account_email": EMAIL,
        "ras_account_password": PASSWORD,
        "ras_api_username": ADMIN,
        "ras_api_password": ADMIN_PASSWORD,
        "ras_license_key": SPLA_KEY,
    },
    "my_account": {
        "lockout_after": 5,
        "accounts": [
            {
                "company": "Example Holdings",
                "people": [
                    {"email": EMAIL, "password": PASSWORD, "name": "Licensing"},
                    {"email": OTHER_EMAIL, "password": "another person's secret", "name": "Tanaka"},
                ],
                "keys": [
                    {"key": SPLA_KEY, "type": "spla", "users": 0, "expires": "2031-12-31"},
                    {"key": PREPAID_KEY, "type": "prepaid", "users": 50, "expires": "2031-03-31", "max_farms": 4},
                    {"key": SMALL_KEY, "type": "prepaid", "users": 5, "expires": "2028-03-31", "max_farms": 4},
                ],
            },
            {
                "company": "Private",
                "people": [{"email": PRIVATE, "password": PRIVATE_PASSWORD, "name": "Someone"}],
                "keys": [
                    {"key": PRIVATE_KEY, "type": "prepaid", "users": 20, "expires": "2030-03-31", "max_farms": 50}
                ],
            },
        ],
    },
    "defaults": {
        "generation": 21,
        "version": "21.2.1.27306",
        "admins": [{"username": ADMIN, "password": ADMIN_PASSWORD, "rights": "root"}],
    },
}


def world(farms: t.Mapping[str, t.Mapping[str, t.Any]], **changes: t.Any) -> dict[str, t.Any]:
    """A world of these farms with one organization and one stranger.

    :param farms: name -> keys of a farm.
    :param changes: keys of the world; ``vault`` is merged, the others replace.
    """
    made: dict[str, t.Any] = copy.deepcopy(dict(_WORLD))
    made["vault"].update(changes.pop("vault", {}))
    made.update(changes)
    made["farms"] = [{"name": name, **copy.deepcopy(dict(farm))} for name, farm in farms.items()]
    return made


def windows(**keys: t.Any) -> dict[str, t.Any]:
    """Keys of ``windows`` for hosts whose scripts the test's step runs: by doubles, or in PowerShell."""
    return {"powershell": os.environ.get("RAS_SCRIPTS", "doubles"), **keys}


def host_of(farm: str) -> str:
    """The inventory host of a farm's licensing server."""
    return f"cb1.{farm}.example.com"
