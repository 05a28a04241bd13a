# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the agent_upgrade module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import agent_upgrade_spec
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.admin import AdminAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.flow import AgentFlow, check_options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.admin import RasAdmin


class ActionModule(AdminAction):
    """Bring the agents of one farm to its version."""

    SPEC = agent_upgrade_spec()

    def administer(self, admin: RasAdmin, options: Options) -> dict[str, t.Any]:
        """observe -> plan -> apply -> observe."""
        check_options(options)
        return AgentFlow(admin, options).run(self._task.check_mode)
