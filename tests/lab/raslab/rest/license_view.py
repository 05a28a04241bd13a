# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a license looks in an answer: fields per generation and type, and the quirks of numbers, dates and enums."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from raslab.farm import Farm
from raslab.license import License
from raslab.quirks import Quirks
from raslab.secrecy import mask_key

# RAS REST API guide v20/v21, Licensing: the enum and its names
TYPE_NUMBERS = {"permanent": 1, "prepaid": 2, "spla": 3, "trial": 6}
TYPE_NAMES = {"permanent": "Permanent", "prepaid": "PrePaid", "spla": "PostPaid", "trial": "NormalTrial"}
# Only the text for SPLA is documented (v18-v20 Licensing sample)
TYPE_TEXTS = {
    "permanent": "Parallels Remote Application Server Permanent",
    "prepaid": "Parallels Remote Application Server Subscription",
    "spla": "Parallels Remote Application Server SPLA",
    "trial": "Parallels Remote Application Server Trial",
}


def show_date(value: date | datetime | None, quirks: Quirks) -> str:
    """A date as the server's culture writes it, with hours and minutes if it has them."""
    if value is None:
        return ""
    # The Buddhist calendar of Thailand is the Gregorian one, but for its years.
    year = value.year + (543 if quirks.date_calendar == "buddhist" else 0)
    order = {"d": f"{value.day:02d}", "m": f"{value.month:02d}", "y": f"{year:04d}"}
    shown = quirks.date_separator.join(order[part] for part in quirks.date_order)
    return f"{shown} {value.hour:02d}:{value.minute:02d}" if isinstance(value, datetime) else shown


def show_number(value: int | None, quirks: Quirks) -> str | int | None:
    """A number, which the product sends as a string ("" for none)."""
    if quirks.numbers_as == "number":
        return value
    return "" if value is None else str(value)


def license_object(farm: Farm, license_: License) -> dict[str, Any]:
    """The License object of a farm that is licensed, or on trial."""
    quirks, kind = farm.quirks, str(license_.type)
    spla = kind == "spla"
    shown: dict[str, Any] = {
        "licenseType": TYPE_TEXTS[kind],
        "type": {"number": TYPE_NUMBERS[kind], "string": str(TYPE_NUMBERS[kind]), "name": TYPE_NAMES[kind]}[
            quirks.type_as
        ],
        "licenseKey": mask_key(license_.key),
        "expiryDate": show_date(license_.expires, quirks),
        "installedUsers": show_number(None if spla else license_.users, quirks),
        "usersPeak": show_number(license_.users_peak, quirks),
        "usersLicenseInfo": show_number(license_.users_now, quirks),
        "gracePeriodState": license_.grace_state or "",
        "gracePeriodDaysLeft": show_number(license_.grace_days_left, quirks),
    }
    if farm.generation >= 20:
        shown["needsAttention"] = license_.needs_attention
        shown["statusMessage"] = license_.status_message
        shown["alertMessage"] = license_.alert_message
    if farm.generation < 20 or spla:
        shown["licenseStatus"] = ""
        shown["supportExpireDate"] = show_date(license_.support_until, quirks)
        shown["upgradeInsurance"] = show_date(license_.support_until, quirks)
        shown["licenseFirstActive"] = show_date(license_.first_active, quirks)
    if spla:
        shown.update(_usage(farm, license_))
    if quirks.pa_fields == "present":
        shown["paUserName"] = license_.person.name if license_.person else ""
        shown["paCompanyName"] = license_.company or ""
        shown["paUserEmail"] = license_.person.email if license_.person else ""
    return _with_unknown_fields(shown, quirks)


def empty_license(farm: Farm, license_: License) -> dict[str, Any]:
    """The License object with nothing in it; a farm that was licensed once still shows when that began."""
    names = ["licenseType", "type", "licenseKey", "expiryDate", "installedUsers", "usersPeak", "usersLicenseInfo"]
    names += ["gracePeriodState", "gracePeriodDaysLeft"]
    if farm.generation >= 20:
        names += ["needsAttention", "statusMessage", "alertMessage"]
    if farm.quirks.pa_fields == "present":
        names += ["paUserName", "paCompanyName", "paUserEmail"]
    shown: dict[str, Any] = dict.fromkeys(names)
    if license_.first_active:
        shown["licenseFirstActive"] = show_date(license_.first_active, farm.quirks)
    return _with_unknown_fields(shown, farm.quirks)


def _usage(farm: Farm, license_: License) -> dict[str, Any]:
    """The billing fields that only SPLA licenses have: the period is the calendar month."""
    quirks = farm.quirks
    begin = farm.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (begin + timedelta(days=32)).replace(day=1) - timedelta(minutes=1)
    return {
        "usageToday": show_number(license_.usage_today, quirks),
        "currPeriodUsage": show_number(license_.period_usage, quirks),
        "billingPeriodStart": show_date(begin, quirks),
        "billingPeriodEnd": show_date(end, quirks),
    }


def _with_unknown_fields(shown: dict[str, Any], quirks: Quirks) -> dict[str, Any]:
    if quirks.unknown_fields:
        shown["subscriptionPlan"] = "preview"
        shown["renewal"] = {"automatic": True, "channel": None}
    return shown
