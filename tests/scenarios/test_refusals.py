# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""However a wrong password is refused, four farms send it once: what My Account and the farms saw, by the lab."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest

from counts import count
from harness.cases import MODULE, task
from harness.reading import secrets_in
from harness.rhythm import effects
from harness.runner import Run, Runner
from harness.windows import case, OPTIONS, windows_world
from harness.worlds import ADMIN_PASSWORD, EMAIL, host_of, NONE, PASSWORD, SPLA_KEY
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

FARMS: t.Final = 4
WRONG: t.Final = "entirely wrong password"
PAGE: t.Final = "<!DOCTYPE html><html><body><h1>{0}</h1></body></html>"

# Each part alone would be explained, or is unknown; together nobody knows.
EXPLAINED: t.Final = [
    "Cannot connect to the Parallels licensing server.",
    "The license key is invalid.",
    "ライセンスサーバーに接続できません",
]
UNKNOWN: t.Final = [
    "Failed to connect to My Account: authentication failed",
    "My Account への接続に失敗しました: 認証に失敗しました",
    "Verbindung zum Lizenzserver fehlgeschlagen: Kennwort falsch",
    "E-4711",
    "",
]
MIXED: t.Final = [
    f"{EXPLAINED[0]} Sign in again",
    f"wrong password: {EXPLAINED[1]}",
    f"{EXPLAINED[2]}。認証に失敗しました",
]


class Refusal(t.NamedTuple):
    """A status, a body, and how many farms may send the password."""

    status: int
    body: t.Any
    bound: int = 1


def _said(text: str) -> dict[str, t.Any]:
    return {"code": 0, "msg": text}


ACCOUNT: t.Final[list[Refusal]] = [
    *(Refusal(400, _said(text), 2) for text in EXPLAINED),
    *(Refusal(400, _said(text)) for text in UNKNOWN + MIXED),
    Refusal(400, {**_said(EXPLAINED[0]), "errors": ["wrong password"]}),
    # No status explains anything, and a documented text has its documented status.
    *(Refusal(status, _said(EXPLAINED[0])) for status in (200, 403, 404, 409, 422, 429, 500)),
    *(Refusal(status, "") for status in (302, 402, 403, 404, 423, 503)),
    Refusal(200, {"success": False}),
    Refusal(200, PAGE.format("Sign in")),
]
ACCOUNT_OVER_WINRM: t.Final[list[Refusal]] = [
    *(Refusal(400, text, 2) for text in EXPLAINED),
    *(Refusal(400, text) for text in UNKNOWN[:-1] + MIXED),
]
LOGON: t.Final[list[Refusal]] = [
    Refusal(status, body)
    for status, body in [
        (400, _said("no")),
        *((status, {"title": "wrong password"}) for status in (403, 404, 409, 422, 500)),
        (409, ""),
        (200, {"authToken": ""}),
        (200, ""),
        (302, ""),
        (429, _said("Too many failed attempts")),
    ]
]
LOGON_OVER_WINRM: t.Final[list[Refusal]] = [
    Refusal(400, text)
    for text in (
        "Failed to connect to the server 'localhost': access denied",
        "The connection timed out, or the password is wrong",
        "Anmeldung fehlgeschlagen",
        "E-4711",
    )
]
GROUPS: t.Final = {
    f"{name}{number}": (refusal, backend, op)
    for name, refusals, backend, op in (
        ("account", ACCOUNT, "rest", "activate"),
        ("waccount", ACCOUNT_OVER_WINRM, "winrm", "activate"),
        ("logon", LOGON, "rest", "logon"),
        ("wlogon", LOGON_OVER_WINRM, "winrm", "logon"),
    )
    for number, refusal in enumerate(refusals)
}


def _farm(group: str, refusal: Refusal, backend: str, op: str) -> dict[str, t.Any]:
    """Each group has an account and an administrator of its own, and one of them with a wrong password."""
    fault = {"kind": "refused_as", "on": op, "times": -1, "status": refusal.status, "body": refusal.body}
    if isinstance(refusal.body, str):
        fault["content_type"] = "text/html; charset=utf-8"
    wrong = {"account_password": WRONG} if op == "activate" else {"api_password": WRONG}
    user = f"{group}@example.com"
    given = {"settle_timeout": 1, "timeout": 5, "account_email": user, "api_username": user, **wrong}
    admins = [{"username": user, "password": ADMIN_PASSWORD}]
    return case(backend, NONE, {"faults": [fault], "admins": admins, "quirks": {"rate_limit": False}}, **given)


class Seen(t.NamedTuple):
    """One run over all groups."""

    run: Run
    runner: Runner

    def codes(self, group: str) -> Counter[str]:
        """How the module ended for the farms of a group."""
        results = [self.run.results(MODULE, host_of(f"{group}-{number}"))[0] for number in range(FARMS)]
        return Counter((result.get("failure") or {}).get("code", "ok") for result in results)


@pytest.fixture(scope="module")
def seen(start_lab: StartLab) -> Seen:
    """One run over all groups."""
    farms = {f"{group}-{number}": _farm(group, *how) for group, how in GROUPS.items() for number in range(FARMS)}
    people = [
        {"email": email, "password": PASSWORD} for email in (EMAIL, *(f"{group}@example.com" for group in GROUPS))
    ]
    key = {"key": SPLA_KEY, "type": "spla", "users": 0, "expires": "2031-12-31"}
    accounts = {"accounts": [{"company": "Example Holdings", "people": people, "keys": [key]}]}
    runner = start_lab(windows_world(farms, my_account=accounts), forks=50)
    run = runner.play([task(OPTIONS)])
    assert effects(runner) == {}
    assert secrets_in(run) == []
    assert WRONG not in run.output
    return Seen(run, runner)


def _of(op: str) -> list[str]:
    return [group for group, how in GROUPS.items() if how[2] == op]


@pytest.mark.parametrize("group", _of("activate"))
def test_my_account_sees_one_attempt_and_two_when_the_first_was_explained(seen: Seen, group: str) -> None:
    bound = GROUPS[group][0].bound
    attempts = [each for each in seen.runner.lab.attempts() if each["email"] == f"{group}@example.com"]
    assert len(attempts) == bound, f"{GROUPS[group]}: {seen.codes(group)}"
    assert seen.codes(group)["not_tried"] == FARMS - bound
    count("scenario", f"refusals: {group}")


@pytest.mark.parametrize("group", _of("logon"))
def test_two_farms_see_an_administrator_who_is_refused(seen: Seen, group: str) -> None:
    entries = [each for each in seen.runner.lab.journal() if each["farm"].startswith(f"{group}-")]
    asked = [each["farm"] for each in entries if each["op"] in ("logon", "ras_observe")]
    assert len(asked) == len(set(asked)) == 2, f"{GROUPS[group]}: {seen.codes(group)}"
    assert seen.codes(group)["not_tried"] == FARMS - 2
    count("scenario", f"refusals: {group}")
