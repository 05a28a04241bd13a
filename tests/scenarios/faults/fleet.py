# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One farm a case, hundreds of cases in two runs: with the faults, and once more without them."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from pathlib import Path

from harness.rhythm import EFFECTS
from harness.runner import Run, Runner
from harness.worlds import ADMIN_PASSWORD, host_of, PASSWORD, PREPAID_KEY, PRIVATE, PRIVATE_KEY, world
from raslab.testing import Lab

from .matrix import Case, WRITE_OPS

PLAYBOOK: t.Final = Path(__file__).resolve().parent / "playbook.yml"
_FORKS: t.Final = 50
# Patience costs nothing where an answer comes; only where none will come the time-outs are short.
_PATIENT: t.Final = 60
_SILENT_FAULTS: t.Final = (
    "hang",
    "hang_after",
    "drip_status",
    "drip_headers",
    "drip_body",
    "port_closed",
    "lost_then_forbidden",
)
_SILENT_TIMEOUT: t.Final = 5
_UNSETTLED: t.Final = ("not_confirmed", "outcome_unknown", "left_unlicensed")
_UNSETTLED_TIMEOUT: t.Final = 3


@dataclass(frozen=True, repr=False)
class Seen:
    """What one run did to one farm."""

    kind: str
    result: dict[str, t.Any]
    effect: tuple[str, ...]
    sent: dict[str, int]
    open_sessions: int

    @property
    def code(self) -> str:
        """``failure.code``, or ``ok``; a failure without a code shows as what it is."""
        failure = self.result.get("failure")
        if failure:
            return str(failure["code"])
        return "ok" if self.kind == "ok" else f"{self.kind} without a code"

    @property
    def rules(self) -> set[str]:
        """The rules of the findings."""
        return {each["rule"] for each in self.result.get("findings", [])}


@dataclass(frozen=True, repr=False)
class Outcome:
    """What both runs did to all farms."""

    with_faults: dict[str, Seen]
    without: dict[str, Seen]
    licenses: dict[str, dict[str, t.Any]]
    output: str
    problems: list[dict[str, t.Any]]


def email_of(case: Case) -> str:
    """Each case has an e-mail of its own: one unclear refusal stops that person for the whole run."""
    return f"{case.id}@example.com"


def _previous_of(case: Case) -> str:
    return f"{case.id}@private.example"


def fault_world(cases: t.Sequence[Case]) -> dict[str, t.Any]:
    """A world with a farm for each case, and an opener for each that is to be released."""
    farms: dict[str, dict[str, t.Any]] = {}
    for case in cases:
        farms[case.farm_name] = _farm(case)
        if case.farm.name == "release":
            farms[f"opener-{case.id}"] = {
                "admins": [{"username": f"opener-{case.id}@example.com", "password": ADMIN_PASSWORD}],
                "vars": {**_vars(case), "case_admin": f"opener-{case.id}@example.com", "case_release": False},
            }
    people = [{"email": email_of(case), "password": PASSWORD} for case in cases]
    previous = [{"email": _previous_of(case), "password": PASSWORD} for case in cases if case.farm.name == "release"]
    prepaid = {"type": "prepaid", "expires": "2031-03-31", "max_farms": 100_000}
    return world(
        farms,
        vault={"vault_password": PASSWORD, "vault_key": PREPAID_KEY, "vault_admin_password": ADMIN_PASSWORD},
        my_account={
            "lockout_after": 5,
            "accounts": [
                {
                    "company": "Example Holdings",
                    "people": people,
                    "keys": [{"key": PREPAID_KEY, "users": 50, **prepaid}],
                },
                {
                    "company": "Private",
                    "people": [{"email": PRIVATE, "password": PASSWORD}, *previous],
                    "keys": [{"key": PRIVATE_KEY, "users": 40, **prepaid}],
                },
            ],
        },
    )


def _farm(case: Case) -> dict[str, t.Any]:
    kind = case.farm.name
    active = {"state": "active", "account": email_of(case), "key": PREPAID_KEY}
    foreign = {"state": "active", "account": PRIVATE, "key": PRIVATE_KEY}
    license_ = {
        "right": active,
        "absent": active,
        "move": foreign,
        "release": {**foreign, "account": _previous_of(case)},
        "read_active": active,
        "identity": active,
    }.get(kind, {"state": "none"})
    quirks: dict[str, t.Any] = {}
    if kind in ("unplaced", "identity"):
        quirks["licensing_server_fields"] = "absent"
    if kind == "release":
        quirks["direct_account_change"] = False
    return {
        "license": license_,
        "quirks": quirks,
        "faults": [dict(fault) for fault in case.faults],
        "admins": [{"username": email_of(case), "password": ADMIN_PASSWORD}],
        "vars": _vars(case),
    }


def _vars(case: Case) -> dict[str, t.Any]:
    kind = case.farm.name
    found: dict[str, t.Any] = {
        "case_state": "absent" if kind == "absent" else "present",
        "case_email": email_of(case),
        "case_admin": email_of(case),
        "case_check": case.farm.check,
        "case_release": kind == "release",
        "case_timeout": _SILENT_TIMEOUT if case.fault in _SILENT_FAULTS else _PATIENT,
        "case_settle_timeout": _UNSETTLED_TIMEOUT if case.code in _UNSETTLED else _PATIENT,
        "case_on_account_mismatch": "reactivate" if kind in ("move", "release") else "fail",
    }
    if kind == "release":
        found["case_previous"] = _previous_of(case)
    return found


def run_cases(cases: t.Sequence[Case], folder: Path) -> Outcome:
    """Run the cases twice and gather what the modules said and what the lab saw."""
    with Lab(fault_world(cases), folder / "lab") as lab:
        runner = Runner(lab, folder / "runs", forks=_FORKS)
        first = runner.playbook(PLAYBOOK)
        with_faults = _seen(lab, first, cases)
        lab.clear_faults()
        lab.clear_journal()
        for case in cases:
            if case.fault == "settles_never":
                lab.patch_farm(case.farm_name, license={})  # the vendor's news has arrived at last
            if case.farm.name == "release":
                lab.patch_farm(f"opener-{case.id}", license={"state": "none"})  # it must prove the account once more
        second = runner.playbook(PLAYBOOK, extra={"case_timeout": _PATIENT, "case_settle_timeout": _PATIENT})
        without = _seen(lab, second, cases)
        licenses = {name: farm["license"] for name, farm in lab.state()["farms"].items()}
        return Outcome(with_faults, without, licenses, first.output + second.output, lab.problems())


def _seen(lab: Lab, run: Run, cases: t.Sequence[Case]) -> dict[str, Seen]:
    journal: dict[str, list[dict[str, t.Any]]] = {}
    for entry in lab.journal():
        journal.setdefault(entry["farm"], []).append(entry)
    sessions = [each["farm"] for each in lab.open_sessions()]
    results: dict[str, dict[str, t.Any]] = {}
    lost = {"kind": "lost", "result": {"msg": f"the module did not run: {run.output[-2000:]}"}}
    for record in run.records:
        if record.get("action", "").startswith("fleetops.parallels_ras."):
            results[record["host"]] = record
    found = {}
    for case in cases:
        entries = journal.get(case.farm_name, [])
        record = results.get(host_of(case.farm_name), lost)
        found[case.id] = Seen(
            kind=record["kind"],
            result=record["result"],
            effect=tuple(entry["effect"] for entry in entries if entry["effect"] in EFFECTS),
            sent={op: sum(entry["op"] == op for entry in entries) for op in WRITE_OPS},
            open_sessions=sessions.count(case.farm_name),
        )
    return found
