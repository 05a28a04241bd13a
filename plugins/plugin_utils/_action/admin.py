# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The base of the actions that need RASAdmin on the host of the task."""

from __future__ import annotations

import abc
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import FarmAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.admin import RasAdmin


class AdminAction(FarmAction):
    """The base of the actions that need RASAdmin: subclasses give a spec and :meth:`administer`."""

    @abc.abstractmethod
    def administer(self, admin: RasAdmin, options: Options) -> dict[str, t.Any]:
        """Do the module's work with RASAdmin on the host, not opened yet: see :meth:`RasAction.perform`."""

    winrm_backend = RasAdmin

    def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
        """Pass the back end on with its real type."""
        return self.administer(t.cast("RasAdmin", backend), options)

    def _backend(self, options: Options, scrubber: Scrubber) -> Backend:
        if options["backend"] == "rest":
            raise RasError("invalid_option", "backend=rest cannot do this: expected auto or winrm (RASAdmin).")
        return self._winrm(options)
