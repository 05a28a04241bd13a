# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the upgrade of one host without Ansible, in the order in which the role has its steps."""

from __future__ import annotations

import datetime as dt
import typing as t
from pathlib import Path

import yaml
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.plan import UpgradeWanted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import Publisher
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.flow import UpgradeFlow
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.installation import Patience
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.restart import await_ordered, order_due
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.settling import UpgradeWait
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.starting import Installer, Starter
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_ras_host import (
    FakeRasHost,
    NEW,
    SHA256,
    VirtualClock,
)

_TASKS = Path(__file__).parents[3] / "roles" / "ras" / "tasks" / "_upgrade_hosts.yml"
_PREFIX = "fleetops.parallels_ras."
PATIENCE = Patience(install=3600.0, restart=1800.0, poll=10.0)
Step = t.Callable[[HostUpgrade], HostUpgrade]


def order() -> list[str]:
    """The modules that take the upgrade of a host and hand it on, in the order of the role."""
    found: list[str] = []

    def walk(tasks: list[dict[str, t.Any]]) -> None:
        for task in tasks:
            walk(task.get("block", []))
            found.extend(
                key.removeprefix(_PREFIX)
                for key, args in task.items()
                if key.startswith(_PREFIX) and isinstance(args, dict) and "upgrade" in args
            )

    walk(yaml.safe_load(_TASKS.read_text(encoding="utf-8")))
    return found


class Driver:
    """One host and the options of its upgrade."""

    def __init__(
        self, host: FakeRasHost, reboot: t.Literal["never", "auto"] = "auto", logoff_sessions: bool = True
    ) -> None:
        self._host = host
        self._reboot = reboot
        clock: VirtualClock = host.clock
        installer = Installer(
            folder=r"C:\ProgramData\FleetOps\parallels_ras\stage",
            version=NEW,
            sha256=SHA256,
            publisher=Publisher(),
            source="/srv/ras.msi",
            arguments=(),
            seconds=3600,
        )
        wanted = UpgradeWanted(version=NEW, reboot=reboot, allow_unknown=("sessions",), today=dt.date(2026, 11, 30))
        self.flow = UpgradeFlow(host, wanted, lambda: None, keep_users=not logoff_sessions)
        starter = Starter(host, installer, clock)
        wait = UpgradeWait(host, installer, clock, PATIENCE, allow_unknown_restart=False)
        self._steps: dict[str, Step] = {
            "host_upgrade": lambda upgrade: self.flow.start(starter, upgrade).upgrade,
            "host_restart": lambda upgrade: order_due(host, clock, upgrade, reboot, logoff_sessions),
            "host_restart_wait": lambda upgrade: await_ordered(host, clock, upgrade, PATIENCE.restart, PATIENCE.poll),
            "host_upgrade_wait": lambda upgrade: wait.run(upgrade).upgrade,
        }

    def run(self, steps: t.Sequence[str] | None = None) -> HostUpgrade:
        """Plan, then all steps, or these. Each failure is in the record, as the modules hand it on."""
        try:
            upgrade = self.flow.plan(HostUpgrade(self._host.name)).upgrade
        except RasError as exc:
            return HostUpgrade(self._host.name).failed(exc)
        return self.go_on(upgrade, order() if steps is None else steps)

    def go_on(self, upgrade: HostUpgrade, steps: t.Sequence[str] | None = None) -> HostUpgrade:
        """The steps that wait for an installer which was started, or these."""
        for name in order()[order().index("host_upgrade_wait") :] if steps is None else steps:
            try:
                upgrade = HostUpgrade.read(self._steps[name](upgrade).as_dict(), "upgrade")
            except RasError as exc:
                upgrade = upgrade.failed(exc)
        return upgrade
