# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What is wrong with the agents of a farm, as findings. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare, parse_version

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
    return [*_judge_versions(machines, wanted), *_judge_health(machines)]


def _judge_versions(machines: t.Sequence[Agent], wanted: str | None) -> t.Iterator[Finding]:
    versions = distinct_versions(machines)
    if len({parse_version(version) or version for version in versions}) > 1:
        yield Finding("agents_mixed", "warning", "one version on all machines", versions, _UPDATE)
    if wanted is None:
        return
    behind = [agent for agent in machines if compare(agent.version, wanted) == "older"]
    if behind:
        yield Finding("agents_behind", "warning", wanted, _shown(behind, "version"), _UPDATE)
    unknown = [agent for agent in machines if compare(agent.version, wanted) == "unknown"]
    if unknown:
        remedy = "Look at them in the RAS console: whether they are behind is not known."
        yield Finding("agents_unknown", "info", wanted, _shown(unknown, "version"), remedy)


def _judge_health(machines: t.Sequence[Agent]) -> t.Iterator[Finding]:
    if not machines:
        remedy = "Check the rights of the RAS administrator: a farm has one Connection Broker at least."
        yield Finding("agents_none", "warning", "one machine or more", None, remedy)
    troubled = [agent for agent in machines if agent.health == "attention"]
    if troubled:
        remedy = "Look at them in the RAS console; ports, services and the agent's log on the host come next."
        yield Finding("agents_attention", "warning", "agents without a problem", _shown(troubled, "state"), remedy)


def _shown(agents: t.Sequence[Agent], what: str) -> list[str]:
    return [f"{agent.server}: {getattr(agent, what) or 'not reported'}" for agent in agents]
