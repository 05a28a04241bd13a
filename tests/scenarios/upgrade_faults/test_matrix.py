# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The matrix itself: nothing that the lab can do is forgotten, and every run has each fault and each step."""

from __future__ import annotations

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

from raslab.faults import KINDS
from scenarios.upgrade_faults.expectations import MATRIX
from scenarios.upgrade_faults.matrix import STEPS


def test_every_event_of_the_lab_is_in_the_matrix() -> None:
    """A new kind of fault of installs, restarts and pushes must get its rows."""
    used = {part.get("kind") for parts in MATRIX.faults.values() for part in parts}
    assert {name for name, kind in KINDS.items() if kind.cls == "event"} - used == set()


def test_every_fault_point_and_step_has_a_row() -> None:
    """One without would never be run."""
    assert {case.fault for case in MATRIX.cases} == set(MATRIX.faults)
    assert set(MATRIX.points) <= {case.at for case in MATRIX.cases}
    assert {case.step for case in MATRIX.cases} == set(STEPS)


def test_codes_are_codes_of_the_collection() -> None:
    """A misspelled code would be blamed on the role."""
    assert {case.code for case in MATRIX.cases} - {"ok"} <= set(REMEDIES)


def test_selection_has_every_fault_and_every_step() -> None:
    """What every run has, and not much more than that: a case costs seconds of two rollouts."""
    chosen = MATRIX.selection()
    assert {case.fault for case in chosen} == set(MATRIX.faults) - set(MATRIX.judged)
    assert {case.step for case in chosen} == set(STEPS)
    assert len(chosen) <= len(MATRIX.faults) + len(STEPS) < len(MATRIX.cases)
