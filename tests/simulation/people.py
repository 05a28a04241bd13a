# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The people of the vendor's accounts, their keys, and the administrators; made up, and the same in each history."""

from __future__ import annotations

import typing as t

from harness.worlds import ADMIN, ADMIN_PASSWORD
from simulation.dice import Dice

OURS: t.Final = "licensing@example.com"
OTHER: t.Final = "tanaka@example.com"
SECOND: t.Final = "accounts@client.example"
STRANGER: t.Final = "someone@private.example"
PASSWORDS: t.Final = {
    OURS: "correct horse battery staple",
    OTHER: "another person's secret",
    SECOND: "the second company's secret",
    STRANGER: "some private password",
}
WINDOWS_USER: t.Final = "Administrator"
WINDOWS_PASSWORD: t.Final = "the Windows user's secret"
SPLA: t.Final = "AB12CD-ME34EF-GH56IJ-B978KL-MN90CV-55K2XX"
PREPAID: t.Final = "PP12CD-ME34EF-GH56IJ-B978KL-MN90CV-77K2YY"
SECOND_KEY: t.Final = "SE12CD-ME34EF-GH56IJ-B978KL-MN90CV-33K2WW"
STRANGERS_KEY: t.Final = "ZZ12CD-ME34EF-GH56IJ-B978KL-MN90CV-88K2ZZ"
UNKNOWN_KEY: t.Final = "NO12CD-ME34EF-GH56IJ-B978KL-MN90CV-00K2NN"
KEYS: t.Final = (SPLA, PREPAID, SECOND_KEY, STRANGERS_KEY, UNKNOWN_KEY)
ADMINS: t.Final = [{"username": ADMIN, "password": ADMIN_PASSWORD, "rights": "root"}]
_COMPANIES: t.Final[dict[str, tuple[tuple[str, ...], tuple[dict[str, t.Any], ...]]]] = {
    "Example Holdings": (
        (OURS, OTHER),
        (
            {"key": SPLA, "type": "spla", "users": 0, "expires": "2041-12-31"},
            {"key": PREPAID, "type": "prepaid", "users": 50, "expires": "2041-03-31", "max_farms": 20},
        ),
    ),
    "Client": ((SECOND,), ({"key": SECOND_KEY, "type": "spla", "users": 0, "expires": "2041-12-31"},)),
    "Private": (
        (STRANGER,),
        ({"key": STRANGERS_KEY, "type": "prepaid", "users": 20, "expires": "2040-03-31", "max_farms": 50},),
    ),
}


def my_account(dice: Dice) -> dict[str, t.Any]:
    """The vendor's side of a world."""
    return {
        "lockout_after": dice.one((3, 5)),
        "accounts": [
            {
                "company": company,
                "people": [
                    {"email": email, "password": PASSWORDS[email], "name": email.partition("@")[0].title()}
                    for email in people
                ],
                "keys": list(keys),
            }
            for company, (people, keys) in _COMPANIES.items()
        ],
    }
