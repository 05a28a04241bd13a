# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the agents_info module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import read_agents
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.findings import (
    distinct_versions,
    judge_agents,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import agents_info_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import parse_version
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import FarmAction


class ActionModule(FarmAction):
    """Read the agents of one farm."""

    SPEC = agents_info_spec()

    def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
        """Log on, read, log off."""
        wanted = options["version"]
        if wanted is not None and parse_version(wanted) is None:
            raise RasError(
                "invalid_option", f"version cannot be compared: expected one such as 20.2.26050, observed '{wanted}'."
            )
        farm = backend.open()
        rows = read_agents(backend.agents(), "winrm" if backend.name == "winrm" else "rest", farm.connected_server)
        machines = [agent for agent in rows if agent.is_machine]
        return {
            "farm": farm.as_dict(),
            "agents": [agent.as_dict() for agent in machines],
            "logical": [agent.as_dict() for agent in rows if not agent.is_machine],
            "versions": distinct_versions(machines),
            "findings": judge_agents(machines, wanted),
        }
