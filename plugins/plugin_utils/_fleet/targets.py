# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The hosts of a farm that install by themselves, as its licensing server upgrades them: with their own variables.

Tasks that are delegated to a host see the variables of the one that delegates. What decides about a host is its own.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import (
    AllHosts,
    HostVariables,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import DEFAULTS

# The options of each module by which a host is upgraded, as variables of the role without their prefix.
_INSTALLER: t.Final = (
    *("version", "stage_folder", "installer_src", "installer_url", "installer_sha256", "installer_publisher"),
    *("installer_publisher_check", "installer_arguments", "install_timeout", "allow_unknown"),
)
_OPTIONS: t.Final[dict[str, tuple[str, ...]]] = {
    "upgrade": (*_INSTALLER, "reboot", "min_free_gb", "logoff_sessions"),
    "wait": (*_INSTALLER, "restart_timeout", "poll_interval"),
    "restart": ("reboot", "logoff_sessions"),
    "restart_wait": ("restart_timeout", "poll_interval"),
}
_HOOKS: t.Final = {"before_tasks": "ras_before_host_tasks", "after_tasks": "ras_after_host_tasks"}
NAMES: t.Final = tuple(
    dict.fromkeys([*(f"ras_{name}" for names in _OPTIONS.values() for name in names), *_HOOKS.values()])
)
# Of these, what the farm has and its members do not: all of its hosts are brought to one version.
_OF_THE_FARM: t.Final = frozenset({"ras_version"})


def target_of(host: str, server: str, given: t.Mapping[str, t.Any], hostvars: AllHosts) -> dict[str, t.Any]:
    """How a host is upgraded.

    :param server: the licensing server of its farm, which may be the host.
    :param given: :data:`NAMES` as the licensing server sees them. What it does not have of its own is the play's, and
        so its members' too.
    :returns: the options of the modules host_upgrade (``upgrade``), host_upgrade_wait (``wait``), host_restart
        (``restart``) and host_restart_wait (``restart_wait``), and the paths of the hooks of the host.
    :raises RasError: ``invalid_option`` for a variable that cannot be worked out.
    """
    values = dict(given) if host == server else _of_member(host, server, given, hostvars)
    target: dict[str, t.Any] = {
        module: {name: values[f"ras_{name}"] for name in names if values.get(f"ras_{name}") is not None}
        for module, names in _OPTIONS.items()
    }
    if host == server:
        # Only a session host is upgraded without its users: brokers have none of their own.
        target["upgrade"]["logoff_sessions"] = True
    return {**target, **{key: values.get(name) or "" for key, name in _HOOKS.items()}}


def _of_member(host: str, server: str, given: t.Mapping[str, t.Any], hostvars: AllHosts) -> dict[str, t.Any]:
    own, servers_own = HostVariables(hostvars, host), HostVariables(hostvars, server).noted
    values = {}
    for name in NAMES:
        if name in own and name not in _OF_THE_FARM:
            values[name] = own[name]
        elif name in servers_own and name not in _OF_THE_FARM:
            values[name] = DEFAULTS.get(name)
        else:
            values[name] = given.get(name)
    return values


def members_wrong(
    hosts: t.Sequence[str], server: str, given: t.Mapping[str, t.Any], hostvars: AllHosts, in_run: t.Collection[str]
) -> RasError | None:
    """Why the members of a farm cannot be upgraded by this run; None when nothing is known to prevent it.

    Delegation reaches any host: what the user left out is not touched.

    :param hosts: the members that are due.
    :param in_run: the hosts of the play, as far as ``--limit`` leaves them.
    """
    absent = [host for host in hosts if host not in in_run]
    if absent:
        return RasError(
            "agent_failed",
            f"These members of the farm have ras_agents_method=msi and are not in this run: {', '.join(absent)}.",
            remedy="Take them into --limit, and where the role is used without the playbook, into the hosts of its "
            "play (ras_licensing_servers:ras_members); or set ras_agents_method=push for them. Nothing was changed.",
        )
    for host in hosts:
        try:
            target_of(host, server, given, hostvars)
        except RasError as exc:
            return exc
    return None
