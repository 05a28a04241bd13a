# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What a farm reports about itself becomes hosts, groups and variables of an inventory. Pure, no I/O.

A farm that could not be read keeps a host among the licensing servers: were it left out, a check of the fleet would be
green without it.
"""

from __future__ import annotations

import re
import typing as t
import urllib.parse
from dataclasses import asdict, dataclass, field

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent, agent_from_dict, Kind
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.findings import UNNAMED
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.servers import (
    find,
    Server,
    servers_of,
    UPGRADED_KINDS,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import is_address
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

LICENSING_SERVERS: t.Final = "ras_licensing_servers"
MEMBERS: t.Final = "ras_members"
UNREAD: t.Final = "ras_unread_farms"
KIND_GROUPS: t.Final[dict[Kind, str]] = {
    "broker": "ras_brokers",
    "gateway": "ras_gateways",
    "rds_host": "ras_rds_hosts",
    "enrollment_server": "ras_enrollment_servers",
}
# They exist in every inventory, so that a play on one that is empty does not look like a typo.
GROUPS: t.Final = (LICENSING_SERVERS, MEMBERS, UNREAD, *KIND_GROUPS.values())

# The variables of every host; what is not known is blank, so that expressions work for hosts of which little is known.
BLANK: t.Final[dict[str, t.Any]] = {
    "ras_site": None,
    "ras_kinds": [],
    "ras_priority": None,
    "ras_agent_version": None,
    "ras_agent_state": None,
    "ras_agent_health": "unknown",
    "ras_ip": None,
}
# All that hosts of this inventory have besides options of the role.
VARIABLES: t.Final = (*BLANK, "ras_inventory_failure")

# Names come from the farm: nothing that Ansible would read as a pattern, a range or a path may be in them.
_HOST_NAME: t.Final = re.compile(r"\w[\w.-]*|[0-9a-fA-F]*:[0-9a-fA-F:.]+")
_FORMAT: t.Final = 2


@dataclass(frozen=True)
class FarmEntry:
    """A farm as the inventory file lists it.

    :param name: becomes ``ras_farm``.
    :param variables: what the playbooks need besides to reach the same API (names of the role's variables).
    """

    name: str
    api_url: str
    organization: str | None = None
    variables: t.Mapping[str, t.Any] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """The group of all its hosts."""
        return "ras_farm_" + re.sub(r"\W", "_", self.name)

    @property
    def api_host(self) -> str:
        """The host of the API's URL."""
        return urllib.parse.urlsplit(self.api_url).hostname or self.name


@dataclass(frozen=True)
class FarmReading:
    """What a farm reported: small enough for a cache, and without any secret."""

    farm: Farm
    sites: t.Sequence[Site]
    brokers: t.Sequence[Broker] | None
    agents: t.Sequence[Agent]

    @property
    def known_brokers(self) -> t.Sequence[Broker]:
        """Those that its list shows; none where it shows no list."""
        return self.brokers or ()

    def as_dict(self) -> dict[str, t.Any]:
        """As plain data."""
        return {
            "format": _FORMAT,
            "farm": self.farm.as_dict(),
            "sites": [asdict(site) for site in self.sites],
            "brokers": None if self.brokers is None else [asdict(broker) for broker in self.brokers],
            "agents": [agent.as_dict() for agent in self.agents],
        }


def reading_from_dict(data: t.Any) -> FarmReading | None:
    """What :meth:`FarmReading.as_dict` wrote; None for anything else, such as what another release has cached."""
    try:
        if data["format"] != _FORMAT:
            return None
        return FarmReading(
            farm=Farm(**data["farm"]),
            sites=[Site(**row) for row in data["sites"]],
            brokers=None if data["brokers"] is None else [Broker(**row) for row in data["brokers"]],
            agents=[agent_from_dict(row) for row in data["agents"]],
        )
    except (TypeError, KeyError, RasError):
        return None


@dataclass(frozen=True)
class InventoryHost:
    """One host of the inventory."""

    name: str
    groups: t.Sequence[str]
    variables: t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Fleet:
    """The whole inventory.

    :param failures: farms that could not be read, with the reason; each has one host all the same.
    :param warnings: what is to be said besides.
    """

    hosts: list[InventoryHost]
    failures: list[tuple[FarmEntry, RasError]]
    warnings: list[str]


def fleet_of(outcomes: t.Sequence[tuple[FarmEntry, FarmReading | RasError]]) -> Fleet:
    """The inventory of some farms, in their order.

    Two entries that lead to one farm are one too many: the later one counts as not read. Servers of different farms
    that have one name are distinguished as ``server@farm``.
    """
    hosts: list[tuple[FarmEntry, InventoryHost]] = []
    failures: list[tuple[FarmEntry, RasError]] = []
    warnings: list[str] = []
    seen: dict[str, FarmEntry] = {}
    for entry, outcome in outcomes:
        if isinstance(outcome, FarmReading):
            guid = (outcome.farm.guid or "").strip("{} ").casefold()
            first = seen.setdefault(guid, entry) if guid else entry
            if first is not entry:
                outcome = _duplicate(entry, first, guid)
        if isinstance(outcome, RasError):
            failures.append((entry, outcome))
            hosts.append((entry, _unread_host(entry, outcome)))
        else:
            found, notes = hosts_of(entry, outcome)
            hosts += [(entry, host) for host in found]
            warnings += notes
    return Fleet(_distinguished(hosts), failures, warnings)


def hosts_of(entry: FarmEntry, reading: FarmReading) -> tuple[list[InventoryHost], list[str]]:
    """The RAS hosts of one farm, the licensing server first, and what is to be warned of.

    Hosts are servers with an agent of a kind that is upgraded; guests, providers and appliances are not hosts.
    """
    servers = _servers(reading)
    licensing = _licensing_server(entry, reading.farm, servers)
    warnings: list[str] = []
    if reading.farm.is_licensing_server is False:
        named = reading.farm.licensing_server or "another one, which it does not name"
        warnings.append(
            f"{entry.name}: {entry.api_url} is not the farm's licensing server: expected the address of {named}. The "
            "playbooks will refuse to write there (wrong_server); correct api_url."
        )
    if reading.brokers is None:
        warnings.append(
            f"{entry.name}: the farm shows no list of its Connection Brokers, so their priorities are not known; those "
            "that have an agent are there all the same."
        )
    warnings += _unnamed(entry, reading)
    hosts: list[InventoryHost] = []
    for server in servers:
        name = _host_name(server)
        if not _HOST_NAME.fullmatch(name):
            warnings.append(
                f"{entry.name}: a server is left out, because its name cannot be the name of a host: '{quote(name)}'."
            )
        elif server is licensing:
            hosts.insert(0, _host(entry, reading, server, name, LICENSING_SERVERS))
        else:
            hosts.append(_host(entry, reading, server, name, MEMBERS))
    if not any(LICENSING_SERVERS in host.groups for host in hosts):
        warnings.append(
            f"{entry.name}: the licensing server is not among the brokers and agents that the farm reports; "
            f"{entry.api_host} is used in its place. Check the rights of the RAS administrator."
        )
        hosts.insert(0, _stand_in(entry, {**_identity(entry), **_api(entry, reading.farm)}))
    return hosts, warnings


def _servers(reading: FarmReading) -> list[Server]:
    """The machines with agents that are upgraded. Brokers that the list of agents leaves out come from their own."""
    listed = [
        Agent(server=each.server, kind="broker", site_id=each.site_id, enabled=each.enabled, ip=each.ip)
        for each in reading.known_brokers
        if each.server
    ]
    return [server for server in servers_of([*reading.agents, *listed]) if server.upgradable]


def _unnamed(entry: FarmEntry, reading: FarmReading) -> list[str]:
    """What is to be said of machines that are no hosts, because nobody can say which servers they are."""
    machines = [agent for agent in reading.agents if agent.is_machine and not agent.has_server]
    labels = [f"{agent.label} ({agent.kind_reported or 'no type'})" for agent in machines]
    labels += [f"broker {each.id}" for each in reading.known_brokers if not each.server]
    if not labels:
        return []
    listed = ", ".join(labels[:5]) + (f" and {len(labels) - 5} more" if len(labels) > 5 else "")
    return [f"{entry.name}: left out, because the farm does not say which servers they are: {listed}. {UNNAMED}"]


def _licensing_server(entry: FarmEntry, farm: Farm, servers: list[Server]) -> Server | None:
    names = [farm.licensing_server]
    if farm.is_licensing_server:
        names += [farm.connected_server, entry.api_host]
    for name in filter(None, names):
        found = find(name, servers)
        if len(found) == 1:
            return found[0]
    return None


def _host(entry: FarmEntry, reading: FarmReading, server: Server, name: str, group: str) -> InventoryHost:
    kinds = [kind for kind in UPGRADED_KINDS if kind in server.kinds]
    names = {agent.server for agent in server.agents}
    variables = {
        **_identity(entry),
        "ras_site": next((site.name for site in reading.sites if site.id == server.site_id), None),
        "ras_kinds": kinds,
        "ras_priority": next((each.priority for each in reading.known_brokers if each.server in names), None),
        "ras_agent_version": server.version,
        "ras_agent_state": server.state,
        "ras_agent_health": next((each.health for each in server.upgradable if each.state == server.state), "unknown"),
        "ras_ip": next((agent.ip for agent in server.agents if agent.ip), name if is_address(name) else None),
    }
    if group == LICENSING_SERVERS:
        variables.update(_api(entry, reading.farm))
    return InventoryHost(name, [group, entry.group, *(KIND_GROUPS[kind] for kind in kinds)], variables)


def _identity(entry: FarmEntry) -> dict[str, t.Any]:
    """The variables of every host of a farm."""
    return {"ras_farm": entry.name, **({"ras_organization": entry.organization} if entry.organization else {})}


def _api(entry: FarmEntry, farm: Farm | None = None) -> dict[str, t.Any]:
    """What the playbooks need to reach the farm; its identity too, so that another farm at the address is refused."""
    pin = {"ras_farm_guid": farm.guid} if farm is not None and farm.guid else {}
    return {"ras_api_url": entry.api_url, **entry.variables, **pin}


def _unread_host(entry: FarmEntry, failure: RasError) -> InventoryHost:
    shown = {"code": failure.code, "message": failure.message, "remedy": failure.remedy}
    return _stand_in(entry, {**_identity(entry), **_api(entry), "ras_inventory_failure": shown}, UNREAD)


def _stand_in(entry: FarmEntry, variables: dict[str, t.Any], *groups: str) -> InventoryHost:
    """A licensing server of which nothing is known but the address."""
    ip = entry.api_host if is_address(entry.api_host) else None
    return InventoryHost(
        entry.api_host, [LICENSING_SERVERS, entry.group, *groups], {**BLANK, "ras_ip": ip, **variables}
    )


def _duplicate(entry: FarmEntry, first: FarmEntry, guid: str) -> RasError:
    return RasError(
        "duplicate_farm",
        f"One farm answers for two entries: expected one entry per farm, observed farmGUID {guid} at {first.api_url} "
        f"({first.name}) and at {entry.api_url} ({entry.name}).",
        observed={"guid": guid, "farms": [first.name, entry.name]},
    )


def _host_name(server: Server) -> str:
    """The fullest of its names, in one spelling: Windows ignores case, Ansible does not."""
    names = [agent.server.strip().rstrip(".").lower() for agent in server.agents]
    return min(names, key=lambda name: (is_address(name), "." not in name, name))


def _distinguished(hosts: list[tuple[FarmEntry, InventoryHost]]) -> list[InventoryHost]:
    farms: dict[str, set[str]] = {}
    for entry, host in hosts:
        farms.setdefault(host.name, set()).add(entry.name)
    return [
        host
        if len(farms[host.name]) == 1
        else InventoryHost(
            f"{host.name}@{entry.group.removeprefix('ras_farm_')}",
            host.groups,
            {**host.variables, "ansible_host": host.name},
        )
        for entry, host in hosts
    ]
