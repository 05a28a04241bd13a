# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""installer_wait over real WinRM, where nobody started an installer; the rollouts show the rest."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.windows import windows_world
from harness.worlds import ACTIVE
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

WAIT: t.Final = "fleetops.parallels_ras.installer_wait"
HOST_INFO: t.Final = "fleetops.parallels_ras.host_info"


def test_nothing_shows_that_an_installer_began(start_lab: StartLab) -> None:
    runner = start_lab(windows_world({"tokyo": {"license": ACTIVE}}))
    given = {
        "started_at": "{{ seen.observed_at }}",
        "uptime": "{{ seen.host.uptime_seconds }}",
        "version": "{{ seen.host.version }}",
        "install_timeout": 60,
        "restart_timeout": 60,
        "poll_interval": 0.1,
    }
    run = runner.play([{"name": "Look", HOST_INFO: {}, "register": "seen"}, {"name": "Wait", WAIT: given}])
    assert run.rc == 0, run.output
    (result,) = run.results(WAIT)
    assert result["end"] == {"code": None, "message": ""}
    count("scenario", "installer_wait: nothing began")
