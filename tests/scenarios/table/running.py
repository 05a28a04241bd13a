# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a table of cases four times and keep what the runs and the lab show."""

from __future__ import annotations

import typing as t

import yaml
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec

from harness.cases import Case, differences, MODULE, RUNS, task
from harness.runner import Run, Runner
from harness.worlds import host_of
from raslab.secrecy import mask_key
from scenarios.table.people import PILOT


class Table(t.NamedTuple):
    """The four runs, and the lab's witness of each."""

    runs: dict[str, Run]
    journals: dict[str, dict[str, list[dict[str, t.Any]]]]
    before: dict[str, dict[str, t.Any]]
    after: dict[str, dict[str, t.Any]]
    problems: list[dict[str, t.Any]]
    left_open: list[dict[str, t.Any]]

    def record(self, case: Case, run: str) -> dict[str, t.Any]:
        """How the module ended for a farm."""
        found = [
            each
            for each in self.runs[run].records
            if each.get("action") == MODULE and each["host"] == case.inventory_host
        ]
        assert len(found) == 1, f"{case.name}: {len(found)} results in run {run}\n{self.runs[run].output[-3000:]}"
        return found[0]

    def result(self, case: Case, run: str) -> dict[str, t.Any]:
        """What the module returned for a farm."""
        return t.cast("dict[str, t.Any]", self.record(case, run)["result"])


def run_table(runner: Runner, cases: t.Sequence[Case]) -> Table:
    """Four runs over all cases, each after a farm where the account is accepted; cases that are late come last."""
    lab = runner.lab
    late = [case.inventory_host for case in cases if case.late]
    tasks = [task(license_spec())]
    pilot = host_of(PILOT)
    pattern = ":!".join(["ras_licensing_servers", pilot, *late])
    plays: list[dict[str, t.Any]] = [
        {"name": "Pilot", "hosts": pilot, "gather_facts": False, "tasks": tasks},
        {"name": "Cases", "hosts": pattern, "gather_facts": False, "tasks": tasks},
    ]
    if late:
        plays.append({"name": "Late cases", "hosts": late, "gather_facts": False, "tasks": tasks})
    runner.folder.mkdir(parents=True, exist_ok=True)
    playbook = runner.folder / "table.yml"
    playbook.write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
    runs, journals = {}, {}
    before = {name: farm["license"] for name, farm in lab.state()["farms"].items()}
    for name in RUNS:
        lab.patch_farm(PILOT, license={"state": "none"})
        lab.clear_journal()
        runs[name] = runner.playbook(playbook, "--diff", check=name in ("check", "drift"))
        by_farm: dict[str, list[dict[str, t.Any]]] = {farm: [] for farm in (PILOT, *(case.name for case in cases))}
        for entry in lab.journal():
            by_farm[entry["farm"]].append(entry)
        journals[name] = by_farm
    after = {name: farm["license"] for name, farm in lab.state()["farms"].items()}
    return Table(runs, journals, before, after, lab.problems(), lab.open_sessions())


def wrong_in(table: Table, case: Case) -> list[str]:
    """Everything about a case that is not as expected, in any run and in the lab's truth at the end."""
    wrong = [
        difference
        for run in RUNS
        for difference in differences(case, run, table.record(case, run), table.journals[run][case.name])
    ]
    truth, before = table.after[case.name], table.before[case.name]
    if case.truth is None:
        wrong += [
            f"truth: {name}: was {before[name]!r}, is {truth[name]!r}" for name in truth if truth[name] != before[name]
        ]
    else:
        state, account, key = case.truth
        expected, observed = (state, account, mask_key(key)), (truth["state"], truth["account"], truth["key"])
        if expected != observed:
            wrong.append(f"truth: expected {expected}, observed {observed}")
    return wrong
