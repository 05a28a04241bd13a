# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last part of the demo: drift is found, reported, fixed, and gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import screen
from fleet import Fleet, Survey
from held import expect
from story import PRIVATE, REACTIVATE

from raslab.testing import Lab

# One row a format of the report.
FILES = ("drift.html", "drift.json", "drift.md", "drift.prom", "drift.xml")
# What the check must find: the farm, or all of the organization, and the rule.
WRONG = {
    ("all", "account_not_single"),
    ("kobe", "account_mismatch"),
    ("kobe", "key_mismatch"),
    ("yokohama", "trial"),
}
BASELINE = ("-e", "ras_drift_baseline=reports/drift.json")


class Drift:
    """The steps of the drift check.

    Args:
        lab: The running lab, its farms activated and upgraded.
        fleet: Runs the playbooks.
        step: The number of the first step.
    """

    def __init__(self, lab: Lab, fleet: Fleet, step: int) -> None:
        self._lab = lab
        self._fleet = fleet
        self._step = step

    def play(self) -> Path:
        """Run all steps, and return the page of the last report.

        Raises:
            Failed: A step showed something else than it says.
            RuntimeError: A run of Ansible broke down.
        """
        self._find()
        self._repair()
        return self._gone()

    def _find(self) -> None:
        self._heading("Behind Ansible's back kobe gets a private account, and yokohama loses its license. Is all well?")
        self._lab.patch_farm("kobe", license=PRIVATE)
        self._lab.patch_farm("yokohama", license={"state": "trial"})
        found = self._check("drift")
        screen.table([("farm", "rule", "expected", "observed"), *_rows(found)], drop=("expected",))
        screen.blank()
        screen.say(f"Verdict {found.report['verdict']}; exit code {found.rc}; reports: {', '.join(FILES)}.")
        expect("exit code", 2, found.rc)
        expect("verdict", "drift", found.report["verdict"])
        expect("findings that are errors", WRONG, {_named(row) for row in _errors(found)})
        expect("files", list(FILES), [path.name for path in found.files])

    def _repair(self) -> None:
        self._heading("Fix it: activate restores what is not as wanted")
        command = self._fleet.command("activate", *REACTIVATE)
        with screen.Running(command):
            outcome = self._fleet.run(f"{self._step}-repair", command)
        screen.say(outcome.total)
        screen.say(outcome.recap)
        expect("changed farms", ["kobe", "yokohama"], sorted(outcome.changed))
        expect("exit code", 0, outcome.rc)
        self._step += 1

    def _gone(self) -> Path:
        self._heading("Look again, compared with the report of before")
        found = self._check("gone", *BASELINE)
        gone = {_named(row) for row in found.report["changes"]["gone"]}
        screen.say(f"Verdict {found.report['verdict']}; exit code {found.rc}.")
        screen.say(f"Gone since the last scan: {', '.join(': '.join(each) for each in sorted(gone))}.")
        expect("exit code", 0, found.rc)
        expect("verdict", "ok", found.report["verdict"])
        expect("findings that are gone", WRONG, gone & WRONG)
        expect("sessions left open at the farms", [], self._lab.open_sessions())
        expect("requests that the lab does not model", [], self._lab.problems())
        return next(path for path in found.files if path.suffix == ".html")

    def _heading(self, text: str) -> None:
        screen.heading(f"{self._step}. {text}")

    def _check(self, name: str, *options: str) -> Survey:
        command = self._fleet.command("drift", *options)
        with screen.Running(command):
            found = self._fleet.survey(f"{self._step}-{name}", command)
        self._step += 1
        return found


def _errors(found: Survey) -> list[dict[str, Any]]:
    return [row for row in found.report["findings"] if row["severity"] == "error" and not row["waived"]]


def _rows(found: Survey) -> list[tuple[str, ...]]:
    return [(*_named(row), _text(row["expected"]), _text(row["observed"])) for row in _errors(found)]


def _named(row: dict[str, Any]) -> tuple[str, str]:
    return row["farm"] or "all", row["rule"]


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "-")
