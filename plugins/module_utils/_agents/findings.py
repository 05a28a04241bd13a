# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What is wrong with the agents of a farm, as findings. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare, parse_version, shown

UNNAMED: t.Final = (
    "Look in the RAS console which servers these are: the farm's list does not say it, and nothing is done to them. "
    "One that is listed as localhost can be added again by its full name."
)
_UPDATE: t.Final = "Update their agents (RAS console: Site, Tasks, 'Upgrade all agents')."


def distinct_versions(machines: t.Sequence[Agent]) -> list[str]:
    """The distinct versions, the oldest first, then those that cannot be compared."""
    reported = {agent.version for agent in machines if agent.version}
    readable = [version for version in reported if parse_version(version)]
    return sorted(readable, key=_order) + sorted(reported.difference(readable))


def _order(version: str) -> tuple[tuple[int, int, int], str]:
    parsed = parse_version(version)
    return ((parsed.major, parsed.minor, parsed.build) if parsed else (0, 0, 0), version)


def judge_agents(machines: t.Sequence[Agent], wanted: str | None) -> list[Finding]:
    """What is wrong with the agents of a farm.

    :param machines: the rows that are machines.
    :param wanted: the version that they should have; None where none is wanted.
    """
    return [*judge_names(machines), *_judge_versions(machines, wanted), *_judge_health(machines)]


def judge_names(machines: t.Sequence[Agent]) -> list[Finding]:
    """Those of which nobody can say on which server they are."""
    unnamed = [f"{agent.label} ({agent.kind_reported or 'no type'})" for agent in machines if not agent.has_server]
    return [Finding("agents_unnamed", "warning", "the server of each agent", unnamed, UNNAMED)] if unnamed else []


def _judge_versions(machines: t.Sequence[Agent], wanted: str | None) -> t.Iterator[Finding]:
    versions = distinct_versions(machines)
    as_shown = list(dict.fromkeys(shown(version) for version in versions))
    if len(as_shown) > 1:
        yield Finding("agents_mixed", "warning", "one version on all machines", as_shown, _UPDATE)
    if wanted is None:
        return
    behind = [agent for agent in machines if compare(agent.version, wanted) == "older"]
    if behind:
        yield Finding("agents_behind", "warning", shown(wanted), _versions_of(behind), _UPDATE)
    unknown = [agent for agent in machines if compare(agent.version, wanted) == "unknown"]
    if unknown:
        remedy = "Look at them in the RAS console: whether they are behind is not known."
        yield Finding("agents_unknown", "info", shown(wanted), _versions_of(unknown), remedy)


def _judge_health(machines: t.Sequence[Agent]) -> t.Iterator[Finding]:
    if not machines:
        remedy = "Check the rights of the RAS administrator: a farm has one Connection Broker at least."
        yield Finding("agents_none", "warning", "one machine or more", None, remedy)
    troubled = [agent for agent in machines if agent.health == "attention"]
    if troubled:
        remedy = "Look at them in the RAS console; ports, services and the agent's log on the host come next."
        states = [f"{agent.label}: {agent.state}" for agent in troubled]
        yield Finding("agents_attention", "warning", "agents without a problem", states, remedy)


def _versions_of(agents: t.Sequence[Agent]) -> list[str]:
    return [f"{agent.label}: {shown(agent.version) or 'not reported'}" for agent in agents]
