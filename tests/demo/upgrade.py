# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The second half of the demo: the same fleet is rolled out to a newer version of RAS."""

from __future__ import annotations

from typing import Any

import screen
from books import Books, by_farm, Event
from fleet import Fleet, Outcome
from held import COMPANY, expect
from pace import SlowRestart

from raslab.testing import Lab

WANTED = "21.2.0.28000"
# Waves of one farm, two farms and the rest: ras_waves of the demo's world.
FIRST_WAVES = ("tokyo", "yokohama", "osaka")
SLOW = "kobe"
LAST_WAVE = ("nagoya", "kobe", "fukuoka", "sapporo", "sendai", "hiroshima")
# Of the playbook's table these are left out first where the terminal is narrow; the log has them all.
_LESS = ("evidence", "license", "took", "account")


class Upgrade:
    """The steps of the rollout.

    Args:
        lab: The running lab, its farms activated.
        fleet: Runs the playbooks.
        step: The number of the first step.
    """

    def __init__(self, lab: Lab, fleet: Fleet, step: int) -> None:
        self._lab = lab
        self._fleet = fleet
        self._step = step
        self._books = Books(lab)

    def play(self) -> None:
        """Run all steps.

        Raises:
            Failed: A step showed something else than it says.
            RuntimeError: A run of Ansible broke down.
        """
        self._check()
        self._roll_out()
        self._resume()
        self._again()
        self._summary()

    def _check(self) -> None:
        self._heading("The fleet is to have RAS 21.2.28000 (ras_version in the inventory). Look first")
        outcome, events = self._run("check", check=True)
        self._table(outcome)
        self._hold(outcome, rc=0, changed={*FIRST_WAVES, *LAST_WAVE}, refused={})
        expect("what happened to hosts in a check run", [], events)
        screen.blank()
        screen.say(
            "Nine farms are due, on three generations of RAS. Each was read over REST and over WinRM: version, free "
            "space, waiting restarts, services, agents. Nothing was changed. (naha, not managed, is left out here.)"
        )

    def _roll_out(self) -> None:
        self._heading(
            "Roll out, in waves of one farm, two farms and the rest. In osaka the agent of rd1 will not update"
        )
        self._lab.add_fault("osaka", on="push", kind="push_fails", host="rd1.osaka.example.com", times=-1)
        outcome, events = self._run("rollout")
        screen.say("The callback fleetops.parallels_ras.progress showed meanwhile (on a terminal: one moving line):")
        for line in self._fleet.progress(f"{self._step - 1}-rollout"):
            screen.item(line)
        screen.blank()
        self._table(outcome)
        screen.blank()
        for reason in outcome.reasons:
            screen.item(reason)
        self._hold(
            outcome,
            rc=2,
            changed=set(FIRST_WAVES),
            refused={"osaka": "agent_failed", **dict.fromkeys(LAST_WAVE, "not_tried")},
        )
        seen = self._happened(events)
        installed = _farms(events, "installed")
        # The two farms of the second wave are installed side by side.
        expect("installations", [FIRST_WAVES[0], *sorted(FIRST_WAVES[1:])], [*installed[:1], *sorted(installed[1:])])
        expect(
            "what happened in tokyo",
            ["cb1 installed", "cb2 updated", *_in_turn("gw1"), *_in_turn("rd1")],
            seen["tokyo"],
        )
        expect("what happened in osaka", ["cb1 installed", "rd1 drained", "rd1 not updated"], seen["osaka"])
        expect("hosts out of service", ["rd1.osaka.example.com"], self._books.out_of_service())
        screen.blank()
        screen.say(
            "The licensing server first, then its agents: brokers, gateways, session hosts. osaka stopped at its "
            "failure, and the last wave was not started."
        )

    def _resume(self) -> None:
        self._heading("Fix rd1, and run the same command again: it goes on where it stopped")
        screen.item("osaka: ports 135 and 445 of rd1 are opened (here: the lab's fault is taken away).")
        screen.item("nagoya: the installation will cost it its license (a fault that the lab adds now).")
        screen.item("kobe: its host will restart, and stay down until another farm of the wave has ended.")
        screen.blank()
        self._lab.clear_faults("osaka")
        self._lab.add_fault("nagoya", on="install", kind="license_lost", what="trial")
        slow = SlowRestart(self._lab, SLOW, self._fleet.record(f"{self._step}-resume"))
        with slow:
            outcome, events = self._run("resume")
        self._table(outcome)
        self._hold(outcome, rc=0, changed={"osaka", *LAST_WAVE}, refused={})
        seen = self._happened(events)
        expect("installations", sorted(LAST_WAVE), sorted(_farms(events, "installed")))
        expect("what happened in osaka", ["rd1 updated", "rd1 undrained"], seen["osaka"])
        expect("what happened in nagoya", ["cb1 installed", "cb1 activated"], seen["nagoya"])
        expect("hosts out of service", [], self._books.out_of_service())
        screen.blank()
        screen.say(
            "osaka was not installed twice: its agent alone was left to do, and rd1 is back in service. nagoya came "
            "out of the installation as a trial, and was signed in again with the one account."
        )
        screen.blank()
        screen.say(
            f"{slow.hold()} had ended while the host of {SLOW} was still restarting: each farm goes at its own pace."
        )

    def _again(self) -> None:
        self._heading("Once more: nothing is left to do")
        outcome, events = self._run("again")
        screen.say(outcome.total)
        screen.say(outcome.recap)
        self._hold(outcome, rc=0, changed=set(), refused={})
        expect("what happened to hosts", [], events)

    def _summary(self) -> None:
        self._heading("What the lab knows of the rollout")
        screen.table(self._books.rows(), split=("account", "agents", "out of service", "installed", "updated"))
        farms = {name: farm for name, farm in self._lab.state()["farms"].items() if name != "naha"}
        behind = [host["name"] for farm in farms.values() for host in farm["hosts"] if host["agent_version"] != WANTED]
        expect("RAS hosts of managed farms that are behind", [], behind)
        lost = [name for name, farm in farms.items() if farm["license"]["company"] != COMPANY]
        expect(f"managed farms that are not active under {COMPANY}", [], lost)
        expect("hosts out of service", [], self._books.out_of_service())
        expect("sessions left open at the farms", [], self._lab.open_sessions())
        expect("requests that the lab does not model", [], self._lab.problems())
        screen.blank()
        screen.say(f"Nine farms, one version, one business account: {COMPANY}. No host was left out of service.")

    def _heading(self, text: str) -> None:
        screen.heading(f"{self._step}. {text}")

    def _run(self, name: str, *, check: bool = False) -> tuple[Outcome, list[Event]]:
        command = self._fleet.command("rollout", *(["--check"] if check else []))
        with screen.Running(command):
            outcome = self._fleet.run(f"{self._step}-{name}", command)
        events = self._books.look(self._step)
        self._step += 1
        return outcome, events

    @staticmethod
    def _happened(events: list[Event]) -> dict[str, list[str]]:
        """Show what happened, farm by farm, and return it."""
        seen = {farm: [str(event) for event in each] for farm, each in by_farm(events).items()}
        screen.blank()
        screen.say("The lab's journal, in order:")
        for farm, each in seen.items():
            screen.item(f"{farm}: {', '.join(each)}")
        return seen

    @staticmethod
    def _table(outcome: Outcome) -> None:
        screen.table([row for row in outcome.table if row[0] != "naha"], drop=_LESS)
        screen.blank()
        screen.say(outcome.total)
        screen.say(outcome.recap)

    @staticmethod
    def _hold(outcome: Outcome, *, rc: int, changed: set[str], refused: dict[str, str]) -> None:
        expect("refused farms", refused, outcome.refused)
        expect("changed farms", sorted(changed), sorted(outcome.changed))
        expect("exit code", rc, outcome.rc)


def _farms(events: list[Event], what: str) -> list[Any]:
    return [event.farm for event in events if event.what == what]


def _in_turn(host: str) -> list[str]:
    return [f"{host} {what}" for what in ("drained", "updated", "undrained")]
