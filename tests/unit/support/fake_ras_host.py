# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A RAS host that is upgraded in virtual time: what its flow asks of it, with everything that may go wrong."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import End
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import HostLost

OLD, NEW = "20.0.25000", "20.2.26050"
SHA256 = "ab" * 32
SERVICE = {"name": "RASBroker", "display_name": "RAS Connection Broker", "start_type": "Automatic"}


class VirtualClock(Clock):
    """Time that passes only when somebody sleeps, or a host takes its time."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0, "a wait without a pause asks a host without end"
        self.now += seconds


@dataclass
class Script:
    """What will happen to a host.

    :param codes: the exit codes of the installers, one after the other; the last one is repeated.
    :param install_seconds: how long each takes.
    :param lost: spans of time, from the start of the installer on, in which the host cannot be reached.
    :param answer_lost: whether the answer to the start is lost.
    :param is_begun: whether an installer whose answer was lost begins.
    :param pending_before: whether Windows waits for a restart at first.
    :param pending_after: whether it waits for one after the installation, whatever the exit code says.
    :param pending_for_good: whether a restart does not help.
    :param restart_seconds: how long a restart takes; None for one that never ends.
    :param restarts_under_it: whether the host restarts while the installer runs, which brings the version or not.
    :param brings: whether the installer brings the version where it succeeds.
    :param service_runs: whether the RAS service runs afterwards.
    :param stays: whether the job of the installer says that it runs for ever.
    :param changed_after: after how many starts somebody puts another file in the installer's place; None for never.
    :param sessions: of users; None where the host does not say.
    :param session_host: whether users work on it.
    :param other_brings: whether the other installation that 1618 reports brings the version.
    :param lost_looks: which looks at the host get no answer, counted from 0.
    :param tail_lost: whether the host cannot be reached when it is asked for a log.
    :param order_lost: whether the answer to the order of a restart is lost.
    """

    codes: tuple[int, ...] = (0,)
    install_seconds: float = 300.0
    lost: tuple[tuple[float, float], ...] = ()
    answer_lost: bool = False
    is_begun: bool = True
    pending_before: bool = False
    pending_after: bool = False
    pending_for_good: bool = False
    restart_seconds: float | None = 120.0
    restarts_under_it: bool = False
    brings: bool = True
    service_runs: bool = True
    stays: bool = False
    other_brings: bool = False
    lost_looks: tuple[int, ...] = ()
    tail_lost: bool = False
    order_lost: bool = False
    changed_after: int | None = None
    sessions: int | None = 0
    session_host: bool = False

    @property
    def has_users(self) -> bool:
        """Whether users work on it, or may."""
        return self.session_host and self.sessions != 0


@dataclass
class FakeRasHost:
    """One host; its events are in ``journal``."""

    clock: VirtualClock
    script: Script
    name: str = "cb1.tokyo.example.com"
    version: str = OLD
    journal: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.booted = self.clock.now - 5000.0
        self.pending = self.script.pending_before
        self.running: tuple[float, int] | None = None
        self.began: float | None = None
        self.down: tuple[float, float] | None = None
        self.ends: dict[str, End] = {}
        self.starts = 0
        self.restarts = 0
        self.looks = 0

    # -- what the flow asks ----------------------------------------------------------------------------------------

    def look(self) -> dict[str, t.Any]:
        self._reach()
        self.looks += 1
        if self.looks - 1 in self.script.lost_looks:
            raise HostLost("the connection broke off")
        return {
            "version": self.version,
            "installed": True,
            "module": "RASAdmin",
            "reboot_pending": self.pending,
            "reboot_sources": [],
            "file_renames": self.pending,
            "installer_running": self.running is not None,
            "disk_free_bytes": 2**40,
            "product_disk_free_bytes": 2**40,
            "sessions": self.script.sessions,
            "is_broker": True,
            "components": ["connection_broker", *(["rd_session_host"] if self.script.session_host else [])],
            "services": [{**SERVICE, "status": "Running" if self._service_runs() else "Stopped"}],
            "uptime_seconds": int(self.clock.now - self.booted),
            "unread": [],
        }

    def signature(self, _path: str) -> dict[str, t.Any]:
        self._reach()
        return {
            "sha256": "cd" * 32 if self._is_changed() else SHA256,
            "is_private": True,
            "status": "Valid",
            "publisher": "Parallels International GmbH",
            "thumbprint": "A1",
        }

    def tail(self, _path: str, _lines: int) -> list[str]:
        self._reach()
        if self.script.tail_lost:
            raise HostLost("the connection broke off")
        return ["Return value 3."]

    def start(self, parameters: t.Mapping[str, t.Any], _seconds: int) -> str:
        self._reach()
        assert self.running is None or self.script.codes[min(self.starts, len(self.script.codes) - 1)] == 1618
        assert parameters["Sha256"] == SHA256
        assert not self._is_changed(), "a file is started that was not judged"
        self.starts += 1
        self.journal.append("start")
        job = f"j{self.starts}"
        if not self.script.answer_lost or self.script.is_begun:
            code = self.script.codes[min(self.starts - 1, len(self.script.codes) - 1)]
            self.began = self.clock.now
            self.running = (self.clock.now + (1.0 if code == 1618 else self.script.install_seconds), code)
            self.job = job
        if self.script.answer_lost:
            raise HostLost("the answer was lost")
        return job

    def ended(self, job: str) -> End | None:
        self._reach()
        return None if self.script.stays else self.ends.get(job)

    def order_restart(self, _message: str) -> None:
        self._reach()
        self.journal.append("restart")
        self._go_down()
        if self.script.order_lost:
            raise HostLost("the answer was lost")

    def reconnect(self) -> None:
        pass

    # -- what happens to it ----------------------------------------------------------------------------------------

    def _is_changed(self) -> bool:
        after = self.script.changed_after
        return after is not None and self.starts >= after

    def _service_runs(self) -> bool:
        return self.script.service_runs or self.version == OLD

    def _reach(self) -> None:
        """Let happen what has happened until now; raise where nobody answers."""
        self.clock.now += 0.5
        self._pass()
        if self.down is not None:
            raise HostLost("it restarts")
        since = self.clock.now - self.began if self.began is not None else -1.0
        if any(begin <= since < end for begin, end in self.script.lost):
            raise HostLost("no route")

    def _pass(self) -> None:
        now = self.clock.now
        if self.running is not None and now >= self.running[0]:
            self._end_installer(self.running[1])
        if self.down is not None and now >= self.down[1]:
            self.booted, self.down = self.down[1], None
            self.pending = self.script.pending_for_good and self.version == NEW

    def _end_installer(self, code: int) -> None:
        self.running = None
        is_good = code in (0, 1641, 3010)
        if self.script.restarts_under_it:
            if self.script.brings:
                self.version = NEW
            self._go_down()
            return
        if (is_good and self.script.brings) or (code == 1618 and self.script.other_brings):
            self.version = NEW
        if is_good and (code == 3010 or self.script.pending_after):
            self.pending = True
        self.ends[self.job] = End(code)
        if code == 1641:
            self._go_down()

    def _go_down(self) -> None:
        self.restarts += 1
        self.running = None
        seconds = self.script.restart_seconds
        self.down = (self.clock.now, self.clock.now + seconds if seconds is not None else float("inf"))
