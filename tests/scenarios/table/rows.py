# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of the plan table, and what follows right below it: other e-mails, companies, keys, policies."""

from __future__ import annotations

import typing as t

from harness.cases import (
    ACTIVATED_NOW,
    BY_KEY,
    Case,
    changes,
    Expect,
    FOREIGN_NO_KEY,
    FOREIGN_SEEN,
    NO_KEY,
    NOBODY,
    nothing,
    OTHER_KEY_SEEN,
    READ_ONLY,
    refused,
    RIGHT,
)
from harness.worlds import (
    ACTIVE,
    ACTIVE_BY_OTHER,
    EMAIL,
    EXPIRED,
    FOREIGN,
    OTHER_EMAIL,
    OTHER_KEY,
    PREPAID_KEY,
    PRIVATE,
    SPLA_KEY,
    TRIAL,
)
from scenarios.table.people import HIDDEN_KEY, WEAK_KEY

NO_PA: t.Final = {"pa_fields": "absent"}
WITHOUT_KEY: t.Final = {"license_key": ""}
TO_TRIAL: t.Final = {"license_key": "", "allow_trial": True}
MOVE: t.Final = {"on_account_mismatch": "reactivate"}
SWAP: t.Final = {"on_key_mismatch": "reactivate"}
ABSENT: t.Final = {"state": "absent"}
TRIAL_OF_NOBODY: t.Final = {"state": "trial"}
EXPIRED_FOREIGN: t.Final = {**FOREIGN, "expires": "2025-01-31"}
EXPIRED_OTHER_KEY: t.Final = {**OTHER_KEY, "expires": "2025-01-31"}
HELD_BEFORE: t.Final = {"state": "deactivated", "first_active": "2024-05-25T08:00:00"}
GONE: t.Final = ("deactivated", None, None)
ON_TRIAL: t.Final = ("trial", EMAIL, None)
_NO_FIELD: t.Final = "no license field"
_NO_PROOF: t.Final = "the 404 with which RAS says that there is none"
_NO_LICENSE: t.Final = "neither a license nor the absence of one"
_PROBLEM: t.Final = {"type": "about:blank", "title": "Not Found", "status": 404}
_OF_A_PROXY: t.Final = {"content_type": "application/problem+json"}
# What a farm, or something before it, may answer where a license is looked for, and what proves nothing.
UNPROVEN: t.Final[list[tuple[str, str | None, str, dict[str, t.Any]]]] = [
    ("empty", None, _NO_FIELD, {"status": 200, "body": {}}),
    ("null", None, _NO_PROOF, {"status": 200, "body": "null"}),
    ("no-content", None, _NO_PROOF, {"status": 204, "body": ""}),
    ("list", None, "must be a JSON object", {"status": 200, "body": "[]"}),
    ("other-names", None, _NO_FIELD, {"status": 200, "body": {"license_key": None, "license_type": ""}}),
    ("wrapped", None, _NO_FIELD, {"status": 200, "body": {"license": {"type": 0}, "ok": True}}),
    ("upper-case", NOBODY, _NO_LICENSE, {"status": 200, "body": {"TYPE": 0, "LICENSEKEY": None, "EXPIRYDATE": ""}}),
    ("one-field", NOBODY, _NO_LICENSE, {"status": 200, "body": {"statusMessage": "Not activated"}}),
    ("message", None, _NO_PROOF, {"status": 404, "body": {"message": "Not Found"}}),
    ("gateway", None, _NO_PROOF, {"status": 404, "body": {"statusCode": 404, "message": "Resource not found"}}),
    ("empty-404", None, _NO_PROOF, {"status": 404, "body": ""}),
    ("problem-of-a-proxy", None, _NO_PROOF, {"status": 404, "body": _PROBLEM, **_OF_A_PROXY}),
    ("problem-of-versions", None, _NO_PROOF, {"status": 404, "body": {**_PROBLEM, "title": "Unsupported API version"}}),
]


def _answers(**answer: t.Any) -> dict[str, t.Any]:
    """A fault of all requests for the license."""
    return {"kind": "status", "on": "license", "times": -1, **answer}


