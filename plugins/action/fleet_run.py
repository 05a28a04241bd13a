# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the fleet_run module: see its documentation."""

from __future__ import annotations

import functools
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import fleet_run_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.hidden import hideable, secrets_of
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import Hosts
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.seen import seen_variables
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.steps import Look, STEPS


class ActionModule(RasAction):
    """Work out what concerns a run, out of the variables of its hosts."""

    SPEC = fleet_run_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """The one step."""
        raw = self._task_vars or {}
        hosts = self._hosts
        work_out = functools.partial(self._templar.template, fail_on_undefined=False)
        if options["step"] == "check":
            for secret in hideable(secrets_of(hosts[host] for host in (*options["hosts"], *options["members"])), hosts):
                scrubber.add(secret)
        look = Look(hosts, seen_variables(raw, work_out), raw.get("omit"), bool(self._task.check_mode))
        return STEPS[options["step"]](look, options)

    @functools.cached_property
    def _hosts(self) -> Hosts:
        return Hosts((self._task_vars or {}).get("hostvars", {}))

    def _secrets_of_the_run(self) -> list[str]:
        """None where it is found out which of them would be evaluated: until then, none of them is."""
        if self._task.args.get("step") == "begin":
            return []
        return hideable(super()._secrets_of_the_run(), self._hosts)
