# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Order a restart of a host, and wait until it was restarted: two calls, so that several hosts restart together."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent, RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade, Next, Restart
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.restart import (
    not_restarted,
    refuse_restart,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import was_restarted
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import HostLost
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.host import Host

# What waiting does not change: the Windows user is not tried again, a policy stays.
_LASTING: t.Final = frozenset({"not_tried", "constrained_language", "invalid_option"})
_MESSAGE: t.Final = "Restarted by Ansible for the upgrade of Parallels RAS"


def order_restart(host: Host, clock: Clock, reboot: str, logoff_sessions: bool, is_installed: bool) -> Restart:
    """Look whether the host may be restarted, and order it, once.

    An order whose answer was lost may have been carried out: the wait shows it.

    :raises RasError: ``reboot_required`` or ``sessions_active`` where it must not be; what the host says otherwise.
    """
    seen = host.look()
    at = clock.monotonic()
    refused = refuse_restart(host.name, seen, reboot, logoff_sessions, is_installed)
    if refused is not None:
        raise refused
    try:
        host.order_restart(_MESSAGE)
    except NotSent:
        raise
    except HostLost:
        pass
    return Restart(at, seen.get("uptime_seconds"))


def await_restart(host: Host, clock: Clock, restart: Restart, seconds: float, interval: float) -> None:
    """Wait until the host answers and shows that it was restarted.

    :param seconds: how long, from now.
    :param interval: seconds between two looks.
    :raises RasError: ``host_not_back``.
    """
    end = clock.monotonic() + seconds
    while True:
        observed = ""
        try:
            uptime = host.look().get("uptime_seconds")
            if was_restarted(restart.uptime_seconds, uptime, clock.monotonic() - restart.at):
                return
            observed = f"that it runs for {'an unknown number of' if uptime is None else uptime} s"
        except RasError as exc:
            if ends_a_wait(exc):
                raise
            observed = exc.message
            if isinstance(exc, HostLost):
                host.reconnect()
        left = end - clock.monotonic()
        if left <= 0:
            raise not_restarted(host.name, observed.rstrip("."))
        clock.sleep(min(interval, left))


def ends_a_wait(exc: RasError) -> bool:
    """Whether waiting changes nothing: a host that is away comes back, a rejected user is locked in the end."""
    return exc.code in _LASTING or (isinstance(exc, HostLost) and exc.is_lasting)


def order_due(host: Host, clock: Clock, upgrade: HostUpgrade, reboot: str, logoff_sessions: bool) -> HostUpgrade:
    """Order the restart of a host whose upgrade asks for it; any other upgrade is passed on.

    :raises RasError: as :func:`order_restart`.
    """
    if upgrade.failure is not None or upgrade.next != "restart":
        return upgrade
    ordered = order_restart(host, clock, reboot, logoff_sessions, upgrade.phase == "installed")
    return upgrade.moved(upgrade.phase, "restart", restart=ordered.as_dict())


def await_ordered(host: Host, clock: Clock, upgrade: HostUpgrade, seconds: float, interval: float) -> HostUpgrade:
    """Wait for the restart that was ordered for an upgrade; one without is passed on.

    :raises RasError: as :func:`await_restart`.
    """
    if upgrade.failure is not None or upgrade.restart is None:
        return upgrade
    await_restart(host, clock, Restart.read(upgrade.restart, "upgrade.restart"), seconds, interval)
    next_: Next = "start" if upgrade.phase == "planned" else "wait"
    return upgrade.moved(upgrade.phase, next_, restart=None, restarted=True)
