# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites, brokers, gateways, RDS hosts and agents: lists that are derived from the farm's hosts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from raslab.farm import Farm, Site
from raslab.host import AGENT_STATES, RasHost
from raslab.rest.call import Answer, Call, problem_details, Refused

# RAS REST API guide v21, Agents: RASServerType
SERVER_TYPES = {"RDSHost": 1, "Gateway": 3, "Broker": 7, "Site": 9, "RDSGroup": 16}
_COMPONENT_TYPES = {"broker": "Broker", "gateway": "Gateway", "rds": "RDSHost"}
_AUDIT = {
    "adminCreate": "SYSTEM",
    "adminLastMod": "SYSTEM",
    "timeCreate": "2025-01-15T08:00:00Z",
    "timeLastMod": "2025-01-15T08:00:00Z",
}
_ALL_TYPES = "-1"
# What the verbs below /api/RDS/Host/{id} do to a host (a third-party catalog of 21.2's writes)
DRAIN_STATES = {
    "drain": "LogonDrain",
    "drainuntilreboot": "LogonDrainUntilRestart",
    "disablelogonsandreconnections": "LogonDisabled",
    "enablelogons": "OK",
    "canceldisabledstate": "OK",
}


def list_sites(call: Call) -> Answer:
    """``GET /api/Site?Name=``."""
    wanted = call.query.get("name")
    return Answer.of(
        200,
        [
            {
                "id": site.id,
                "name": site.name,
                "licensingSite": site.licensing,
                "enableHttpHostAttackProtection": False,
                **_AUDIT,
            }
            for site in call.farm.sites
            if wanted is None or site.name.casefold() == wanted.casefold()
        ],
    )


def list_site_status(call: Call) -> Answer:
    """``GET /api/Site/status``: the primary broker of each site and the state of its agent."""
    rows = []
    for site in call.farm.sites:
        brokers = [host for host in call.farm.hosts if host.is_broker and host.site == site.name]
        if brokers:
            primary = min(brokers, key=lambda host: host.priority)
            rows.append({"id": site.id, "server": primary.name, **_agent(call.farm, primary)})
    return Answer.of(200, rows)


def list_brokers(call: Call) -> Answer:
    """``GET /api/Broker?SiteId=&Server=`` (``/api/ConnectionBroker``, ``/api/PA`` by other names of the resource)."""
    rows = [
        {
            **_server(call.farm, host, number, "broker"),
            "priority": host.priority,
            "ip": host.address,
            "alternativeIPs": "",
            "standby": host.standby,
            "markedForDeletion": False,
        }
        for number, host in _selected(call, "broker")
    ]
    return Answer.of(200, rows)


def list_gateways(call: Call) -> Answer:
    """``GET /api/Gateway``."""
    rows = [
        {
            **_server(call.farm, host, number, "gateway"),
            "ip": host.address,
            "gwPort": 80,
            "sslPort": 443,
            "enableSSL": True,
        }
        for number, host in _selected(call, "gateway")
    ]
    return Answer.of(200, rows)


def list_gateway_status(call: Call) -> Answer:
    """``GET /api/Gateway/status``."""
    return Answer.of(200, _status_rows(call, "gateway"))


def list_rds_hosts(call: Call) -> Answer:
    """``GET /api/RDS`` up to generation 19, ``/api/RDS/Host`` from 20 on."""
    return Answer.of(200, [_server(call.farm, host, number, "rds") for number, host in _selected(call, "rds")])


def list_rds_status(call: Call) -> Answer:
    """The status of RDS hosts, with the login status that PowerShell adds for them."""
    return Answer.of(200, [{**row, "loginStatus": "Enabled"} for row in _status_rows(call, "rds")])


def drain_rds_host(call: Call) -> Answer:
    """``POST /api/RDS/Host/{id}/Drain`` and the other verbs: new logons are blocked, or let in again."""
    _api, number, verb = call.entry.path.rstrip("/").lower().rsplit("/", 2)
    for index, host in _selected(call, "rds"):
        if str(index) == number:
            host.agent_state = DRAIN_STATES[verb]
            call.entry.effect = "drained" if host.agent_state != "OK" else "undrained"
            return call.done()
    raise Refused(problem_details(404))


