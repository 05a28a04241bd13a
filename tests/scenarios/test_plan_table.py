# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every row of the plan table and every rule below it, on farms that a lab serves: four runs, one farm a case."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.cases import farms_of, RUNS
from scenarios.conftest import StartLab
from scenarios.table import contract, rows, writes
from scenarios.table.people import table_world
from scenarios.table.running import run_table, Table, wrong_in

pytestmark = pytest.mark.floor_full

CASES: t.Final = [*rows.CASES, *contract.CASES, *writes.CASES]
BY_NAME: t.Final = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def table(start_lab: StartLab) -> Table:
    return run_table(start_lab(table_world(farms_of(CASES))), CASES)


def test_each_case_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(CASES)


def test_every_run_went_through(table: Table) -> None:
    for name, run in table.runs.items():
        assert run.rc == 0, f"{name}: {run.output[-4000:]}"
    assert table.problems == []
    assert table.left_open == []


@pytest.mark.parametrize("name", list(BY_NAME))
def test_case(table: Table, name: str) -> None:
    case = BY_NAME[name]
    wrong = wrong_in(table, case)
    assert not wrong, "\n".join([*wrong, *(str(table.result(case, run)) for run in RUNS[:2])])
    count("scenario", f"plan table: {name}")


@pytest.mark.parametrize("name", [case.name for case in CASES if case.check.changed and case.apply.code is None])
def test_check_announces_what_apply_does(table: Table, name: str) -> None:
    case = BY_NAME[name]
    announced, done = table.result(case, "check"), table.result(case, "apply")
    effects = {"activate": "activated", "deactivate": "deactivated", "apply_settings": "settings_applied"}
    actions = [effects[step["action"]] for step in announced["steps"]]
    # That a farm is bound to its account shows only when the vendor is asked: check mode cannot announce the release.
    if name != "release":
        assert actions == list(case.apply.effects)
        assert done["steps"] == announced["steps"]
    assert announced["diff"]["before"] == done["diff"]["before"]
    for field in ("status", "account"):
        if case.quirks.get("pa_fields") != "absent" or field != "account":
            assert announced["diff"]["after"][field] == done["diff"]["after"][field]


def test_warnings_are_those_that_cases_name(table: Table) -> None:
    loud = {
        *("account_unknown", "account_company", "trial_history_unknown", "date_unreadable", "field_unknown"),
        *("needs_attention", "grace_period", "expired"),
    }
    for name, run in table.runs.items():
        wanted = {case.name for case in CASES if loud.intersection(case.expected(name).findings)}
        warned = {case.name for case in CASES if table.result(case, name).get("warnings")}
        assert warned == wanted, name
        unnamed = [text for text in run.warnings if not any(rule in text for rule in loud)]
        assert not unnamed, f"{name}: {unnamed}"
