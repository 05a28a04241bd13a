# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rollout over a fleet in which every farm is struck by another fault, and the same command again without them."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._errors import REMEDIES

from raslab.faults import KINDS
from scenarios.upgrade_faults.expectations import check, MATRIX, params, selected
from scenarios.upgrade_faults.fleet import Outcome, run_cases
from scenarios.upgrade_faults.matrix import Case, STEPS

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Both runs of all selected cases."""
    return run_cases(selected(request.session), tmp_path_factory.mktemp("upgrade"))


@pytest.mark.parametrize("case", params())
def test_fault(case: Case, outcome: Outcome) -> None:
    """One state, one code, one standing; without the fault the farm ends as wanted, and nothing was done twice."""
    check(case, outcome)


def test_nothing_unforeseen(outcome: Outcome) -> None:
    """No traceback, nothing was asked that the lab does not model, and nobody stayed logged on."""
    assert "Traceback" not in outcome.output
    assert outcome.problems == []
    assert outcome.open_sessions == []


def test_every_event_of_the_lab_stands_in_the_matrix() -> None:
    """A new kind of fault of installs, restarts and pushes must get its rows."""
    used = {part.get("kind") for parts in MATRIX.faults.values() for part in parts}
    assert {name for name, kind in KINDS.items() if kind.cls == "event"} - used == set()


def test_every_fault_point_and_step_has_a_row() -> None:
    """One without would never be run."""
    assert {case.fault for case in MATRIX.cases} == set(MATRIX.faults)
    assert set(MATRIX.points) <= {case.at for case in MATRIX.cases}
    assert {case.step for case in MATRIX.cases} == set(STEPS)


def test_codes_are_codes_of_the_collection() -> None:
    """A misspelt code would be blamed on the role."""
    assert {case.code for case in MATRIX.cases} - {"ok"} <= set(REMEDIES)


def test_selection_has_every_step() -> None:
    """What every run has, once at least."""
    selection = MATRIX.selection()
    chosen = [case for case in MATRIX.cases if case.id in selection]
    assert {case.step for case in chosen} == set(STEPS)
    assert len(chosen) < len(MATRIX.cases)


def test_pairs_have_every_fault_and_every_step() -> None:
    """What the selection is taken from: no fault is left out for good by a choice that falls on another."""
    pairs = MATRIX.pairs()
    assert {case.fault for case in pairs} == set(MATRIX.faults)
    assert {case.step for case in pairs} == set(STEPS)
