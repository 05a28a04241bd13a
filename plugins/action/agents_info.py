# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the agents_info module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent, read_agents
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import agents_info_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare, parse_version
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import Finding
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import FarmAction

_UPDATE = "Update their agents (RAS console: Site, Tasks, 'Upgrade all agents')."


class ActionModule(FarmAction):
    """Read the agents of one farm."""

    SPEC = agents_info_spec()

    def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
        """Log on, read, log off."""
        wanted = options["version"]
        if wanted is not None and parse_version(wanted) is None:
            raise RasError(
                "invalid_option", f"version cannot be compared: expected one such as 20.2.26050, observed '{wanted}'."
            )
        farm = backend.open()
        rows = read_agents(backend.agents(), "winrm" if backend.name == "winrm" else "rest")
        machines = [agent for agent in rows if agent.is_machine]
        return {
            "farm": farm.as_dict(),
            "agents": [agent.as_dict() for agent in machines],
            "logical": [agent.as_dict() for agent in rows if not agent.is_machine],
            "versions": _versions(machines),
            "findings": [*_judge_versions(machines, wanted), *_judge_health(machines)],
        }


def _versions(machines: list[Agent]) -> list[str]:
    """The distinct versions, the oldest first, then those that cannot be compared."""
    told = {agent.version for agent in machines if agent.version}
    readable = [version for version in told if parse_version(version)]
    return sorted(readable, key=_order) + sorted(told.difference(readable))


def _order(version: str) -> tuple[tuple[int, int, int], str]:
    parsed = parse_version(version)
    return ((parsed.major, parsed.minor, parsed.build) if parsed else (0, 0, 0), version)


def _judge_versions(machines: list[Agent], wanted: str | None) -> t.Iterator[Finding]:
    versions = _versions(machines)
    if len({parse_version(version) or version for version in versions}) > 1:
        yield Finding("agents_mixed", "warning", "one version on all machines", versions, _UPDATE)
    if wanted is None:
        return
    behind = [agent for agent in machines if compare(agent.version, wanted) == "older"]
    if behind:
        yield Finding("agents_behind", "warning", wanted, _told(behind, "version"), _UPDATE)
    unknown = [agent for agent in machines if compare(agent.version, wanted) == "unknown"]
    if unknown:
        remedy = "Look at them in the RAS console: whether they are behind is not known."
        yield Finding("agents_unknown", "info", wanted, _told(unknown, "version"), remedy)


def _judge_health(machines: list[Agent]) -> t.Iterator[Finding]:
    if not machines:
        remedy = "Check the rights of the RAS administrator: a farm has one Connection Broker at least."
        yield Finding("agents_none", "warning", "one machine or more", None, remedy)
    ill = [agent for agent in machines if agent.health == "attention"]
    if ill:
        remedy = "Look at them in the RAS console; ports, services and the agent's log on the host come next."
        yield Finding("agents_attention", "warning", "agents without a problem", _told(ill, "state"), remedy)


def _told(agents: list[Agent], what: str) -> list[str]:
    return [f"{agent.server}: {getattr(agent, what) or 'not told'}" for agent in agents]
