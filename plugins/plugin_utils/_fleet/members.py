# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The members of farms that run the installer themselves: which they are, whose turn it is, and which are not done.

The order in a site (brokers by priority, gateways, enrollment servers, session hosts) holds over both methods: where
other servers, to which RAS pushes, come before a member, their turn comes first too.
"""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import goes_by
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.rollout import tolerated
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
    failure_of,
    farm_name,
    given_name,
    inventory_hosts_of,
    is_managed,
)

_METHODS: t.Final = ("push", "msi")


class Round(t.NamedTuple):
    """Servers whose turn it is together.

    :param installs: whether they install by themselves; else RAS pushes to them.
    """

    installs: bool
    servers: tuple[str, ...]


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


def turns(hosts: t.Iterable[str], hostvars: AllHosts, check_mode: bool = False) -> dict[str, t.Any]:
    """Whose turn it is when, from the plans that the licensing servers noted.

    A farm in which something has failed has no more turns.

    :returns: ``rounds`` (how many), ``turns`` (member -> its round, from 1), ``pushes`` (licensing server -> for each
        round the servers to push to, none in most), ``failures`` (licensing server -> what blocks its farm from going
        on).
    """
    members: dict[str, int] = {}
    pushes: dict[str, list[list[str]]] = {}
    failures: dict[str, dict[str, t.Any]] = {}
    present = set(hosts)
    for server in present:
        noted = HostVariables(hostvars, server).noted
        plan, order = (noted.get(name) or {} for name in ("__ras_members_plan", "__ras_order_plan"))
        if not plan:
            continue
        farm = farm_name(hostvars, server)
        blocker = plan.get("failure") or order.get("failure")
        if blocker:
            if check_mode and tolerated(blocker, noted.get("ras_upgrade_plan") or {}):
                continue
            failures[server] = dict(blocker)
            continue
        rounds = rounds_of(plan.get("rounds") or [], order.get("rounds") or [])
        mine = {
            host: number
            for number, each in enumerate(rounds, start=1)
            if each.installs
            for host in inventory_hosts_of(each.servers, hostvars, farm).values()
        }
        failure = _undone(mine, present, hostvars, check_mode)
        if failure is not None:
            failures[server] = failure.as_dict()
        # Those that come after a host that is not in this run would overtake it.
        broken = any(host not in present or _failure(hostvars, host) for host in (*mine, server))
        if not broken:
            members.update(mine)
            pushes[server] = [[] if each.installs else list(each.servers) for each in rounds]
    return {
        "rounds": max(members.values(), default=0),
        "turns": members,
        "pushes": pushes,
        "failures": failures,
    }


def rounds_of(installs: t.Sequence[t.Mapping[str, t.Any]], order: t.Sequence[t.Mapping[str, t.Any]]) -> list[Round]:
    """The rounds of a farm: its members' own, and before each of them the pushes that come first.

    Pushes after the last member are not among them: all that is left is pushed at the end anyway.

    :param installs: the rounds of the members that install by themselves.
    :param order: the rounds of all servers that are due, however they are upgraded; without it members go in their own
        rounds.
    """
    installing = {server for each in installs for server in each["servers"]}
    left = list(installs)
    rounds: list[Round] = []
    groups: dict[tuple[t.Any, t.Any], list[str]] = {}
    for each in order:
        groups.setdefault((each["site_id"], each["kind"]), []).extend(each["servers"])
    for group, servers in groups.items():
        # Brokers go one by one, by priority. Of other kinds it does not matter who is first, but how often one waits.
        one_by_one = [[server] for server in servers] if group[1] == "broker" else [servers]
        for names in one_by_one:
            mine = [each for each in left if set(each["servers"]) & set(names)]
            left = [each for each in left if each not in mine]
            rounds += [Round(True, tuple(each["servers"])) for each in mine]
            pushed = tuple(name for name in names if name not in installing)
            if pushed and rounds and not rounds[-1].installs:
                rounds[-1] = Round(False, rounds[-1].servers + pushed)
            elif pushed:
                rounds.append(Round(False, pushed))
    rounds += [Round(True, tuple(each["servers"])) for each in left]
    return rounds[:-1] if rounds and not rounds[-1].installs else rounds


def _failure(hostvars: AllHosts, host: str) -> t.Mapping[str, t.Any] | None:
    return failure_of(host, HostVariables(hostvars, host).noted)


def _undone(members: t.Mapping[str, int], present: set[str], hostvars: AllHosts, check_mode: bool) -> RasError | None:
    for host in (each for each in members if each in present):
        failure = _failure(hostvars, host)
        if failure:
            return RasError(
                "hook_failed" if failure["code"] == "hook_failed" else "agent_failed",
                f"The member {host} failed: {failure['code']}: {failure['message']}",
                remedy=str(failure["remedy"]),
            )
    absent = [host for host in members if host not in present]
    if absent:
        return RasError(
            "agent_failed",
            f"These members of the farm have ras_agents_method=msi and are not in this run: {', '.join(absent)}.",
            remedy="Take them into --limit, and where the role is used without the playbook, into the hosts of its "
            "play (ras_licensing_servers:ras_members); or set ras_agents_method=push for them.",
        )
    waiting = [host for host in members if not HostVariables(hostvars, host).noted.get("ras_upgrade_result")]
    if waiting and not check_mode:
        return RasError("agent_failed", f"These members of the farm were not upgraded: {', '.join(waiting)}.")
    return None
