# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Turn a farm's License object into a :class:`License`.

Field names and the ``type`` enumeration: RAS REST API guide v18-v21, Licensing. The object differs between versions and
license types, so every field is optional, numbers may be strings, and ``type`` may be a number, a numeric string or a
name.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import Order, read_dates
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.never_activated import (
    NeverActivated,
    UNPROVEN,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.spelling import comparable
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import flag, text, whole_number
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.keys import mask_key, visible_count
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License, Status
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.unclear import unclear_fields

TYPE_NAMES: t.Final[dict[int, str]] = {
    1: "Permanent",
    2: "PrePaid",
    3: "PostPaid",
    4: "ExtTrial",
    5: "LegacyTrial",
    6: "NormalTrial",
}
PAID_TYPES: t.Final = frozenset({"Permanent", "PrePaid", "PostPaid"})
TRIAL_TYPES: t.Final = frozenset({"ExtTrial", "LegacyTrial", "NormalTrial"})
_BY_NUMBER: t.Final = {str(number): name for number, name in TYPE_NAMES.items()}
_BY_NAME: t.Final = {name.casefold(): name for name in TYPE_NAMES.values()}

KNOWN_FIELDS: t.Final = frozenset(
    (
        "licenseType type licenseKey expiryDate installedUsers usersPeak usersLicenseInfo gracePeriodState "
        "gracePeriodDaysLeft "
        "needsAttention statusMessage alertMessage paUserName paCompanyName paUserEmail licenseStatus "
        "supportExpireDate "
        "upgradeInsurance licenseFirstActive usageToday currPeriodUsage billingPeriodStart billingPeriodEnd"
    ).split()
)

_DOCUMENTED: t.Final = {name.casefold(): name for name in KNOWN_FIELDS}


def read_license(
    answer: t.Any, *, today: dt.date, date_order: Order = "dmy", known_texts: t.Sequence[str] = ()
) -> License:
    """Normalize a farm's answer.

    :param answer: what a back end read: the decoded object, or :class:`NeverActivated`.
    :param today: the day against which expiry is judged.
    :param known_texts: see :func:`unclear_fields`.
    :raises RasError: ``bad_answer`` when this is not a License object.
    """
    if answer is NeverActivated.SAID:
        return License("not_activated")
    if not isinstance(answer, t.Mapping):
        raise RasError(
            "bad_answer",
            f"The farm's license must be a JSON object, but it is {type(answer).__name__}.",
            remedy=UNPROVEN,
        )
    names = {str(name): _documented(str(name)) for name in answer}
    known = [name for name in names.values() if name]
    if not known or len(set(known)) < len(known):
        raise RasError(
            "bad_answer",
            "The farm's answer to the license request holds "
            f"{'one license field in two spellings' if known else 'no license field'}.",
            remedy=UNPROVEN,
            # As the farm wrote them: changed, a name that is a secret would not be known as one.
            observed={"fields": sorted(quote(name) for name in answer)[:10]},
        )
    fields = {documented: value for name, value in answer.items() if (documented := names[str(name)])}

    dates = read_dates(
        {
            "expires": fields.get("expiryDate"),
            "support": fields.get("supportExpireDate") or fields.get("upgradeInsurance"),
            "first": fields.get("licenseFirstActive"),
        },
        date_order,
    )
    type_name = _type_name(fields.get("type"), fields.get("licenseType"))
    key = text(fields.get("licenseKey"))
    has_key = visible_count(key) > 0 or "*" in (key or "")
    if key and "*" not in key and (mask_key(key) or "").strip("*"):
        key = mask_key(key)  # the product hides most of it; where it does not, we do
    email = _email(fields.get("paUserEmail"))
    status = _status(type_name, has_key, is_shown={"licenseType", "expiryDate", "installedUsers"} & fields.keys())
    ended = dates["expires"] is not None and dates["expires"].past(today)
    if status == "active" and type_name != "Permanent" and ended:
        status = "expired"
    return License(
        status=status,
        type_name=type_name,
        type_text=text(fields.get("licenseType")),
        key_shown=key,
        account_email=email,
        account_name=text(fields.get("paUserName")),
        account_company=text(fields.get("paCompanyName")),
        expires=dates["expires"],
        support_expires=dates["support"],
        first_activated=dates["first"],
        users_licensed=whole_number(fields.get("installedUsers")),
        users_peak=whole_number(fields.get("usersPeak")),
        users_connected=whole_number(fields.get("usersLicenseInfo")),
        grace_state=text(fields.get("gracePeriodState")),
        grace_days_left=whole_number(fields.get("gracePeriodDaysLeft")),
        needs_attention=flag(fields.get("needsAttention")),
        status_message=text(fields.get("statusMessage")),
        alert_message=text(fields.get("alertMessage")),
        ended=ended,
        unclear=unclear_fields(fields, type_name, known_texts),
        known_texts=frozenset(known_texts),
        unknown_fields={name: value for name, value in answer.items() if not names[str(name)]},
    )


def _email(value: t.Any) -> str | None:
    """The reported address; None, which is unknown, when it holds what a message would not show."""
    return text(value) if isinstance(value, str) and comparable(value) is not None else None


def _status(type_name: str | None, has_key: bool, is_shown: t.Collection[str]) -> Status:
    if type_name in TRIAL_TYPES:
        # A trial is activated where a key is given, and a number called "type" alone may be of anything: ProblemDetails
        # has one, too.
        return "trial" if is_shown else "unreadable"
    # An object that shows no license does not say that there is none: how such a farm answers is documented otherwise.
    return "active" if type_name in PAID_TYPES or has_key else "unreadable"


def _documented(name: str) -> str | None:
    """A field's name as the guide writes it. Its case does not count: PowerShell writes ``PAUserEmail``."""
    return _DOCUMENTED.get(name.casefold())


def _absent(value: t.Any) -> bool:
    """Whether an enumeration value says nothing: missing, empty, or the zero that .NET gives an unset one."""
    return value is None or value is False or str(value).strip() in ("", "0")


def _type_name(value: t.Any, wording: t.Any) -> str | None:
    if not _absent(value):
        word = str(value).strip()
        return _BY_NUMBER.get(word) or _BY_NAME.get(word.casefold())
    words = str(wording or "").casefold()
    if words in _BY_NAME:
        return _BY_NAME[words]
    # No text of a trial is documented, and a trial is activated where a key is given: a word is not enough for that.
    return "PostPaid" if "spla" in words.split() else None
