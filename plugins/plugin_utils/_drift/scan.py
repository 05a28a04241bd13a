# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Look at many farms from the controller at once, with threads and with deadlines that hold whatever a farm does.

A farm's failure is data: nothing here raises for one. RAS administrators are guarded by the gate of the run, so that a
wrong password is seen by two farms and no more.
"""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
import threading
import time
import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent, read_agents
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import LogonGuard, LogonPermit
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.record import (
    record_of,
    record_of_failure,
    record_of_unmanaged,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import Target
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.reader import read_license
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import api_host, rest_backend
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.gate import LogonGate
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.placement import locate_licensing_server

Record = dict[str, t.Any]
# Of the time that a farm has, this is kept for its logoff: a session that is left open takes a place in the API.
_LOGOFF_SECONDS: t.Final = 5.0
# Failures to read a list after which the rest of a farm is as readable as before.
_NOT_SHOWN: t.Final = frozenset({"bad_answer", "api_forbidden"})


@dataclass(frozen=True)
class Settings:
    """How a fleet is looked at.

    :ivar folder: of this run, readable by its owner only; the gates of the RAS administrators are in it.
    :ivar farm_timeout: seconds for one farm, from its turn to log on.
    :ivar total_timeout: seconds for all of them.
    :ivar agents: ``none``, ``listed`` (one request) or ``all`` (a request more for each site that is not listed).
    """

    folder: str
    today: dt.date
    workers: int = 64
    farm_timeout: float = 120.0
    total_timeout: float = 1800.0
    agents: t.Literal["none", "listed", "all"] = "none"


class _Board:
    """What the threads share: the queue of farms, their records, and whether the time is over."""

    def __init__(self, targets: t.Sequence[Target]) -> None:
        self.queue = collections.deque(enumerate(targets))
        self.expected = len(targets)
        self.records: dict[int, Record] = {}
        self.begun: set[int] = set()
        self.is_over = False
        self.changed = threading.Condition()

    def take(self) -> tuple[int, Target] | None:
        """The next farm; None when there is none, or no time is left."""
        with self.changed:
            if self.is_over or not self.queue:
                return None
            number, target = self.queue.popleft()
            self.begun.add(number)
            return number, target

    def put(self, number: int, record: Record) -> None:
        """A farm is done."""
        with self.changed:
            self.records[number] = record
            # Not each time: the waiting thread would take the interpreter from the threads that work.
            if len(self.records) == self.expected:
                self.changed.notify_all()


def scan(targets: t.Sequence[Target], settings: Settings, scrubber: Scrubber | None = None) -> list[Record]:
    """The records of all farms, in the order of the targets.

    :param scrubber: gets the secrets of all farms: one may quote those of another.
    """
    scrubber = scrubber or Scrubber()
    for secret in {secret for target in targets for secret in target.secrets}:
        scrubber.add(secret)
    board = _Board(targets)
    ends_at = time.monotonic() + settings.total_timeout
    threads = min(settings.workers, len(targets))
    for number in range(threads):
        # Daemons: one that hangs in the resolver of the operating system must not hold up the end of Ansible's worker.
        threading.Thread(
            target=_work, args=(board, settings, ends_at, scrubber), name=f"ras-scan-{number}", daemon=True
        ).start()
    with board.changed:
        board.changed.wait_for(lambda: len(board.records) == len(targets), max(ends_at - time.monotonic(), 0.0))
        board.is_over = True
        records, begun = dict(board.records), set(board.begun)
    return [
        records[number] if number in records else _clean(_too_late(target, settings, number in begun), scrubber)
        for number, target in enumerate(targets)
    ]


def _too_late(target: Target, settings: Settings, begun: bool) -> Record:
    if not target.managed:
        return record_of_unmanaged(target)
    limit = f"the {settings.total_timeout:g} s of the whole scan"
    if begun:
        failure = RasError("api_unreachable", f"{target.api_url} was not done within {limit}.")
    else:
        remedy = "Raise total_timeout or workers, and look at the farms that did not answer."
        failure = RasError("not_tried", f"Not tried: its turn did not come within {limit}.", remedy=remedy)
    return record_of_failure(target, failure)


def _work(board: _Board, settings: Settings, ends_at: float, scrubber: Scrubber) -> None:
    while (taken := board.take()) is not None:
        number, target = taken
        board.put(number, look_at(target, settings, ends_at, scrubber))


def look_at(target: Target, settings: Settings, ends_at: float, scrubber: Scrubber) -> Record:
    """The record of one farm, without secrets. Never raises.

    :param ends_at: monotonic seconds at which the whole scan ends.
    :param scrubber: knows the secrets of all farms, and gets the session's token.
    """
    if not target.managed:
        return _clean(record_of_unmanaged(target), scrubber)
    started = time.monotonic()

    def elapsed() -> int:
        return round((time.monotonic() - started) * 1000)

    try:
        if target.problem is not None:
            raise target.problem
        record = _Visit(target, settings, scrubber, ends_at).record(elapsed)
    except RasError as exc:
        record = record_of_failure(target, exc, elapsed_ms=elapsed())
    except Exception as exc:  # one farm must not take the others with it
        unexpected = RasError("internal_error", f"Unexpected {type(exc).__name__}: {quote(exc)}")
        record = record_of_failure(target, unexpected, elapsed_ms=elapsed())
    return _clean(record, scrubber)


def _clean(record: Record, scrubber: Scrubber) -> Record:
    """Without secrets; the name of the inventory host stays, by which reports are compared: Ansible shows it anyway."""
    return {**scrubber.data(record), "host": record["host"]}


class _Visit:
    """One farm: log on, read, log off, within its time."""

    def __init__(self, target: Target, settings: Settings, scrubber: Scrubber, ends_at: float) -> None:
        self._target = target
        self._settings = settings
        self._ends_at = ends_at
        guard = self._in_time(LogonGate(settings.folder, target.password))
        self._backend = rest_backend(target.connection, scrubber, guard)
        self._backend.end_by(ends_at)
        self._logoff_by = ends_at

    def record(self, elapsed: t.Callable[[], int]) -> Record:
        """Read the farm.

        :raises RasError: as the REST back end.
        """
        target, settings = self._target, self._settings
        agents: list[Agent] | None = None
        try:
            farm = self._place(self._backend.open())
            answer = self._backend.read_license()
            license_ = read_license(
                answer, today=settings.today, date_order=target.date_order, known_texts=target.known_texts
            )
            if settings.agents != "none":
                rows = self._backend.listed_agents() if settings.agents == "listed" else self._backend.agents()
                agents = read_agents(rows, "rest", farm.connected_server)
        finally:
            self._backend.end_by(self._logoff_by)
            self._backend.close()
        return record_of(
            target,
            farm,
            license_,
            agents,
            today=settings.today,
            said=self._backend.findings,
            elapsed_ms=elapsed(),
        )

    def _place(self, farm: Farm) -> Farm:
        """Whether this is the licensing server, by sites and brokers where the logon does not say it, as up to RAS 19.

        A farm that does not show them is read all the same: that it was not compared is a finding.
        """
        if farm.is_licensing_server is not None:
            return farm
        try:
            return locate_licensing_server(self._backend, farm, api_host(self._target.connection))
        except RasError as exc:
            if exc.code not in _NOT_SHOWN:
                raise
            return farm

    def _in_time(self, gate: LogonGuard) -> LogonGuard:
        """The gate; the farm's own time begins behind it, because waiting there is not the farm's fault."""

        @contextlib.contextmanager
        def guard(farm_url: str, username: str, probe: t.Callable[[], None]) -> t.Iterator[LogonPermit]:
            with gate(farm_url, username, probe) as permit:
                own = time.monotonic() + self._settings.farm_timeout
                self._backend.end_by(min(own, self._ends_at))
                self._logoff_by = min(own + _LOGOFF_SECONDS, self._ends_at)
                yield permit

        return guard
