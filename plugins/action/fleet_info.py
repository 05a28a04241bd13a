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
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import check_ranges, Range
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.variable_names import OWN
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

_RANGES: t.Final = {
    "workers": Range(1, 256),
    "farm_timeout": Range(1, 3600, "seconds"),
    "total_timeout": Range(1, 86400, "seconds"),
    "expiry_warning_days": Range(0, 3650, "days"),
}


class ActionModule(RasAction):
    """Look at many farms at once."""

    SPEC = fleet_info_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Read the hosts' variables one by one, because templating is not thread-safe; then the farms together."""
        check_ranges(options, _RANGES)
        targets = self._targets(options)
        scanned_at = dt.datetime.now(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        settings = Settings(
            folder=run_folder(),
            today=today(),
            workers=options["workers"],
            farm_timeout=options["farm_timeout"],
            total_timeout=options["total_timeout"],
            agents=options["agents"],
            warning_days=options["expiry_warning_days"],
        )
        farms = scan(targets, settings, scrubber)
        states = [farm["state"] for farm in farms]
        return {
            "farms": farms,
            "states": {state: states.count(state) for state in STATES},
            "scanned_at": scanned_at,
            "expiry_warning_days": options["expiry_warning_days"],
        }

    def _targets(self, options: Options) -> list[Target]:
        hosts = list(dict.fromkeys(options["hosts"]))
        if not hosts:
            raise RasError("invalid_option", "hosts is empty: expected at least one inventory host to look at.")
        hostvars = (self._task_vars or {}).get("hostvars", {})
        unknown = [host for host in hosts if host not in hostvars]
        if unknown:
            shown = ", ".join(unknown[:5])
            raise RasError("invalid_option", f"hosts names hosts that the inventory does not have: observed {shown}.")
        played, own = self._of_the_play(hostvars)
        targets = []
        for host in hosts:
            variables = HostVariables(hostvars, host)
            refused = unknown_refusal(variables, played, own)
            targets.append(read_target(host, variables, options["timeout"], os.environ, refused))
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
