# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell remoting and SSH, as pypsrp and asyncssh use them; scenarios of the collection do it with real Ansible."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from pypsrp.exceptions import AuthenticationError, WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from labclient import eventually
from raslab.testing import Lab
from winclient import Box, farm, USER, WINDOWS_PASSWORD, windows_world

_WAYS = {
    "clear": {"connection": "psrp", "winrm": {"auth": ["basic"]}},
    "sealed": {"connection": "psrp", "winrm": {"auth": ["ntlm"]}},
    "tls": {"connection": "psrp", "winrm": {"scheme": "https", "auth": ["basic", "ntlm"]}},
    "ssh": {"connection": "ssh"},
    "winrm": {"connection": "winrm"},
    "restarts": {"connection": "psrp"},
    "ssh-restarts": {"connection": "ssh"},
}
_NO_SHELL = 2150858843


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    farms = [farm(name, windows=windows) for name, windows in _WAYS.items()]
    with Lab(windows_world(farms), tmp_path_factory.mktemp("others")) as running:
        yield running


def _box(lab: Lab, name: str) -> Box:
    return Box(lab, name, f"cb1.{name}.example.com")


def _endpoint(lab: Lab, name: str, password: str = WINDOWS_PASSWORD) -> WSMan:
    # WINDOWS of the way: what it takes to come in.
    options: dict[str, dict[str, Any]] = {
        "sealed": {"ssl": False, "auth": "ntlm", "encryption": "always"},
        "tls": {"ssl": True, "auth": "basic", "cert_validation": str(lab.ca_path)},
    }
    chosen = options.get(name, {"ssl": False, "auth": "basic", "encryption": "never"})
    return WSMan(_box(lab, name).address, username=USER, password=password, **chosen)


def _run(pool: RunspacePool, script: str) -> PowerShell:
    shell = PowerShell(pool)
    shell.add_script(script)
    shell.invoke()
    return shell


@pytest.mark.parametrize("name", ["clear", "sealed", "tls"])
def test_a_pipeline_answers_with_objects_and_errors(others: Lab, name: str) -> None:
    with RunspacePool(_endpoint(others, name)) as pool:
        assert _run(pool, "hostname\nexit $LASTEXITCODE").output == ["CB1"]
        failed = _run(pool, "(Get-Service -Name 'Nothing').Status")
        assert failed.output == []
        assert "Cannot find any service" in str(failed.streams.error[0])
    assert _box(others, name).windows["shells"] == 0
    assert _box(others, name).problems == []


@pytest.mark.parametrize("name", ["clear", "sealed", "tls"])
def test_a_wrong_password_opens_nothing(others: Lab, name: str) -> None:
    with pytest.raises(AuthenticationError), RunspacePool(_endpoint(others, name, "wrong")):
        pass
    assert _box(others, name).journal("winrm_refused") != []


def test_what_is_not_modeled_is_refused_and_noted(others: Lab) -> None:
    with RunspacePool(_endpoint(others, "restarts")) as pool:
        assert "not modeled" in str(_run(pool, "Format-Volume D").streams.error[0])
    assert any("Format-Volume" in text for text in _box(others, "restarts").problems)


def test_a_restart_forgets_the_pool(others: Lab) -> None:
    box = _box(others, "restarts")
    with RunspacePool(_endpoint(others, "restarts")) as pool:
        assert _run(pool, "hostname").output == ["CB1"]
        others.patch_windows("restarts", box.host, power="restarting")
        others.wait_for("restarts", "restart", "done")
        with pytest.raises(WSManFaultError) as raised:
            _run(pool, "hostname")
    assert raised.value.code == _NO_SHELL
    with RunspacePool(_endpoint(others, "restarts")) as pool:
        assert _run(pool, "hostname").output == ["CB1"]


def test_remoting_is_there_on_request_only(others: Lab) -> None:
    with pytest.raises(WSManFaultError), RunspacePool(_endpoint(others, "winrm")):
        pass
    assert any("PowerShell" in text for text in _box(others, "winrm").problems)


def _over_ssh(lab: Lab, name: str, talk: Callable[[Any], Coroutine[Any, Any, Any]], **options: Any) -> Any:
    folder = Path(lab.inventory).parent
    keys = {"client_keys": [str(folder / "ssh_key")], "known_hosts": str(folder / "known_hosts"), **options}

    async def connected() -> Any:
        async with asyncssh.connect(_box(lab, name).address, 2222, username=USER, config=[], **keys) as connection:
            return await talk(connection)

    return asyncio.run(connected())


def test_a_command_over_ssh(others: Lab) -> None:
    async def talk(connection: asyncssh.SSHClientConnection) -> tuple[Any, Any]:
        return await connection.run("hostname"), await connection.run("(Get-Service -Name 'Nothing').Status")

    named, failed = _over_ssh(others, "ssh", talk)
    assert (named.exit_status, named.stdout) == (0, "CB1\r\n")
    assert failed.exit_status == 1
    assert "Cannot find any service" in failed.stderr
    assert _box(others, "ssh").problems == []


def test_the_password_lets_in_too_and_a_wrong_one_does_not(others: Lab) -> None:
    async def talk(connection: asyncssh.SSHClientConnection) -> Any:
        return await connection.run("hostname")

    assert _over_ssh(others, "ssh", talk, client_keys=None, password=WINDOWS_PASSWORD).stdout == "CB1\r\n"
    for wrong in (
        {"client_keys": None, "password": "wrong"},
        {"client_keys": [asyncssh.generate_private_key("ssh-rsa")]},
    ):
        with pytest.raises(asyncssh.PermissionDenied):
            _over_ssh(others, "ssh", talk, **wrong)
    assert len(_box(others, "ssh").journal("winrm_refused")) >= 2


def test_files_over_sftp(others: Lab, tmp_path: Path) -> None:
    sent, got = tmp_path / "sent", tmp_path / "got"
    sent.write_bytes(bytes(range(256)) * 500)

    async def talk(connection: asyncssh.SSHClientConnection) -> tuple[bool, bool]:
        async with connection.start_sftp_client() as sftp:
            await sftp.put(str(sent), "/C:/ProgramData/file")
            async with sftp.open("/C:/ProgramData/file", "rb") as file:
                got.write_bytes(await file.read())
            return await sftp.exists("/C:/ProgramData"), await sftp.exists("/C:/Nothing")

    assert _over_ssh(others, "ssh", talk) == (True, False)
    assert got.read_bytes() == sent.read_bytes()
    assert [entry["op"] for entry in _box(others, "ssh").journal() if entry["path"] == "sftp"] == [
        "put_file",
        "fetch_file",
    ]


def test_a_restart_ends_connections_and_keeps_the_key_of_the_host(others: Lab) -> None:
    box = _box(others, "ssh-restarts")

    async def talk(connection: asyncssh.SSHClientConnection) -> None:
        others.patch_windows(box.name, box.host, power="restarting")
        await asyncio.wait_for(connection.wait_closed(), 30)

    _over_ssh(others, box.name, talk)
    others.wait_for(box.name, "restart", "done")

    async def again(connection: asyncssh.SSHClientConnection) -> Any:
        return await connection.run("hostname")

    assert eventually(lambda: _over_ssh(others, box.name, again).stdout == "CB1\r\n")
