# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runs that the tests of a file share."""

from __future__ import annotations

import pytest

from scenarios.upgrade_faults.expectations import selected
from scenarios.upgrade_faults.fleet import Outcome, run_cases


@pytest.fixture(scope="module")
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Both runs of all selected cases of a file."""
    return run_cases(selected(request.session, request.module), tmp_path_factory.mktemp("upgrade"))
