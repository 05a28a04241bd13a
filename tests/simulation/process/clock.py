# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time that passes only where somebody waits, and what happens in it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import selectors
import time
import typing as t
from collections.abc import Coroutine, Iterator
from unittest import mock

import time_machine

# When every history begins: nothing that is drawn or shown depends on the day on which it is played.
_BEGIN: t.Final = dt.datetime(2026, 6, 1, 9, 0, tzinfo=dt.timezone.utc)
_ZERO: t.Final = 1_000_000.0


class _Selector(selectors.SelectSelector):
    """In place of waiting for files: the next thing that is to happen is now."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[t.Any]:
        assert timeout is not None, "everybody waits, and nothing will ever happen"
        if timeout > 0:
            self._clock.advance(timeout)
        return []


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        super().__init__(_Selector(clock))

    def time(self) -> float:
        return self._clock.now


class Clock:
    """Seconds of a clock that never goes back. Waiting moves it, and lets happen what was to happen meanwhile."""

    def __init__(self) -> None:
        self.now = _ZERO
        self._loop = _Loop(self)
        self._days: t.Any = None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.run(asyncio.sleep(float(seconds)))

    def run(self, work: Coroutine[t.Any, t.Any, t.Any]) -> t.Any:
        """Let something happen to its end, and besides it whatever is to happen until then."""
        return self._loop.run_until_complete(work)

    def advance(self, seconds: float) -> None:
        self.now += seconds
        if self._days is not None:
            self._days.move_to(_BEGIN + dt.timedelta(seconds=self.now - _ZERO))

    def close(self) -> None:
        """End all that was still to happen."""
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self.run(_ended(left))
        self._loop.close()

    @contextlib.contextmanager
    def passing(self) -> Iterator[None]:
        """Let the whole process live by this clock."""
        with (
            time_machine.travel(_BEGIN, tick=False) as self._days,
            mock.patch.object(time, "monotonic", self.monotonic),
            mock.patch.object(time, "sleep", self.sleep),
        ):
            yield


async def _ended(tasks: t.Collection[asyncio.Task[t.Any]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)
