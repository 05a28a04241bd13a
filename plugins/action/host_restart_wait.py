# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the host_restart_wait module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import host_restart_wait_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import Restart
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import SaidClock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.jobs import JobAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.host import WindowsHost
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.restart import (
    await_ordered,
    await_restart,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.wanted import (
    check_numbers,
    LEAST_PAUSE,
    upgrade_of,
)


class ActionModule(JobAction):
    """Wait until one host was restarted."""

    SPEC = host_restart_wait_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Wait; the host says the rest."""
        check_numbers(options)
        upgrade = upgrade_of(options) if options["upgrade"] else None
        if upgrade is not None and (upgrade.failure is not None or upgrade.restart is None):
            return {"upgrade": upgrade.as_dict()}
        restart = None if upgrade else Restart.read(options["restart"], "restart")
        patience = options["restart_timeout"], max(options["poll_interval"], LEAST_PAUSE)
        try:
            host = WindowsHost(self.powershell(), self, upgrade.host if upgrade else options["host"])
            clock = SaidClock(f"{host.name}: the restart")
            if upgrade is not None:
                return {"upgrade": await_ordered(host, clock, upgrade, *patience).as_dict()}
            await_restart(host, clock, t.cast("Restart", restart), *patience)
        except RasError as exc:
            return {**({"upgrade": upgrade.failed(exc).as_dict()} if upgrade else {}), "failure": exc}
        return {}
