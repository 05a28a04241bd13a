# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the farm_info module: see its documentation."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import read_agents
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import farm_info_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import missing_after
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import api_host, FarmAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.placement import place


class ActionModule(FarmAction):
    """Read the identity of one farm."""

    SPEC = farm_info_spec()

    def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
        """Log on, read sites, brokers and version, log off."""
        farm = backend.open()
        sites, brokers = backend.sites(), backend.brokers()
        if farm.is_licensing_server is None:
            farm = place(farm, sites, brokers, api_host(options))
        seen: dict[str, t.Any] = {
            "farm": farm.as_dict(),
            "sites": None if sites is None else [dataclasses.asdict(site) for site in sites],
            "brokers": None if brokers is None else [dataclasses.asdict(broker) for broker in brokers],
            "service_version": backend.service_version(),
        }
        if options["expected_version"]:
            seen["missing"] = missing_after(seen, options["expected_version"])
        if options["agents"]:
            seen["agents"] = _agents(backend, sites, farm.connected_server)
        return seen


def _agents(backend: Backend, sites: t.Sequence[Site] | None, connected: str | None) -> list[dict[str, t.Any]] | None:
    """The machines; None where the farm does not report them, which is no failure of what was read before."""
    try:
        rows = read_agents(backend.agents(sites), "winrm" if backend.name == "winrm" else "rest", connected)
    except RasError:
        return None
    return [agent.as_dict() for agent in rows if agent.is_machine]
