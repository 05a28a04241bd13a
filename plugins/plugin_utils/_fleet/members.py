# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The members of farms that run the installer themselves: which they are, and which cannot."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import goes_by
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import (
    Hosts,
    HostVariables,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import (
    name_problem,
    unknown_refusal,
    unusable,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.values import host_refusal
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import (
    addresses_of,
    farm_name,
    given_name,
    is_managed,
)

_METHODS: t.Final = ("push", "msi")
# ``host``, and under ``names`` all by which its farm may know it.
NamedHost = dict[str, t.Any]


class FarmHosts(t.NamedTuple):
    """The inventory hosts of a farm."""

    all: list[NamedHost]
    installing: list[NamedHost]


def hosts_of_farms(servers: t.Iterable[str], members: t.Iterable[str], hosts: Hosts) -> dict[str, FarmHosts]:
    """Which hosts belong to the farm of each licensing server; one look at all of them for all farms.

    :param members: those that may install by themselves.
    """
    of_farms: dict[str, list[NamedHost]] = {}
    installing: dict[str, list[NamedHost]] = {}
    for host in hosts:
        of_farms.setdefault(farm_name(hosts[host]), []).append(_named(hosts[host]))
    for host in members:
        farm = _farm_where_it_installs(hosts[host])
        if farm is not None:
            installing.setdefault(farm, []).append(_named(hosts[host]))
    farms = {server: farm_name(hosts[server]) for server in servers}
    return {server: FarmHosts(of_farms.get(farm, []), installing.get(farm, [])) for server, farm in farms.items()}


def _named(variables: HostVariables) -> NamedHost:
    return {"host": variables.host, "names": sorted(addresses_of(variables))}


def _farm_where_it_installs(variables: HostVariables) -> str | None:
    """The farm of a member that installs by itself; None for any other one."""
    # One that cannot be read is member_problems' business: its farm is refused.
    with contextlib.suppress(RasError):
        if _installs(variables) and is_managed(variables):
            return given_name(variables)
    return None


def _installs(variables: HostVariables) -> bool:
    return variables.typed(ras_agents_method="push").choice("ras_agents_method", _METHODS) == "msi"


def member_problems(
    members: t.Iterable[str], servers: t.Sequence[str], hosts: Hosts, own: t.Any = ()
) -> list[dict[str, t.Any]]:
    """The members that cannot be upgraded as their variables say, each for the licensing server of its farm.

    Left alone, such a member would get its agent by another method than was wanted, or before its turn.
    """
    farms = {server: farm_name(hosts[server]) for server in servers}
    found = []
    for host in members:
        variables = hosts[host]
        problem = (
            unknown_refusal(variables, own=own)
            or name_problem(variables)
            or _method_problem(variables)
            or host_refusal(variables)
        )
        if problem and host not in farms:
            found.append({**problem.as_dict(), "hosts": _servers_of(variables, farms, hosts)})
    return found


def _method_problem(variables: HostVariables) -> RasError | None:
    try:
        # RAS pushes to the others: their connection and all that leads to an installation is not used.
        return unusable(variables) if _installs(variables) else None
    except RasError as exc:
        return exc


def _servers_of(variables: HostVariables, farms: t.Mapping[str, str], hosts: Hosts) -> list[str]:
    """The licensing servers of a member's farm; where that is not known, all of them.

    :param farms: licensing server -> the name of its farm.
    """
    given = variables.noted.get("ras_farm")
    same = [server for server, farm in farms.items() if farm == str(given)]
    if same or isinstance(given, str):
        return same
    names = addresses_of(variables)
    reporting = []
    for server in farms:
        agents = (hosts[server].noted.get("__ras_farm_seen") or {}).get("agents") or []
        if any(goes_by(name, str(agent.get("server") or "")) for agent in agents for name in names):
            reporting.append(server)
    return reporting or list(farms)
