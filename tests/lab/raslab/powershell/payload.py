# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible sends on standard input, decoded: the formats of ansible-core 2.16 to 2.21.

Taken from ansible-core's ``executor/powershell/module_manifest.py`` (2.16, 2.19, 2.21). Up to 2.18 the text of
exec_wrapper comes first and one JSON manifest after four zero bytes. Since 2.19 a JSON object that carries exec_wrapper
comes first, and a manifest with a chain of actions second; input for the action itself may follow as a third part.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any

_MARK = b"\0\0\0\0"
# Where PowerShell is the shell of SSH, newer ansible-core quotes each argument for it.
_ENCODED = re.compile(r"-e(?:nc(?:odedcommand)?)?\s+'?([A-Za-z0-9+/=]+)", re.IGNORECASE)
_MODULE = re.compile(r"ansible_collections\.(.+?)\.plugins\.modules\.(.+)")


class BadPayload(ValueError):
    """Standard input that is in none of the known formats."""


@dataclass(frozen=True)
class AsyncJob:
    """How the module shall run in the background."""

    job_id: str
    folder: str
    timeout: float


@dataclass(frozen=True)
class Become:
    """As whom the module shall run; ``password`` None for the accounts that need none."""

    user: str
    password: str | None = field(default=None, repr=False)


@dataclass
class Payload:
    """``kind`` is ``module``, or ``helper`` for the plumbing of a connection plugin (``args`` are its parameters)."""

    kind: str
    name: str
    args: dict[str, Any]
    become: Become | None = None
    job: AsyncJob | None = None
    rest: bytes = b""

    def options(self) -> dict[str, Any]:
        """The module's own arguments, without those that ansible-core adds."""
        return {name: value for name, value in self.args.items() if not name.startswith("_ansible_")}


def encoded_script(line: str) -> str | None:
    """The script behind ``-EncodedCommand``; wrapped ones (ansible-core up to 2.18) are opened to the innermost."""
    match = _ENCODED.search(line)
    if not match or "powershell" not in line.lower():
        return None
    try:
        script = base64.b64decode(match[1]).decode("utf-16-le")
    except ValueError:
        return None
    if re.match(r"\s*(?:begin\b|\$|&)", script):
        return script
    return encoded_script(script) or script


def decode(stdin: bytes) -> Payload | None:
    """The payload on standard input, or None if there is none. Raises BadPayload."""
    first, mark, second = stdin.partition(_MARK)
    if not mark:
        return None
    try:
        if not first.lstrip().startswith(b"{"):
            return _old_format(json.loads(second))
        manifest, _mark, rest = second.lstrip(b"\r\n").partition(_MARK)
        return _new_format(json.loads(manifest), rest.lstrip(b"\r\n"))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise BadPayload(f"{type(error).__name__} in the payload") from None


def _old_format(manifest: dict[str, Any]) -> Payload:
    args = manifest["module_args"]
    actions = manifest["actions"]
    become = job = None
    if "become_wrapper" in actions:
        become = Become(manifest["become_user"], manifest.get("become_password"))
    if "async_wrapper" in actions:
        folder = next(iter(_environments(manifest["environment"], "ANSIBLE_ASYNC_DIR")), "")
        job = AsyncJob(manifest["async_jid"], folder, float(manifest["async_timeout_sec"]))
    return Payload("module", str(args["_ansible_module_name"]), args, become, job)


def _new_format(manifest: dict[str, Any], rest: bytes) -> Payload:
    actions = manifest["actions"]
    last = actions[-1]
    if last["name"] != "module_wrapper.ps1":
        return Payload("helper", last["name"], last["params"], rest=rest)
    become = job = None
    for action in actions[:-1]:
        params = action["params"]
        if action["name"] == "become_wrapper.ps1":
            become = Become(params["BecomeUser"], action["secure_params"].get("BecomePassword"))
        elif action["name"] == "async_wrapper.ps1":
            job = AsyncJob(params["AsyncJid"], params["AsyncDir"], 0.0)
        elif action["name"] == "async_watchdog.ps1" and job:
            job = AsyncJob(job.job_id, job.folder, float(params["Timeout"]))
        else:
            raise BadPayload(f"the wrapper {action['name']} is not modeled")
    params = last["params"]
    if not params.get("ForModule"):
        return Payload("script", params["Script"], {}, become, job)
    args = next(item["Value"] for item in params["Variables"] if item["Name"] == "complex_args")
    match = _MODULE.fullmatch(params["Script"].removesuffix(".ps1"))
    # the resolved name: fetch shows win_stat here, and _ansible_module_name what was asked for
    return Payload("module", f"{match[1]}.{match[2]}" if match else params["Script"], args, become, job)


def _environments(environment: Any, name: str) -> list[str]:
    """The values of a variable; ansible-core sent a mapping, and in older versions a list of mappings."""
    listed = environment if isinstance(environment, list) else [environment]
    return [str(item[name]) for item in listed if isinstance(item, dict) and name in item]
