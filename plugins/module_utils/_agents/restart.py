# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Whether the hosts whose agents ask for a restart may be restarted. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError


def judge_restart(
    result: t.Mapping[str, t.Any],
    known: t.Sequence[str],
    reboot: str,
    logoff_sessions: bool,
    restarted: t.Collection[str] = (),
) -> RasError | None:
    """What blocks a restart of the hosts whose agents ask for it; None when nothing does.

    :param result: of agent_upgrade.
    :param known: those of its ``restart_due`` that are inventory hosts.
    :param restarted: those that were restarted in this run already: it did not help.
    """
    due = [str(server) for server in result.get("restart_due") or []]
    still_due = [server for server in due if server in restarted]
    if still_due:
        return RasError(
            "reboot_required",
            f"These were restarted, and their agents still ask for a restart: {', '.join(still_due)}.",
            remedy="Look at the hosts in the RAS console and at their own consoles, then run again. They stay out of "
            "service until then.",
        )
    if reboot != "auto":
        return RasError(
            "reboot_required",
            f"A restart is due: {', '.join(due)}. Expected ras_reboot=auto, observed {reboot}.",
            remedy="Restart the hosts in a maintenance window and run again, or set ras_reboot=auto. What was taken "
            "out of service on them stays out until then; the next run brings it back and goes on.",
        )
    foreign = [server for server in due if server not in known]
    if foreign:
        return RasError(
            "reboot_required",
            f"A restart is due, and these are not inventory hosts of the farm: {', '.join(foreign)}.",
            remedy="Restart them in a maintenance window, or add them to ras_members (with ras_farm), and run again.",
        )
    # How many there are may not be reported: then there may be some.
    busy = [
        str(agent.get("server"))
        for agent in (result.get("agents") or {}).get("after") or []
        if agent.get("server") in due and agent.get("kind") == "rds_host" and agent.get("sessions") != 0
    ]
    if busy and not logoff_sessions:
        return RasError(
            "sessions_active", f"These have sessions, or may have, and are not restarted under them: {', '.join(busy)}."
        )
    return None
