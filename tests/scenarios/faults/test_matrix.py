# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The matrix itself: nothing that the lab can do is forgotten, and the selection for every run has each of it."""

from __future__ import annotations

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

from raslab.faults import ALIASES, KINDS
from scenarios.faults.expectations import MATRIX

# What another suite puts into every answer.
OF_PAYLOADS = {"add_text", "babble"}


def test_every_kind_of_the_lab_is_in_the_matrix() -> None:
    """A new kind of fault that can meet a request of these modules must get its rows."""
    used = {part["kind"] for parts in MATRIX.faults.values() for part in parts}
    asked = {farm.operation(request)[0] for farm in MATRIX.farms.values() for request in farm.requests}
    assert used == {name for name, kind in KINDS.items() if asked & set(kind.ops)} - set(ALIASES) - OF_PAYLOADS


def test_every_fault_has_rows() -> None:
    """A fault without a row would never be run."""
    assert {case.fault for case in MATRIX.cases} == set(MATRIX.faults)


def test_every_wire_fault_on_every_request_has_a_row_or_a_reason() -> None:
    """The matrix is whole."""
    assert MATRIX.uncovered() == set()


def test_what_is_left_out_is_really_left_out() -> None:
    """A reason for something that has rows on all its farms would be stale."""
    cases = {(case.fault, case.request, case.farm.name) for case in MATRIX.cases}
    assert MATRIX.left_out - cases


def test_codes_are_codes_of_the_collection() -> None:
    """A misspelled code would be blamed on the module."""
    assert {case.code for case in MATRIX.cases} - {"ok"} <= set(REMEDIES)


def test_selection_has_every_fault_request_farm_and_module() -> None:
    """What every run has, once at least."""
    selection = MATRIX.selection()
    chosen = [case for case in MATRIX.cases if case.id in selection]
    for name in ("fault", "request", "code"):
        assert {getattr(case, name) for case in chosen} == {getattr(case, name) for case in MATRIX.cases}
    assert {case.farm.name for case in chosen} == set(MATRIX.farms)
    assert len(chosen) < len(MATRIX.cases)
