# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Whether the installers on the controller are the wanted ones: that of a host, and those of a farm's members."""

from __future__ import annotations

import os
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import check_given
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.msi import (
    check_installer,
    read_installer,
    sha256_of_installer,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import (
    judge_signature,
    Publisher,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._files import controller_path
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import (
    AllHosts,
    HostVariables,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import inventory_hosts_of

# What describes an installer, in the order of the parameters of installer_check; the value of one that is not set.
_DESCRIBED: t.Final[dict[str, t.Any]] = {
    "ras_installer_src": "",
    "ras_version": "",
    "ras_installer_sha256": "",
    "ras_installer_url": "",
    "ras_installer_publisher": None,
    "ras_installer_publisher_check": True,
}


def installer_check(
    path: t.Any,
    version: t.Any,
    sha256: t.Any = None,
    url: t.Any = None,
    publisher: t.Any = None,
    publisher_check: t.Any = True,
) -> dict[str, t.Any]:
    """The first thing that is wrong with the file."""
    pinned = str(sha256 or "").strip().casefold()
    try:
        expected = Publisher.read(publisher, publisher_check)
        if url is not None:
            check_given(str(path or ""), str(url), pinned)
            if not path:
                return {}
        file = _file(str(path))
        if pinned and (found := sha256_of_installer(file)) != pinned:
            raise RasError(
                "installer_mismatch",
                f"The installer is another file: expected the SHA-256 {pinned}, observed {found}.",
                observed={"sha256": found},
            )
        seen = read_installer(file)
        failure = check_installer(seen.properties, str(version)) or judge_signature(file, seen.signature, expected)
    except RasError as exc:
        failure = exc
    return {"failure": failure.as_dict()} if failure else {}


def _file(path: str) -> str:
    """The path of the file, from the root.

    :raises RasError: ``invalid_option`` for what is no file: a device or a FIFO would never end.
    """
    full = controller_path(path)
    if not os.path.isfile(full):
        raise RasError(
            "invalid_option",
            f"The installer cannot be read on the controller: expected a file at '{quote(full)}', observed "
            f"{'something else' if os.path.exists(full) else 'none'}.",
            remedy="Correct ras_installer_src: a relative path counts from the folder in which ansible-playbook is "
            "started. Nothing was changed.",
        )
    return full


def member_installers(
    plan: t.Mapping[str, t.Any],
    farm: t.Any,
    members: t.Iterable[str],
    server: str,
    given: t.Mapping[str, t.Any],
    hostvars: AllHosts,
) -> dict[str, t.Any]:
    """The first thing that is wrong with the installer of a member that is due, named with farm and member.

    Looked at when its turn comes, it would stop a farm that is half upgraded.

    :param plan: the plan of the members that install by themselves. Where it has no rounds, all of them count as due.
    :param server: the licensing server of the farm.
    :param given: the variables that describe an installer as ``server`` sees them. What it does not have of its own is
        the play's, and so its members' too.
    :returns: ``failure``; empty when all are the wanted ones.
    """
    hosts = list(members)
    if plan.get("rounds") is not None:
        servers = [name for each in plan["rounds"] for name in each["servers"]]
        due = set(inventory_hosts_of(servers, hostvars, str(farm)).values())
        hosts = [host for host in hosts if host in due]
    own = HostVariables(hostvars, server).noted
    shared = {name: value for name, value in given.items() if name not in own}
    judged: dict[str, dict[str, t.Any]] = {}
    for host in hosts:
        read = HostVariables(hostvars, host).typed(**{**_DESCRIBED, **shared})
        try:
            described = [read.get(name) for name in _DESCRIBED]
        except RasError as exc:
            return {"failure": exc.as_dict()}
        # Many members may have the same large file.
        key = repr(described)
        if key not in judged:
            judged[key] = installer_check(*described)
        failure = judged[key].get("failure")
        if failure:
            return {"failure": {**failure, "message": f"{quote(farm)}, the member {host}: {failure['message']}"}}
    return {}
