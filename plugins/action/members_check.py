# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the members_check module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import members_check_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.targets import members_wrong


class ActionModule(RasAction):
    """Find out whether a run may upgrade members of a farm."""

    SPEC = members_check_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Their own variables come first."""
        hosts = options["hosts"]
        hostvars = (self._task_vars or {})["hostvars"]
        wrong = members_wrong(hosts, options["server"], {}, hostvars, options["in_run"])
        return {"hosts": hosts, **({"failure": wrong} if wrong else {})}
