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
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import Hosts, HostVariables
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import DEFAULTS

# The options of each module by which a host is upgraded, as variables of the role without their prefix.
_INSTALLER: t.Final = (
    *("version", "stage_folder", "installer_src", "installer_sha256", "installer_publisher"),
    *("installer_publisher_check", "installer_arguments", "install_timeout", "allow_unknown"),
)
_OPTIONS: t.Final[dict[str, tuple[str, ...]]] = {
    "upgrade": (*_INSTALLER, "reboot", "min_free_gb", "logoff_sessions"),
    "wait": (*_INSTALLER, "restart_timeout", "poll_interval"),
    "restart": ("reboot", "logoff_sessions"),
    "restart_wait": ("restart_timeout", "poll_interval"),
}
_HOOKS: t.Final = {"before_tasks": "ras_before_host_tasks", "after_tasks": "ras_after_host_tasks"}
# The address of a download may hold a secret. What is in a result is shown, and secrets in it are hidden, and so could
# not be used: only whose it is is said.
_URL: t.Final = "ras_installer_url"
NAMES: t.Final = tuple(
    dict.fromkeys([*(f"ras_{name}" for names in _OPTIONS.values() for name in names), *_HOOKS.values()])
)
# Of these, what the farm has and its members do not: all of its hosts are brought to one version.
_OF_THE_FARM: t.Final = frozenset({"ras_version"})
# What Ansible gives every host, and what says how a host is reached: a delegated task has the latter of its own host.
_MAGIC: t.Final = ("ansible_", "inventory_", "group", "playbook_dir", "omit", "vars", "hostvars", "play_hosts")


def target_of(host: HostVariables, server: HostVariables, seen: HostVariables) -> dict[str, t.Any]:
    """How a host is upgraded.

    :param server: the licensing server of its farm, which may be the host.
    :param seen: the variables as the licensing server sees them in the role. What it does not have of its own is the
        play's, and so its members' too.
    :returns: the options of the modules host_upgrade (``upgrade``), host_upgrade_wait (``wait``), host_restart
        (``restart``) and host_restart_wait (``restart_wait``), the paths of the hooks of the host, and whether the
        address of its download is a variable of its own (``own_url``).
    :raises RasError: ``invalid_option`` for a variable that cannot be worked out.
    """
    is_server = host.host == server.host
    values = {name: seen.get(name) for name in NAMES}
    if not is_server:
        values.update({name: _of_member(name, host, server, seen) for name in NAMES})
    target: dict[str, t.Any] = {
        module: {name: values[f"ras_{name}"] for name in names if values[f"ras_{name}"] is not None}
        for module, names in _OPTIONS.items()
    }
    if is_server:
        # Only a session host is upgraded without its users: brokers have none of their own.
        target["upgrade"]["logoff_sessions"] = True
    own_url = not is_server and (_URL in host or _URL in server.noted)
    return {**target, "own_url": own_url, **{key: values[name] or "" for key, name in _HOOKS.items()}}


def _of_member(name: str, own: HostVariables, server: HostVariables, seen: HostVariables) -> t.Any:
    if name in _OF_THE_FARM:
        return seen.get(name)
    if name in own:
        return own[name]
    return DEFAULTS.get(name) if name in server.noted else seen.get(name)


def targets_of(
    names: t.Sequence[str], hosts: Hosts, server: HostVariables, seen: HostVariables, reached: t.Collection[str]
) -> dict[str, t.Any]:
    """How hosts of one farm are upgraded by this run.

    Delegation reaches any host: what the user left out is not touched.

    :param names: the hosts.
    :param reached: the hosts of the run, as far as ``--limit`` leaves them.
    :raises RasError: ``agent_failed`` for members that are not among them, ``invalid_option`` as :func:`target_of`.
    """
    absent = [name for name in names if name not in reached and name != server.host]
    if absent:
        raise RasError(
            "agent_failed",
            f"These members of the farm have ras_agents_method=msi and are not in this run: {', '.join(absent)}.",
            remedy="Take them into --limit, and where the role is used without the playbook, into the hosts of its "
            "play (ras_licensing_servers:ras_members); or set ras_agents_method=push for them. Nothing was changed.",
        )
    return {name: target_of(hosts[name], server, seen) for name in names}


def hooks_of(
    members: t.Sequence[str], hosts: Hosts, server: HostVariables, seen: HostVariables
) -> tuple[list[str], list[str]]:
    """The hooks of the members of a farm, and the variables whose value is another one for a member than for its farm.

    A hook of a member is run by tasks that see the variables of the licensing server.

    :raises RasError: ``invalid_option`` as :func:`target_of`.
    """
    files: list[str] = []
    differing: set[str] = set()
    for name in members:
        member = hosts[name]
        mine = [path for variable in _HOOKS.values() if (path := _of_member(variable, member, server, seen))]
        files += [str(path) for path in mine]
        differing.update(other_values(member, server) if mine else ())
    return list(dict.fromkeys(files)), sorted(differing)


def other_values(member: HostVariables, server: HostVariables) -> set[str]:
    """The names of variables that have another value for a member, or may have: what cannot be worked out may."""
    names = {name for name in (*member, *server) if not name.startswith(_MAGIC)}
    return {name for name in names if not _is_same(name, member, server)}


def _is_same(name: str, member: HostVariables, server: HostVariables) -> bool:
    try:
        return (name in member) == (name in server) and bool(member.get(name) == server.get(name))
    except RasError:
        return False
