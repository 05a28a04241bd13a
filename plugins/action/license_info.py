# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the license_info module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_info_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_data
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.findings import license_findings
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.reader import read_license
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, today
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import FarmAction


class ActionModule(FarmAction):
    """Read the license of one farm."""

    SPEC = license_info_spec()

    def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
        """Log on, read, log off."""
        farm = backend.open()
        order, known = options["date_order"], options["known_texts"]
        license_ = read_license(backend.read_license(), today=today(), date_order=order, known_texts=known)
        result: dict[str, t.Any] = {
            "license": license_.as_dict(today()),
            "farm": farm.as_dict(),
            "findings": license_findings(license_),
        }
        if options["include_raw"]:
            result["raw"] = log_data(license_.unknown_fields)
        return result
