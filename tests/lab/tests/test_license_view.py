# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The License object: fields per generation and type, and every quirk of its values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labclient import Client, COLLEAGUE, EMAIL, PERMANENT_KEY, SPLA_KEY, Spot
from raslab.testing import Lab

BASE = {
    "licenseType",
    "type",
    "licenseKey",
    "expiryDate",
    "installedUsers",
    "usersPeak",
    "usersLicenseInfo",
    "gracePeriodState",
    "gracePeriodDaysLeft",
}
ATTENTION = {"needsAttention", "statusMessage", "alertMessage"}
RICH = {"licenseStatus", "supportExpireDate", "upgradeInsurance", "licenseFirstActive"}
USAGE = {"usageToday", "currPeriodUsage", "billingPeriodStart", "billingPeriodEnd"}
ACCOUNT = {"paUserName", "paCompanyName", "paUserEmail"}
PREVIEW = {"subscriptionPlan", "renewal"}


@pytest.mark.parametrize(
    ("generation", "key", "fields"),
    [
        (18, PERMANENT_KEY, BASE | RICH | ACCOUNT),
        (19, PERMANENT_KEY, BASE | RICH | ACCOUNT),
        (20, PERMANENT_KEY, BASE | ATTENTION | ACCOUNT),
        (22, PERMANENT_KEY, BASE | ATTENTION | ACCOUNT | PREVIEW),
        (17, SPLA_KEY, BASE | RICH | USAGE | ACCOUNT),
        (18, SPLA_KEY, BASE | RICH | USAGE | ACCOUNT),
        (20, SPLA_KEY, BASE | ATTENTION | RICH | USAGE | ACCOUNT),
    ],
)
def test_fields_by_generation_and_type(
    lab: Lab, at: Callable[..., Client], generation: int, key: str, fields: set[str]
) -> None:
    farm = f"generation{generation}"
    lab.patch_farm(farm, license={"state": "active", "account": EMAIL, "key": key})
    shown = at(farm).license().json
    lab.patch_farm(farm, license={"state": "none"})
    assert set(shown) == fields


@pytest.mark.parametrize(
    ("license_", "type_"),
    [
        ({"state": "active", "account": EMAIL, "key": PERMANENT_KEY}, 1),
        ({"state": "active", "account": EMAIL, "key": SPLA_KEY}, 3),
        ({"state": "trial"}, 6),
    ],
)
def test_types(spot: Spot, license_: dict[str, Any], type_: int) -> None:
    spot.lab.patch_farm(spot.name, license=license_)
    assert spot.client.license().json["type"] == type_
    spot.lab.patch_farm(spot.name, license={"state": "none"})


def test_a_prepaid_license_in_full(spot: Spot) -> None:
    spot.activated(
        account=COLLEAGUE, users_peak=31, grace_state="1", grace_days_left=5, status_message="Over the limit"
    )
    shown = spot.client.license().json
    tail = spot.key[-6:]
    assert shown == {
        "licenseType": "Parallels Remote Application Server Subscription",
        "type": 2,
        "licenseKey": f"****-ME****-****-B9****-{tail}",
        "expiryDate": "05/12/2031",
        "installedUsers": "50",
        "usersPeak": "31",
        "usersLicenseInfo": "0",
        "gracePeriodState": "1",
        "gracePeriodDaysLeft": "5",
        "needsAttention": False,
        "statusMessage": "Over the limit",
        "alertMessage": None,
        "paUserName": "Col League",
        "paCompanyName": "Example Holdings",
        "paUserEmail": COLLEAGUE,
    }


def test_spla_has_no_number_of_users_but_a_billing_period(spot: Spot) -> None:
    spot.lab.patch_farm(
        spot.name,
        clock="2026-02-11T10:30",
        license={
            "state": "active",
            "account": EMAIL,
            "key": SPLA_KEY,
            "usage_today": 4,
            "first_active": "2018-02-21T12:39",
        },
    )
    shown = spot.client.license().json
    assert (shown["installedUsers"], shown["usageToday"]) == ("", "4")
    assert (shown["billingPeriodStart"], shown["billingPeriodEnd"]) == ("01/02/2026 00:00", "28/02/2026 23:59")
    assert (shown["supportExpireDate"], shown["licenseFirstActive"]) == ("23/03/2031", "21/02/2018 12:39")
    spot.lab.patch_farm(spot.name, license={"state": "none"})


@pytest.mark.parametrize(
    ("quirks", "expected"),
    [
        ({"type_as": "number"}, {"type": 2}),
        ({"type_as": "string"}, {"type": "2"}),
        ({"type_as": "name"}, {"type": "PrePaid"}),
        ({"numbers_as": "string"}, {"installedUsers": "50", "usersPeak": "0", "gracePeriodDaysLeft": ""}),
        ({"numbers_as": "number"}, {"installedUsers": 50, "usersPeak": 0, "gracePeriodDaysLeft": None}),
        ({"date_order": "mdy"}, {"expiryDate": "12/05/2031"}),
        ({"date_order": "ymd", "date_separator": "-"}, {"expiryDate": "2031-12-05"}),
        ({"date_separator": "."}, {"expiryDate": "05.12.2031"}),
        ({"date_calendar": "buddhist"}, {"expiryDate": "05/12/2574"}),
        ({"unknown_fields": True}, {"subscriptionPlan": "preview"}),
        ({"pa_fields": "present"}, {"paUserEmail": EMAIL}),
    ],
)
def test_quirks_of_values(spot: Spot, quirks: dict[str, Any], expected: dict[str, Any]) -> None:
    spot.activated().quirks(**quirks)
    shown = spot.client.license().json
    assert {name: shown[name] for name in expected} == expected


def test_pa_fields_absent(spot: Spot) -> None:
    spot.activated().quirks(pa_fields="absent")
    assert not ACCOUNT & set(spot.client.license().json)


@pytest.mark.parametrize("state", ["none", "deactivated"])
def test_never_activated_shapes(spot: Spot, state: str) -> None:
    spot.lab.patch_farm(spot.name, license={"state": state})
    assert spot.client.license().status == 404
    spot.quirks(never_activated="empty")
    assert spot.client.license().json == {}
    spot.quirks(never_activated="null_fields")
    shown = spot.client.license().json
    assert set(shown) == BASE | ATTENTION | ACCOUNT
    assert set(shown.values()) == {None}


def test_a_deactivated_farm_knows_since_when_it_was_licensed(spot: Spot) -> None:
    spot.activated(first_active="2020-05-06T07:08").quirks(never_activated="null_fields")
    assert spot.client.deactivate().status == 200
    assert spot.client.license().json["licenseFirstActive"] == "06/05/2020 07:08"
