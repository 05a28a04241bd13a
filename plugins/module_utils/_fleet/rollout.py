# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What the upgrade of a farm adds to its preflight and to its record. Pure, no I/O."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare, shown

# RAS 15-17 show neither license nor agents over WinRM: they are upgraded first and looked at then.
_KNOWN_AFTER_UPGRADE: t.Final = frozenset({"product_too_old"})


@dataclass(frozen=True)
class Due:
    """What an upgrade plans for a farm.

    :param reasons: what is due, as words; empty when nothing is.
    :param failure: what blocks it; None when nothing does.
    """

    reasons: tuple[str, ...] = ()
    failure: t.Mapping[str, t.Any] | None = None


def upgrade_due(
    upgrade: t.Mapping[str, t.Any], agents: t.Mapping[str, t.Any], members: t.Mapping[str, t.Any] | None = None
) -> Due:
    """Sum up the plan of the licensing server and that of the agents.

    :param upgrade: the plan of host_upgrade for it; empty where no upgrade is wanted.
    :param agents: the result of agent_upgrade in check mode; empty likewise.
    :param members: the members that install by themselves and are due (``hosts``), and what prevents their upgrade
        (``failure``); empty where there are none.
    """
    if not upgrade:
        return Due()
    if upgrade.get("failure"):
        return Due(failure=upgrade["failure"])
    needed = _installs(upgrade)
    members = members or {}
    for failure in (agents.get("failure"), members.get("failure")):
        if failure and not (needed and failure["code"] in _KNOWN_AFTER_UPGRADE):
            return Due(failure=failure)
    reasons = [f"upgrade from {shown(upgrade.get('installed'))} to {shown(upgrade.get('wanted'))}"] if needed else []
    if upgrade.get("restart_only"):
        reasons.append(f"restart for which {shown(upgrade.get('installed'))} waits")
    held = agents.get("restart_due") or []
    if held:
        reasons.append(f"restart {counted(len(held), 'host')} and bring what they serve back into service")
    turns = [each["servers"] for each in agents.get("turns") or [] if each["installs"]]
    if turns:
        installing = {server for servers in turns for server in servers}
        reasons.append(f"{counted(len(installing), 'member')} by installer in {counted(len(turns), 'round')}")
    rounds, servers = _rounds(agents)
    if servers:
        reasons.append(f"{counted(servers, 'agent')} in {counted(rounds, 'round')}")
    busy = agents.get("waiting") or []
    if busy:
        # Nothing is started on them a second time; a farm whose agents are on their way is not one that is right.
        reasons.append(f"wait for {counted(len(busy), 'agent')} at which an update goes on")
    others = [step for step in agents.get("steps") or [] if step.get("action") == "undrain"]
    if others and not servers and not held:
        reasons.append("bring hosts back into service")
    return Due(tuple(reasons))


def _installs(upgrade: t.Mapping[str, t.Any]) -> bool:
    return bool(upgrade.get("needed") and not upgrade.get("restart_only"))


def _rounds(plan: t.Mapping[str, t.Any]) -> tuple[int, int]:
    """How many rounds, and how many servers in them."""
    rounds = plan.get("rounds") or []
    return len(rounds), len({server for each in rounds for server in each.get("servers") or []})


def tolerated(failure: t.Mapping[str, t.Any] | None, upgrade: t.Mapping[str, t.Any]) -> bool:
    """Whether the plan of the license may fail, because the upgrade that is due fixes it."""
    return bool(failure and _installs(upgrade) and failure["code"] in _KNOWN_AFTER_UPGRADE)


def versions_of(values: t.Mapping[str, t.Any], check_mode: bool = False) -> tuple[str | None, str | None]:
    """The version of a licensing server before and after (in check mode: to come), from what the role noted on it.

    They are for people, and so as the vendor writes them.
    """
    plan, result = values.get("ras_upgrade_plan") or {}, values.get("ras_upgrade_result") or {}
    before = plan.get("installed")
    coming = plan.get("wanted") if check_mode and plan.get("needed") and not plan.get("failure") else None
    return shown(result.get("before") or before), shown(result.get("after") or coming or before)


def agents_of(values: t.Mapping[str, t.Any]) -> str | None:
    """How many RAS hosts have agents of the wanted version only, as "3/4"; None where they were not looked at."""
    result = values.get("ras_agents_result") or values.get("__ras_agents_plan") or {}
    rows = (result.get("agents") or {}).get("after") or []
    wanted = (values.get("ras_upgrade_plan") or {}).get("wanted")
    servers = {row["server"] or row.get("listed_as") for row in rows}
    behind = {row["server"] or row.get("listed_as") for row in rows if compare(row.get("version"), wanted) != "same"}
    return f"{len(servers - behind)}/{len(servers)}" if servers else None
