# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the host_info module: see its documentation."""

from __future__ import annotations

import ntpath
import time
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import host_info_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import check_ranges, Range
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.host import (
    describe_host,
    describe_signature,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction


class ActionModule(RasAction):
    """Read what is installed on one RAS host."""

    SPEC = host_info_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """One script, and one more for each file that is asked about."""
        check_ranges(options, {"tail_lines": Range(1, 1000)})
        run = self.powershell()
        host = describe_host(run("host_observe"))
        result: dict[str, t.Any] = {
            "host": host,
            "connection": self.connection_name(),
            "observed_at": time.monotonic(),
        }
        if options["signature_of"]:
            # Without dots and doubled backslashes, so that each folder on the way is named once.
            path = ntpath.normpath(options["signature_of"])
            result["signature"] = describe_signature(path, run("signature", {"Path": path}))
        if options["tail_of"]:
            answer = run("read_tail", {"Path": options["tail_of"], "Lines": options["tail_lines"]})
            lines = answer.get("lines")
            if not isinstance(lines, list):
                raise RasError("bad_answer", f"The lines of {options['tail_of']} must be a list, but they are not.")
            result["tail"] = {"exists": answer.get("exists") is True, "lines": [log_line(line) for line in lines]}
        return result
