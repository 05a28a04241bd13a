# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the host_upgrade module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import host_upgrade_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, today
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.jobs import JobAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.flow import Planned, UpgradeFlow
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.host import WindowsHost
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.installers import check_on_controller
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.starting import Installer, Starter
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.wanted import (
    check_numbers,
    installer_of,
    publisher_of,
    upgrade_of,
    wanted_of,
)


class ActionModule(JobAction):
    """Plan the upgrade of RAS on one host; start its installer."""

    SPEC = host_upgrade_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """observe -> plan; with an upgrade that was planned, observe -> plan -> start."""
        check_numbers(options)
        installer = installer_of(options)
        is_begun = bool(options["upgrade"])
        upgrade = upgrade_of(options) if is_begun else HostUpgrade(options["host"] or self._task_host())
        found, failure = self._found(options, upgrade, installer, is_begun)
        result: dict[str, t.Any] = {
            "upgrade": found.upgrade.as_dict(),
            "files": {"folder": installer.folder, "path": installer.path, "log": installer.log},
            "changed": (found.upgrade.phase, found.upgrade.next) != (upgrade.phase, upgrade.next) and failure is None,
        }
        if found.host is not None and found.plan is not None:
            result.update(host=found.host, plan=found.plan.as_dict(), findings=found.plan.findings)
        return {**result, "failure": failure} if failure else result

    def _found(
        self, options: Options, upgrade: HostUpgrade, installer: Installer, is_begun: bool
    ) -> tuple[Planned, RasError | None]:
        """A failure is in the record, too, so that whoever passes it on does not go on."""
        try:
            host = WindowsHost(self.powershell(), self, upgrade.host)
            wanted = wanted_of(options, today())
            flow = UpgradeFlow(host, wanted, lambda: _check(options), not options["logoff_sessions"])
            if is_begun and not self._task.check_mode:
                return flow.start(Starter(host, installer, Clock()), upgrade), None
            found = flow.plan(upgrade)
        except RasError as exc:
            return Planned(upgrade.failed(exc)), exc
        return found, found.plan.refusal if found.plan else None


def _check(options: Options) -> RasError | None:
    return check_on_controller(
        options["installer_src"],
        options["version"],
        options["installer_sha256"],
        options["installer_url"],
        publisher_of(options),
    )
