# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the farm_gate module: see its documentation."""

from __future__ import annotations

import datetime as dt
import time
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import farm_gate_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.gate import Run, Turn
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction, run_folder
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.turns import Turns


class ActionModule(RasAction):
    """Ask whether a farm may start, or say how it ended."""

    SPEC = farm_gate_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """One look at the ledger of the run; :mod:`gate` decides."""
        turns = Turns(run_folder(), options["run"])
        problem = options["problem"]
        me = Turn(
            host=options["host"],
            farm=str(options["farm"] or options["host"]),
            step="failed" if problem else "well",
            guid=_text(options["seen"], "farm", "guid"),
            key_shown=_text(options["seen"], "license", "key"),
            type_name=_text(options["seen"], "license", "type"),
        )
        stop = ""
        if options["step"] == "enter":
            run = Run(
                planned=options["planned"],
                playing=options["playing"],
                most_failed=options["max_failed_farms"],
                not_after=options["no_new_farm_after"],
                now=dt.datetime.now(),
            )
            stop = turns.enter(me, options["license_key"], run)
        else:
            turns.leave(me)
        return {"step": options["step"], "stop": stop, "problem": problem, "at": time.time()}


def _text(seen: t.Mapping[str, t.Any], part: str, name: str) -> str | None:
    """A text of a result of the license module; None where it is not there."""
    value = (seen.get(part) or {}).get(name)
    return str(value) if isinstance(value, str) and value else None
