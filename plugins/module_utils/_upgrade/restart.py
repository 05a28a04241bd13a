# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Whether a RAS host may be restarted, and whether it was. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError

Row = t.Mapping[str, t.Any]
_SESSION_HOST: t.Final = "rd_session_host"


def users_on(host: Row) -> str:
    """How many sessions of users a host has, in words; empty where it has none, or is no session host.

    What is not known may be there.

    :param host: as ``host_info`` describes it.
    """
    components, sessions = host.get("components"), host.get("sessions")
    if sessions == 0 or (components is not None and _SESSION_HOST not in components):
        return ""
    return "an unknown number of sessions" if sessions is None else counted(int(sessions), "session")


def refuse_restart(name: str, host: Row, reboot: str, logoff_sessions: bool, is_installed: bool) -> RasError | None:
    """Why a host must not be restarted; None when it may.

    :param reboot: ``auto`` or ``never``.
    :param is_installed: whether RAS was installed and waits for this restart.
    """
    if reboot != "auto":
        unknown = (
            "" if host.get("reboot_pending") is not None else " (whether Windows waits for a restart is not known)"
        )
        waits = "; RAS was installed and waits for that restart" if is_installed else ""
        return RasError(
            "reboot_required",
            f"{name} must be restarted{unknown}: expected reboot=auto, observed {reboot}.",
            remedy=f"Restart the host in a maintenance window and run again, or set reboot=auto{waits}.",
        )
    users = users_on(host)
    if users and not logoff_sessions:
        return RasError(
            "sessions_active",
            f"{name} has {users} and is not restarted under its users.",
            remedy="Wait until the users have logged off and run again, or set logoff_sessions=true.",
        )
    return None


def not_restarted(name: str, observed: str) -> RasError:
    """The failure of a host that does not show that it was restarted."""
    return RasError(
        "host_not_back",
        f"{name} was to be restarted: expected that it runs for a shorter time than since then, observed {observed}.",
        remedy="Look at the host's console: does it still wait for its restart? Restart it there, then run again.",
    )


def still_waiting(name: str, reboot_pending: bool | None, so_far: str) -> RasError:
    """The failure of a host that waits for a restart, or may, right after one.

    :param so_far: how far the upgrade came, as a sentence.
    """
    pending = "it is not known whether Windows waits for one" if reboot_pending is None else "Windows waits for one"
    return RasError(
        "reboot_required",
        f"{name} was restarted: expected that no restart is due, observed that {pending}.",
        remedy=f"{so_far} Restart the host in a maintenance window and look at what asks for it (Windows Update, "
        "component servicing, files that are to be renamed), then run again.",
    )
