# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read what the role noted about each host out of its variables, for a look at a fleet as a whole."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.checks import (
    check_confirmation,
    check_fleet,
    check_slicing,
    CheckedFarm,
    Problem,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.preflight import preflight
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import (
    Hosts,
    HostVariables,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import name_problem, unusable

_MANAGED: t.Final = {"ras_managed": True}


def farm_name(variables: HostVariables) -> str:
    """``ras_farm``, else the name of the host: also where it is no name, and so the farm is refused."""
    return given_name(variables) or variables.host


def given_name(variables: HostVariables) -> str | None:
    """``ras_farm``; None where it is not set, or is no name."""
    with contextlib.suppress(RasError):
        return variables.typed().name("ras_farm")
    return None


def is_managed(variables: HostVariables) -> bool:
    """``ras_managed``, true when not set.

    :raises RasError: ``invalid_option`` when it is no boolean or cannot be worked out.
    """
    return variables.typed(**_MANAGED).flag("ras_managed")


def latest_result(values: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
    """The newest result of the license module on a host that holds a license."""
    for name in ("ras_license_result", "__ras_plan_result"):
        result = values.get(name)
        if result and "license" in result:
            return t.cast("t.Mapping[str, t.Any]", result)
    return {}


def fleet_problems(servers: t.Iterable[str], hosts: Hosts) -> list[dict[str, t.Any]]:
    """The problems of a fleet: see check_fleet. A host whose variables cannot be compared is a problem of its own."""
    farms: list[CheckedFarm] = []
    unreadable: list[Problem] = []
    for host in servers:
        try:
            farm = _checked_farm(hosts[host])
        except RasError as exc:
            unreadable.append(Problem(exc, (host,)))
        else:
            farms += [farm] if farm else []
    return [problem.as_dict() for problem in (*unreadable, *check_fleet(farms))]


def _checked_farm(variables: HostVariables) -> CheckedFarm | None:
    """What farms are compared by; None for one that is not managed."""
    read = variables.typed(**_MANAGED)
    if not read.flag("ras_managed"):
        return None
    seen = latest_result(variables.noted)
    license_ = seen.get("license") or {}
    return CheckedFarm(
        host=variables.host,
        farm=read.name("ras_farm") or variables.host,
        organization=read.name("ras_organization") or "default",
        email=read.exact("ras_account_email"),
        password=read.exact("ras_account_password"),
        key=read.exact("ras_license_key"),
        guid=given_exactly((seen.get("farm") or {}).get("guid")),
        key_shown=given_exactly(license_.get("key")),
        type_name=given_exactly(license_.get("type")),
    )


def confirmation_problems(servers: t.Iterable[str], hosts: Hosts, confirmed: t.Any) -> list[dict[str, t.Any]]:
    """That the farms to deactivate were not named exactly, for all managed hosts of the run."""
    managed: list[str] = []
    names: list[str] = []
    for host in servers:
        read = hosts[host].typed(**_MANAGED)
        try:
            if not read.flag("ras_managed"):
                continue
            names.append(read.name("ras_farm") or host)
        except RasError:  # refused, and so not deactivated; it may be named all the same
            pass
        managed.append(host)
    refused = check_confirmation(names, confirmed, len(managed) - len(names)) if managed else None
    return [{**refused.as_dict(), "hosts": managed}] if refused else []


def slicing_problems(servers: t.Iterable[str], hosts: Hosts) -> list[dict[str, t.Any]]:
    """That the run is a slice, for the managed hosts that do not allow it (``ras_allow_slicing``)."""
    found: dict[str, dict[str, t.Any]] = {}
    for host in servers:
        variables = hosts[host]
        read = variables.typed(**_MANAGED, ras_allow_slicing=False)
        try:
            refused = check_slicing(variables) if read.flag("ras_managed") else None
            refused = None if refused and read.flag("ras_allow_slicing") else refused
        except RasError as exc:
            refused = exc
        if refused:
            found.setdefault(refused.message, {**refused.as_dict(), "hosts": []})["hosts"].append(host)
    return list(found.values())


def due_hosts(planned: t.Iterable[str], hosts: Hosts) -> list[str]:
    """The licensing servers whose farms need a change and may be changed, in the given order.

    :param planned: those that were planned.
    """
    plans = ((host, hosts[host].noted.get("ras_preflight") or {}) for host in planned)
    return [host for host, plan in plans if plan.get("state") == "due"]


def addresses_of(variables: HostVariables) -> set[str]:
    """What an inventory host is called; without an address that cannot be worked out."""
    return {variables.host, str(variables.noted.get("ansible_host") or variables.host)}


def refused_farm(result: t.Mapping[str, t.Any], variables: HostVariables) -> dict[str, t.Any]:
    """The preflight of a farm that could not be planned.

    :param result: of the task that failed.
    """
    problem = name_problem(variables) or unusable(variables)
    email = variables.noted.get("ras_account_email")
    plan = {"refused": problem.as_dict()} if problem else result
    return preflight(plan, farm_name(variables), str(email) if email else None)


def given_exactly(value: t.Any) -> str | None:
    """What a variable holds, exactly: it may be a password or a key. None when it is not set or empty."""
    return str(value) if value not in (None, "") else None
