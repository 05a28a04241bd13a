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
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.host import describe_signature
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.folders import require_private_folder
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import ScriptFailed, ScriptRunner


class ActionModule(RasAction):
    """Make a folder on one RAS host that only administrators and SYSTEM may use."""

    SPEC = private_folder_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """One script, and one more for the file that is asked about; what they say is judged here."""
        folder = local_path(options["path"], "path")
        asked = options["signature_of"]
        files = list(dict.fromkeys([*options["files"], *([asked] if asked else [])]))
        for name in files:
            if ntpath.split(local_path(ntpath.join(folder, name), "files")) != (folder, name):
                raise RasError(
                    "invalid_option",
                    f"{'files' if name in options['files'] else 'signature_of'}: expected names of files in {folder}, "
                    f"observed '{quote(name)}'.",
                )
        run = self.powershell()
        looked = require_private_folder(run, folder, files, create=True)
        result: dict[str, t.Any] = {"changed": looked.was_missing, "path": folder}
        if asked:
            result["signature"] = _signature(run, ntpath.join(folder, asked)) if asked in looked.files else None
        return result


def _signature(run: ScriptRunner, path: str) -> dict[str, t.Any] | None:
    """What Windows says of a file that is there; None where it says nothing: what the file is is not known then."""
    try:
        return describe_signature(path, run("signature", {"Path": path}))
    except ScriptFailed:
        return None
