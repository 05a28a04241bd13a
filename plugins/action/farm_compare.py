# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the farm_compare module: see its documentation."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import farm_compare_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import missing_after
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.snapshot import (
    AREAS,
    compare,
    not_compared,
    take,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction


class ActionModule(RasAction):
    """Compare two readings of one farm."""

    SPEC = farm_compare_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Find what is worse, and what the licensing server itself lacks."""
        left_out = options["exclude"]
        if unknown := [each for each in left_out if each.split(":")[0] not in AREAS]:
            raise RasError(
                "invalid_option",
                f"exclude holds '{unknown[0]}': expected areas of {', '.join(AREAS)}, or area:item.",
            )
        try:
            had, has = (take(**reading) for reading in (options["before"], options["after"]))
            worse = compare(
                had,
                has,
                exclude=left_out,
                expected_version=options["expected_version"],
                expected_account=options["expected_account"],
            )
        except (TypeError, KeyError, AttributeError, ValueError) as exc:
            raise RasError(
                "invalid_option", f"before and after: expected readings as modules return them, observed: {exc}."
            ) from exc
        missing: list[str] = []
        if options["host"] and options["expected_version"] and "services" not in left_out:
            before = options["before"].get("services")
            missing = missing_after(options["host"], options["expected_version"], before)
        return {
            "worse": worse,
            "missing": missing,
            "not_compared": [area for area in not_compared(had, has) if area not in left_out],
        }
