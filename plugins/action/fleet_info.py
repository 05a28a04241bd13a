# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the fleet_info module: see its documentation."""

from __future__ import annotations

import datetime as dt
import os
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import fleet_info_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import check_ranges, DAYS_RANGE, Range
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.variable_names import OWN
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import SCAN_FORMAT, VERSION
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import STATES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import read_target, Target
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import (
    Options,
    RasAction,
    run_folder,
    today,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.scan import scan, Settings
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import HostVariables
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import unknown_refusal
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.run_options import (
    options_of_the_run,
    RUN_OPTIONS,
    run_problem,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.values import host_refusal, wrong_value

# What a drift check takes from each farm, and a play may set for all.
_OF_EACH_FARM: t.Final = {"ras_expiry_warning_days"}
_RANGES: t.Final = {
    "workers": Range(1, 256),
    "farm_timeout": Range(1, 3600, "seconds"),
    "total_timeout": Range(1, 86400, "seconds"),
    "expiry_warning_days": DAYS_RANGE,
}


class ActionModule(RasAction):
    """Look at many farms at once."""

    SPEC = fleet_info_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Read the hosts' variables one by one, because templating is not thread-safe; then the farms together."""
        check_ranges(options, _RANGES)
        if options["options_only"]:
            return {"options": self._options_of_the_run(options, scrubber)}
        targets = self._targets(options)
        scanned_at = dt.datetime.now(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        settings = Settings(
            folder=run_folder(),
            today=today(),
            workers=options["workers"],
            farm_timeout=options["farm_timeout"],
            total_timeout=options["total_timeout"],
            agents=options["agents"],
        )
        farms = scan(targets, settings, scrubber)
        states = [farm["state"] for farm in farms]
        return {
            "format": SCAN_FORMAT,
            "version": VERSION,
            "farms": farms,
            "states": {state: states.count(state) for state in STATES},
            "scanned_at": scanned_at,
        }

    def _options_of_the_run(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        hostvars = self._hostvars()
        hosts = [HostVariables(hostvars, host) for host in self._hosts(options)]
        played, _own = self._of_the_play(hostvars)
        said = {name: self._said_by_the_play(name) for name in sorted(played & set(RUN_OPTIONS))}
        try:
            return options_of_the_run(hosts, said)
        except RasError:
            # The refusal shows values, and one may hold a secret of some host.
            for secret in {secret for target in self._targets(options) for secret in target.secrets}:
                scrubber.add(secret)
            raise

    def _said_by_the_play(self, name: str) -> t.Any:
        try:
            return self._templar.template((self._task_vars or {})[name])
        except Exception as exc:  # templating fails in many ways, and differs between releases
            raise RasError(
                "invalid_option",
                f"The variable {name} of the play cannot be worked out ({type(exc).__name__}).",
                remedy="Correct what it refers to, or set it in group_vars/all. Nothing was sent.",
            ) from None

    def _hostvars(self) -> t.Any:
        return (self._task_vars or {}).get("hostvars", {})

    def _hosts(self, options: Options) -> list[str]:
        hosts = list(dict.fromkeys(options["hosts"]))
        if not hosts:
            raise RasError("invalid_option", "hosts is empty: expected at least one inventory host to look at.")
        hostvars = self._hostvars()
        unknown = [host for host in hosts if host not in hostvars]
        if unknown:
            shown = ", ".join(unknown[:5])
            raise RasError("invalid_option", f"hosts names hosts that the inventory does not have: observed {shown}.")
        return hosts

    def _targets(self, options: Options) -> list[Target]:
        hostvars = self._hostvars()
        given = {
            f"ras_{name}": options[name] for name in ("timeout", "expiry_warning_days") if options[name] is not None
        }
        played, own = self._of_the_play(hostvars)
        said = {name: self._said_by_the_play(name) for name in sorted(played & _OF_EACH_FARM) if name not in given}
        targets = []
        for host in self._hosts(options):
            variables = HostVariables(hostvars, host)
            # What the play says counts where a host says nothing.
            instead = {**given, **{name: value for name, value in said.items() if name not in variables.noted}}
            refused = unknown_refusal(variables, played, own) or host_refusal(variables) or run_problem(variables)
            refused = refused or wrong_value(host, {name: instead[name] for name in said if name in instead})
            targets.append(read_target(host, variables, instead, os.environ, refused))
        return targets

    def _of_the_play(self, hostvars: t.Mapping[str, t.Any]) -> tuple[set[str], t.Any]:
        """The names of the variables that are not this host's but the play's, and what it says of its own ones."""
        task_vars = self._task_vars or {}
        played = {str(name) for name in task_vars}
        if task_vars.get("inventory_hostname") in hostvars:
            played -= set(HostVariables(hostvars, task_vars["inventory_hostname"]).noted)
        return played, self._templar.template(task_vars[OWN]) if OWN in played else ()

    def _outcome(self, scrubber: Scrubber) -> dict[str, t.Any]:
        outcome = super()._outcome(scrubber)
        outcome.pop("findings")  # each farm has its own
        return outcome
