# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the farm_failure module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import farm_failure_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_words import in_role_words
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.failure import failure_of_hosts
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction


class ActionModule(RasAction):
    """Find what stopped a farm, and say it in the words of the role."""

    SPEC = farm_failure_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """What is given first, then the hosts'."""
        found = options["failure"] or failure_of_hosts(
            options["results"], options["hosts"], options["server"], options["is_planned"]
        )
        # As data: the role notes it before it fails.
        return {"stopped_by": in_role_words(found) if found else {}}
