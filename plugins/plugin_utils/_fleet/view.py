# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read what the role noted about each host out of ``hostvars``, for the filters that look at a fleet as a whole."""

from __future__ import annotations

import typing as t

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import complaint, REMEDY
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import goes_by, means_itself
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.checks import (
    check_fleet,
    check_slicing,
    CheckedFarm,
    Problem,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.confirmation import argument_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.hooks import unfinished_hook
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.notes import notes_of
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

HostVars = t.Mapping[str, t.Mapping[str, t.Any]]

# What farms are compared by.
_TEXTS: t.Final = ("ras_farm", "ras_organization", "ras_account_email", "ras_account_password", "ras_license_key")


def farm_name(hostvars: HostVars, host: str) -> str:
    """``ras_farm``, else the name of the host."""
    return str(hostvars[host].get("ras_farm") or host)


def is_managed(hostvars: HostVars, host: str) -> bool:
    """``ras_managed``, true when not set."""
    return bool(boolean(hostvars[host].get("ras_managed", True)))


def _latest(values: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
    """The newest result of the license module on a host that holds a license."""
    for name in ("ras_license_result", "__ras_plan_result"):
        result = values.get(name)
        if result and "license" in result:
            return t.cast("t.Mapping[str, t.Any]", result)
    return {}


def fleet_problems(hosts: t.Iterable[str], hostvars: HostVars) -> list[dict[str, t.Any]]:
    """The problems of a fleet: see check_fleet. A host whose names or secrets are no texts is not compared."""
    members: list[CheckedFarm] = []
    no_texts: list[Problem] = []
    for host in hosts:
        if not is_managed(hostvars, host):
            continue
        values = hostvars[host]
        texts = {name: values[name] for name in _TEXTS if name in values}
        wrong = next((f"{name} of {host} {said}" for name, said in _complaints(texts)), None)
        if wrong:
            error = RasError("invalid_option", f"The variable {wrong}.", remedy=REMEDY)
            no_texts.append(Problem(error, (host,)))
            continue
        seen = _latest(values)
        license_ = seen.get("license") or {}
        members.append(
            CheckedFarm(
                host=host,
                farm=_given(texts.get("ras_farm")) or host,
                organization=_given(texts.get("ras_organization")) or "default",
                email=_given(texts.get("ras_account_email")),
                password=_given(texts.get("ras_account_password")),
                key=_given(texts.get("ras_license_key")),
                guid=_given((seen.get("farm") or {}).get("guid")),
                key_shown=_given(license_.get("key")),
                type_name=_given(license_.get("type")),
            )
        )
    return [problem.as_dict() for problem in (*no_texts, *check_fleet(members))]


def _complaints(texts: t.Mapping[str, t.Any]) -> t.Iterator[tuple[str, str]]:
    for name, value in texts.items():
        said = complaint(value)
        if said:
            yield name, said


def slicing_problems(hosts: t.Iterable[str], hostvars: HostVars) -> list[dict[str, t.Any]]:
    """That the run is a slice, for the managed hosts that do not allow it (``ras_allow_slicing``)."""
    found: dict[str, dict[str, t.Any]] = {}
    for host in hosts:
        values = hostvars[host]
        refused = check_slicing(values) if is_managed(hostvars, host) else None
        if refused and not boolean(values.get("ras_allow_slicing", False)):
            found.setdefault(refused.message, {**refused.as_dict(), "hosts": []})["hosts"].append(host)
    return list(found.values())


def outcomes(
    hosts: t.Iterable[str], hostvars: HostVars, check_mode: bool = False, planned: t.Container[str] | None = None
) -> list[dict[str, t.Any]]:
    """The state of each farm now: the record of outcome, with ``host`` and what its license looks like.

    :param planned: the hosts that this run has planned. What is noted on others is from an earlier playbook.
    """
    rows = []
    for host in hosts:
        values = hostvars[host] if planned is None or host in planned else {}
        seen = _latest(values)
        row = outcome(
            farm_name(hostvars, host),
            values.get("ras_preflight") or None,
            _ending(values, check_mode),
            values.get("__ras_wave_stopped"),
            check_mode,
            values.get("__ras_waves_failure") or None,
        )
        _add_upgrade(row, host, values, check_mode)
        broken = values.get("__ras_wave_failed")
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
        started, ended = values.get("__ras_wave_started"), values.get("__ras_wave_ended")
        row.update(
            versions=list(versions_of(values, check_mode)),
            agents=agents_of(values),
            account_before=before.get("email"),
            backup=(values.get("ras_backup_result") or {}).get("file"),
            seconds=round(float(ended) - float(started)) if started and ended else None,
        )


def inventory_hosts_of(servers: t.Iterable[t.Any], hostvars: HostVars, farm: str) -> dict[str, str]:
    """The inventory hosts of a farm by the names or addresses by which the farm knows them.

    A farm's ``localhost`` is none of them, whatever the inventory calls its hosts: here it would be the controller.

    :returns: server -> inventory host, in the given order; a server without a host is left out.
    """
    hosts = [host for host in hostvars if str(hostvars[host].get("ras_farm") or host) == farm]
    found = {}
    for server in servers:
        for host in hosts if not means_itself(str(server)) else ():
            names = {host, str(hostvars[host].get("ansible_host") or host)}
            if any(goes_by(name, str(server)) for name in names):
                found[str(server)] = host
                break
    return found


def wave_hosts(
    waves: t.Mapping[str, int], hosts: t.Iterable[str], members: t.Iterable[str], hostvars: HostVars
) -> dict[str, list[str]]:
    """The hosts of each wave, by its number as text, in the given order, licensing servers first.

    :param waves: farm -> its wave.
    :param hosts: the licensing servers that were planned. One that is refused is in no wave, even where another one has
        the name of its farm.
    :param members: those that install by themselves.
    """
    found: dict[str, list[str]] = {}
    plans = {host: hostvars[host].get("ras_preflight") or {} for host in hosts}
    due = {host: str(plan["farm"]) for host, plan in plans.items() if plan.get("state") == "due"}
    farms = {**due, **{host: farm_name(hostvars, host) for host in members}}
    for host, farm in farms.items():
        if farm in waves and farm in due.values():
            found.setdefault(str(waves[farm]), []).append(host)
    return found


def failed_farms(rows: t.Iterable[t.Mapping[str, t.Any]]) -> list[str]:
    """The farms that did not end well."""
    return [row["farm"] for row in rows if row["state"] not in GOOD]


def _given(value: t.Any) -> str | None:
    """What a variable holds, exactly: it may be a password or a key. None when it is not set or empty."""
    return str(value) if value not in (None, "") else None
