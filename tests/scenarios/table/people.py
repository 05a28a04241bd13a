# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts and keys of the table's world, beside those that all worlds have."""

from __future__ import annotations

import typing as t

from harness.worlds import world

# A prepaid key as good as PREPAID_KEY, so that only a fault can make things worse.
EQUAL_KEY: t.Final = "EQ12CD-ME34EF-GH56IJ-B978KL-MN90CV-44K2EE"
PERMANENT_KEY: t.Final = "PA12CD-ME34EF-GH56IJ-B978KL-MN90CV-33K2AA"
OTHER_PERMANENT_KEY: t.Final = "PB12CD-ME34EF-GH56IJ-B978KL-MN90CV-33K2BB"
# A farm shows four characters of this one (too few to prove an account), and none of the next.
WEAK_KEY: t.Final = "WEAK12-EF34GH-IJ"
HIDDEN_KEY: t.Final = "ALLHIDDEN1"
USED_KEY: t.Final = "US12CD-ME34EF-GH56IJ-B978KL-MN90CV-22K2UU"
UNREGISTERED_KEY: t.Final = "NO12CD-ME34EF-GH56IJ-B978KL-MN90CV-66K2NN"

RELEASED: t.Final = "previous@old.example"
RELEASED_PASSWORD: t.Final = "the previous password"
RELEASED_KEY: t.Final = "RR12CD-ME34EF-GH56IJ-B978KL-MN90CV-99K2RR"
OTHER_RELEASED: t.Final = "previous2@old.example"

# The farm at which the vendor accepts the account in each run, before it is sent anywhere else: until then, a second
# refusal ends a run, whatever the case.
PILOT: t.Final = "pilot"

STOPPERS: t.Final = 12
STOPPER_PASSWORD: t.Final = "the password of a stopper"
# Farms have a day of their own, far enough ahead: what they show must not depend on the day of the test.
CLOCK: t.Final = "2030-06-20T09:00:00"


def stopper(number: int) -> str:
    """A person of the wanted account for one case alone: a refusal that may be its fault stops it for the run."""
    return f"stopper{number}@example.com"


def table_world(farms: t.Mapping[str, t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """The world of these farms."""
    made = world({PILOT: {"vars": {"case": {}}}, **farms})
    made["defaults"]["clock"] = CLOCK
    wanted = made["my_account"]["accounts"][0]
    wanted["people"] += [{"email": stopper(number), "password": STOPPER_PASSWORD} for number in range(STOPPERS)]
    prepaid = {"type": "prepaid", "users": 50, "expires": "2031-03-31"}
    wanted["keys"] += [
        {"key": EQUAL_KEY, **prepaid, "max_farms": 9},
        {"key": USED_KEY, **prepaid, "max_farms": 1},
        {"key": PERMANENT_KEY, "type": "permanent", "users": 15, "max_farms": 9},
        {"key": OTHER_PERMANENT_KEY, "type": "permanent", "users": 15, "max_farms": 9},
        {"key": WEAK_KEY, "type": "spla", "users": 0, "expires": "2031-12-31"},
        {"key": HIDDEN_KEY, "type": "spla", "users": 0, "expires": "2031-12-31"},
    ]
    made["my_account"]["accounts"].append(
        {
            "company": "Previous",
            "people": [{"email": each, "password": RELEASED_PASSWORD} for each in (RELEASED, OTHER_RELEASED)],
            "keys": [{"key": RELEASED_KEY, **prepaid, "max_farms": 50}],
        }
    )
    return made
