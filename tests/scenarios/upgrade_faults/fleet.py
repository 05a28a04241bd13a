# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One farm a case, all cases of a file in two rollouts: with the faults, and once more without them."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from pathlib import Path

from harness.reading import outcomes
from harness.rollouts import ROLLOUT
from harness.runner import Runner
from harness.upgrades import PATIENT, upgrade_world, upgraded
from harness.worlds import ADMIN_PASSWORD, host_of, SPLA_KEY
from raslab.testing import Lab

from .matrix import Case

_FORKS: t.Final = 20
# A hang guard only, for the whole matrix: with a PowerShell for each lab, a busy machine takes half an hour.
_HANG_SECONDS: t.Final = 3600
# Only where no answer will come the time-outs are short.
_HASTY: t.Final = {"ras_restart_timeout": 8, "ras_install_timeout": 12, "ras_agent_timeout": 8}
_SILENT: t.Final = {"ansible_winrm_operation_timeout_sec": 4, "ansible_winrm_read_timeout_sec": 6}
_SILENT_FAULTS: t.Final = ("hang", "hang_after")
_ENDLESS: t.Final = ("host_not_back", "agent_timeout", "outcome_unknown", "install_failed")


@dataclass(frozen=True, repr=False)
class Seen:
    """What one run did to one farm.

    :ivar row: the farm's record in the table.
    :ivar journal: what happened in the farm during the run.
    :ivar truth: the farm as the lab knows it after the run.
    """

    row: dict[str, t.Any]
    journal: list[dict[str, t.Any]]
    truth: dict[str, t.Any]

    @property
    def code(self) -> str:
        """The code in the table, or ``ok``."""
        return self.row["code"] or "ok"

    @property
    def upgraded(self) -> str:
        """Whose version is the wanted one."""
        return upgraded(self.truth)

    def effects(self, op: str, *effects: str) -> list[tuple[str, str]]:
        """Host and effect of the entries of an operation that had one of these effects."""
        return [
            (each["host"], each["effect"]) for each in self.journal if each["op"] == op and each["effect"] in effects
        ]


@dataclass(frozen=True, repr=False)
class Outcome:
    """What both runs did to all farms."""

    with_faults: dict[str, Seen]
    without: dict[str, Seen]
    output: str
    problems: list[dict[str, t.Any]]
    open_sessions: list[dict[str, t.Any]]


def email_of(case: Case) -> str:
    """Each case has an e-mail of its own: one unclear refusal stops that person for the whole run."""
    return f"{case.id}@example.com"


def _farm(case: Case) -> dict[str, t.Any]:
    email = email_of(case)
    hosts: list[dict[str, t.Any]] = [{"name": host_of(case.id), "windows": dict(case.also.get("windows", {}))}]
    if case.farm == "brokers":
        hosts.append({"name": f"cb2.{case.id}.example.com"})
    hosts.append({"name": f"rd1.{case.id}.example.com", "components": ["rds"]})
    hasty = {
        **(_HASTY if case.code in _ENDLESS or case.fault == "gone" else {}),
        **(_SILENT if case.fault in _SILENT_FAULTS else {}),
    }
    return {
        "license": {"state": "none"}
        if case.farm == "fresh"
        else {"state": "active", "account": email, "key": SPLA_KEY},
        "hosts": hosts,
        "faults": [{**part, "host": f"{part.get('host', 'cb1')}.{case.id}.example.com"} for part in case.faults],
        "admins": [{"username": email, "password": ADMIN_PASSWORD}],
        "vars": {
            "ras_farm": case.id,
            "ras_organization": case.id,
            "ras_account_email": email,
            "ras_api_username": email,
            **hasty,
            **case.also.get("vars", {}),
        },
    }


def run_cases(cases: t.Sequence[Case], folder: Path) -> Outcome:
    """Roll all farms out twice and gather what the table said and what the lab saw."""
    farms = {case.id: _farm(case) for case in cases}
    with Lab(upgrade_world(farms, [email_of(case) for case in cases]), folder / "lab") as lab:
        runner = Runner(lab, folder / "runs", forks=_FORKS)
        first = runner.playbook(ROLLOUT, patience=_HANG_SECONDS)
        with_faults = _seen(lab, outcomes(first), cases)
        lab.clear_faults()
        lab.clear_journal()
        for case in cases:
            _fix(lab, case)
        second = runner.playbook(ROLLOUT, extra={**PATIENT, "ras_reboot": "auto"}, patience=_HANG_SECONDS)
        without = _seen(lab, outcomes(second), cases)
        return Outcome(with_faults, without, first.output + second.output, lab.problems(), lab.open_sessions())


def _fix(lab: Lab, case: Case) -> None:
    """What the remedy asks of a person."""
    server = host_of(case.id)
    for fix in case.fixes:
        if fix == "restart":
            lab.patch_windows(case.id, server, power="restarting")
            lab.wait_for(case.id, "restart", "done")
        elif fix == "disk":
            lab.patch_windows(case.id, server, disk_free_gb=40)
        elif fix == "power":
            for host in lab.farm(case.id)["hosts"]:
                lab.patch_windows(case.id, host["name"], power="on")
        elif fix == "services":
            services = lab.host(case.id, server)["windows"]["services"]
            lab.patch_windows(case.id, server, services=dict.fromkeys(services, "Running"))
        elif fix == "settings":
            lab.patch_farm(case.id, settings_pending=False)
        elif fix == "license":
            lab.patch_farm(case.id, license={"needs_attention": False})
        elif fix == "agent":
            lab.patch_farm(case.id, hosts={f"rd1.{case.id}.example.com": {"agent_state": "OK"}})
        else:
            raise ValueError(f"{case.id}: unknown fix {fix}")


def _seen(lab: Lab, rows: t.Mapping[str, dict[str, t.Any]], cases: t.Sequence[Case]) -> dict[str, Seen]:
    journal: dict[str, list[dict[str, t.Any]]] = {}
    for entry in lab.journal():
        journal.setdefault(entry["farm"], []).append(entry)
    return {case.id: Seen(rows[case.id], journal.get(case.id, []), lab.farm(case.id)) for case in cases}
