# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short ways to the objects that most tests need, and a model of what the vendor does with a plan."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec, Spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import read_date
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import Plan, Wanted

TODAY = dt.date(2026, 11, 24)
EMAIL = "licensing@example.com"
PRIVATE_EMAIL = "someone@private.example"
COLLEAGUE_EMAIL = "second@example.com"
KEY = "A1B2C3-MED4E5-F6G7H8-B9J1K2-CV55K2"
OTHER_KEY = "Z9Y8X7-MEW6V5-U4T3S2-B9R1Q0-PL77Z9"
# As the vendor's sample shows keys: two middle groups in part, the last one whole.
KEY_SHOWN = "****-ME****-****-B9****-CV55K2"
OTHER_SHOWN = "****-ME****-****-B9****-PL77Z9"
HERE = Farm(
    guid="{11111111-2222-3333-4444-555555555555}", name="tokyo", connected_server="cb1", is_licensing_server=True
)


def active(**changes: t.Any) -> License:
    """A paid license under the wanted account and key."""
    values: dict[str, t.Any] = {
        "status": "active",
        "type_name": "PrePaid",
        "key_shown": KEY_SHOWN,
        "account_email": EMAIL,
        "account_company": "Example",
        "expires": read_date("23/03/2027"),
        "users_licensed": 50,
        "users_peak": 41,
        "needs_attention": False,
    }
    return License(**{**values, **changes})


def expired(**changes: t.Any) -> License:
    """The same, but its end has passed."""
    return active(**{"status": "expired", "expires": read_date("23/03/2026"), **changes})


def trial(**changes: t.Any) -> License:
    """A trial under the wanted account."""
    ends = read_date("23/03/2027")
    return License(
        **{"status": "trial", "type_name": "NormalTrial", "account_email": EMAIL, "expires": ends, **changes}
    )


def fresh(**changes: t.Any) -> License:
    """A farm that was never activated."""
    return License(**{"status": "not_activated", **changes})


def wanted(**changes: t.Any) -> Wanted:
    """Present, under the one account, with the one key."""
    return Wanted(**{"account_email": EMAIL, "license_key": KEY, **changes})


def answer(**changes: t.Any) -> dict[str, t.Any]:
    """A farm's License object of a paid license under the wanted account and key."""
    values: dict[str, t.Any] = {
        "licenseType": "Parallels Remote Application Server Subscription",
        "type": 2,
        "licenseKey": KEY_SHOWN,
        "expiryDate": "23/03/2027",
        "installedUsers": "50",
        "usersPeak": "41",
        "needsAttention": False,
        "paUserEmail": EMAIL,
        "paCompanyName": "Example",
    }
    return {**values, **changes}


def defaults(spec: Spec | None = None, **changes: t.Any) -> dict[str, t.Any]:
    """The options of the license module as validation leaves them."""
    values = {name: option.get("default") for name, option in (license_spec() if spec is None else spec).items()}
    return {**values, **changes}


def carried_out(
    plan: Plan, license: License, farm: Farm, want: Wanted, *, key_shown: str | None, reports_account: bool
) -> tuple[License, Farm]:
    """What farm and license look like when the vendor has done all steps of a plan.

    :param key_shown: what the farm shows of the wanted key afterwards.
    :param reports_account: whether the farm reports its account.
    """
    for step in plan.steps:
        if step.action == "activate":
            email = want.account_email if reports_account else None
            if want.license_key:
                license = License("active", "PrePaid", key_shown=key_shown, account_email=email)
            else:
                license = License("trial", "NormalTrial", account_email=email)
        elif step.action == "deactivate":
            license = License("not_activated")
        else:
            farm = dataclasses.replace(farm, settings_pending=False)
    return license, farm
