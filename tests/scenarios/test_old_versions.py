# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RAS 17 and 18 over REST, four runs, with each name of the list of brokers and without any."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.cases import farms_of, RUNS
from scenarios.conftest import StartLab
from scenarios.table.old import CASES
from scenarios.table.people import table_world
from scenarios.table.running import run_table, Table, wrong_in

pytestmark = pytest.mark.floor

BY_NAME: t.Final = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def table(start_lab: StartLab) -> Table:
    return run_table(start_lab(table_world(farms_of(CASES))), CASES)


def test_every_run_went_through(table: Table) -> None:
    assert [run.rc for run in table.runs.values()] == [0, 0, 0, 0], table.runs["check"].output[-4000:]
    assert [run.warnings for run in table.runs.values()] == [[], [], [], []]
    assert (table.problems, table.left_open) == ([], [])


@pytest.mark.parametrize("name", list(BY_NAME))
def test_case(table: Table, name: str) -> None:
    wrong = wrong_in(table, BY_NAME[name])
    assert not wrong, "\n".join(wrong)
    count("scenario", f"old versions: {name}")


@pytest.mark.parametrize("run", RUNS)
def test_what_was_never_tried_is_said_with_the_version_in_every_run(table: Table, run: str) -> None:
    for name in ("v17-oldest-fresh", "v17-none-bare-fresh", "v17-none-bare-allowed", "v17-foreign"):
        said = [each for each in table.result(BY_NAME[name], run)["findings"] if each["rule"] == "version_untried"]
        assert [(each["severity"], each["observed"]) for each in said] == [
            ("info", "RAS 17.0.21289: documented, never tried")
        ]
