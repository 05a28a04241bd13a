# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait for an installer, with a clock and a host of our own: it ends in time, whatever happens."""

from __future__ import annotations

import random
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import SUCCEEDED
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import End, NO_END
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import HostLost
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.installation import (
    InstallerWait,
    Patience,
    Start,
)

Row = dict[str, t.Any]
PATIENCE = Patience(install=3600, restart=1800, poll=10)
UPTIME = 259200


class Host:
    """A host over time: the installer, restarts, a clock of its own that may jump, and times without a connection."""

    def __init__(
        self,
        ends_at: float = 300,
        code: int = 0,
        restart_at: float | None = None,
        away: tuple[float, float] = (0, 0),
        drift: t.Callable[[float], float] = lambda now: 0,
        unreadable: bool = False,
    ) -> None:
        self.now, self.ends_at, self.restart_at, self.away = 1000.0, ends_at, restart_at, away
        self.code = code
        self.drift, self.unreadable = drift, unreadable
        self.asked = self.looked = 0
        self.begun = self.now

    @property
    def passed(self) -> float:
        return self.now - self.begun

    @property
    def restarted(self) -> bool:
        return self.restart_at is not None and self.passed >= self.restart_at

    def _meet(self) -> None:
        self.now += 1.5
        if self.away[0] <= self.passed < self.away[1]:
            raise HostLost("The connection failed.")

    def ask(self) -> End | None:
        self.asked += 1
        self._meet()
        # A restart ends the job, whose file goes on to say that it runs.
        return End(self.code) if self.passed >= self.ends_at and not self.restarted else None

    def look(self) -> Row:
        self.looked += 1
        self._meet()
        if self.unreadable:
            raise RasError("bad_answer", "nothing that can be read")
        runs_for = self.passed - self.restart_at if self.restarted and self.restart_at else UPTIME + self.passed
        running = not self.restarted and self.passed < self.ends_at
        return {
            "uptime_seconds": max(0, int(runs_for + self.drift(self.passed))),
            "installer_running": running,
            "version": "20.0.1" if running else "21.0.1",
            "reboot_pending": False,
            "file_renames": False,
        }

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds

    def wait(self, patience: Patience = PATIENCE) -> InstallerWait:
        start = Start(0.0, UPTIME, "20.0.1")
        return InstallerWait(self.look, lambda: None, lambda: self.now, self.sleep, start, patience)

    def job(self) -> End:
        return self.wait().for_job(self.ask)


@pytest.mark.parametrize("drift", [lambda now: 0.004 * now / 60, lambda now: -HOUR, lambda now: HOUR, lambda now: -0.9])
def test_a_long_installation_on_a_host_whose_clock_moves_is_waited_for(drift: t.Callable[[float], float]) -> None:
    host = Host(ends_at=1500, code=3010, drift=drift)
    assert host.job().code == 3010
    assert host.looked > 10


HOUR: t.Final = 3600


def test_a_restart_under_the_installer_is_seen_within_minutes() -> None:
    host = Host(ends_at=1500, restart_at=200, away=(200, 260))
    assert host.job().code == 1641
    assert host.passed < 400


def test_a_restart_without_a_lost_connection_is_seen_too() -> None:
    host = Host(ends_at=1500, restart_at=205)
    assert host.job().code == 1641


def test_an_installer_that_never_ends_is_given_up_in_time() -> None:
    host = Host(ends_at=10**9)
    end = host.job()
    assert (end.code, end.message) == (NO_END, "it still ran after 3600 s")
    assert 3600 <= host.passed < 3700
    assert host.asked > 121


def test_a_host_that_was_away_when_the_time_was_over_is_asked_once_more() -> None:
    host = Host(ends_at=3000, away=(2900, 4000), code=3010)
    assert host.job().code == 3010


def test_a_host_that_does_not_come_back_is_given_up_in_time() -> None:
    host = Host(away=(100, 10**9))
    assert host.job() == End(NO_END, "The connection failed.")
    assert host.passed < 3600 + 1800 + 20


def test_a_job_that_is_gone_after_a_restart_is_no_failed_installer() -> None:
    host = Host(ends_at=10**9, restart_at=100)
    gone = End(NO_END, "could not find job")
    wait = host.wait()
    assert wait.for_job(lambda: host.ask() or gone if host.restarted else host.ask()).code == 1641


def test_an_end_without_an_exit_code_is_none() -> None:
    host = Host(code=NO_END)
    assert host.job().code == NO_END


def test_a_host_that_cannot_be_read_is_waited_for_all_the_same() -> None:
    host = Host(ends_at=500, code=0, unreadable=True)
    assert host.job().code == 0


@pytest.mark.parametrize(
    ("host", "code"),
    [
        (Host(ends_at=400), 0),
        (Host(ends_at=10**9), NO_END),
        (Host(ends_at=400, away=(0, 900)), 0),
        (Host(away=(0, 10**9)), None),
        (Host(ends_at=400, restart_at=100, away=(100, 160)), 1641),
        (Host(unreadable=True), None),
    ],
)
def test_an_installer_whose_start_was_lost(host: Host, code: int | None) -> None:
    assert host.wait().without_job().code == code
    assert host.passed < 3600 + 1800 + 20


def test_every_wait_ends_in_time_and_none_takes_a_guess_for_a_success() -> None:
    chance = random.Random(15)
    for _turn in range(2000):
        begin = chance.uniform(0, 6000)
        code = chance.choice([0, 3010, 1603, NO_END])
        host = Host(
            ends_at=chance.choice([chance.uniform(0, 5000), 10**9]),
            code=code,
            restart_at=chance.choice([None, None, chance.uniform(5, 5000)]),
            away=(begin, begin + chance.choice([0, chance.uniform(0, 900), 10**6])),
            drift=chance.choice([lambda now: 0, lambda now: -HOUR, lambda now: HOUR, lambda now: now / 10**5]),
        )
        end = host.job()
        assert host.passed < 3600 + 1800 + 30
        if end.code == 1641:
            assert host.restarted
        elif end.code in SUCCEEDED:
            assert end.code == code
