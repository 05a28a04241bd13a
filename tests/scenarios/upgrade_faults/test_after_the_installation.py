# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that meet a rollout once the version is installed on the licensing server, from its restart on."""

from __future__ import annotations

import pytest

from scenarios.upgrade_faults.expectations import check, params
from scenarios.upgrade_faults.fleet import Outcome
from scenarios.upgrade_faults.matrix import Case, INSTALLING, STEPS

pytestmark = pytest.mark.long


@pytest.mark.parametrize("case", params(set(STEPS) - INSTALLING))
def test_fault(case: Case, outcome: Outcome) -> None:
    """State, code and upgraded hosts are as expected; without the fault the farm ends as wanted, nothing done twice."""
    check(case, outcome)


def test_nothing_unforeseen(outcome: Outcome) -> None:
    """No traceback, nothing was asked that the lab does not model, and nobody stayed logged on."""
    assert "Traceback" not in outcome.output
    assert outcome.problems == []
    assert outcome.open_sessions == []
