# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What property tests draw from."""

from __future__ import annotations

import string
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import DateReading, read_date
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import Wanted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.reader import (
    KNOWN_FIELDS,
    PAID_TYPES,
    TRIAL_TYPES,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    COLLEAGUE_EMAIL,
    EMAIL,
    KEY,
    KEY_SHOWN,
    OTHER_KEY,
    OTHER_SHOWN,
    PRIVATE_EMAIL,
)
from hypothesis import strategies as st

_KEY_CHARS = string.ascii_letters + string.digits
keys = st.text(_KEY_CHARS, min_size=4, max_size=30).map(
    lambda text: "-".join(text[at : at + 6] for at in range(0, len(text), 6))
)


def _mask(key: str, pattern: int) -> tuple[str, str]:
    """The key with those characters hidden whose bits are set in the pattern; one stays visible, one is hidden."""
    places = [place for place, char in enumerate(key) if char != "-"]
    hidden = {place for bit, place in enumerate(places) if pattern >> bit & 1} or {places[0]}
    if len(hidden) == len(places):
        hidden.remove(places[-1])
    return key, "".join("*" if place in hidden else char for place, char in enumerate(key))


# A key and a form of it in which at least one character is visible and at least one hidden.
masked_keys: st.SearchStrategy[tuple[str, str]] = st.builds(_mask, keys, st.integers(0, 2**30 - 1))


json_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
json_values: st.SearchStrategy[t.Any] = st.recursive(
    json_scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)

# Values as farms send them, mixed with what they should not send.
_field_values = json_values | st.sampled_from(
    [
        "",
        "0",
        0,
        "1",
        2,
        "3",
        6,
        "NormalTrial",
        "PrePaid",
        "postpaid",
        KEY_SHOWN,
        "****",
        "21/02/2021",
        "03/04/2027",
        "true",
        "Parallels SPLA",
        EMAIL,
    ]
)
license_answers = st.none() | st.dictionaries(
    st.sampled_from([*sorted(KNOWN_FIELDS), "Type", "LicenseKey", "PAUserEmail", "Other"]), _field_values, max_size=8
)

emails = st.sampled_from([None, EMAIL, EMAIL.upper(), f" {EMAIL} ", COLLEAGUE_EMAIL, PRIVATE_EMAIL])
dates: st.SearchStrategy[DateReading | None] = st.sampled_from(
    ["", "23/03/2027", "23/03/2026", "03/04/2027", "no date"]
).map(read_date)

licenses: st.SearchStrategy[License] = st.builds(
    License,
    status=st.sampled_from(["not_activated", "trial", "active", "expired", "unreadable"]),
    type_name=st.sampled_from([None, *sorted(PAID_TYPES), *sorted(TRIAL_TYPES)]),
    key_shown=st.sampled_from([None, "****", KEY_SHOWN, OTHER_SHOWN, "**K2", "hidden"]),
    account_email=emails,
    account_company=st.sampled_from([None, "Example", "Other"]),
    expires=dates,
    support_expires=dates,
    users_licensed=st.none() | st.integers(0, 100),
    needs_attention=st.none() | st.booleans(),
    status_message=st.sampled_from([None, "Active", "Product not activated", "Welcome"]),
    unclear=st.sampled_from([{}, {}, {"licenseStatus": "Suspended"}, {"needsAttention": "maybe"}, {"type": "nothing"}]),
)
farms: st.SearchStrategy[Farm] = st.builds(
    Farm,
    guid=st.sampled_from([None, "{AA-BB}", "cc-dd"]),
    name=st.sampled_from([None, "tokyo"]),
    is_licensing_server=st.sampled_from([True, True, True, False, None]),
    settings_pending=st.sampled_from([None, False, True]),
)
wishes: st.SearchStrategy[Wanted] = st.builds(
    Wanted,
    state=st.sampled_from(["present", "absent"]),
    account_email=st.sampled_from([EMAIL, EMAIL, EMAIL, EMAIL.upper(), None]),
    account_other_emails=st.sampled_from([(), (COLLEAGUE_EMAIL,)]),
    account_company=st.sampled_from([None, "Example"]),
    account_keys=st.sampled_from([(), (OTHER_KEY,), (KEY,)]),
    # Blanks and hyphens are not a key, however they got there.
    license_key=st.sampled_from([None, KEY, OTHER_KEY, "", " " * 8, "-" * 8]),
    allow_trial=st.booleans(),
    on_account_mismatch=st.sampled_from(["fail", "reactivate"]),
    on_key_mismatch=st.sampled_from(["fail", "reactivate", "ignore"]),
    on_account_unknown=st.sampled_from(["warn", "fail"]),
    apply_settings=st.booleans(),
    allow_unverified_server=st.booleans(),
    farm_guid=st.sampled_from([None, None, "aa-bb"]),
)
