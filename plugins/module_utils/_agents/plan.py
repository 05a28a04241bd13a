# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Decide which agents of a farm are updated, in which order, and how many at once. Pure, no I/O.

The licensing site comes first (RAS administrator's guide, terms), then site by site; in a site brokers one at a time by
priority, gateways, enrollment servers, RD session hosts (vendor sample UpgradeRASFarm.ps1). An update restarts its
target (vendor samples: a push restarts unless asked not to), so how many go at once is how many are out of service.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent, Kind
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.findings import judge_names
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.servers import (
    compare_agent,
    find,
    Server,
    servers_of,
    UPGRADED_KINDS,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding, Severity
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import goes_by
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import parse_version, shown

_REMEDIES: t.Final[dict[str, str]] = {
    "agent_newer": (
        "A downgrade is never made. Raise the wanted version, or install the wanted version on these hosts by hand."
    ),
    "agent_restart_due": "Restart these hosts in a maintenance window: the new version is there and waits for it.",
    "agents_left_out": "None, when that is what you want: the option servers or exclude leaves them as they are.",
    "agents_busy": "None: they are waited for, and nothing is started on them a second time.",
    "gateway_alone": (
        "Users of this site are cut off while its only gateway restarts: choose the hour, or add a second gateway."
    ),
    "server_not_found": (
        "Write the servers as the farm knows them (agents_info lists them), or take the name out of the option."
    ),
}
# Sources: RAS administrator's guide (templates: maintenance mode, linked clones are recreated; agents of guests and
# pool members upgrade themselves where auto-upgrade is on, since 19.4; 'Upgrade all agents' in the console's Tasks).
_CONSOLE: t.Final = "Use 'Upgrade all agents' in the RAS console (Tasks menu)."
_GUESTS: t.Final = "Turn auto-upgrade on for their pool, or update their template and recreate them."
_TEMPLATES: t.Final = "Put each template into maintenance mode, update its agent there, and recreate its hosts."
_OTHER_REMEDIES: t.Final[dict[str, str]] = {
    **dict.fromkeys(("guest", "avd_host"), _GUESTS),
    "template": _TEMPLATES,
}


@dataclass(frozen=True)
class AgentOptions:
    """What the user allows.

    :param gateways_min_in_service: percent of a site's gateways that stay in service; one at least is updated at once.
    :param rds_hosts_min_in_service: likewise for RD session hosts.
    :param servers: only these; None means all.
    :param exclude: not these.
    :param force: update agents of the wanted version too.
    """

    gateways_min_in_service: int = 50
    rds_hosts_min_in_service: int = 50
    servers: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    force: bool = False


@dataclass(frozen=True)
class Round:
    """Servers that are updated together; the next round starts when all of them are back."""

    kind: Kind
    site_id: int | None
    servers: tuple[str, ...]

    def as_dict(self) -> dict[str, t.Any]:
        """The form in which module results carry it."""
        return {"kind": self.kind, "site_id": self.site_id, "servers": list(self.servers)}


@dataclass
class AgentPlan:
    """What is to be done. ``waiting`` are servers on which something goes on already.

    They are waited for before the first round, for they are out of service too, and never pushed again.
    """

    rounds: list[Round] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, t.Any]:
        """The form in which module results carry it."""
        return {
            "rounds": [round_.as_dict() for round_ in self.rounds],
            "findings": [finding.as_dict() for finding in self.findings],
            "waiting": list(self.waiting),
        }


def plan_agents(
    agents: t.Sequence[Agent],
    brokers: t.Sequence[Broker],
    sites: t.Sequence[Site],
    version: str,
    local_server: str | None,
    options: AgentOptions,
) -> AgentPlan:
    """Plan the update of a farm's agents.

    :param version: the wanted version.
    :param local_server: the server on which the installer ran or will run: it is never pushed to.
    :raises RasError: ``invalid_option`` for a version, a percentage or servers that make no sense.
    """
    _check(version, options)
    servers = servers_of(agents)
    plan = AgentPlan()
    local = _local(local_server, servers, brokers)
    selected = _selected(plan, servers, options)
    due: list[Server] = []
    noted: dict[str, list[Server]] = {name: [] for name in _REMEDIES}
    for server in servers:
        if any(server is each for each in local) or not server.place:
            continue
        where = server.compared_to(version)
        if where == "newer":
            noted["agent_newer"].append(server)
        elif not any(server is each for each in selected):
            noted["agents_left_out"] += [server] if where != "same" else []
        else:
            if where == "same" and any(agent.health == "restart_due" for agent in server.upgradable):
                noted["agent_restart_due"].append(server)
            if where != "same" or options.force:
                (noted["agents_busy"] if server.busy else due).append(server)
    plan.waiting = [server.name for server in noted["agents_busy"]]
    _order(plan, due, servers, brokers, sites, options)
    noted["gateway_alone"] = [server for server in due if _is_alone(server, servers)]
    for rule, concerned in noted.items():
        _note(plan, rule, version, concerned)
    plan.findings += judge_names([agent for agent in agents if agent.is_machine])
    handled = [*due, *noted["agents_busy"], *local]
    _note_other_kinds(plan, agents, servers, handled, version)
    return plan


def _check(version: str, options: AgentOptions) -> None:
    if parse_version(version) is None:
        raise RasError(
            "invalid_option",
            f"The wanted version cannot be compared: expected one such as 20.2.26050, observed '{quote(version)}'.",
        )
    for name in ("gateways_min_in_service", "rds_hosts_min_in_service"):
        percent = getattr(options, name)
        if not 0 <= percent <= 100:
            raise RasError("invalid_option", f"{name} is a percentage: expected 0 to 100, observed {percent}.")


def _local(name: str | None, servers: list[Server], brokers: t.Sequence[Broker]) -> list[Server]:
    """The server of this name, recognized by the farm's list of brokers too, which may know another name of it."""
    if not name:
        return []
    names: list[str | None] = [name]
    same = [broker for broker in brokers if goes_by(name, broker.server, broker.ip)]
    if len(same) == 1:
        names += [same[0].server, same[0].ip]
    return [server for each in names if each for server in find(each, servers)]


def _selected(plan: AgentPlan, servers: list[Server], options: AgentOptions) -> list[Server]:
    """The servers that the options leave, with a finding for names that mean none.

    :raises RasError: ``invalid_option`` when no name of ``servers`` means a server: nothing done would look like done.
    """
    unknown: list[str] = []

    def mean(names: t.Sequence[str]) -> list[Server]:
        found = []
        for name in names:
            meant = find(name, servers)
            found += meant
            if not meant:
                unknown.append(name)
        return found

    chosen = servers if options.servers is None else mean(options.servers)
    if options.servers and not chosen:
        raise RasError(
            "invalid_option",
            f"The option servers names no server of the farm: expected names that agents_info lists, observed "
            f"{', '.join(quote(name) for name in options.servers[:5])}.",
        )
    excluded = mean(options.exclude)
    if unknown:
        finding = ("names that each mean one server of the farm", unknown, _REMEDIES["server_not_found"])
        plan.findings.append(Finding("server_not_found", "warning", *finding))
    return [server for server in chosen if not any(server is each for each in excluded)]


def _order(
    plan: AgentPlan,
    due: list[Server],
    servers: list[Server],
    brokers: t.Sequence[Broker],
    sites: t.Sequence[Site],
    options: AgentOptions,
) -> None:
    licensing = {site.id for site in sites if site.licensing}

    def turn_of_site(site_id: int | None) -> tuple[bool, bool, int]:
        return (site_id not in licensing, site_id is None, site_id or 0)

    def turn(server: Server) -> tuple[int, str]:
        is_broker = server.place == "broker"
        return (_priority(server, brokers) if is_broker else 0, server.name.casefold())

    for site_id in sorted({server.site_id for server in due}, key=turn_of_site):
        for kind in UPGRADED_KINDS:
            group = sorted((each for each in due if each.site_id == site_id and each.place == kind), key=turn)
            for round_ in _chunks(group, _at_once(servers, site_id, options)):
                plan.rounds.append(Round(kind, site_id, tuple(server.name for server in round_)))


def _chunks(group: list[Server], at_once: t.Mapping[Kind, int]) -> list[list[Server]]:
    """Fill rounds up to what every component of their servers allows; one server always goes."""
    rounds: list[list[Server]] = []
    for server in group:
        together = [*rounds[-1], server] if rounds else []
        if together and all(
            sum(kind in each.kinds for each in together) <= most
            for kind, most in at_once.items()
            if kind in server.kinds
        ):
            rounds[-1].append(server)
        else:
            rounds.append([server])
    return rounds


def _at_once(servers: list[Server], site_id: int | None, options: AgentOptions) -> dict[Kind, int]:
    """How many of a site's servers of each kind may be out of service together, less those that are out already."""
    percents: dict[Kind, int] = {
        "gateway": options.gateways_min_in_service,
        "rds_host": options.rds_hosts_min_in_service,
    }
    most: dict[Kind, int] = {"broker": 1, "enrollment_server": 1}
    for kind, percent in percents.items():
        alike = [server for server in servers if server.site_id == site_id and kind in server.kinds]
        most[kind] = len(alike) * (100 - percent) // 100 - sum(not server.in_service for server in alike)
    return most


def _priority(server: Server, brokers: t.Sequence[Broker]) -> int:
    """The priority of a broker (0 is the primary); one that the farm does not list comes last."""
    known = [broker for broker in brokers if server.called(broker.server)]
    exact = [broker for broker in known if server.called_exactly(broker.server)]
    return min((broker.priority for broker in exact or known), default=2**31)


def _is_alone(server: Server, servers: list[Server]) -> bool:
    return "gateway" in server.kinds and not any(
        other is not server and other.site_id == server.site_id and "gateway" in other.kinds for other in servers
    )


def _note(plan: AgentPlan, rule: str, version: str, concerned: list[Server]) -> None:
    """One finding a rule, whatever the number of servers: farms can be large."""
    if not concerned:
        return
    severity: Severity = "warning" if rule in ("agent_newer", "agent_restart_due") else "info"
    observed = {
        server.name: server.state if rule in ("agent_restart_due", "agents_busy") else shown(server.version)
        for server in concerned
    }
    plan.findings.append(Finding(rule, severity, shown(version), observed, _REMEDIES[rule]))


def _note_other_kinds(
    plan: AgentPlan, agents: t.Sequence[Agent], servers: list[Server], handled: list[Server], version: str
) -> None:
    """Agents that are behind and that only the RAS console or the farm itself updates.

    Those on a server that is updated anyway are brought along by its installer; the next run sees whether they were.
    """
    brought = {id(agent) for server in handled for agent in server.agents}
    behind: dict[tuple[str, Severity], dict[str, str | None]] = {}
    for agent in agents:
        if id(agent) in brought or agent.kind in UPGRADED_KINDS or not (agent.is_machine or agent.is_template):
            continue
        where = compare_agent(agent, version)
        if where == "older" or (where == "unknown" and agent.is_machine):
            kind: str = "template" if agent.is_template else agent.kind
            # Without a version nothing is known: guests that are off report none.
            found: Severity = "warning" if where == "older" else "info"
            behind.setdefault((kind, found), {})[agent.label] = shown(agent.version)
    for (of_kind, severity), versions in sorted(behind.items()):
        observed = {"kind": of_kind, "servers": versions}
        remedy = _OTHER_REMEDIES.get(of_kind, _CONSOLE)
        plan.findings.append(Finding("agent_not_upgraded", severity, shown(version), observed, remedy))
