# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong with a write that was right to send: refusals, late and spoiled licenses, releases, rights."""

from __future__ import annotations

import typing as t

from harness.cases import (
    Case,
    changes,
    Expect,
    FOREIGN_SEEN,
    NEVER_IN,
    NO_KEY,
    NOBODY,
    nothing,
    OTHER_KEY_SEEN,
    refused,
    RIGHT,
    spoiled,
    vendor_refuses,
)
from harness.worlds import (
    ACTIVE,
    ADMIN,
    EMAIL,
    FOREIGN,
    OTHER_KEY,
    PRIVATE,
    PRIVATE_KEY,
    SMALL_KEY,
    SPLA_KEY,
    TRIAL,
)
from scenarios.table.people import (
    EQUAL_KEY,
    OTHER_PERMANENT_KEY,
    OTHER_RELEASED,
    PERMANENT_KEY,
    RELEASED,
    RELEASED_KEY,
    RELEASED_PASSWORD,
    stopper,
    STOPPER_PASSWORD,
    UNREGISTERED_KEY,
    USED_KEY,
)

JA: t.Final = {"language": "ja"}
YMD: t.Final = {"date_order": "ymd", "date_separator": "-"}
WRONG: t.Final = "entirely wrong password"


def _stopping(number: int, **more: t.Any) -> dict[str, t.Any]:
    """Options under an account of the case's own."""
    return {"account_email": stopper(number), "account_password": STOPPER_PASSWORD, **more}


def _vendor_says(text: str) -> tuple[dict[str, t.Any], ...]:
    return ({"kind": "vendor_text", "on": "activate", "times": -1, "text": text},)


REFUSALS: list[Case] = [
    vendor_refuses("key-unregistered", "key_rejected", NOBODY, options={"license_key": UNREGISTERED_KEY}),
    vendor_refuses("key-unregistered-ja", "key_rejected", NOBODY, options={"license_key": UNREGISTERED_KEY}, quirks=JA),
    vendor_refuses("key-of-stranger", "key_not_in_account", NOBODY, options={"license_key": PRIVATE_KEY}),
    vendor_refuses("key-of-stranger-ja", "key_not_in_account", NOBODY, options={"license_key": PRIVATE_KEY}, quirks=JA),
    nothing("key-holder", RIGHT, license={**ACTIVE, "key": USED_KEY}, options={"license_key": USED_KEY}),
    vendor_refuses("key-used-up", "key_rejected", NOBODY, options={"license_key": USED_KEY}, says="already in use"),
    vendor_refuses("key-used-up-ja", "key_rejected", NOBODY, options={"license_key": USED_KEY}, quirks=JA),
    vendor_refuses(
        "key-refusal-keeps-trial", "key_rejected", NO_KEY, license=TRIAL, options={"license_key": UNREGISTERED_KEY}
    ),
    vendor_refuses(
        "password-wrong",
        "account_credentials_rejected",
        NOBODY,
        options=_stopping(0, account_password=WRONG),
        says="Forgot password",
    ),
    vendor_refuses(
        "password-wrong-ja",
        "account_credentials_rejected",
        NOBODY,
        options=_stopping(1, account_password=WRONG),
        quirks=JA,
    ),
    vendor_refuses("account-locked", "account_locked", NOBODY, options=_stopping(2), faults=_vendor_says("locked")),
    vendor_refuses(
        "account-locked-ja", "account_locked", NOBODY, options=_stopping(3), faults=_vendor_says("locked"), quirks=JA
    ),
    vendor_refuses(
        "account-exists-ja",
        "account_already_exists",
        NOBODY,
        options=_stopping(4),
        faults=_vendor_says("account_exists"),
        quirks=JA,
    ),
    vendor_refuses(
        "unknown-words",
        "activation_refused",
        NOBODY,
        options=_stopping(5),
        faults=({"kind": "vendor_text", "on": "activate", "times": -1, "message": "Not today, says the vendor."},),
        says="Not today, says the vendor.",
    ),
    vendor_refuses(
        "vendor-unreachable",
        "licensing_unreachable",
        NOBODY,
        faults=({"kind": "vendor_unreachable", "on": "activate", "times": -1},),
        says="443",
    ),
    vendor_refuses(
        "vendor-unreachable-ja",
        "licensing_unreachable",
        NOBODY,
        faults=({"kind": "vendor_unreachable", "on": "activate", "times": -1},),
        quirks=JA,
    ),
    vendor_refuses(
        "marketplace-absent",
        "not_activated",
        NO_KEY,
        license={"state": "active", "account": EMAIL, "expires": "2031-12-31"},
        options={"state": "absent"},
        ops="logon license deactivate logoff",
    ),
]

