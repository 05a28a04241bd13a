# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the settings_export module: see its documentation."""

from __future__ import annotations

import datetime as dt
import ntpath
import os
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import settings_export_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.private_folder import local_path
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import check_ranges, Range
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.admin import AdminAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.quiet import quiet
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.admin import RasAdmin
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade import backup as _backup


class ActionModule(AdminAction):
    """Export the settings of one farm into a file."""

    SPEC = settings_export_spec()

    def administer(self, admin: RasAdmin, options: Options) -> dict[str, t.Any]:
        """Export on the host, fetch, compare, then remove what is too old."""
        check_ranges(options, {"keep": Range(1, 1000, "files")})
        folder = local_path(options["folder"], "folder")
        admin.open()
        # Not the computer name: in farms that were set up alike, licensing servers have the same name.
        prefix = _backup.prefix_of(options["label"] or self._task_host())
        name = _backup.name_of(prefix, dt.datetime.now(dt.timezone.utc))
        path = ntpath.join(folder, name)
        target = os.path.join(options["dest"], name) if options["dest"] else None
        if self._task.check_mode:
            admin.require_folder(path, create=False)
            return {"changed": True, "file": {"path": path, "fetched_to": target}}
        done = admin.export_settings(path, prefix, options["keep"])
        result: dict[str, t.Any] = {
            "changed": True,
            "file": {"path": path, "size": done.get("size"), "sha256": done.get("sha256"), "fetched_to": target},
        }
        removed, left = (_texts(done.get(each)) for each in ("removed", "not_removed"))
        try:
            if target is not None:
                _backup.fetch(lambda temporary: self._download(path, temporary), target, str(done.get("sha256")))
                here = _backup.retain(options["dest"], prefix, options["keep"])
                removed, left = removed + here[0], left + here[1]
        except RasError as exc:
            result["file"]["fetched_to"] = None
            result["failure"] = exc  # the file on the host is there all the same
        result["removed"] = removed
        if left:
            remedy = "Remove them by hand, or leave it to the next export: somebody may have had them open."
            result["findings"] = [
                Finding("old_exports_left", "info", f"{options['keep']} files or fewer", left, remedy)
            ]
        return result

    def _download(self, path: str, temporary: str) -> None:
        try:
            with quiet():
                self._connection.fetch_file(path, temporary)
        # Each connection plugin, and each library below it, has exceptions of its own.
        except Exception as exc:  # pylint: disable=broad-exception-caught
            raise RasError("backup_failed", f"{path} could not be fetched: {quote(exc)}.") from exc


def _texts(value: t.Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
