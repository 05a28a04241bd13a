# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Wait for an installer that runs in the background of a host, through lost connections and restarts, within bounds."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import (
    End,
    end_of_restarted,
    end_without_job,
    NO_END,
    was_restarted,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.restart import ends_a_wait

# Seconds between two looks at the host itself while its job is said to run.
_LOOK_EVERY: t.Final = 60.0
_LOST: t.Final = "host_unreachable"
Row = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Start:
    """What is known of the start of an installer.

    :param seconds_ago: how long ago it was started, by our clock.
    :param uptime: the seconds that the host had been running then; None when it did not say.
    :param version: which version of RAS was installed then.
    """

    seconds_ago: float
    uptime: int | None
    version: str | None


@dataclass(frozen=True)
class Patience:
    """How long, in seconds, an installer may run; how long a host may stay away after that; how often to ask."""

    install: float
    restart: float
    poll: float


class InstallerWait:
    """One installer on one host.

    :param look: reads the host.
    :param reconnect: opens the connection again, and never raises.
    :param clock: seconds that only ever rise.
    """

    def __init__(
        self,
        look: t.Callable[[], Row],
        reconnect: t.Callable[[], None],
        clock: t.Callable[[], float],
        sleep: t.Callable[[float], None],
        start: Start,
        patience: Patience,
    ) -> None:
        self._look = look
        self._reconnect = reconnect
        self._clock = clock
        self._sleep = sleep
        self._start = start
        self._patience = patience
        self._started = clock() - start.seconds_ago

    def for_job(self, ask: t.Callable[[], End | None]) -> End:
        """Until the job of this answer has ended, or the host was restarted, or the time is over.

        :param ask: says how the job has ended; None while it runs.
        :raises RasError: what ``ask`` says, but for a lost connection.
        """
        looked, lost = self._clock(), ""
        while True:
            try:
                end = ask()
                if end is not None:
                    return self._unless_restarted(end)
                if lost or self._clock() - looked >= _LOOK_EVERY:
                    looked = self._clock()
                    if self._restarted(self._seen()):
                        return end_of_restarted()
                lost = ""
            except RasError as exc:
                if exc.code != _LOST or ends_a_wait(exc):
                    raise
                lost = exc.message
                self._reconnect()
            # A host that was away when the time was over is asked once more when it is back.
            left = self._left(self._patience.restart if lost else 0)
            if left <= 0:
                # A restart that was quicker than two questions leaves a job that is said to run for ever.
                return self._unless_restarted(End(NO_END, lost or f"it still ran after {self._patience.install:g} s"))
            self._sleep(min(self._patience.poll, left))

    def without_job(self) -> End:
        """Until no installer runs, or the time is over: the answer to the start was lost, the host shows the rest."""
        while True:
            self._sleep(self._patience.poll)
            host: Row = {}
            more = 0.0
            try:
                host = self._seen()
            except RasError as exc:
                if ends_a_wait(exc):
                    raise
                more = self._patience.restart
                self._reconnect()
            if host.get("installer_running") is False:
                return end_without_job(host, self._start.version, self._restarted(host))
            if self._left(more) <= 0:
                return end_without_job(host, self._start.version, None) if host else End(None)

    def _unless_restarted(self, end: End) -> End:
        """The end that a job says; that of a restart where it says none, for a restart ends jobs, too."""
        if end.code == NO_END:
            try:
                if self._restarted(self._seen()):
                    return end_of_restarted()
            except RasError:
                pass
        return end

    def _seen(self) -> Row:
        """The host; nothing when its answer cannot be read, which is no reason to stop waiting.

        :raises RasError: when it could not be reached.
        """
        try:
            return self._look()
        except RasError as exc:
            if exc.code == _LOST or ends_a_wait(exc):
                raise
            return {}

    def _restarted(self, host: Row) -> bool | None:
        return was_restarted(self._start.uptime, host.get("uptime_seconds"), self._clock() - self._started)

    def _left(self, more: float = 0) -> float:
        return self._started + self._patience.install + more - self._clock()
