# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host behind scripts and jobs: what is sent, once, and what its answers mean."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent, RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import End, NO_END
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import HostLost, ScriptRunner
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.host import WindowsHost
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import error, FakeHost, HOST

PARAMETERS: t.Final = {"Path": "C:\\a.msi", "Sha256": "ab"}


class Jobs:
    """A connection: what core says of the start of a job, and of the job."""

    def __init__(self, started: t.Any = None, status: t.Any = None) -> None:
        self.started, self.state = started, status
        self.began: list[tuple[dict[str, t.Any], int]] = []
        self.resets = 0

    def start(self, arguments: dict[str, t.Any], seconds: int) -> dict[str, t.Any]:
        """Start."""
        self.began.append((arguments, seconds))
        if isinstance(self.started, Exception):
            raise self.started
        return t.cast("dict[str, t.Any]", self.started)

    def status(self, _job: str) -> dict[str, t.Any]:
        """Ask."""
        if isinstance(self.state, Exception):
            raise self.state
        return t.cast("dict[str, t.Any]", self.state)

    def reset(self) -> None:
        """Fail as a host does that is away."""
        self.resets += 1
        raise OSError("no route")


def _host(*answers: t.Any, jobs: Jobs | None = None, check_mode: bool = False) -> tuple[WindowsHost, FakeHost]:
    fake = FakeHost(*(answers or (HOST,)))
    run = ScriptRunner(fake.execute, "cb1.example.com", check_mode=check_mode)
    return WindowsHost(run, jobs or Jobs(), None), fake


def test_an_installer_is_started_in_the_background() -> None:
    jobs = Jobs({"ansible_job_id": "j1.2", "started": 1})
    host, fake = _host(jobs=jobs)
    assert host.start(PARAMETERS, 60) == "j1.2"
    ((arguments, seconds),) = jobs.began
    assert (arguments["script"].split()[2], arguments["parameters"], seconds) == ("host_install", PARAMETERS, 60)
    assert fake.sent == []


@pytest.mark.parametrize("said", [{"failed": True, "msg": "no"}, {}, {"failed": True, "ansible_job_id": "j1"}])
def test_a_start_without_a_job_is_not_known_to_be_one(said: dict[str, t.Any]) -> None:
    jobs = Jobs(said)
    assert _host(jobs=jobs)[0].start(PARAMETERS, 60) == ""
    assert len(jobs.began) == 1


@pytest.mark.parametrize("said", [OSError("reset"), {"unreachable": True, "msg": "reset"}])
def test_a_start_whose_answer_is_lost_is_a_lost_host(said: t.Any) -> None:
    jobs = Jobs(said)
    with pytest.raises(HostLost) as caught:
        _host(jobs=jobs)[0].start(PARAMETERS, 60)
    assert (len(jobs.began), isinstance(caught.value, NotSent)) == (1, False)


@pytest.mark.parametrize("write", [lambda host: host.start(PARAMETERS, 60), lambda host: host.order_restart("x")])
def test_nothing_is_written_in_check_mode(write: t.Callable[[WindowsHost], t.Any]) -> None:
    jobs = Jobs({"ansible_job_id": "j1"})
    host, fake = _host(jobs=jobs, check_mode=True)
    with pytest.raises(NotSent):
        write(host)
    assert (jobs.began, fake.sent) == ([], [])


@pytest.mark.parametrize(
    ("status", "end"),
    [
        ({"finished": 0}, None),
        ({"finished": "0"}, None),
        ({}, None),
        ({"finished": 1, "result": json.dumps({"ok": True, "rc": 3010})}, End(3010)),
        ({"finished": True, "result": json.dumps({"ok": True, "rc": 0})}, End(0)),
        (
            {"finished": 1, "failed": True, "result": json.dumps({"ok": True, "rc": 0})},
            End(NO_END, "it ended with 0, and its job failed all the same"),
        ),
        (
            {"finished": 1, "result": json.dumps(error("installer_changed", "It is open."))},
            End(None, "It is open.", "installer_changed"),
        ),
        (
            {"finished": 1, "result": json.dumps(error("refused", "No."))},
            End(NO_END, "it ended without an exit code (No.)"),
        ),
    ],
)
def test_what_core_says_of_a_job(status: dict[str, t.Any], end: End | None) -> None:
    assert _host(jobs=Jobs(status=status))[0].ended("j1") == end


@pytest.mark.parametrize("said", [{"finished": 1, "failed": True, "msg": "could not find job"}, {"finished": 1}])
def test_a_job_that_left_no_answer_did_not_end_as_an_installer_does(said: dict[str, t.Any]) -> None:
    end = _host(jobs=Jobs(status=said))[0].ended("j1")
    assert end is not None
    assert (end.code, end.message.startswith("it ended without an exit code (")) == (NO_END, True)


def test_a_job_of_a_host_that_is_away_is_a_lost_host() -> None:
    with pytest.raises(HostLost):
        _host(jobs=Jobs(status=OSError("no route")))[0].ended("j1")


def test_a_connection_that_cannot_be_opened_is_tried_by_the_next_question() -> None:
    jobs = Jobs()
    _host(jobs=jobs)[0].reconnect()
    assert jobs.resets == 1


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        ({"ok": True, "lines": ["one", "two"]}, ["one", "two"]),
        ({"ok": True, "lines": None}, []),
        ({"ok": True, "lines": "one"}, []),
        (error("refused", "No."), []),
    ],
)
def test_the_end_of_a_log_is_help_and_no_condition(answer: dict[str, t.Any], lines: list[str]) -> None:
    assert _host(answer)[0].tail("C:\\a.log", 50) == lines


def test_a_log_of_a_host_that_is_away_is_a_lost_host() -> None:
    with pytest.raises(HostLost):
        _host(OSError("no route"))[0].tail("C:\\a.log", 50)


def test_a_restart_is_ordered_once() -> None:
    host, fake = _host({"ok": True})
    host.order_restart("why")
    assert fake.sent == [("host_restart", {"Message": "why"}, {})]
    host, fake = _host(error("refused", "No."))
    with pytest.raises(RasError):
        host.order_restart("why")
    assert len(fake.sent) == 1


def test_a_host_is_looked_at_and_named() -> None:
    host, fake = _host()
    assert (host.name, host.look()["name"], fake.names) == ("cb1.example.com", "CB1", ["host_observe"])
    assert WindowsHost(fake.runner(), Jobs(), "cb1").name == "cb1"
