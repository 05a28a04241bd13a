# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Time, as flows need it: injected, so that no test waits and a simulation can turn it."""

from __future__ import annotations

import datetime as dt
import time
import typing as t

from ansible.utils.display import Display
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line

# Seconds of waiting after which one says that one still waits.
_SAID_EVERY: t.Final = 60.0


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


class SaidClock(Clock):
    """The same for a long wait: each minute of it is said, so that nobody takes the run for one that hangs.

    :param what: what is waited for, and where.
    :param say: shows a line while the task still runs.
    """

    def __init__(self, what: str, say: t.Callable[[str], None] | None = None) -> None:
        self._what = what
        self._say = say or Display().display
        self._waited = 0.0

    def sleep(self, seconds: float) -> None:
        """Wait, and say it where a minute is over."""
        before = self._waited // _SAID_EVERY
        super().sleep(seconds)
        self._waited += seconds
        minutes = self._waited // _SAID_EVERY
        if minutes > before:
            self._say(log_line(f"{self._what}: waiting for {minutes:.0f} min"))
