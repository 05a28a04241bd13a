# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the settings_export module: see its documentation."""

from __future__ import annotations

import datetime as dt
import ntpath
import os
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._argspec import settings_export_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils import _backup
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._ras_admin import AdminAction, RasAdmin


class ActionModule(AdminAction):
    """Export the settings of one farm into a file."""

    SPEC = settings_export_spec()

    def administer(self, admin: RasAdmin, options: Options) -> dict[str, t.Any]:
        """Export on the host, fetch, compare, then remove what is too old."""
        if not 1 <= options["keep"] <= 1000:
            raise RasError("invalid_option", f"keep is out of range: expected 1 to 1000, observed {options['keep']}.")
        farm = admin.open()
        label = options["label"] or farm.connected_server or "farm"
        prefix = _backup.prefix_of(label)
        name = _backup.name_of(prefix, dt.datetime.now(dt.timezone.utc))
        path = ntpath.join(options["folder"], name)
        target = os.path.join(options["dest"], name) if options["dest"] else None
        if self._task.check_mode:
            return {"changed": True, "file": {"path": path, "fetched_to": target}}
        done = admin.export_settings(path, prefix, options["keep"])
        file = {each: done.get(each) for each in ("path", "size", "sha256")}
        result: dict[str, t.Any] = {
            "changed": True,
            "file": {**file, "fetched_to": target},
            "removed": list(done.get("removed") or []),
        }
        if target is not None:
            _backup.fetch(lambda temporary: self._download(path, temporary), target, str(done.get("sha256")))
            result["removed"] += _backup.retain(options["dest"], prefix, options["keep"])
        return result

    def _download(self, path: str, temporary: str) -> None:
        try:
            self._connection.fetch_file(path, temporary)
        # Each connection plugin, and each library below it, has exceptions of its own.
        except Exception as exc:  # pylint: disable=broad-exception-caught
            raise RasError("backup_failed", f"{path} could not be fetched: {quote(exc)}.") from exc
