# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the host_upgrade_wait module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import host_upgrade_wait_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import SaidClock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.jobs import JobAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.host import WindowsHost
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.settling import UpgradeWait
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.wanted import (
    check_numbers,
    installer_of,
    patience_of,
    upgrade_of,
)


class ActionModule(JobAction):
    """Wait for the installer of one host, and for the host after it."""

    SPEC = host_upgrade_wait_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Wait, and say what comes next."""
        check_numbers(options)
        upgrade = upgrade_of(options)
        installer, patience = installer_of(options), patience_of(options)
        try:
            host = WindowsHost(self.powershell(), self, upgrade.host)
            clock = SaidClock(f"{host.name}: the installer and the host after it")
            wait = UpgradeWait(host, installer, clock, patience, "restart" in options["allow_unknown"])
            waited = wait.run(upgrade)
        except RasError as exc:
            return {"upgrade": upgrade.failed(exc).as_dict(), "failure": exc}
        result: dict[str, t.Any] = {"upgrade": waited.upgrade.as_dict()}
        return {**result, "host": waited.host} if waited.host is not None else result
