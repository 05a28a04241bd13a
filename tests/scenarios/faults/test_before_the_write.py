# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that meet the logon and what is read before anything is written. Two files: two workers share the matrix."""

from __future__ import annotations

import pytest

from scenarios.faults.expectations import check, params, selected
from scenarios.faults.fleet import Outcome, run_cases
from scenarios.faults.matrix import Case


@pytest.fixture(scope="module")
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Both runs of all selected cases of this file."""
    return run_cases(selected(request.session, request.module), tmp_path_factory.mktemp("before"))


@pytest.mark.parametrize("case", params({"logon", "license", "site", "broker", "version"}))
def test_fault(case: Case, outcome: Outcome) -> None:
    """One code, one story in the journal; without the fault the farm ends as wanted."""
    check(case, outcome)


@pytest.mark.floor
def test_no_traceback_and_nothing_unforeseen(outcome: Outcome) -> None:
    """No redirect was followed and nothing was asked that the lab does not model."""
    assert "Traceback" not in outcome.output
    assert outcome.problems == []
