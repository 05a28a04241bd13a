# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the private_folder module: see its documentation."""

from __future__ import annotations

import ntpath
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import private_folder_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.private_folder import local_path
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.folders import require_private_folder


class ActionModule(RasAction):
    """Make a folder on one RAS host that only administrators and SYSTEM may use."""

    SPEC = private_folder_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """One script; what it says is judged here."""
        folder = local_path(options["path"], "path")
        for name in options["files"]:
            if ntpath.split(local_path(ntpath.join(folder, name), "files")) != (folder, name):
                raise RasError(
                    "invalid_option", f"files: expected names of files in {folder}, observed '{quote(name)}'."
                )
        made = require_private_folder(self.powershell(), folder, options["files"], create=True)
        return {"changed": made, "path": folder}
