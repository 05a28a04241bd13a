# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forked processes as Ansible forks its workers, and a diary that they share."""

from __future__ import annotations

import multiprocessing
import os
import pathlib
import signal
import typing as t
import warnings

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError

_FORK = multiprocessing.get_context("fork")
# Bounds a hang; nothing is measured by it.
HANG_GUARD_SECONDS: t.Final = 30.0
# How long an event that must not happen is waited for.
QUIET_SECONDS: t.Final = 0.3


class Diary:
    """Lines that many processes append to, in the order in which they did."""

    def __init__(self, path: pathlib.Path) -> None:
        self._path = path
        path.touch()

    def note(self, line: str) -> None:
        """Append a line: one write to a file opened for appending is never torn."""
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        os.write(file, f"{line}\n".encode())
        os.close(file)

    @property
    def lines(self) -> list[str]:
        """All lines so far."""
        return self._path.read_text().splitlines()


def event() -> t.Any:
    """An event that parent and children share."""
    return _FORK.Event()


def barrier(parties: int) -> t.Any:
    """A barrier that children share; broken when it takes too long."""
    return _FORK.Barrier(parties, timeout=HANG_GUARD_SECONDS)


class Worker:
    """A forked process that does one thing; a RasError is noted in the diary as its code."""

    def __init__(self, diary: Diary, name: str, work: t.Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except RasError as exc:
                diary.note(f"{name} {exc.code}")

        self._process = _FORK.Process(target=run, daemon=True)
        with warnings.catch_warnings():
            # Python warns of forks beside threads: those of the test runner hold no lock that a child needs.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()

    def kill(self) -> None:
        """Kill it as the system does when memory runs out."""
        os.kill(t.cast("int", self._process.pid), signal.SIGKILL)
        self._process.join(HANG_GUARD_SECONDS)

    def join(self) -> None:
        """Wait for its end; fails when it hangs or crashed."""
        self._process.join(HANG_GUARD_SECONDS)
        code = self._process.exitcode
        if code is None:
            self._process.kill()
        assert code == 0, f"a worker ended with {code}"
