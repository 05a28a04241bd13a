# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""observe -> plan -> start for RAS on one host: the same plan in check mode, before the start, and at a restart."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.plan import (
    HostState,
    plan_upgrade,
    UpgradePlan,
    UpgradeWanted,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade, Next
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.restart import still_waiting, users_on
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.host import Host
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.starting import Starter


@dataclass(frozen=True)
class Planned:
    """What is due on a host.

    :param host: as ``host_info`` describes it; None where nobody had to look.
    """

    upgrade: HostUpgrade
    host: t.Mapping[str, t.Any] | None = None
    plan: UpgradePlan | None = None


class UpgradeFlow:
    """One host, one call.

    :param check_installer: looks at the installer on the controller, and returns what is wrong with it.
    :param keep_users: refuse to install while users may have sessions on the host.
    """

    def __init__(
        self,
        host: Host,
        wanted: UpgradeWanted,
        check_installer: t.Callable[[], RasError | None],
        keep_users: bool,
    ) -> None:
        self._host = host
        self._wanted = wanted
        self._check_installer = check_installer
        self._keep_users = keep_users

    def plan(self, upgrade: HostUpgrade) -> Planned:
        """Observe and plan, before anything is done: the plan of check mode.

        :raises RasError: when the host cannot be read.
        """
        host, plan, next_ = self._look()
        if plan.refusal is None and plan.needed and not plan.restart_only:
            plan.refusal = self._check_installer()
        upgrade = upgrade.seen(host)
        if plan.refusal is not None:
            return Planned(upgrade.failed(plan.refusal), host, plan)
        return Planned(upgrade.moved("planned", next_), host, plan)

    def start(self, starter: Starter, upgrade: HostUpgrade) -> Planned:
        """Look again, and start the installer where nothing else is due first.

        :returns: with ``next`` as ``wait`` after a start, ``restart`` where the host must be restarted before.
        :raises RasError: why nothing was started.
        """
        if upgrade.failure is not None or upgrade.phase != "planned":
            return Planned(upgrade)
        host, plan, next_ = self._look()
        if plan.refusal is not None:
            raise plan.refusal
        if next_ == "restart" and upgrade.restarted:
            raise still_waiting(self._host.name, host["reboot_pending"], "Nothing was installed.")
        if next_ == "restart":
            return Planned(upgrade.moved("planned", "restart"), host, plan)
        if next_ == "nothing":
            return Planned(upgrade.moved("installed", "wait", code=0), host, plan)
        if self._keep_users and (users := users_on(host)):
            raise RasError(
                "sessions_active",
                f"{self._host.name} has {users} and is not upgraded under its users.",
                remedy="Disable logons, wait until the users have logged off and run again (in the role, "
                "ras_before_host_tasks is a place for that), or set logoff_sessions=true.",
            )
        return Planned(starter.start(upgrade), host, plan)

    def _look(self) -> tuple[dict[str, t.Any], UpgradePlan, Next]:
        host = self._host.look()
        plan = plan_upgrade(HostState.of(host), self._wanted)
        if not plan.needed or plan.refusal is not None:
            return host, plan, "nothing"
        pending = host["reboot_pending"]
        # One of which that is not known waits for a restart, unless that was allowed: see the plan's checks.
        waits = pending is True or (pending is None and "restart" not in self._wanted.allow_unknown)
        return host, plan, "restart" if waits else "start"
