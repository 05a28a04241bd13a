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
    AllHosts,
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


def installing_members(farm: str, members: t.Iterable[str], hostvars: AllHosts) -> list[str]:
    """The members of a farm with ``ras_agents_method: msi``, in the given order."""
    found = []
    for host in members:
        variables = HostVariables(hostvars, host)
        # One that cannot be read is member_problems' business: its farm is refused.
        with contextlib.suppress(RasError):
            if given_name(hostvars, host) == farm and _installs(variables) and is_managed(hostvars, host):
                found.append(host)
    return found


def _installs(variables: HostVariables) -> bool:
    return variables.typed(ras_agents_method="push").choice("ras_agents_method", _METHODS) == "msi"


def member_problems(
    members: t.Iterable[str], servers: t.Sequence[str], hostvars: AllHosts, own: t.Any = ()
) -> list[dict[str, t.Any]]:
    """The members that cannot be upgraded as their variables say, each for the licensing server of its farm.

    Left alone, such a member would get its agent by another method than was wanted, or before its turn.
    """
    found = []
    for host in members:
        variables = HostVariables(hostvars, host)
        problem = (
            unknown_refusal(variables, own=own)
            or name_problem(variables)
            or _method_problem(variables)
            or host_refusal(variables)
        )
        if problem and host not in servers:
            found.append({**problem.as_dict(), "hosts": _servers_of(variables, servers, hostvars)})
    return found


def _method_problem(variables: HostVariables) -> RasError | None:
    try:
        # RAS pushes to the others: their connection and all that leads to an installation is not used.
        return unusable(variables) if _installs(variables) else None
    except RasError as exc:
        return exc


def _servers_of(variables: HostVariables, servers: t.Sequence[str], hostvars: AllHosts) -> list[str]:
    """The licensing servers of a member's farm; where that is not known, all of them."""
    given = variables.noted.get("ras_farm")
    same = [server for server in servers if farm_name(hostvars, server) == str(given)]
    if same or isinstance(given, str):
        return same
    names = addresses_of(variables)
    reporting = []
    for server in servers:
        agents = (HostVariables(hostvars, server).noted.get("__ras_agents_seen") or {}).get("agents") or []
        if any(goes_by(name, str(agent.get("server") or "")) for agent in agents for name in names):
            reporting.append(server)
    return reporting or list(servers)
