# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time that passes only where somebody waits."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from unittest import mock


class Clock:
    """Seconds of a clock that never goes back. Waiting moves it; nothing else does."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += max(0.0, float(seconds))

    def until(self, moment: float) -> None:
        """Wait for a moment that may be over."""
        self.now = max(self.now, moment)


@contextlib.contextmanager
def passing(clock: Clock) -> Iterator[None]:
    """Let the whole process wait by this clock. What is shown to people, such as dates, stays the machine's."""
    with mock.patch.object(time, "monotonic", clock.monotonic), mock.patch.object(time, "sleep", clock.sleep):
        yield
