# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the license module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, run_folder, today
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import api_host, FarmAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.gate import AccountGate
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._license_flow import LicenseFlow


class ActionModule(FarmAction):
    """Bring the license of one farm to the wanted state."""

    SPEC = license_spec()

    def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
        """observe -> plan -> apply -> verify."""
        gate = AccountGate(run_folder())
        return LicenseFlow(backend, options, gate, api_host(options), today()).run(self._task.check_mode)
