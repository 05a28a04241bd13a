# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read what the role noted about each host out of ``hostvars``, for the filters that look at a fleet as a whole."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import goes_by, means_itself
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.checks import (
    check_confirmation,
    check_fleet,
    check_slicing,
    CheckedFarm,
    Problem,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.confirmation import argument_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.hooks import unfinished_hook
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.notes import notes_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.preflight import preflight
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.rollout import (
    agents_of,
    tolerated,
    versions_of,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.table import (
    failure_shown,
    GOOD,
    last_words,
    outcome,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.command import next_command
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import (
    AllHosts,
    HostVariables,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import name_problem, unusable

_MANAGED: t.Final = {"ras_managed": True}
_UNENDED: t.Final = "The farm started and did not come to the end of its wave."


def farm_name(hostvars: AllHosts, host: str) -> str:
    """``ras_farm``, else the name of the host: also where it is no name, and so the farm is refused."""
    return given_name(hostvars, host) or host


def given_name(hostvars: AllHosts, host: str) -> str | None:
    """``ras_farm``; None where it is not set, or is no name."""
    with contextlib.suppress(RasError):
        return HostVariables(hostvars, host).typed().name("ras_farm")
    return None


def is_managed(hostvars: AllHosts, host: str) -> bool:
    """``ras_managed``, true when not set.

    :raises RasError: ``invalid_option`` when it is no boolean or cannot be worked out.
    """
    return HostVariables(hostvars, host).typed(**_MANAGED).flag("ras_managed")


def _latest(values: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
    """The newest result of the license module on a host that holds a license."""
    for name in ("ras_license_result", "__ras_plan_result"):
        result = values.get(name)
        if result and "license" in result:
            return t.cast("t.Mapping[str, t.Any]", result)
    return {}


def fleet_problems(hosts: t.Iterable[str], hostvars: AllHosts) -> list[dict[str, t.Any]]:
    """The problems of a fleet: see check_fleet. A host whose variables cannot be compared is a problem of its own."""
    farms: list[CheckedFarm] = []
    unreadable: list[Problem] = []
    for host in hosts:
        try:
            farm = _checked_farm(HostVariables(hostvars, host))
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
    seen = _latest(variables.noted)
    license_ = seen.get("license") or {}
    return CheckedFarm(
        host=variables.host,
        farm=read.name("ras_farm") or variables.host,
        organization=read.name("ras_organization") or "default",
        email=read.exact("ras_account_email"),
        password=read.exact("ras_account_password"),
        key=read.exact("ras_license_key"),
        guid=_given((seen.get("farm") or {}).get("guid")),
        key_shown=_given(license_.get("key")),
        type_name=_given(license_.get("type")),
    )


def confirmation_problems(hosts: t.Iterable[str], hostvars: AllHosts, confirmed: t.Any) -> list[dict[str, t.Any]]:
    """That the farms to deactivate were not named exactly, for all managed hosts of the run."""
    managed: list[str] = []
    names: list[str] = []
    for host in hosts:
        read = HostVariables(hostvars, host).typed(**_MANAGED)
        try:
            if not read.flag("ras_managed"):
                continue
            names.append(read.name("ras_farm") or host)
        except RasError:  # refused, and so not deactivated; it may be named all the same
            pass
        managed.append(host)
    refused = check_confirmation(names, confirmed, len(managed) - len(names)) if managed else None
    return [{**refused.as_dict(), "hosts": managed}] if refused else []


def slicing_problems(hosts: t.Iterable[str], hostvars: AllHosts) -> list[dict[str, t.Any]]:
    """That the run is a slice, for the managed hosts that do not allow it (``ras_allow_slicing``)."""
    found: dict[str, dict[str, t.Any]] = {}
    for host in hosts:
        variables = HostVariables(hostvars, host)
        read = variables.typed(**_MANAGED, ras_allow_slicing=False)
        try:
            refused = check_slicing(variables) if read.flag("ras_managed") else None
            refused = None if refused and read.flag("ras_allow_slicing") else refused
        except RasError as exc:
            refused = exc
        if refused:
            found.setdefault(refused.message, {**refused.as_dict(), "hosts": []})["hosts"].append(host)
    return list(found.values())


def outcomes(
    hosts: t.Iterable[str], hostvars: AllHosts, check_mode: bool = False, planned: t.Container[str] | None = None
) -> list[dict[str, t.Any]]:
    """The state of each farm now: the record of outcome, with ``host`` and what its license looks like.

    :param planned: given when all waves are over, the hosts that this run has planned. What is noted on others is from
        an earlier playbook.
    """
    rows = []
    for host in hosts:
        variables = HostVariables(hostvars, host)
        values = variables.noted if planned is None or host in planned else {}
        seen = _latest(values)
        gate, left = (values.get(name) or {} for name in ("__ras_wave_gate", "__ras_wave_left"))
        row = outcome(
            farm_name(hostvars, host),
            values.get("ras_preflight") or None,
            _ending(values, check_mode),
            gate.get("stop"),
            check_mode,
            values.get("__ras_waves_failure") or None,
        )
        lost = unusable(variables) if not values.get("ras_preflight") and row["code"] else None
        if lost is not None:
            # Every task of the host failed, the one that should have said why among them.
            row.update(failure_shown(lost.as_dict()), state="refused")
        _add_upgrade(row, host, values, check_mode)
        is_unended = planned is not None and gate.get("stop") == "" and not left
        broken = left.get("problem") or (_UNENDED if is_unended else None)
        if broken and row["state"] in GOOD:
            # The change itself went well; what came after it did not.
            row.update(state="failed", code="not_confirmed", message=str(broken), remedy=REMEDIES["not_confirmed"])
        row.update(
            host=host,
            license=seen.get("license"),
            account_match=seen.get("account_match"),
            account_evidence=seen.get("account_evidence"),
            reason=_given(values.get("ras_unmanaged_reason")) if row["state"] == "unmanaged" else None,
            notes=_notes(seen, values),
        )
        if row["code"]:
            row["next"] = next_command(host, argument_of(row["remedy"]))
            row["last_words"] = last_words(row)
        rows.append(row)
    return rows


def _notes(seen: t.Mapping[str, t.Any], values: t.Mapping[str, t.Any]) -> list[str]:
    """What is said of a farm under the table. A plan from before an installation says nothing of the time after it."""
    installed = (values.get("ras_upgrade_result") or {}).get("changed")
    agents = values.get("ras_agents_result") or values.get("__ras_agents_plan") or {}
    return notes_of(seen, agents, {} if installed else values.get("ras_upgrade_plan") or {})


def _ending(values: t.Mapping[str, t.Any], check_mode: bool) -> t.Mapping[str, t.Any] | None:
    """How the change of the license ended; None where it was not tried.

    In check mode the upgrade that makes a farm report its license did not happen: that it reports none is then not a
    failure.
    """
    result: t.Mapping[str, t.Any] | None = values.get("ras_license_result") or None
    if check_mode and result and tolerated(result.get("failure"), values.get("ras_upgrade_plan") or {}):
        return {"changed": False}
    return result


def failure_of(host: str, values: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any] | None:
    """What stopped a host, as far as the role could note it."""
    unfinished = unfinished_hook(host, values)
    return unfinished.as_dict() if unfinished else values.get("ras_failure") or None


def _add_upgrade(row: dict[str, t.Any], host: str, values: t.Mapping[str, t.Any], check_mode: bool) -> None:
    """What the upgrade of the farm's hosts adds to its record."""
    failure = failure_of(host, values)
    if failure:
        row.update(failure_shown(failure), state="failed")
    done = [values.get(name) or {} for name in ("ras_upgrade_result", "ras_agents_result")]
    announced = check_mode and (values.get("ras_upgrade_plan") or {}).get("needed")
    if any(each.get("changed") for each in done) or announced:
        row["changed"] = True
        if row["state"] == "ok":
            row["state"] = "due" if check_mode else "changed"
    if values.get("ras_upgrade_plan"):
        before = ((values.get("__ras_plan_result") or {}).get("license") or {}).get("account") or {}
        started, ended = ((values.get(name) or {}).get("at") for name in ("__ras_wave_gate", "__ras_wave_left"))
        row.update(
            versions=list(versions_of(values, check_mode)),
            agents=agents_of(values),
            account_before=before.get("email"),
            backup=(values.get("ras_backup_result") or {}).get("file"),
            seconds=round(float(ended) - float(started)) if started and ended else None,
        )


def inventory_hosts_of(servers: t.Iterable[t.Any], hostvars: AllHosts, farm: str) -> dict[str, str]:
    """The inventory hosts of a farm by the names or addresses by which the farm knows them.

    A farm's ``localhost`` is none of them, whatever the inventory calls its hosts: here it would be the controller.

    :returns: server -> inventory host, in the given order; a server without a host is left out.
    """
    known = {
        host: addresses_of(HostVariables(hostvars, host)) for host in hostvars if farm_name(hostvars, host) == farm
    }
    found = {}
    for server in servers:
        for host, names in known.items() if not means_itself(str(server)) else ():
            if any(goes_by(name, str(server)) for name in names):
                found[str(server)] = host
                break
    return found


def due_hosts(hosts: t.Iterable[str], hostvars: AllHosts) -> list[str]:
    """The licensing servers whose farms need a change and may be changed, in the given order.

    :param hosts: those that were planned.
    """
    plans = ((host, HostVariables(hostvars, host).noted.get("ras_preflight") or {}) for host in hosts)
    return [host for host, plan in plans if plan.get("state") == "due"]


def addresses_of(variables: HostVariables) -> set[str]:
    """What an inventory host is called; without an address that cannot be worked out."""
    return {variables.host, str(variables.noted.get("ansible_host") or variables.host)}


def refused_farm(result: t.Mapping[str, t.Any], host: str, hostvars: AllHosts) -> dict[str, t.Any]:
    """The preflight of a farm that could not be planned.

    :param result: of the task that failed.
    """
    variables = HostVariables(hostvars, host)
    problem = name_problem(variables) or unusable(variables)
    email = variables.noted.get("ras_account_email")
    plan = {"refused": problem.as_dict()} if problem else result
    return preflight(plan, farm_name(hostvars, host), str(email) if email else None)


def _given(value: t.Any) -> str | None:
    """What a variable holds, exactly: it may be a password or a key. None when it is not set or empty."""
    return str(value) if value not in (None, "") else None
