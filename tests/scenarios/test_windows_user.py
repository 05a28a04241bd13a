# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Windows user of connections is guarded as the RAS administrator is: what hosts saw, by the lab's journal."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest
from ansible.release import __version__

from counts import count
from harness.runner import Run, Runner
from harness.windows import windows_world
from harness.worlds import ACTIVE, host_of
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

HOST_INFO: t.Final = "fleetops.parallels_ras.host_info"
LICENSE_INFO: t.Final = "fleetops.parallels_ras.license_info"
HOSTS: t.Final = 12
WRONG: t.Final = "a wrong password of Windows"
# How the connection plugin ends what it says of Kerberos: ansible-core 2.16 says no more than this.
_LAST_WORDS: t.Final = "library is not installed" if __version__.startswith("2.16.") else "using basic authentication."
LOOK: t.Final = {"name": "Look", HOST_INFO: {}, "ignore_errors": True}
READ: t.Final = {
    "name": "Read",
    LICENSE_INFO: {
        "backend": "winrm",
        "api_username": "{{ ras_api_username }}",
        "api_password": "{{ ras_api_password }}",
    },
    "ignore_errors": True,
}


@pytest.fixture(scope="module")
def twelve(start_lab: StartLab) -> Runner:
    """Twelve hosts and their Windows user."""
    farms: dict[str, dict[str, t.Any]] = {f"f{number}": {"license": ACTIVE} for number in range(HOSTS)}
    # A local user: its password is a matter of each host.
    farms["f0"]["hosts"] = [
        {"name": host_of("f0"), "windows": {"users": [{"name": "Administrator", "password": WRONG}]}}
    ]
    return start_lab(windows_world(farms), forks=50)


def _codes(run: Run, module: str = HOST_INFO) -> Counter[str]:
    return Counter((result.get("failure") or {}).get("code", "ok") for result in run.results(module))


def _failures(run: Run, code: str) -> list[dict[str, t.Any]]:
    found = [result.get("failure") or {} for result in run.results(HOST_INFO)]
    return [failure for failure in found if failure.get("code") == code]


def _refused(runner: Runner) -> list[str]:
    """The hosts that saw a wrong password; the transport of each is basic, so one logon is one request."""
    return [entry["farm"] for entry in runner.lab.journal(op="winrm_refused")]


def test_two_of_twelve_hosts_see_a_wrong_password(twelve: Runner) -> None:
    twelve.lab.clear_journal()
    # The second and third task are how a role goes on: a user that was rejected is not tried again.
    run = twelve.play([LOOK, LOOK, READ], "--limit", f"!{host_of('f0')}", extra={"ansible_password": WRONG})
    assert len(_refused(twelve)) == len(set(_refused(twelve))) == 2
    assert _codes(run) == {"host_unreachable": 2, "not_tried": 2 * HOSTS - 4}
    assert _codes(run, LICENSE_INFO) == {"not_tried": HOSTS - 1}
    assert {entry["op"] for entry in twelve.lab.journal()} == {"winrm_refused"}
    assert WRONG not in run.output
    for failure in _failures(run, "host_unreachable"):
        assert "(the Windows user was rejected)" in failure["message"]
        assert "ansible_password" in failure["remedy"]
    count("scenario", "windows user: 11 hosts, a wrong password")


def test_a_library_that_is_missing_on_the_controller_accuses_nobody(twelve: Runner) -> None:
    twelve.lab.clear_journal()
    # The lanes have no Kerberos.
    run = twelve.play([LOOK], extra={"ansible_winrm_transport": "kerberos"})
    assert _codes(run) == {"host_unreachable": HOSTS}
    for failure in _failures(run, "host_unreachable"):
        assert "(a library or program is missing on the controller)" in failure["message"]
        assert _LAST_WORDS in failure["message"]
        assert "pywinrm[kerberos]" in failure["remedy"]
    assert twelve.lab.journal() == []
    count("scenario", "windows user: no library for Kerberos")


def test_a_host_that_accepted_its_user_is_not_held_up_by_others(twelve: Runner) -> None:
    twelve.lab.clear_journal()
    run = twelve.play([LOOK, READ], "--forks", "1", extra={"ansible_password": WRONG})
    assert len(_refused(twelve)) == 2
    assert _codes(run) == {"ok": 1, "host_unreachable": 2, "not_tried": HOSTS - 3}
    assert _codes(run, LICENSE_INFO) == {"ok": 1, "not_tried": HOSTS - 1}
    assert run.results(LICENSE_INFO, host_of("f0"))[0]["license"]["status"] == "active"
    count("scenario", "windows user: one right among wrong ones")


def test_hosts_that_are_down_reject_nobody(twelve: Runner) -> None:
    twelve.lab.clear_journal()
    # Nothing listens on port 1: the connection says so in words that are known.
    closed = [host_of(f"f{number}") for number in range(4)]
    down = {"ansible_port": f"{{{{ 1 if inventory_hostname in {closed} else 5985 }}}}"}
    run = twelve.play([LOOK, LOOK], extra=down)
    assert _codes(run) == {"host_unreachable": 8, "ok": 2 * (HOSTS - 4)}, run.output[-2000:]
    assert _refused(twelve) == []
    for failure in _failures(run, "host_unreachable"):
        assert "(nothing listens on the port)" in failure["message"]
        assert "winrm quickconfig" in failure["remedy"]
    count("scenario", "windows user: hosts that are down")


def test_a_right_user_is_tried_everywhere_at_once(twelve: Runner) -> None:
    twelve.lab.clear_journal()
    run = twelve.play([LOOK])
    assert _codes(run) == {"ok": HOSTS}
    assert _refused(twelve) == []
    count("scenario", "windows user: right")