_MOVE: t.Final = {"on_account_mismatch": "reactivate"}
_BOUND: t.Final = {"direct_account_change": False}
_RELEASE: t.Final = {
    **_MOVE,
    "release_previous": True,
    "previous_account_email": RELEASED,
    "previous_account_password": RELEASED_PASSWORD,
}
_HELD: t.Final = {"state": "active", "account": RELEASED, "key": RELEASED_KEY}
RELEASES: list[Case] = [
    vendor_refuses(
        "bound",
        "activation_refused",
        FOREIGN_SEEN,
        license=FOREIGN,
        options=_MOVE,
        quirks=_BOUND,
        says="another account",
    ),
    changes("release-not-needed", FOREIGN_SEEN, RIGHT, license=_HELD, options=_RELEASE, late=True),
    changes(
        "release",
        FOREIGN_SEEN,
        RIGHT,
        license=_HELD,
        options=_RELEASE,
        quirks=_BOUND,
        late=True,
        effects=("deactivated", "activated"),
        ops="logon license activate deactivate activate license logoff",
    ),
    vendor_refuses(
        "release-too-early",
        "activation_refused",
        FOREIGN_SEEN,
        license=_HELD,
        options={**_RELEASE, **_stopping(6)},
        quirks=_BOUND,
        says="release_previous was not used",
    ),
    vendor_refuses(
        "release-previous-password-wrong",
        "account_credentials_rejected",
        FOREIGN_SEEN,
        license={**_HELD, "account": OTHER_RELEASED},
        options={**_RELEASE, "previous_account_email": OTHER_RELEASED, "previous_account_password": WRONG},
        quirks=_BOUND,
        late=True,
        ops="logon license activate deactivate logoff",
    ),
    spoiled(
        "release-left-unlicensed",
        "left_unlicensed",
        FOREIGN_SEEN,
        FOREIGN_SEEN,
        license=_HELD,
        options=_RELEASE,
        quirks=_BOUND,
        faults=({"kind": "vendor_unreachable", "on": "activate", "after": 1},),
        late=True,
        effects=("deactivated",),
        ops="logon license activate deactivate activate logoff",
        says="THE FARM HAS NO LICENSE NOW",
        again=Expect(RIGHT, changed=True, effects=("activated",), ops="logon license activate license logoff"),
        truth=("active", EMAIL, SPLA_KEY),
    ),
]

_ONCE_MORE: t.Final = Expect(RIGHT, changed=True, effects=("activated",), ops="logon license activate license logoff")
_NO_END: t.Final = ("date_unreadable",)  # of a subscription made of a permanent license
_LITTLE_TIME: t.Final = {"settle_timeout": 1}
_TO_EQUAL: t.Final = {"license_key": EQUAL_KEY, "on_key_mismatch": "reactivate"}
_EQUAL: t.Final = ("active", EMAIL, EQUAL_KEY)


def _downgrade(what: str) -> tuple[dict[str, t.Any], ...]:
    return ({"kind": "activate_downgrade", "on": "activate", "what": what},)


SETTLING: list[Case] = [
    changes(
        "settles-late", NOBODY, RIGHT, faults=({"kind": "settle_late", "on": "activate", "seconds": 1.2},), ops=None
    ),
    changes("settles-late-trial", NO_KEY, RIGHT, license=TRIAL, quirks={"settle_seconds": 1.2}, ops=None),
    changes(
        "settles-late-absent",
        RIGHT,
        NOBODY,
        license=ACTIVE,
        options={"state": "absent"},
        faults=({"kind": "settle_late", "on": "deactivate", "seconds": 1.2},),
        effects=("deactivated",),
        truth=("deactivated", None, None),
        ops=None,
    ),
    spoiled(
        "settles-never",
        "not_confirmed",
        NOBODY,
        NOBODY,
        faults=({"kind": "settle_late", "on": "activate", "seconds": 3600},),
        options=_LITTLE_TIME,
        ops=None,
        again=_ONCE_MORE,
        truth=("active", EMAIL, SPLA_KEY),
    ),
]

