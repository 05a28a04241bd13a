# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is not known about the product's contract, switch by switch, and what differs between its generations."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from harness.cases import Case, changes, Expect, FOREIGN_SEEN, NO_KEY, NOBODY, nothing, refused, RIGHT, spoiled
from harness.worlds import ACTIVE, EMAIL, FOREIGN, host_of, OTHER_KEY, PREPAID_KEY, TRIAL

PLACED: t.Final = "site broker"
# The resource was renamed twice: the newest name is asked for first, and the next where it is not found.
PLACED_OLD: t.Final = "site broker broker"
PLACED_OLDEST: t.Final = "site broker broker broker"
SILENT_SERVER: t.Final = {"licensing_server_fields": "absent"}
# What settles which server answers. Up to 19 the logon does not, so that it is needed for each write.
GENERATIONS: t.Final = {18: PLACED_OLDEST, 19: PLACED_OLD, 20: PLACED_OLD, 21: PLACED, 22: PLACED}
_LAST_WITH_A_TOKEN_ALONE: t.Final = 19
_TOKEN_ONLY: t.Final = {"logon_answer": "token_only"}


def _everyday(name: str, **more: t.Any) -> list[Case]:
    """One farm that needs a change and one that needs none, under the same circumstances."""
    return [
        changes(f"{name}-fresh", NOBODY, RIGHT, **more),
        nothing(f"{name}-right", RIGHT, license=ACTIVE, **more),
    ]


def _quirk(name: str, **quirks: t.Any) -> list[Case]:
    return _everyday(name, quirks=quirks)


def _unproven(name: str, seen: str | None, **quirks: t.Any) -> list[Case]:
    """A farm whose answer does not say, as documented, that it has no license; with a license it is as any other."""
    more: dict[str, t.Any] = {"quirks": quirks, "license": ACTIVE}
    # A license without a type that is known is never passed over, whatever it lacks besides.
    findings = () if seen is None else ("field_unknown",)
    return [
        refused(f"{name}-fresh", "bad_answer", seen, findings=findings, quirks=quirks),
        nothing(f"{name}-right", RIGHT, **more),
        spoiled(
            f"{name}-absent",
            "not_confirmed",
            RIGHT,
            seen or RIGHT,
            again=Expect(seen, "bad_answer", findings=findings),
            findings=findings,
            says="reading the license again failed" if seen is None else "observed unreadable",
            effects=("deactivated",),
            ops=None,
            truth=("deactivated", None, None),
            options={"state": "absent", "settle_timeout": 1},
            **more,
        ),
    ]


def _two_brokers(name: str) -> dict[str, t.Any]:
    """The inventory names the second broker as the licensing server."""
    second = f"cb2.{name}.example.com"
    return {
        "farm": {"hosts": [{"name": host_of(name), "member": True}, {"name": second, "member": False}]},
        "host": second,
    }


def _web_server(name: str) -> dict[str, t.Any]:
    """The API runs on a server that is no broker."""
    web = f"web.{name}.example.com"
    broker = {"name": host_of(name), "web_admin": False, "member": True}
    return {"farm": {"hosts": [broker, {"name": web, "components": ["web_admin"], "member": False}]}, "host": web}


ANSWERS: list[Case] = [
    *_quirk("no-content", write_success=204),
    *_unproven("never-empty", None, never_activated="empty"),
    *_unproven("never-nulls", NOBODY, never_activated="null_fields"),
    *_quirk("type-string", type_as="string"),
    *_quirk("type-name", type_as="name"),
    changes("type-string-trial", NO_KEY, RIGHT, license=TRIAL, quirks={"type_as": "string"}),
    changes("type-name-trial", NO_KEY, RIGHT, license=TRIAL, quirks={"type_as": "name"}),
    *_quirk("real-numbers", numbers_as="number"),
    *_quirk("japanese", language="ja"),
    *_quirk("month-first", date_order="mdy"),
    *_quirk("year-first", date_order="ymd", date_separator="-"),
    *_quirk("dotted-dates", date_separator="."),
    *_quirk("unknown-fields", unknown_fields=True),
    *_quirk("account-checked-first", deactivate_check_first="account"),
]