NEVER_ACTIVATED: list[Case] = [
    changes("fresh-with-key", NOBODY, RIGHT),
    refused("fresh-without-key", "key_required", NOBODY, options=WITHOUT_KEY, says="allow_trial=true"),
    changes("fresh-to-trial", NOBODY, NO_KEY, options=TO_TRIAL, truth=ON_TRIAL, findings=("trial_history_unknown",)),
    # A license that was given back leaves nothing behind in such an answer: only the administrator can know.
    changes(
        "held-before-untold-to-trial",
        NOBODY,
        NO_KEY,
        license=HELD_BEFORE,
        options=TO_TRIAL,
        truth=ON_TRIAL,
        findings=("trial_history_unknown",),
    ),
    refused("fresh-empty-to-trial", "bad_answer", None, quirks={"never_activated": "empty"}, options=TO_TRIAL),
    *(
        refused(
            f"unproven-{name}",
            "bad_answer",
            seen,
            says=says,
            findings=() if seen is None else ("field_unknown",),
            faults=(_answers(**answer),),
        )
        for name, seen, says, answer in UNPROVEN
    ),
    changes("fresh-trial-allowed-but-key", NOBODY, RIGHT, options={"allow_trial": True}),
    refused(
        "held-before-to-trial",
        "bad_answer",
        NOBODY,
        license=HELD_BEFORE,
        quirks={"never_activated": "null_fields"},
        options=TO_TRIAL,
        says=_NO_LICENSE,
        findings=("field_unknown",),
    ),
    changes("held-before-with-key", NOBODY, RIGHT, license=HELD_BEFORE),
]

ON_A_TRIAL: list[Case] = [
    changes("trial-with-key", NO_KEY, RIGHT, license=TRIAL),
    changes("trial-of-nobody-with-key", NOBODY, RIGHT, license=TRIAL_OF_NOBODY),
    changes("trial-of-stranger-with-key", FOREIGN_NO_KEY, RIGHT, license={"state": "trial", "account": PRIVATE}),
    refused("trial-without-key", "key_required", NO_KEY, license=TRIAL, options=WITHOUT_KEY, says="runs on a trial"),
    nothing("trial-allowed", NO_KEY, license=TRIAL, options=TO_TRIAL),
    refused(
        "trial-allowed-of-stranger",
        "account_mismatch",
        FOREIGN_NO_KEY,
        license={"state": "trial", "account": PRIVATE},
        options=TO_TRIAL,
        says=PRIVATE,
    ),
    nothing(
        "trial-allowed-of-nobody", NOBODY, license=TRIAL_OF_NOBODY, options=TO_TRIAL, findings=("account_unknown",)
    ),
    refused(
        "trial-allowed-of-nobody-strict",
        "account_unknown",
        NOBODY,
        license=TRIAL_OF_NOBODY,
        options={**TO_TRIAL, "on_account_unknown": "fail"},
    ),
]

