# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the host_restart module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import host_restart_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.restart import refuse_restart
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.jobs import JobAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.host import WindowsHost
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.restart import order_due, order_restart
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.wanted import upgrade_of


class ActionModule(JobAction):
    """Order the restart of one host."""

    SPEC = host_restart_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Look whether it may be restarted, then order it."""
        upgrade = upgrade_of(options) if options["upgrade"] else None
        if upgrade is not None and (upgrade.failure is not None or upgrade.next != "restart"):
            return {"upgrade": upgrade.as_dict()}
        try:
            host = WindowsHost(self.powershell(), self, upgrade.host if upgrade else options["host"])
            judged = options["reboot"], options["logoff_sessions"]
            if self._task.check_mode:
                is_installed = upgrade is not None and upgrade.phase == "installed"
                refused = refuse_restart(host.name, host.look(), *judged, is_installed)
                if refused is not None:
                    raise refused
                return {"changed": True, **({"upgrade": upgrade.as_dict()} if upgrade else {"restart": None})}
            if upgrade is not None:
                return {"changed": True, "upgrade": order_due(host, Clock(), upgrade, *judged).as_dict()}
            return {"changed": True, "restart": order_restart(host, Clock(), *judged, is_installed=False).as_dict()}
        except RasError as exc:
            return {**({"upgrade": upgrade.failed(exc).as_dict()} if upgrade else {}), "failure": exc}
