# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a connection says of credentials, certificates or libraries ends each wait at once; all else is a host away."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.connection_causes import is_lasting
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import Restart
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import HostLost
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.installation import (
    InstallerWait,
    Patience,
    Start,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.restart import await_restart
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_ras_host import (
    FakeRasHost,
    Script,
    VirtualClock,
)
from hypothesis import given
from hypothesis import strategies as st

LASTING = [
    "ntlm: the specified credentials were rejected by the server",
    "basic: HTTP 401 Unauthorized",
    "kerberos: kinit: Preauthentication failed while getting initial credentials",
    "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'))",
    "winrm or requests is not installed: No module named 'winrm'",
    "Access is denied. (extended fault data: {'code': '2147942405'})",
    "failed to authenticate with the server: Failed to authenticate the user svc with negotiate",
    "pypsrp or dependencies are not installed: No module named 'pypsrp'",
    "Failed to connect to the host via ssh: svc@cb1: Permission denied (publickey,password).",
    "Failed to connect to the host via ssh: Host key verification failed.",
    "Unable to execute ssh command line on a controller: [Errno 2] No such file or directory: b'ssh'",
    "Failed to connect to the host via ssh: command-line: line 0: Bad configuration option: foo",
]
AWAY = [
    "",
    "ntlm: HTTPConnectionPool(host='192.0.2.1', port=5985): Max retries exceeded (Caused by ConnectTimeoutError)",
    "[Errno 111] Connection refused",
    "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
    "The I/O operation has been aborted because of either a thread exit or an application request",
    "Received a WSManFault message. (Code: 2150858843, Machine: CB1, Reason: The request contained invalid selectors)",
    "HTTP read timeout during PSRP script execution",
    "Failed to connect to the host via ssh: ssh: connect to host cb1 port 22: Connection refused",
    "Failed to connect to the host via ssh: kex_exchange_identification: Connection closed by remote host",
    "Data could not be sent to remote host 'cb1'. Make sure this host can be reached over SSH: [Errno 32] Broken pipe",
]
PATIENCE = Patience(install=3600.0, restart=1800.0, poll=10.0)


@pytest.mark.parametrize("said", LASTING)
def test_what_waiting_does_not_change_is_known(said: str) -> None:
    assert is_lasting(said)


@pytest.mark.parametrize("said", AWAY)
def test_a_host_that_is_away_may_come_back(said: str) -> None:
    assert not is_lasting(said)


@given(st.sampled_from(LASTING), st.sampled_from(AWAY), st.booleans())
def test_one_transport_that_was_rejected_is_enough(lasting: str, away: str, last: bool) -> None:
    """The next attempt tries all of them again."""
    assert is_lasting(f"{away}, {lasting}" if last else f"{lasting}, {away}")


class _Refusing(FakeRasHost):
    """Says each time why it cannot be reached, and counts how often it was asked."""

    asked = 0
    reset = 0
    is_lasting = True

    def look(self) -> dict[str, t.Any]:
        self.asked += 1
        raise HostLost("rejected", is_lasting=self.is_lasting)

    def reconnect(self) -> None:
        self.reset += 1


def test_a_wait_for_a_restart_ends() -> None:
    host = _Refusing(VirtualClock(), Script())
    with pytest.raises(HostLost):
        await_restart(host, host.clock, Restart(0.0, 1000.0), 1800.0, 10.0)
    assert (host.asked, host.reset) == (1, 0)


def _wait(host: _Refusing) -> InstallerWait:
    clock: VirtualClock = host.clock
    start = Start(0.0, 1000.0, "20.2.25893")
    return InstallerWait(host.look, host.reconnect, clock.monotonic, clock.sleep, start, PATIENCE)


@pytest.mark.parametrize("has_job", [True, False])
def test_a_wait_for_an_installer_ends(has_job: bool) -> None:
    host = _Refusing(VirtualClock(), Script())
    wait = _wait(host)
    with pytest.raises(HostLost):
        _ended = wait.for_job(lambda: t.cast("t.Any", host.look())) if has_job else wait.without_job()
    assert (host.asked, host.reset) == (1, 0)


def test_one_that_is_away_is_asked_until_the_time_is_over() -> None:
    host = _Refusing(VirtualClock(), Script())
    host.is_lasting = False
    end = _wait(host).for_job(lambda: t.cast("t.Any", host.look()))
    assert end.code == -1
    assert host.asked > 100
