# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real WinRM clients other than Ansible: pywinrm, pypsrp, and testinfra's winrm backend."""

from __future__ import annotations

import base64

import pytest
import winrm
from winrm.exceptions import InvalidCredentialsError, WinRMError

from labclient import eventually
from raslab.testing import Lab
from winclient import Box, USER, WINDOWS_PASSWORD


def test_a_command_and_a_script(box: Box) -> None:
    session = box.session()
    ran = session.run_cmd("hostname")
    assert (ran.status_code, ran.std_out, ran.std_err) == (0, b"CB1\r\n", b"")
    ran = session.run_ps("(Get-Service -Name 'RAS Connection Broker').Status")
    assert (ran.status_code, ran.std_out) == (0, b"Running\r\n")
    assert [entry["path"] for entry in box.journal("command")] == ["hostname", "service_state"]
    assert box.windows["shells"] == 0
    assert box.problems == []


@pytest.mark.parametrize("transport", ["ntlm", "basic"])
def test_a_wrong_password_is_refused(winlab: Lab, box: Box, transport: str) -> None:
    target = Box(winlab, "ntlm", "cb1.ntlm.example.com") if transport == "ntlm" else box
    with pytest.raises(InvalidCredentialsError):
        target.session(transport, password="wrong").run_cmd("hostname")


@pytest.mark.parametrize("name", [USER, USER.lower(), f".\\{USER}", f"CB1\\{USER}"])
@pytest.mark.parametrize("transport", ["ntlm", "basic"])
def test_the_ways_to_write_a_local_user(winlab: Lab, transport: str, name: str) -> None:
    address = winlab.farms["tls"]["address"]
    session = winrm.Session(
        f"https://{address}:5986/wsman",
        auth=(name, WINDOWS_PASSWORD),
        transport=transport,
        ca_trust_path=str(winlab.ca_path),
    )
    assert session.run_cmd("hostname").std_out == b"CB1\r\n"


def test_ntlm_seals_what_goes_over_http(winlab: Lab) -> None:
    box = Box(winlab, "ntlm", "cb1.ntlm.example.com")
    session = box.session("ntlm", message_encryption="always")
    assert session.run_cmd("hostname").std_out == b"CB1\r\n"


def test_basic_is_refused_where_only_ntlm_is_offered(winlab: Lab) -> None:
    with pytest.raises(InvalidCredentialsError):
        Box(winlab, "ntlm", "cb1.ntlm.example.com").session("basic").run_cmd("hostname")


def test_what_is_not_modeled_fails_loudly(box: Box) -> None:
    ran = box.session().run_cmd("format c:")
    assert ran.status_code == 1
    assert b"not modeled" in ran.std_err
    assert box.problems == ["the command 'format c:' is not modeled"]


def test_a_long_output_comes_in_pieces(box: Box) -> None:
    text = "x" * 120_000
    ran = box.session().run_cmd(f"echo {text}")
    assert ran.std_out == text.encode() + b"\r\n"


def test_a_slow_command_outlasts_the_operation_timeout(box: Box) -> None:
    """Receive is answered with the fault that clients know, and asked again, until the command has ended."""
    session = box.session(operation_timeout_sec=1, read_timeout_sec=4)
    shell = session.protocol.open_shell()
    command = session.protocol.run_command(shell, "hostname", console_mode_stdin=False)
    with pytest.raises(winrm.exceptions.WinRMOperationTimeoutError):
        session.protocol.get_command_output_raw(shell, command)
    session.protocol.send_command_input(shell, command, b"", end=True)
    out, _err, code = session.protocol.get_command_output(shell, command)
    assert (out, code) == (b"CB1\r\n", 0)
    session.protocol.cleanup_command(shell, command)
    session.protocol.close_shell(shell)


def test_a_shell_of_the_past_is_unknown(box: Box) -> None:
    session = box.session()
    shell = session.protocol.open_shell()
    assert box.windows["shells"] == 1
    before = box.windows["boot_time"]
    box.lab.patch_windows(box.name, box.host, power="restarting")
    assert eventually(lambda: box.windows["boot_time"] != before and box.windows["power"] == "on")
    assert box.windows["shells"] == 0
    with pytest.raises(WinRMError):
        box.session().protocol.run_command(shell, "hostname")


def test_pypsrp_runs_commands(winlab: Lab, box: Box) -> None:
    from pypsrp.client import Client

    with Client(
        box.address, port=5985, ssl=False, auth="basic", encryption="never", username=USER, password=WINDOWS_PASSWORD
    ) as client:
        out, _err, code = client.execute_cmd("hostname")
    assert (out.strip(), code) == ("CB1", 0)
    with Client(
        winlab.farms["ntlm"]["address"], port=5985, ssl=False, auth="ntlm", username=USER, password=WINDOWS_PASSWORD
    ) as client:
        out, _err, code = client.execute_cmd("hostname")
    assert (out.strip(), code) == ("CB1", 0)


def test_testinfra_runs_commands(winlab: Lab) -> None:
    testinfra = pytest.importorskip("testinfra", reason="the floor lane has no testinfra")
    address = winlab.farms["ntlm"]["address"]
    host = testinfra.get_host(f"winrm://{USER}:{WINDOWS_PASSWORD}@{address}:5985?no_ssl=true")
    ran = host.run("hostname")
    assert (ran.rc, ran.stdout.strip()) == (0, "CB1")


def test_a_damaged_request_is_no_reason_to_fall_over(box: Box) -> None:
    import urllib3

    basic = base64.b64encode(f"{USER}:{WINDOWS_PASSWORD}".encode()).decode()
    pool = urllib3.PoolManager(retries=False)
    for path, body, expected in (("/wsman", b"<no xml", 400), ("/wsman", b"<a/>", 400), ("/other", b"<a/>", 404)):
        answer = pool.request(
            "POST",
            f"http://{box.address}:5985{path}",
            body=body,
            headers={"Authorization": f"Basic {basic}", "Content-Type": "application/soap+xml"},
        )
        assert answer.status == expected
    assert box.problems == []
