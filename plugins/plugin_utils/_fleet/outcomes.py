# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""How each farm of a run ended, out of what the role noted on its licensing server."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
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
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import (
    Hosts,
    HostVariables,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import unusable
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import (
    farm_name,
    given_exactly,
    latest_result,
)

_UNENDED: t.Final = "The farm started and did not come to the end of its wave."


def outcomes(
    servers: t.Iterable[str], hosts: Hosts, check_mode: bool = False, planned: t.Iterable[str] | None = None
) -> list[dict[str, t.Any]]:
    """The state of each farm now: the record of outcome, with ``host`` and what its license looks like.

    :param planned: given when all waves are over, the hosts that this run has planned. What is noted on others is from
        an earlier playbook.
    """
    believed = None if planned is None else frozenset(planned)
    rows = []
    for host in servers:
        try:
            row = _row(hosts[host], check_mode, believed)
        except Exception as exc:  # whatever is noted on one host: the others have their rows
            failure = RasError("internal_error", f"How the farm ended could not be worked out: {type(exc).__name__}.")
            row = {**_nothing_seen(host, farm_name(hosts[host])), **failure_shown(failure.as_dict())}
        if row["code"]:
            row["next"] = next_command(host, argument_of(row["remedy"]))
            row["last_words"] = last_words(row)
        rows.append(row)
    return rows


def _nothing_seen(host: str, farm: str) -> dict[str, t.Any]:
    """The record of a farm of which nothing can be said."""
    return {
        "farm": farm,
        "host": host,
        "state": "failed",
        "changed": False,
        "license": None,
        "account_match": None,
        "account_evidence": None,
        "reason": None,
        "notes": [],
    }


def _row(variables: HostVariables, check_mode: bool, believed: frozenset[str] | None) -> dict[str, t.Any]:
    host = variables.host
    values = variables.noted if believed is None or host in believed else {}
    seen = latest_result(values)
    gate, left = (values.get(name) or {} for name in ("__ras_wave_gate", "__ras_wave_left"))
    row = outcome(
        farm_name(variables),
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
    is_unended = believed is not None and gate.get("stop") == "" and not left
    broken = left.get("problem") or (_UNENDED if is_unended else None)
    if broken and row["state"] in GOOD:
        # The change itself went well; what came after it did not.
        row.update(state="failed", code="not_confirmed", message=str(broken), remedy=REMEDIES["not_confirmed"])
    row.update(
        host=host,
        license=seen.get("license"),
        account_match=seen.get("account_match"),
        account_evidence=seen.get("account_evidence"),
        reason=given_exactly(values.get("ras_unmanaged_reason")) if row["state"] == "unmanaged" else None,
        notes=_notes(seen, values),
    )
    return row


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