WORSE: list[Case] = [
    spoiled(
        "still-a-trial",
        "not_confirmed",
        NO_KEY,
        NO_KEY,
        license=TRIAL,
        faults=_downgrade("trial"),
        options=_LITTLE_TIME,
        ops=None,
        says="observed trial",
        again=_ONCE_MORE,
        truth=("active", EMAIL, SPLA_KEY),
    ),
    # A paid license is gone at once, so nothing is waited for: an old license that is still shown would be a paid one.
    spoiled(
        "becomes-a-trial",
        "worse_than_before",
        OTHER_KEY_SEEN,
        NO_KEY,
        license=OTHER_KEY,
        faults=_downgrade("trial"),
        options=_TO_EQUAL,
        says="a trial in place of a paid license: before PrePaid, after NormalTrial",
        again=_ONCE_MORE,
        truth=_EQUAL,
    ),
    changes("swap-equal", OTHER_KEY_SEEN, RIGHT, license=OTHER_KEY, options=_TO_EQUAL, truth=_EQUAL),
    changes(
        "paid-settles-late",
        OTHER_KEY_SEEN,
        RIGHT,
        license=OTHER_KEY,
        options=_TO_EQUAL,
        quirks={"settle_seconds": 1.2},
        ops=None,
        truth=_EQUAL,
    ),
    spoiled(
        "lands-in-another-account",
        "not_confirmed",
        NOBODY,
        "mismatch/reported/match",
        faults=({"kind": "activate_wrong_account", "on": "activate", "account": PRIVATE},),
        options=_LITTLE_TIME,
        ops=None,
        says=PRIVATE,
        again=Expect("mismatch/reported/match", "account_mismatch"),
        truth=("active", PRIVATE, SPLA_KEY),
    ),
    spoiled(
        "fewer-users",
        "worse_than_before",
        OTHER_KEY_SEEN,
        RIGHT,
        license=OTHER_KEY,
        faults=_downgrade("users"),
        options=_TO_EQUAL,
        says="before 50, after 25",
        again=Expect(RIGHT),
        truth=_EQUAL,
    ),
    spoiled(
        "smaller-key",
        "worse_than_before",
        OTHER_KEY_SEEN,
        RIGHT,
        license=OTHER_KEY,
        options={"license_key": SMALL_KEY, "on_key_mismatch": "reactivate"},
        says="before 2031-03-31, after 2028-03-31",
        again=Expect(RIGHT),
        truth=("active", EMAIL, SMALL_KEY),
    ),
    spoiled(
        "ends-sooner",
        "worse_than_before",
        OTHER_KEY_SEEN,
        RIGHT,
        license=OTHER_KEY,
        quirks=YMD,
        faults=_downgrade("expiry"),
        options=_TO_EQUAL,
        says="before 2031-03-31, after 2030-06-21",
        again=Expect(RIGHT),
        truth=_EQUAL,
    ),
    spoiled(
        "lesser-type",
        "worse_than_before",
        OTHER_KEY_SEEN,
        RIGHT,
        license={**ACTIVE, "key": PERMANENT_KEY},
        faults=_downgrade("type"),
        options={"license_key": OTHER_PERMANENT_KEY, "on_key_mismatch": "reactivate"},
        says="before Permanent, after PrePaid",
        findings=_NO_END,
        again=Expect(RIGHT, findings=_NO_END),
        truth=("active", EMAIL, OTHER_PERMANENT_KEY),
    ),
    spoiled(
        "needs-attention-now",
        "worse_than_before",
        NOBODY,
        RIGHT,
        faults=({"kind": "attention_after", "on": "activate", "message": "Something about billing."},),
        says="Something about billing.",
        findings=("needs_attention",),
        again=Expect(RIGHT, findings=("needs_attention",)),
        truth=("active", EMAIL, SPLA_KEY),
    ),
]

_READER: t.Final = "reader@example.com"
_BLIND: t.Final = "blind@example.com"
_SECRET: t.Final = "another administrator's secret"


def _admin(username: str, rights: str, **options: t.Any) -> dict[str, t.Any]:
    return {
        "farm": {"admins": [{"username": username, "password": _SECRET, "rights": rights}]},
        "options": {"api_username": username, "api_password": _SECRET, **options},
    }


ADMINISTRATORS: list[Case] = [
    nothing("reader-right", RIGHT, license=ACTIVE, **_admin(_READER, "read_only")),
    vendor_refuses(
        "reader-fresh", "api_forbidden", NOBODY, says=_READER, **_admin(_READER, "read_only", **_stopping(7))
    ),
    refused("blind", "api_forbidden", None, license=ACTIVE, **_admin(_BLIND, "no_license")),
    refused(
        "administrator-rejected",
        "api_credentials_rejected",
        None,
        ops=NEVER_IN,
        options={"api_password": WRONG},
        says=f"rejected the RAS administrator {ADMIN}",
    ),
    refused(
        "administrator-windows-name",
        "api_credentials_rejected",
        None,
        ops=NEVER_IN,
        options={"api_username": "EXAMPLE\\svc-ansible"},
        says="user@domain",
    ),
    refused("rest-disabled", "rest_disabled", None, ops=NEVER_IN, quirks={"rest_enabled": False}, says="enableREST"),
]

CASES: list[Case] = [*REFUSALS, *RELEASES, *SETTLING, *WORSE, *ADMINISTRATORS]
