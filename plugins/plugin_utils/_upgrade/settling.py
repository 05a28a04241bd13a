# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Wait for the installer of a host, and for the host after it: the second call of an upgrade, and every later one."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import (
    BUSY,
    judge_end,
    missing_after,
    SUCCEEDED,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade, Restart
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.restart import still_waiting
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import (
    cleared_code,
    End,
    RESTART_DUE,
    RESTARTED,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import HostLost
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.host import Host
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.installation import (
    InstallerWait,
    Patience,
    Start,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.restart import await_restart, ends_a_wait
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.starting import (
    ATTEMPTS,
    Installer,
    Starter,
)

_TAIL_LINES: t.Final = 50
# How often one looks whether another installation has ended, before the next attempt.
_LOOKS: t.Final = 12


@dataclass(frozen=True)
class Waited:
    """Where the upgrade is after a wait.

    :param host: as it was seen last, as ``host_info`` describes it; None where nobody looked.
    """

    upgrade: HostUpgrade
    host: t.Mapping[str, t.Any] | None = None


class UpgradeWait:
    """Waits for one host.

    :param allow_unknown_restart: whether it may be unknown that Windows waits for a restart.
    """

    def __init__(
        self, host: Host, installer: Installer, clock: Clock, patience: Patience, allow_unknown_restart: bool
    ) -> None:
        self._host = host
        self._installer = installer
        self._clock = clock
        self._patience = patience
        self._allow_unknown_restart = allow_unknown_restart
        self._starter = Starter(host, installer, clock)

    def run(self, upgrade: HostUpgrade) -> Waited:
        """Until the installer has ended and the host has settled, or must be restarted first.

        :raises RasError: ``install_failed``, ``installer_busy``, ``host_unreachable``, ``host_not_back``,
            ``reboot_required`` where a restart did not help; why a further attempt was refused.
        """
        if upgrade.failure is not None or upgrade.phase not in ("started", "installed"):
            return Waited(upgrade)
        if upgrade.phase == "started":
            upgrade = self._installed(upgrade)
            if upgrade.code == RESTART_DUE:
                return Waited(upgrade.moved("installed", "restart"))
            if upgrade.code == RESTARTED:
                self._await_own_restart(upgrade)
        seen = self._settled(upgrade)
        if not self._waits_for_restart(seen):
            return Waited(upgrade.moved("settled", "nothing"), seen)
        if upgrade.restarted:
            raise still_waiting(self._host.name, seen.get("reboot_pending"), "RAS is installed.")
        return Waited(upgrade.moved("installed", "restart"), seen)

    # -- the installer ---------------------------------------------------------------------------------------------

    def _installed(self, upgrade: HostUpgrade) -> HostUpgrade:
        """Through other installations, within bounds."""
        while True:
            end = self._end(upgrade)
            if end.code != BUSY or upgrade.attempt >= ATTEMPTS:
                break
            code = self._brought(upgrade)
            if code is not None:
                end = End(code)
                break
            upgrade = self._starter.start(upgrade)
        failure = judge_end(end, () if end.code in SUCCEEDED else self._tail(end), self._installer.log)
        if failure is not None:
            raise failure
        return upgrade.moved("installed", "wait", code=end.code)

    def _end(self, upgrade: HostUpgrade) -> End:
        wait = InstallerWait(
            self._host.look,
            self._host.reconnect,
            self._clock.monotonic,
            self._clock.sleep,
            Start(max(0.0, self._clock.monotonic() - upgrade.started_at), upgrade.uptime_seconds, upgrade.version),
            self._patience,
        )
        if not upgrade.job:
            return wait.without_job()
        return wait.for_job(lambda: self._host.ended(upgrade.job))

    def _brought(self, upgrade: HostUpgrade) -> int | None:
        """Wait until another installation has ended; the exit code in its place where it brought the version."""
        for number in range(_LOOKS):
            if number:
                self._clock.sleep(self._patience.poll)
            seen = self._seen()
            host = seen.get("host")
            if host and host.get("installer_running") is False:
                missing = missing_after(seen, self._installer.version, upgrade.services)
                return None if missing else cleared_code(host)
        return None

    def _tail(self, end: End) -> list[str]:
        """The end of the installer's log.

        :raises RasError: ``host_unreachable`` where neither the host nor its job says whether the installer has ended.
        """
        if end.code is None:
            return []
        try:
            return self._host.tail(self._installer.log, _TAIL_LINES)
        except HostLost as exc:
            if end.code >= 0:
                return []
            message = f"Whether the installer has ended is not known: {exc.message}"
            raise RasError("host_unreachable", message, remedy=exc.remedy) from exc

    # -- the host --------------------------------------------------------------------------------------------------

    def _await_own_restart(self, upgrade: HostUpgrade) -> None:
        """The restart that the installer began."""
        restart = Restart(upgrade.started_at, upgrade.uptime_seconds)
        await_restart(self._host, self._clock, restart, self._patience.restart, self._patience.poll)

    def _settled(self, upgrade: HostUpgrade) -> t.Mapping[str, t.Any]:
        """Wait for the version and the services of the host, and until no installer runs."""
        end = self._clock.monotonic() + self._patience.restart
        while True:
            seen = self._seen()
            missing = missing_after(seen, self._installer.version, upgrade.services)
            if not missing:
                return t.cast("t.Mapping[str, t.Any]", seen["host"])
            left = end - self._clock.monotonic()
            if left <= 0:
                break
            self._clock.sleep(min(self._patience.poll, left))
        raise RasError(
            "host_not_back",
            f"{self._host.name} is not back after the installation: {'; '.join(each.rstrip('.') for each in missing)}.",
            remedy="Look at the host's console: did it start, do its RAS services run? Then run again: the run "
            "continues from what it finds.",
        )

    def _seen(self) -> dict[str, t.Any]:
        """The host under ``host``, or why it could not be read under ``failure``.

        :raises RasError: what waiting does not change.
        """
        try:
            return {"host": self._host.look()}
        except RasError as exc:
            if ends_a_wait(exc):
                raise
            if isinstance(exc, HostLost):
                self._host.reconnect()
            return {"failure": exc.as_dict()}

    def _waits_for_restart(self, host: t.Mapping[str, t.Any]) -> bool:
        pending = host.get("reboot_pending")
        return pending is True or (pending is None and not self._allow_unknown_restart)
