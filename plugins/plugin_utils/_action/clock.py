# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Time, as flows need it: injected, so that no test waits and a simulation can turn it."""

from __future__ import annotations

import datetime as dt
import time


class Clock:
    """The clocks of the controller."""

    def monotonic(self) -> float:
        """Seconds that only go forward: one clock for all processes of the controller, which nobody sets."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def utc(self) -> str:
        """The time of day, as ISO 8601 text."""
        return dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
