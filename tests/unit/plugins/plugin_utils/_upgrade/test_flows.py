# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The upgrade of a host, in virtual time and in the order of the role: what may go wrong is drawn, not listed."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.starting import ATTEMPTS
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_ras_host import (
    FakeRasHost,
    NEW,
    OLD,
    Script,
    VirtualClock,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.upgrade_driver import Driver, order, PATIENCE
from hypothesis import given
from hypothesis import strategies as st

CODES = st.sampled_from([0, 0, 3010, 1641, 1603, 1602, 1618, 1619, 1638])
SPANS = st.lists(
    st.tuples(st.floats(0, 900), st.floats(1, 900)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=3
)
SCRIPTS = st.builds(
    Script,
    codes=st.lists(CODES, min_size=1, max_size=ATTEMPTS + 2).map(tuple),
    install_seconds=st.floats(1, 5000),
    lost=SPANS.map(tuple),
    answer_lost=st.booleans(),
    is_begun=st.booleans(),
    pending_before=st.booleans(),
    pending_after=st.booleans(),
    pending_for_good=st.booleans(),
    restart_seconds=st.one_of(st.none(), st.floats(1, 3000)),
    restarts_under_it=st.booleans(),
    brings=st.booleans(),
    service_runs=st.booleans(),
    stays=st.booleans(),
    changed_after=st.none() | st.integers(0, 2),
    sessions=st.none() | st.integers(0, 3),
    session_host=st.booleans(),
)


def host_of(**script: t.Any) -> FakeRasHost:
    return FakeRasHost(VirtualClock(), Script(**script))


def test_the_order_of_the_role_is_read() -> None:
    """A restart that is due comes before the start, and after the installer; the host settles last."""
    assert order() == [
        *("host_upgrade", "host_restart", "host_restart_wait", "host_upgrade"),
        *("host_upgrade_wait", "host_restart", "host_restart_wait", "host_upgrade_wait"),
    ]


@given(SCRIPTS, st.sampled_from(["never", "auto"]), st.booleans())
def test_whatever_happens(script: Script, reboot: t.Literal["never", "auto"], logoff_sessions: bool) -> None:
    host = FakeRasHost(VirtualClock(), script)
    begin = host.clock.now
    upgrade = Driver(host, reboot, logoff_sessions).run()
    host.clock.now += 10_000.0
    host._pass()
    if upgrade.failure is None:
        # Green is proven at the host itself.
        assert host.version == NEW
        assert not host.pending
        assert script.service_runs
        assert upgrade.phase == "settled"
        assert upgrade.version == OLD
    else:
        assert upgrade.failure["code"] in REMEDIES
        assert upgrade.failure["remedy"]
        assert upgrade.next == "nothing"
    # An installer is started again only where another one was running.
    codes = [script.codes[min(number, len(script.codes) - 1)] for number in range(host.starts)]
    assert all(code == 1618 for code in codes[:-1])
    assert host.starts <= ATTEMPTS
    assert "restart" not in host.journal or reboot == "auto"
    assert host.journal.count("restart") <= 2
    if script.has_users and not logoff_sessions:
        assert host.journal == []
    # Within the bounds of the options: installers, what they wait for, and three restarts.
    waits = ATTEMPTS * (PATIENCE.install + PATIENCE.restart + 13 * PATIENCE.poll) + 5 * PATIENCE.restart
    assert host.clock.now - begin - 10_000.0 <= waits


@given(SCRIPTS)
def test_the_same_again_is_quiet_or_goes_on(script: Script) -> None:
    """After everything that may go wrong, one more run on a host that answers ends well, or starts nothing twice."""
    host = FakeRasHost(VirtualClock(), script)
    Driver(host).run()
    host.clock.now += 10_000.0
    host._pass()
    host.script = Script()
    host.down, host.running = None, None
    starts, was = host.starts, host.version
    again = Driver(host).run()
    if was == NEW:
        assert host.starts == starts
        assert again.failure is None
    else:
        assert host.starts == starts + 1
        assert again.failure is None
        assert host.version == NEW


@pytest.mark.parametrize(
    ("script", "code", "says"),
    [
        ({"codes": (1603,)}, "install_failed", "1603"),
        ({"codes": (1618,)}, "installer_busy", "1618"),
        ({"answer_lost": True, "is_begun": False}, "host_unreachable", "Nothing shows"),
        ({"codes": (3010,), "restart_seconds": None}, "host_not_back", "was to be restarted"),
        ({"codes": (3010,), "pending_for_good": True}, "reboot_required", "RAS is installed"),
        ({"service_runs": False}, "host_not_back", "RAS Connection Broker"),
        ({"stays": True}, "install_failed", "still ran after 3600 s"),
        ({"brings": False}, "host_not_back", f"expected version {NEW.rpartition('.')[0]}"),
        ({"lost": ((10.0, 100_000.0),)}, "host_unreachable", "Whether the installer has ended is not known"),
        ({"restarts_under_it": True, "brings": False}, "host_not_back", "observed"),
        ({"codes": (1618,), "changed_after": 1}, "installer_mismatch", "another file"),
    ],
)
def test_each_end_has_its_code(script: dict[str, t.Any], code: str, says: str) -> None:
    upgrade = Driver(host_of(**script)).run()
    assert upgrade.failure is not None
    assert upgrade.failure["code"] == code
    assert says in upgrade.failure["message"] + upgrade.failure["remedy"]


@pytest.mark.parametrize(
    ("script", "starts", "restarts"),
    [
        ({}, 1, 0),
        ({"codes": (3010,)}, 1, 1),
        ({"codes": (1641,)}, 1, 0),
        ({"pending_after": True}, 1, 1),
        ({"pending_before": True}, 1, 1),
        ({"pending_before": True, "codes": (3010,)}, 1, 2),
        ({"codes": (1618, 1618, 0)}, 3, 0),
        ({"answer_lost": True}, 1, 0),
        ({"answer_lost": True, "codes": (3010,)}, 1, 1),
        ({"restarts_under_it": True}, 1, 0),
        ({"lost": ((1.0, 400.0),)}, 1, 0),
        ({"lost": ((1.0, 4000.0),), "install_seconds": 3500.0}, 1, 0),
    ],
)
def test_what_goes_well(script: dict[str, t.Any], starts: int, restarts: int) -> None:
    host = host_of(**script)
    upgrade = Driver(host).run()
    assert upgrade.failure is None, upgrade.failure
    assert upgrade.publisher
    assert (host.journal.count("start"), host.journal.count("restart")) == (starts, restarts)


def test_a_host_at_its_version_that_waits_is_restarted_and_nothing_else() -> None:
    host = host_of(pending_before=True)
    host.version = NEW
    upgrade = Driver(host).run()
    assert upgrade.failure is None
    assert host.journal == ["restart"]


def test_without_a_restart_nothing_is_restarted() -> None:
    host = host_of(codes=(3010,))
    upgrade = Driver(host, "never").run()
    assert upgrade.failure is not None
    assert upgrade.failure["code"] == "reboot_required"
    assert "RAS was installed and waits for that restart" in upgrade.failure["remedy"]
    assert host.journal == ["start"]


@pytest.mark.parametrize("sessions", [1, None])
@pytest.mark.parametrize("script", [{}, {"pending_before": True}])
def test_nothing_is_done_under_users(script: dict[str, t.Any], sessions: int | None) -> None:
    host = host_of(**script, session_host=True, sessions=sessions)
    upgrade = Driver(host, logoff_sessions=False).run()
    assert upgrade.failure is not None
    assert (upgrade.failure["code"], host.journal) == ("sessions_active", [])


def test_users_that_come_during_the_installation_keep_their_host() -> None:
    host = host_of(codes=(3010,), session_host=True)
    driver = Driver(host, logoff_sessions=False)
    started = driver.run(["host_upgrade"])
    host.script.sessions = 2
    upgrade = driver.go_on(started)
    assert upgrade.failure is not None
    assert (upgrade.failure["code"], host.journal) == ("sessions_active", ["start"])


def test_after_another_installation_the_installer_is_judged_again() -> None:
    host = host_of(codes=(1618, 0), changed_after=1)
    upgrade = Driver(host).run()
    assert upgrade.failure is not None
    assert (upgrade.failure["code"], host.starts) == ("installer_mismatch", 1)


def test_another_installation_that_does_not_end_is_given_up() -> None:
    host = host_of(codes=(1618,))
    assert Driver(host).run().failure is not None
    assert host.starts == ATTEMPTS


@pytest.mark.parametrize("is_begun", [True, False])
def test_a_start_whose_answer_was_lost_is_not_repeated(is_begun: bool) -> None:
    host = host_of(answer_lost=True, is_begun=is_begun)
    upgrade = Driver(host).run()
    assert host.starts == 1
    assert (upgrade.failure is None) is is_begun


def test_a_host_that_could_not_be_planned_is_passed_on() -> None:
    host = host_of()
    host.down = (host.clock.now, float("inf"))
    upgrade = Driver(host).run()
    assert upgrade.failure is not None
    assert upgrade.failure["code"] == "host_unreachable"
    assert host.journal == []