def list_agents(call: Call) -> Answer:
    """``GET /api/Agent?siteId=&serverType=``: machines, and logical rows (sites, pools) that are none."""
    farm = call.farm
    wanted_type = call.query.get("servertype", _ALL_TYPES)
    allowed = {_ALL_TYPES, "all", *(str(number) for number in SERVER_TYPES.values())}
    names = {name.casefold(): str(number) for name, number in SERVER_TYPES.items()}
    wanted_type = names.get(wanted_type.casefold(), wanted_type.casefold())
    if wanted_type not in allowed:
        raise call.refuse_unmodeled(f"serverType {wanted_type} is not modeled")
    site_id = _scope(call)
    rows = [
        row
        for row in _agent_rows(farm)
        if site_id in (None, row["siteId"]) and wanted_type in (_ALL_TYPES, "all", str(row["serverType"]))
    ]
    if farm.quirks.agent_enum == "name":
        type_names = {number: name for name, number in SERVER_TYPES.items()}
        state_names = {number: name for name, number in AGENT_STATES.items()}
        for row in rows:
            row["serverType"] = type_names[row["serverType"]]
            row["agentState"] = state_names.get(row["agentState"])
    return Answer.of(200, rows)


def read_version(call: Call) -> Answer:
    """``GET /api/WebService/version``: the version of the web service, not of the farm's other servers."""
    return Answer.of(200, {"version": call.host.agent_version})


def apply_settings(call: Call) -> Answer:
    """``POST /api/Settings/apply``: commits everything that any administrator has staged."""
    call.farm.apply()
    call.entry.effect = "settings_applied"
    return call.done()


def _agent_rows(farm: Farm) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(named: dict[str, str], kind: str, site: Site, host: RasHost | None) -> None:
        rows.append(
            {
                "id": str(len(rows) + 1),
                **named,
                "serverType": SERVER_TYPES[kind],
                "siteId": site.id,
                "agentState": AGENT_STATES.get(host.shown_state or "") if host else None,
                "agentVer": host.agent_version if host else None,
                "serverOS": "Windows Server 2022" if host else None,
                "ip": host.address if host else None,
                "enabled": host.enabled if host else True,
                "cpuLoad": 3 if host else 0,
                "memLoad": 20 if host else 0,
                "activeSessions": 0,
            }
        )

    for site in farm.sites:
        add(logical_name(farm, site.name), "Site", site, None)
        for pool in site.rds_pools:
            add(logical_name(farm, pool), "RDSGroup", site, None)
        for host in farm.hosts:
            if host.site == site.name:
                for component, kind in _COMPONENT_TYPES.items():
                    if component in host.components:
                        server = host.server_of(component)
                        add({"name": host.name} if server is None else {"server": server}, kind, site, host)
    return rows


def logical_name(farm: Farm, name: str) -> dict[str, str]:
    """How the farm names a row that is no machine; two scripts seen on real farms fall back to ``Name``."""
    return {"server": {"server": name}, "name": {"name": name}, "nameless": {}}[farm.quirks.logical_rows]


def _server(farm: Farm, host: RasHost, number: int, component: str) -> dict[str, Any]:
    return {
        "id": number,
        "server": host.server_of(component),
        "enabled": host.enabled,
        "description": "",
        "siteId": farm.site(host.site).id,
        **_AUDIT,
    }


def _agent(farm: Farm, host: RasHost) -> dict[str, Any]:
    state = AGENT_STATES.get(host.shown_state or "")
    shown = host.shown_state if farm.quirks.agent_enum == "name" else state
    return {"agentState": shown, "agentVer": host.agent_version}


def _status_rows(call: Call, component: str) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "siteId": call.farm.site(host.site).id,
            "server": host.server_of(component),
            **_agent(call.farm, host),
            "logLevel": 3,
        }
        for number, host in _selected(call, component)
    ]


def _site_id(call: Call) -> int | None:
    value = call.query.get("siteid", "")
    if value and not value.isdecimal():
        raise call.refuse_unmodeled("SiteId is not a number")
    return int(value) if value else None


def _scope(call: Call) -> int | None:
    """The site whose objects a list holds: the one that is asked for, else as the quirk says; None for all."""
    site_id = _site_id(call)
    if site_id is None and call.farm.quirks.list_scope == "licensing_site":
        (site_id,) = [site.id for site in call.farm.sites if site.licensing]
    return site_id


def _selected(call: Call, component: str) -> Iterable[tuple[int, RasHost]]:
    """The hosts with ``component`` that the query asks for, numbered through the farm, by site and priority."""
    farm, server, site_id = call.farm, call.query.get("server"), _scope(call)
    hosts = [host for host in farm.hosts if component in host.components]
    hosts.sort(key=lambda host: (farm.site(host.site).id, host.priority))
    for number, host in enumerate(hosts, start=1):
        if site_id not in (None, farm.site(host.site).id):
            continue
        if server is None or host.goes_by(server):
            yield number, host
