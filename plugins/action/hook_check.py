# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the hook_check module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import hook_check_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.hook_files import HookFiles


class ActionModule(RasAction):
    """Load the user's own tasks of one host, and run none of them."""

    SPEC = hook_check_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """All of them, in the given order."""
        own = options["member_variables"]
        hooks = HookFiles(self._loader, self._task.get_variable_manager(), self._templar.template, own)
        mine, members = (dict.fromkeys(name for name in options[key] if name) for key in ("files", "member_files"))
        return {"files": [*(hooks.check(name) for name in mine), *(hooks.check(name, True) for name in members)]}
