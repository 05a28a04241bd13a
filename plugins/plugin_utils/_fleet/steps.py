# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What is worked out of the variables of hosts, step by step of a run: each step gives plain data.

Passwords are read here, compared here, and are in no result.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.foreign_failures import foreign_failure
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.variable_names import OWN
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.preflight import preflight
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.table import table
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.waves import assign_waves, pace
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet import templates
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import (
    Hosts,
    HostVariables,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import DEFAULTS
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.members import (
    hosts_of_farms,
    member_problems,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.outcomes import outcomes
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.seen import refused_host
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.targets import hooks_of, targets_of
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import (
    confirmation_problems,
    due_hosts,
    farm_name,
    fleet_problems,
    refused_farm,
    slicing_problems,
)

_WAVES_REMEDY: t.Final = "Correct ras_waves and run again. No farm was changed."

Options = t.Mapping[str, t.Any]
Data = dict[str, t.Any]


@dataclass(frozen=True)
class Look:
    """What a step looks at.

    :param hosts: all hosts, with their own variables.
    :param seen: the variables that the task sees, of its host.
    :param omit: what is in the place of a value that is left out.
    :param check_mode: whether the run is in check mode.
    """

    hosts: Hosts
    seen: HostVariables
    omit: t.Any = None
    check_mode: bool = False

    @property
    def own(self) -> HostVariables:
        """The variables of the task's host."""
        return self.hosts[self.seen.host]


def _begin(look: Look, options: Options) -> Data:
    found = []
    for host in options["hosts"]:
        names = templates.evaluated_secrets(host, look.hosts.templates)
        if names:
            failure = templates.refusal(host, names)
            found.append(f"{failure.message} {failure.remedy}")
    return {"refused": found}


def _variables(look: Look, options: Options) -> Data:
    """Refuses a host; where the run goes on, that is no failure of the task."""
    problem = refused_host(look.own, look.seen, look.omit)
    if problem and not options["goes_on"]:
        raise problem
    return {"refused_for": problem.as_dict()} if problem else {}


def _member(look: Look, options: Options) -> Data:
    farm = farm_name(look.seen)
    return {"plays": any(farm_name(look.hosts[host]) == farm for host in options["hosts"])}


def _hosts(look: Look, options: Options) -> Data:
    found = hosts_of_farms(dict.fromkeys(options["hosts"]), options["members"], look.hosts)
    return {
        "members": {server: farm.installing for server, farm in found.items()},
        "hosts": {server: farm.all for server, farm in found.items()},
    }


def _targets(look: Look, options: Options) -> Data:
    server, seen = look.own, look.seen
    targets = targets_of(options["hosts"], look.hosts, server, seen, options["reached"])
    files, differing = hooks_of(options["members"], look.hosts, server, seen)
    return {"targets": targets, "hooks": files, "differing": differing}


def _check(look: Look, options: Options) -> Data:
    """All problems, first that the run is a slice, then the confirmation's."""
    servers = list(dict.fromkeys(options["hosts"]))
    confirmed = look.seen.get("ras_confirm_deactivate") if options["confirm_hosts"] else None
    problems = [
        *slicing_problems(servers, look.hosts),
        *confirmation_problems(options["confirm_hosts"], look.hosts, confirmed),
        *fleet_problems(servers, look.hosts),
        *member_problems(options["members"], servers, look.hosts, look.seen.get(OWN, ())),
    ]
    return {"problems": problems}


def _preflight(look: Look, _options: Options) -> Data:
    noted = look.seen.noted
    summed_up = preflight(
        noted.get("__ras_plan_result") or {},
        farm_name(look.seen),
        str(noted.get("ras_account_email") or ""),
        [*_problems_of(look.seen.host, noted.get("__ras_fleet_checked") or {}), *_hook_problem(noted)],
        noted.get("ras_upgrade_plan") or {},
        noted.get("__ras_agents_plan") or {},
        noted.get("__ras_members_due") or {},
        bool(noted.get("ras_account_password")),
    )
    return {"preflight": summed_up}


def _problems_of(host: str, checked: t.Mapping[str, t.Any]) -> list[t.Mapping[str, t.Any]]:
    """The failures of the fleet that concern a host. Where it could not be checked, that is one of every host."""
    if "problems" in checked:
        return [problem for problem in checked["problems"] if host in problem["hosts"]]
    said = checked.get("msg", "no message")
    return [checked.get("failure") or foreign_failure(said, "The fleet as a whole could not be checked")]


def _hook_problem(noted: t.Mapping[str, t.Any]) -> list[t.Mapping[str, t.Any]]:
    failure = (noted.get("__ras_hooks_checked") or {}).get("failure")
    return [failure] if failure else []


def _refused(look: Look, options: Options) -> Data:
    return {"preflight": refused_farm(options["result"], look.own)}


def _waves(look: Look, options: Options) -> Data:
    """What cannot be understood is one sentence, and no failure: the run goes on to its table."""
    try:
        sizes = look.seen.get("ras_waves", DEFAULTS["ras_waves"])
        numbers = assign_waves(
            due_hosts(options["hosts"], look.hosts), sizes if isinstance(sizes, (list, tuple)) else [sizes]
        )
    except ValueError as exc:
        return {"waves": _no_waves(RasError("invalid_option", str(exc), remedy=_WAVES_REMEDY))}
    except RasError as exc:
        return {"waves": _no_waves(exc)}
    found: list[list[str]] = [[] for _number in range(max(numbers.values(), default=0))]
    for host, number in numbers.items():
        found[number - 1].append(host)
    return {"waves": {"hosts": found, "pace": pace([len(each) for each in found], options["forks"]), "failure": None}}


def _no_waves(failure: RasError) -> Data:
    return {"hosts": [], "pace": "", "failure": failure.as_dict()}


def _outcomes(look: Look, options: Options) -> Data:
    rows = outcomes(options["hosts"], look.hosts, look.check_mode, options["planned"])
    return {"outcomes": rows, "table": table(rows)}


STEPS: t.Final[t.Mapping[str, t.Callable[[Look, Options], Data]]] = {
    "begin": _begin,
    "variables": _variables,
    "member": _member,
    "hosts": _hosts,
    "targets": _targets,
    "check": _check,
    "preflight": _preflight,
    "refused": _refused,
    "waves": _waves,
    "outcomes": _outcomes,
}
