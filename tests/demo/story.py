# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first half of the demo: the activation. Each step holds what it shows to what it says."""

from __future__ import annotations

import screen
from fleet import Fleet, Outcome
from held import COMPANY, expect
from truth import Witness

from raslab.testing import Lab

PRIVATE = {"state": "active", "account": "k.sato@mail.example", "key": "PV99TE-ME34EF-GH56IJ-B978KL-MN90CV-K2PRIV"}
REACTIVATE = ("-e", "ras_on_account_mismatch=reactivate", "-e", "ras_on_key_mismatch=reactivate")
REFUSALS = {"fukuoka": "account_mismatch", "sapporo": "key_mismatch", "hiroshima": "license_expired"}
# Of the playbook's table these are left out first where the terminal is narrow; the log has them all.
_LESS = ("evidence", "license")


class Story:
    """The demo from its first step to the activated fleet.

    Args:
        lab: The running lab.
        fleet: Runs the playbooks.
    """

    def __init__(self, lab: Lab, fleet: Fleet) -> None:
        self._lab = lab
        self._fleet = fleet
        self._witness = Witness(lab)

    def play(self) -> None:
        """Run all steps.

        Raises:
            Failed: A step showed something else than it says.
            RuntimeError: A run of Ansible broke down.
        """
        self._check()
        self._activate()
        self._reactivate()
        self._again()
        self._repair()
        self._summary()

    def _check(self) -> None:
        screen.heading("1. Look first: check mode reads every farm and changes nothing")
        outcome = self._run("1-check", 1, (), check=True)
        self._table(outcome.table, outcome)
        self._hold(outcome, rc=2, changed={"osaka", "nagoya"}, refused=REFUSALS)
        expect("attempts at My Account after the check run", [], self._witness.attempts)
        screen.blank()
        screen.say(
            "Two farms are due. Three are refused, so the exit code is 2, also in check mode: it serves as a gate in "
            "CI. The farms were only read; My Account was not asked."
        )

    def _activate(self) -> None:
        screen.heading("2. Activate: what is due is done, what is refused is reported, farm by farm")
        outcome = self._run("2-activate", 2, ())
        self._table(outcome.table, outcome)
        screen.blank()
        for reason in outcome.reasons:
            screen.item(reason)
        self._hold(outcome, rc=2, changed={"osaka", "nagoya"}, refused=REFUSALS)
        named = [farm for line in outcome.reasons for farm in line.split(":")[0].split(", ")]
        expect("farms with a reason in the output", sorted(REFUSALS), sorted(named))

    def _reactivate(self) -> None:
        screen.heading("3. Decide, and activate again")
        screen.item("hiroshima: an administrator renews the subscription in My Account (done here in the lab).")
        screen.item(
            "fukuoka and sapporo: they are to move to the business account and to the wanted key. Two variables say "
            "so: each option that a message names is a variable with ras_ in front."
        )
        screen.blank()
        self._lab.patch_farm("hiroshima", license={"expires": "2031-12-31"})
        self._witness.note("hiroshima", "renewed by hand")
        outcome = self._run("3-reactivate", 3, REACTIVATE)
        self._table(outcome.table, outcome)
        self._hold(outcome, rc=0, changed={"fukuoka", "sapporo"}, refused={})

    def _again(self) -> None:
        screen.heading("4. Once more: nothing is left to do")
        outcome, requests = self._watched("4-again", 4, REACTIVATE)
        screen.say(outcome.total)
        screen.say(outcome.recap)
        self._hold(outcome, rc=0, changed=set(), refused={})
        expect("requests to the unmanaged farm naha", 0, requests.pop("naha", 0))
        expect("requests to sendai, which has RAS 19", 4, requests.pop("sendai", 0))
        expect("requests to each other farm", {3}, set(requests.values()))
        expect("other farms that were asked", 8, len(requests))
        screen.blank()
        screen.say(
            "The lab's journal: three requests to each farm (log on, read, log off), one more to sendai, whose RAS "
            "19 is asked for its version, none to naha, which is not managed, and nothing reached My Account."
        )

    def _repair(self) -> None:
        screen.heading("5. Behind Ansible's back somebody activates osaka with a private account. Run again")
        self._lab.patch_farm("osaka", license=PRIVATE)
        outcome = self._run("5-repair", 5, REACTIVATE)
        rows = [row for row in outcome.table if row[0] in ("farm", "osaka")]
        self._table(rows, outcome)
        self._hold(outcome, rc=0, changed={"osaka"}, refused={})
        screen.blank()
        screen.say("Only osaka was changed.")

    def _summary(self) -> None:
        screen.heading("6. What the lab knows (its own books, not what the modules say)")
        screen.table(self._witness.rows(), split=("evidence", "license"))
        attempts = self._witness.attempts
        expect("results of the attempts at My Account", {"accepted"}, {each["result"] for each in attempts})
        farms = self._lab.state()["farms"]
        wrong = [
            name
            for name, farm in farms.items()
            if name != "naha" and (farm["license"]["company"], farm["license"]["state"]) != (COMPANY, "active")
        ]
        expect(f"managed farms that are not active under {COMPANY}", [], wrong)
        expect("sessions left open at the farms", [], self._lab.open_sessions())
        expect("requests that the lab does not model", [], self._lab.problems())
        screen.blank()
        steps = sorted({each["step"] for each in attempts})
        shown = "; ".join(
            f"step {step}: {', '.join(each['farm'] for each in attempts if each['step'] == step)}" for step in steps
        )
        screen.say(f"Attempts at My Account: {len(attempts)}, all accepted ({shown}).")
        screen.say(f"Nine farms, one business account: {COMPANY}. No session was left open.")

    def _run(self, name: str, step: int, options: tuple[str, ...], *, check: bool = False) -> Outcome:
        return self._watched(name, step, options, check=check)[0]

    def _watched(
        self, name: str, step: int, options: tuple[str, ...], *, check: bool = False
    ) -> tuple[Outcome, dict[str, int]]:
        """Run activate, and hold the changes that Ansible reports to those that the lab saw."""
        command = self._fleet.command("activate", *(["--check"] if check else []), *options)
        with screen.Running(command):
            outcome = self._fleet.run(name, command)
        requests, activated = self._witness.look(step)
        expect("activations that the lab saw", [] if check else sorted(outcome.changed), sorted(activated))
        return outcome, requests

    @staticmethod
    def _table(rows: list[list[str]], outcome: Outcome) -> None:
        screen.table(rows, drop=_LESS)
        screen.blank()
        screen.say(outcome.total)
        screen.say(outcome.recap)

    @staticmethod
    def _hold(outcome: Outcome, *, rc: int, changed: set[str], refused: dict[str, str]) -> None:
        expect("refused farms", refused, outcome.refused)
        expect("changed farms", sorted(changed), sorted(outcome.changed))
        expect("exit code", rc, outcome.rc)
