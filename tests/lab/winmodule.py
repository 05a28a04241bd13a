# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module over pywinrm with a payload of our own: what ansible-core 2.16 to 2.18 send, in milliseconds."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import winrm

from labclient import ADMIN, ADMIN_PASSWORD
from winclient import script

SESSION = {"Username": ADMIN}
JOBS = r"C:\Users\Administrator\.ansible_async"
SECRETS = [{"name": "Password", "value": ADMIN_PASSWORD}]


def run_module(
    session: winrm.Session,
    module: str,
    /,
    *,
    _files: dict[str, Path] | None = None,
    _check: bool = False,
    _job: str = "",
    **args: Any,
) -> dict[str, Any]:
    """The result of a module; ``_files`` are put on the host before it runs, ``_job`` runs it in the background."""
    for path, source in (_files or {}).items():
        put_file(session, path, source.read_bytes())
    manifest: dict[str, Any] = {
        "module_entry": "",
        "module_args": {
            **args,
            "_ansible_module_name": f"ansible.windows.{module}",
            "_ansible_check_mode": _check,
            "_ansible_diff": False,
        },
        "actions": ["module_powershell_wrapper"],
        "environment": {},
    }
    if _job:
        manifest["actions"].insert(0, "async_wrapper")
        manifest.update(async_jid=_job, async_timeout_sec=60, environment=[{"ANSIBLE_ASYNC_DIR": JOBS}])
    return _said(session, manifest)


def run_script(
    session: winrm.Session,
    name: str,
    parameters: dict[str, Any] | None = None,
    secrets: list[dict[str, str]] | None = None,
    check: bool = False,
    job: str = "",
) -> dict[str, Any]:
    """The result of one of the collection's scripts, with the farm's administrator unless another one is given."""
    given: dict[str, Any] = {
        "parameters": parameters or {},
        "sensitive_parameters": SECRETS if secrets is None else secrets,
    }
    return run_module(session, "win_powershell", script=script(name), _check=check, _job=job, **given)


def job_of(session: winrm.Session, started: dict[str, Any]) -> dict[str, Any]:
    """What is known of a job by now."""
    return run_module(session, "async_status", jid=started["ansible_job_id"], _async_dir=JOBS)


def answer(result: dict[str, Any]) -> dict[str, Any]:
    """What a script of ours handed back."""
    data: dict[str, Any] = json.loads(result["result"])
    return data


def put_file(session: winrm.Session, path: str, content: bytes) -> None:
    """Sends a file as the winrm connection plugin of ansible-core 2.16 does."""
    text = f"begin {{\n$path = '{path}'\n$fd = [System.IO.File]::Create($path)\n}}"
    out, err, _code = _run(session, text, base64.b64encode(content) + b"\r\n")
    assert json.loads(out)["sha1"] == hashlib.sha1(content).hexdigest(), err


def _said(session: winrm.Session, manifest: dict[str, Any]) -> dict[str, Any]:
    payload = b"# exec_wrapper\n\n\0\0\0\0" + json.dumps(manifest).encode()
    out, err, _code = _run(session, "&chcp.com 65001 > $null\n# bootstrap", payload)
    assert out, err
    result: dict[str, Any] = json.loads(out)
    return result


def _run(session: winrm.Session, text: str, stdin: bytes) -> tuple[bytes, bytes, int]:
    encoded = base64.b64encode(text.encode("utf-16-le")).decode()
    protocol = session.protocol
    shell = protocol.open_shell(codepage=65001)
    line = f"PowerShell -NoProfile -NonInteractive -ExecutionPolicy Unrestricted -EncodedCommand {encoded}"
    command = protocol.run_command(shell, line, console_mode_stdin=False)
    protocol.send_command_input(shell, command, stdin, end=True)
    ended: tuple[bytes, bytes, int] = protocol.get_command_output(shell, command)
    protocol.cleanup_command(shell, command)
    protocol.close_shell(shell)
    return ended
