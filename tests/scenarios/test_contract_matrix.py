# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that is not known about the contract, in every generation, for every everyday state: the whole product."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.cases import Case, changes, farms_of, FOREIGN_SEEN, NO_KEY, NOBODY, nothing, refused, RIGHT
from harness.worlds import ACTIVE, EXPIRED, FOREIGN, TRIAL
from scenarios.conftest import StartLab
from scenarios.table.contract import PLACED_OLD, PLACED_OLDEST
from scenarios.table.old import UNTRIED
from scenarios.table.people import table_world
from scenarios.table.running import run_table, Table, wrong_in

pytestmark = pytest.mark.full

# What settles which server answers, where the logon does not.
GENERATIONS: t.Final = {17: PLACED_OLDEST, 18: PLACED_OLDEST, 19: PLACED_OLD, 20: "", 21: "", 22: ""}
QUIRKS: t.Final[dict[str, dict[str, t.Any]]] = {
    "strings": {"type_as": "string"},
    "no-content": {"write_success": 204},
    "names": {"type_as": "name", "numbers_as": "number", "agent_enum": "name"},
    "japan": {"language": "ja", "date_order": "ymd", "date_separator": "/"},
    "america": {"date_order": "mdy", "unknown_fields": True},
    "late": {"settle_seconds": 1.2, "write_success": 204},
    "japan-names": {
        "language": "ja",
        "type_as": "name",
        "deactivate_check_first": "account",
    },
}


def _cases(name: str, quirks: dict[str, t.Any], generation: int) -> list[Case]:
    placed = GENERATIONS[generation]
    common: dict[str, t.Any] = {
        "quirks": quirks,
        "farm": {"generation": generation},
        "token_alone": bool(placed),
        "always": UNTRIED if generation == 17 else (),
    }
    late: dict[str, t.Any] = {"ops": None} if "settle_seconds" in quirks else {}
    late["placement"] = placed
    gone: dict[str, t.Any] = {
        "effects": ("deactivated",),
        "truth": ("deactivated", None, None),
        "options": {"state": "absent"},
    }
    return [
        changes(f"{name}-fresh", NOBODY, RIGHT, **common, **late),
        changes(f"{name}-trial", NO_KEY, RIGHT, license=TRIAL, **common, **late),
        changes(
            f"{name}-move",
            FOREIGN_SEEN,
            RIGHT,
            license=FOREIGN,
            **common,
            **late,
            options={"on_account_mismatch": "reactivate"},
        ),
        changes(f"{name}-absent", RIGHT, NOBODY, license=ACTIVE, **common, **late, **gone),
        nothing(f"{name}-right", RIGHT, license=ACTIVE, **common),
        refused(f"{name}-foreign", "account_mismatch", FOREIGN_SEEN, license=FOREIGN, **common),
        refused(f"{name}-expired", "license_expired", RIGHT, license=EXPIRED, **common),
    ]


CASES: t.Final = [
    case
    for generation in GENERATIONS
    for name, quirks in QUIRKS.items()
    for case in _cases(f"v{generation}-{name}", quirks, generation)
]
BY_NAME: t.Final = {case.name: case for case in CASES}


@pytest.fixture(scope="module")
def table(start_lab: StartLab) -> Table:
    return run_table(start_lab(table_world(farms_of(CASES))), CASES)


def test_every_run_went_through(table: Table) -> None:
    assert [run.rc for run in table.runs.values()] == [0, 0, 0, 0]
    assert [run.warnings for run in table.runs.values()] == [[], [], [], []]
    assert (table.problems, table.left_open) == ([], [])


@pytest.mark.parametrize("name", list(BY_NAME))
def test_case(table: Table, name: str) -> None:
    wrong = wrong_in(table, BY_NAME[name])
    assert not wrong, "\n".join(wrong)
    count("scenario", f"contract matrix: {name}")
