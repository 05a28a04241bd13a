# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The servers behind a farm's list of agents: one server for all rows that mean it, found by any of its names. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent, Kind, STATE_NAMES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import (
    goes_by,
    is_address,
    plain_name,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare, Comparison

# The kinds that a farm's push brings to another version, in the order in which a site is upgraded (vendor sample
# UpgradeRASFarm.ps1: brokers, gateways, RD session hosts; it leaves enrollment servers out, which serve logons as
# brokers do and so go before the hosts).
UPGRADED_KINDS: t.Final[tuple[Kind, ...]] = ("broker", "gateway", "enrollment_server", "rds_host")
_LISTED_STATES: t.Final = frozenset(STATE_NAMES.values())


@dataclass
class Server:
    """One machine with all its agents, the logical ones aside."""

    site_id: int | None
    agents: list[Agent] = field(default_factory=list)

    @property
    def upgradable(self) -> list[Agent]:
        """Its agents of kinds that are upgraded."""
        return [agent for agent in self.agents if agent.kind in UPGRADED_KINDS]

    @property
    def place(self) -> Kind | None:
        """The kind by which it takes its turn: its first, because an update restarts all of the server."""
        kinds = self.kinds
        return next((kind for kind in UPGRADED_KINDS if kind in kinds), None)

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it is."""
        return frozenset(agent.kind for agent in self.agents)

    @property
    def name(self) -> str:
        """The name under which the farm knows the component that decides its turn."""
        place = self.place
        return next((agent.server for agent in self.agents if agent.kind == place), self.agents[0].server)

    @property
    def busy(self) -> bool:
        """Whether something goes on there already."""
        return any(agent.health == "busy" for agent in self.upgradable)

    @property
    def in_service(self) -> bool:
        """Whether it serves users, as far as the farm reports it.

        A state that the vendor's list does not show (it is cut off) may be that of an agent that is merely behind.
        """
        return not any(
            agent.enabled is False
            or agent.health in ("busy", "drained")
            or (agent.health == "attention" and agent.state in _LISTED_STATES)
            for agent in self.upgradable
        )

    @property
    def version(self) -> str | None:
        """The version that the first of its agents reports."""
        return next((agent.version for agent in self.upgradable if agent.version), None)

    @property
    def state(self) -> str | None:
        """The first state that is not simply good."""
        states = [agent.state for agent in self.upgradable if agent.state]
        return next((state for state in states if state != "OK"), states[0] if states else None)

    def compared_to(self, version: str) -> Comparison:
        """Its agents against a version: newer if one is, else older or unknown if one is, else same."""
        found = {compare_agent(agent, version) for agent in self.upgradable}
        order: tuple[Comparison, ...] = ("newer", "older", "unknown")
        return next((each for each in order if each in found), "same")

    def called(self, name: str) -> bool:
        """Whether it goes by a name."""
        return any(goes_by(name, agent.server, agent.ip) for agent in self.agents)

    def called_exactly(self, name: str) -> bool:
        """Whether a full name or an address of it is written so."""
        wanted = plain_name(name)
        return bool(wanted) and any(
            wanted in map(plain_name, (each.server, each.ip or "", each.listed_as)) for each in self.agents
        )


def compare_agent(agent: Agent, version: str) -> Comparison:
    """One agent against a version; an agent without a readable version is newer when the farm says that it is."""
    found = compare(agent.version, version)
    # NeedsDowngrade: the broker is older than the agent (RAS REST API guide v20, Agents).
    return "newer" if found == "unknown" and agent.state == "NeedsDowngrade" else found


def servers_of(agents: t.Sequence[Agent]) -> list[Server]:
    """The machines behind the rows, in their order; rows of one site that name a server differently are put together.

    The vendor's sample compares a short name with a full one and so updates servers twice. A row of which nobody can
    say which server it is on is none.
    """
    machines = [agent for agent in agents if agent.is_machine and agent.has_server]
    full: dict[tuple[int | None, str], set[str]] = {}
    for agent in machines:
        name = plain_name(agent.server)
        if not is_address(name):
            if "." in name:
                full.setdefault((agent.site_id, name.split(".")[0]), set()).add(name)
            if agent.ip:
                full.setdefault((agent.site_id, plain_name(agent.ip)), set()).add(name)
    servers: dict[str, Server] = {}
    for agent in machines:
        name = plain_name(agent.server)
        others = full.get((agent.site_id, name), set())
        if len(others) == 1:
            (name,) = others
        servers.setdefault(name, Server(agent.site_id)).agents.append(agent)
    return list(servers.values())


def find(name: str, servers: t.Sequence[Server]) -> list[Server]:
    """The servers that a name means: those written exactly so, else the single one whose short name fits."""
    exact = [server for server in servers if server.called_exactly(name)]
    if exact:
        return exact
    close = [server for server in servers if server.called(name)]
    return close if len(close) == 1 else []