def _of_generation(number: int, placed: str) -> list[Case]:
    alone = number <= _LAST_WITH_A_TOKEN_ALONE
    more: dict[str, t.Any] = {"farm": {"generation": number}, "token_alone": alone}
    placement = placed if alone else ""
    return [
        changes(f"v{number}-fresh", NOBODY, RIGHT, placement=placement, **more),
        nothing(f"v{number}-right", RIGHT, license=ACTIVE, **more),
        changes(f"v{number}-placed", NOBODY, RIGHT, quirks=SILENT_SERVER, placement=placed, **more),
        changes(
            f"v{number}-absent",
            RIGHT,
            NOBODY,
            license=ACTIVE,
            options={"state": "absent"},
            effects=("deactivated",),
            truth=("deactivated", None, None),
            placement=placement,
            **more,
        ),
    ]


BY_GENERATION: list[Case] = [case for number, placed in GENERATIONS.items() for case in _of_generation(number, placed)]

_UNREADABLE: t.Final = ("date_unreadable",)
# Nothing could be said about the end before the farm was activated.
_MADE_UNREADABLE: t.Final = changes(
    "date-of-another-calendar-after-it",
    NOBODY,
    RIGHT,
    quirks={"date_calendar": "buddhist"},
    findings_after=_UNREADABLE,
)
DATES: list[Case] = [
    nothing(
        "date-ambiguous",
        RIGHT,
        license={"state": "active", "account": EMAIL, "key": PREPAID_KEY, "expires": "2031-04-03"},
        options={"license_key": PREPAID_KEY},
        findings=("date_ambiguous",),
    ),
    nothing(
        "date-of-another-calendar",
        RIGHT,
        license=ACTIVE,
        quirks={"date_calendar": "buddhist"},
        findings=_UNREADABLE,
    ),
    replace(_MADE_UNREADABLE, apply=replace(_MADE_UNREADABLE.apply, findings=_UNREADABLE)),
    nothing(
        "date-settled-by-another",
        RIGHT,
        license={**ACTIVE, "expires": "2031-04-03", "first_active": "2024-05-25T08:00:00"},
    ),
]

SERVERS: list[Case] = [
    changes("placed-by-brokers", NOBODY, RIGHT, quirks=SILENT_SERVER, placement=PLACED),
    changes("placed-old-name", NOBODY, RIGHT, quirks={**SILENT_SERVER, "broker_path": "broker"}, placement=PLACED_OLD),
    changes("placed-both-names", NOBODY, RIGHT, quirks={**SILENT_SERVER, "broker_path": "both"}, placement=PLACED),
    changes("token-only-fresh", NOBODY, RIGHT, quirks=_TOKEN_ONLY, placement=PLACED, token_alone=True),
    nothing("token-only-right", RIGHT, license=ACTIVE, quirks=_TOKEN_ONLY, token_alone=True),
    nothing("silent-server-right", RIGHT, license=ACTIVE, quirks=SILENT_SERVER),
    refused("second-broker", "wrong_server", NOBODY, says=host_of("second-broker"), **_two_brokers("second-broker")),
    nothing("second-broker-right", RIGHT, license=ACTIVE, **_two_brokers("second-broker-right")),
    refused(
        "second-broker-silent",
        "wrong_server",
        NOBODY,
        ops=f"logon license {PLACED} logoff",
        says=host_of("second-broker-silent"),
        quirks=SILENT_SERVER,
        **_two_brokers("second-broker-silent"),
    ),
    refused(
        "second-broker-unverified-is-no-excuse",
        "wrong_server",
        NOBODY,
        options={"allow_unverified_server": True},
        **_two_brokers("second-broker-unverified-is-no-excuse"),
    ),
    refused(
        "second-broker-move",
        "wrong_server",
        FOREIGN_SEEN,
        license=FOREIGN,
        options={"on_account_mismatch": "reactivate"},
        **_two_brokers("second-broker-move"),
    ),
    refused(
        "web-server-unknown",
        "wrong_server",
        NOBODY,
        ops=f"logon license {PLACED} logoff",
        says="allow_unverified_server=true",
        quirks=SILENT_SERVER,
        **_web_server("web-server-unknown"),
    ),
    changes(
        "web-server-allowed",
        NOBODY,
        RIGHT,
        quirks=SILENT_SERVER,
        options={"allow_unverified_server": True},
        **_web_server("web-server-allowed"),
    ),
]