RIGHT_ACCOUNT: list[Case] = [
    nothing("right", RIGHT, license=ACTIVE),
    nothing("right-no-key-wanted", NO_KEY, license=ACTIVE, options=WITHOUT_KEY),
    nothing("right-no-password", RIGHT, license=ACTIVE, options={"account_password": ""}),
    nothing(
        "right-email-written-otherwise", RIGHT, license=ACTIVE, options={"account_email": "  Licensing@EXAMPLE.com "}
    ),
    nothing(
        "right-key-written-otherwise",
        RIGHT,
        license=ACTIVE,
        options={"license_key": SPLA_KEY.replace("-", "").lower()},
    ),
    nothing(
        "right-marketplace-without-key",
        NO_KEY,
        license={"state": "active", "account": EMAIL, "expires": "2031-12-31"},
    ),
    changes(
        "needs-attention-still",
        OTHER_KEY_SEEN,
        RIGHT,
        # A text that it did not show before would confirm nothing.
        license={**OTHER_KEY, "needs_attention": True, "alert_message": "Something about billing."},
        faults=({"kind": "attention_after", "on": "activate", "message": "Something about billing."},),
        findings=("needs_attention",),
        findings_after=("needs_attention",),
        options={"on_key_mismatch": "reactivate"},
    ),
    nothing(
        "right-needs-attention-already",
        RIGHT,
        license={**ACTIVE, "needs_attention": True},
        findings=("needs_attention",),
    ),
    refused(
        "right-email-missing", "invalid_option", "unknown/none/match", license=ACTIVE, options={"account_email": ""}
    ),
    refused("other-key", "key_mismatch", OTHER_KEY_SEEN, license=OTHER_KEY, says="on_key_mismatch=reactivate"),
    changes("other-key-reactivate", OTHER_KEY_SEEN, RIGHT, license=OTHER_KEY, options=SWAP),
    nothing(
        "other-key-ignore",
        OTHER_KEY_SEEN,
        license=OTHER_KEY,
        options={"on_key_mismatch": "ignore"},
        findings=("key_mismatch",),
    ),
    nothing(
        "other-email",
        RIGHT,
        license=ACTIVE_BY_OTHER,
        options={"account_other_emails": ["other@example.com", OTHER_EMAIL.upper()]},
        findings=("account_other_email",),
    ),
    refused(
        "other-email-not-listed",
        "account_mismatch",
        "mismatch/reported/match",
        license=ACTIVE_BY_OTHER,
        options={"account_company": "EXAMPLE  holdings"},
        says="perhaps another person of the account",
    ),
    nothing("company-right", RIGHT, license=ACTIVE, options={"account_company": " example  HOLDINGS"}),
    nothing(
        "company-other", RIGHT, license=ACTIVE, options={"account_company": "Sample Ltd"}, findings=("account_company",)
    ),
]

OTHER_ACCOUNT: list[Case] = [
    refused("foreign", "account_mismatch", FOREIGN_SEEN, license=FOREIGN, says="on_account_mismatch=reactivate"),
    changes("foreign-reactivate", FOREIGN_SEEN, RIGHT, license=FOREIGN, options=MOVE),
    refused(
        "foreign-reactivate-without-key",
        "key_required",
        FOREIGN_NO_KEY,
        license=FOREIGN,
        options={**MOVE, **WITHOUT_KEY, "allow_trial": True},
        says=PRIVATE,
    ),
    refused("foreign-swap-is-no-move", "account_mismatch", FOREIGN_SEEN, license=FOREIGN, options=SWAP),
]

EXPIRED_LICENSES: list[Case] = [
    refused("expired", "license_expired", RIGHT, license=EXPIRED, says="Renew the subscription"),
    refused("expired-no-key-wanted", "license_expired", NO_KEY, license=EXPIRED, options=WITHOUT_KEY),
    refused("expired-allow-trial", "license_expired", NO_KEY, license=EXPIRED, options=TO_TRIAL),
    refused("expired-foreign", "account_mismatch", FOREIGN_SEEN, license=EXPIRED_FOREIGN),
    changes("expired-foreign-reactivate", FOREIGN_SEEN, RIGHT, license=EXPIRED_FOREIGN, options=MOVE),
    refused("expired-other-key", "key_mismatch", OTHER_KEY_SEEN, license=EXPIRED_OTHER_KEY),
    changes("expired-other-key-reactivate", OTHER_KEY_SEEN, RIGHT, license=EXPIRED_OTHER_KEY, options=SWAP),
    refused(
        "expired-other-key-ignore",
        "license_expired",
        OTHER_KEY_SEEN,
        license=EXPIRED_OTHER_KEY,
        options={"on_key_mismatch": "ignore"},
        findings=("key_mismatch",),
    ),
]

