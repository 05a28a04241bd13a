# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The options that concern a drift check as a whole, out of the variables of its hosts: each is one, or it is refused.

Ansible would work them out at the first host alone: what it says would count for all, and where it cannot be worked out
there, the run would end. Here that is the failure of the one host, and the others say what counts.
"""

from __future__ import annotations

import json
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import HostVariables
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import DEFAULTS
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.values import wrong_value

RUN_OPTIONS: t.Final = {name: value for name, value in DEFAULTS.items() if name.startswith("ras_drift_")}
_SHOWN: t.Final = 3
_REMEDY: t.Final = (
    "Set it once for all hosts (in group_vars/all, or with -e); what depends on the host or on the time of day is not "
    "one value. Nothing was sent."
)


def run_problem(variables: HostVariables) -> RasError | None:
    """Why a host is refused for an option of the run; None when all can be worked out there."""
    try:
        for name in RUN_OPTIONS:
            variables.get(name)
    except RasError as exc:
        return exc
    return None


def options_of_the_run(hosts: t.Sequence[HostVariables], played: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The value of each option, which is that of all hosts at which it can be worked out.

    :param played: what the play says, for hosts that do not set it.
    :raises RasError: ``invalid_option`` where hosts differ, where an option can be worked out at none, or has a value
        that it cannot have.
    """
    options = {name: _one(name, hosts, played.get(name, default)) for name, default in RUN_OPTIONS.items()}
    problem = wrong_value(hosts[0].host, options)
    if problem:
        raise problem
    return options


def _one(name: str, hosts: t.Sequence[HostVariables], otherwise: t.Any) -> t.Any:
    found: dict[str, tuple[t.Any, list[str]]] = {}
    failures: list[RasError] = []
    for variables in hosts:
        try:
            value = variables.get(name, otherwise)
        except RasError as exc:
            failures.append(exc)
        else:
            found.setdefault(_plain(value), (value, []))[1].append(variables.host)
    if not found:
        raise RasError(
            "invalid_option",
            f"{name} concerns the whole run and cannot be worked out at any of its hosts: {failures[0].message}",
            remedy=failures[0].remedy,
        )
    if len(found) > 1:
        seen = [f"{quote(text)} at {_named(at)}" for text, (_value, at) in found.items()]
        more = f", and {len(seen) - _SHOWN} more values" if len(seen) > _SHOWN else ""
        raise RasError(
            "invalid_option",
            f"{name} concerns the whole run: expected one value at all hosts, observed "
            f"{', '.join(seen[:_SHOWN])}{more}.",
            remedy=_REMEDY,
        )
    return next(iter(found.values()))[0]


def _named(hosts: t.Sequence[str]) -> str:
    return " and ".join(hosts[:_SHOWN]) + (f" and {len(hosts) - _SHOWN} more" if len(hosts) > _SHOWN else "")


def _plain(value: t.Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