_GUID: t.Final = "11111111-2222-4333-8444-55555555aaaa"
IDENTITY: list[Case] = [
    nothing("guid-right", RIGHT, license=ACTIVE, farm={"guid": _GUID}, options={"farm_guid": f"{{{_GUID.upper()}}}"}),
    refused("guid-wrong", "wrong_farm", RIGHT, license=ACTIVE, options={"farm_guid": _GUID}, says=_GUID),
    refused("guid-wrong-fresh", "wrong_farm", NOBODY, options={"farm_guid": _GUID}),
    refused(
        "guid-not-reported",
        "wrong_farm",
        RIGHT,
        license=ACTIVE,
        quirks=_TOKEN_ONLY,
        token_alone=True,
        options={"farm_guid": _GUID},
        says="the farm does not report",
    ),
]

_APPLY: t.Final = {"apply_settings": True}
_PENDING: t.Final = {"settings_pending": True}
_KEPT: t.Final = ("active", EMAIL, str(ACTIVE["key"]))
SETTINGS: list[Case] = [
    nothing("settings-left-alone", RIGHT, license=ACTIVE, farm=_PENDING, findings=("settings_pending",)),
    changes(
        "settings-applied",
        RIGHT,
        RIGHT,
        license=ACTIVE,
        farm=_PENDING,
        options=_APPLY,
        effects=("settings_applied",),
        truth=_KEPT,
    ),
    nothing("settings-none-pending", RIGHT, license=ACTIVE, options=_APPLY),
    nothing(
        "settings-not-reported",
        RIGHT,
        license=ACTIVE,
        quirks=_TOKEN_ONLY,
        token_alone=True,
        farm=_PENDING,
        options=_APPLY,
        findings=("settings_unknown",),
    ),
    changes(
        "settings-not-reported-with-activation",
        NOBODY,
        RIGHT,
        quirks=_TOKEN_ONLY,
        token_alone=True,
        farm=_PENDING,
        options=_APPLY,
        placement=PLACED,
        effects=("activated", "settings_applied"),
        findings_after=("settings_unknown",),
    ),
    changes("settings-with-activation", NOBODY, RIGHT, options=_APPLY, effects=("activated", "settings_applied")),
    changes(
        "settings-pending-with-activation",
        NOBODY,
        RIGHT,
        farm=_PENDING,
        options=_APPLY,
        effects=("activated", "settings_applied"),
    ),
    changes(
        "settings-not-applied-by-activation",
        NOBODY,
        RIGHT,
        farm=_PENDING,
        findings=("settings_pending",),
        findings_after=("settings_pending",),
    ),
    refused(
        "settings-of-refused",
        "key_mismatch",
        "match/reported/mismatch",
        license=OTHER_KEY,
        farm=_PENDING,
        options=_APPLY,
    ),
    refused(
        "settings-second-broker",
        "wrong_server",
        RIGHT,
        license=ACTIVE,
        options=_APPLY,
        farm={**_two_brokers("settings-second-broker")["farm"], **_PENDING},
        host=_two_brokers("settings-second-broker")["host"],
    ),
]

CASES: list[Case] = [*ANSWERS, *BY_GENERATION, *DATES, *SERVERS, *IDENTITY, *SETTINGS]