NOT_REPORTED: list[Case] = [
    nothing("silent-key-proves", BY_KEY, license=ACTIVE, quirks=NO_PA),
    nothing(
        "silent-account-key-proves",
        "match/key/unknown",
        license=OTHER_KEY,
        quirks=NO_PA,
        options={**WITHOUT_KEY, "account_keys": [SPLA_KEY, PREPAID_KEY]},
    ),
    nothing(
        "silent-nothing-proves",
        NOBODY,
        license=ACTIVE,
        quirks=NO_PA,
        options=WITHOUT_KEY,
        findings=("account_unknown",),
    ),
    refused(
        "silent-nothing-proves-strict",
        "account_unknown",
        NOBODY,
        license=ACTIVE,
        quirks=NO_PA,
        options={**WITHOUT_KEY, "on_account_unknown": "fail"},
        says="account_keys",
    ),
    nothing(
        "silent-four-characters-prove-nothing",
        "unknown/none/match",
        license={**ACTIVE, "key": WEAK_KEY},
        quirks=NO_PA,
        options={"license_key": WEAK_KEY},
        findings=("account_unknown",),
    ),
    nothing(
        "silent-hidden-key",
        NOBODY,
        license={**ACTIVE, "key": HIDDEN_KEY},
        quirks=NO_PA,
        options={"license_key": HIDDEN_KEY},
        findings=("account_unknown",),
    ),
    nothing("reported-hidden-key", NO_KEY, license={**ACTIVE, "key": HIDDEN_KEY}),
    refused(
        "silent-other-key",
        "key_mismatch",
        "unknown/none/mismatch",
        license=FOREIGN,
        quirks=NO_PA,
        findings=("account_unknown",),
    ),
    changes(
        "silent-other-key-reactivate",
        "unknown/none/mismatch",
        ACTIVATED_NOW,
        after=BY_KEY,
        license=FOREIGN,
        quirks=NO_PA,
        options=SWAP,
        findings=("account_unknown",),
    ),
    changes("silent-fresh", NOBODY, ACTIVATED_NOW, after=BY_KEY, quirks=NO_PA),
    changes("silent-trial", NOBODY, ACTIVATED_NOW, after=BY_KEY, license=TRIAL, quirks=NO_PA),
    refused("silent-expired", "license_expired", BY_KEY, license=EXPIRED, quirks=NO_PA),
]

_RELEASE: t.Final[dict[str, t.Any]] = {"effects": ("deactivated",), "truth": GONE, "options": ABSENT}
GIVEN_BACK: list[Case] = [
    changes("absent", RIGHT, NOBODY, license=ACTIVE, **_RELEASE),
    changes("absent-expired", RIGHT, NOBODY, license=EXPIRED, **_RELEASE),
    changes("absent-other-key", OTHER_KEY_SEEN, NOBODY, license=OTHER_KEY, **_RELEASE),
    changes("absent-by-key", BY_KEY, NOBODY, license=ACTIVE, quirks=NO_PA, **_RELEASE),
    changes(
        "absent-other-email",
        RIGHT,
        NOBODY,
        license=ACTIVE_BY_OTHER,
        effects=("deactivated",),
        truth=GONE,
        options={**ABSENT, "account_other_emails": [OTHER_EMAIL]},
        findings=("account_other_email",),
    ),
    refused("absent-foreign", "account_mismatch", FOREIGN_SEEN, license=FOREIGN, options={**ABSENT, **MOVE}),
    refused(
        "absent-other-email-not-listed",
        "account_mismatch",
        "mismatch/reported/match",
        license=ACTIVE_BY_OTHER,
        options=ABSENT,
    ),
    refused(
        "absent-silent",
        "account_unknown",
        NOBODY,
        license=ACTIVE,
        quirks=NO_PA,
        options={**ABSENT, **WITHOUT_KEY},
        says="never given back",
    ),
    refused(
        "absent-email-missing",
        "invalid_option",
        "unknown/none/match",
        license=ACTIVE,
        options={**ABSENT, "account_email": ""},
    ),
    nothing("absent-fresh", NOBODY, options={**ABSENT, "account_email": "", "account_password": ""}),
    nothing("absent-trial", NO_KEY, license=TRIAL, options=ABSENT),
    nothing("absent-already", NOBODY, license={"state": "deactivated"}, options=ABSENT),
]

_MISSING: t.Final = Expect(NOBODY, "invalid_option", says="account_password is missing")
_PLANNED: t.Final = Expect(NOBODY, changed=True, ops=READ_ONLY, findings=("password_missing",))
PASSWORDS: list[Case] = [
    Case("fresh-password-missing", _PLANNED, _MISSING, _MISSING, _PLANNED, options={"account_password": ""}),
]

CASES: list[Case] = [
    *NEVER_ACTIVATED,
    *ON_A_TRIAL,
    *RIGHT_ACCOUNT,
    *OTHER_ACCOUNT,
    *EXPIRED_LICENSES,
    *NOT_REPORTED,
    *GIVEN_BACK,
    *PASSWORDS,
]
