# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The members of farms that run the installer themselves: who they are, whose turn it is, and who is not done."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._rollout import tolerated
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet_view import (
    farm_name,
    HostVars,
    inventory_hosts_of,
    is_managed,
)


def installing_members(farm: str, members: t.Iterable[str], hostvars: HostVars) -> list[str]:
    """The members of a farm with ``ras_agents_method: msi``, in the given order."""
    return [
        host
        for host in members
        if farm_name(hostvars, host) == farm
        and str(hostvars[host].get("ras_agents_method") or "push") == "msi"
        and is_managed(hostvars, host)
    ]


def turns(hosts: t.Iterable[str], hostvars: HostVars, check_mode: bool = False) -> dict[str, t.Any]:
    """Whose turn it is when, from the plans that the licensing servers noted.

    A farm in which something has failed has no turns any more.

    :returns: ``rounds`` (how many), ``turns`` (member -> its round, from 1), ``failures`` (licensing server -> what
        stands against going on with its farm).
    """
    members: dict[str, int] = {}
    failures: dict[str, dict[str, t.Any]] = {}
    present = set(hosts)
    for server in present:
        plan = hostvars[server].get("ras_members_plan")
        if not plan:
            continue
        farm = farm_name(hostvars, server)
        if plan.get("failure"):
            if check_mode and tolerated(plan["failure"], hostvars[server].get("ras_upgrade_plan") or {}):
                continue
            failures[server] = dict(plan["failure"])
            continue
        waves = [wave.get("servers") or [] for wave in plan.get("waves") or []]
        mine = {
            host: number
            for number, names in enumerate(waves, start=1)
            for host in inventory_hosts_of(names, hostvars, farm).values()
        }
        failure = _undone(mine, present, hostvars, check_mode)
        if failure is not None:
            failures[server] = failure.as_dict()
        broken = any(hostvars[host].get("ras_failure") for host in (*mine, server))
        members.update({} if broken else mine)
    return {"rounds": max(members.values(), default=0), "turns": members, "failures": failures}


def _undone(members: t.Mapping[str, int], present: set[str], hostvars: HostVars, check_mode: bool) -> RasError | None:
    for host in members:
        failure = hostvars[host].get("ras_failure")
        if failure:
            return RasError(
                "agent_failed",
                f"The member {host} failed: {failure['code']}: {failure['message']}",
                remedy=str(failure["remedy"]),
            )
    absent = [host for host in members if host not in present]
    if absent:
        return RasError(
            "agent_failed",
            f"These members of the farm have ras_agents_method=msi and are not in this run: {', '.join(absent)}.",
            remedy="Take them into --limit, or set ras_agents_method=push for them.",
        )
    waiting = [host for host in members if not hostvars[host].get("ras_upgrade_result")]
    if waiting and not check_mode:
        return RasError("agent_failed", f"These members of the farm were not upgraded: {', '.join(waiting)}.")
    return None
