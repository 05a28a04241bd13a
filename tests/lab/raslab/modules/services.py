# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""win_service, win_service_info and win_reg_stat."""

from __future__ import annotations

import re
from typing import Any

from raslab.modules.call import module, ModuleCall
from raslab.windows.registry import find_key
from raslab.windows.services import Service

_STATES = {"Running": "started", "Stopped": "stopped", "StartPending": "start_pending", "StopPending": "stop_pending"}
_WANTED = {"started": "Running", "stopped": "Stopped"}
_HIVES = ("HKLM", "HKCU", "HKCR", "HKU", "HKCC")


@module(
    "win_service", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_service.ps1", ("name", "state", "start_mode")
)
async def win_service(call: ModuleCall) -> dict[str, Any]:
    call.only("name", "state", "start_mode", "force_dependent_services")
    args = call.args
    service = call.windows.services.find(args["name"])
    if service is None:
        if args["state"] in (None, "absent") and args["start_mode"] is None:
            return {"exists": False}
        raise call.fail(f"Service '{args['name']}' is not installed, need to set 'path' to create a new service")
    if args["state"] == "absent":
        if not call.check:
            call.windows.services.remove(service)
            await call.machine.sync()
        return {"exists": False, "changed": True}
    if args["state"] == "paused":
        raise call.fail(f"Cannot pause service '{service.name}': it does not accept pause requests")
    mode = args["start_mode"] or service.start_mode
    state = "Running" if args["state"] == "restarted" else _WANTED.get(args["state"] or "", service.state)
    changed = mode != service.start_mode or state != service.state or args["state"] == "restarted"
    if state == "Running" and service.state != "Running" and mode == "disabled":
        raise call.fail(f"Cannot start service '{service.name}' on computer '.'.")
    if changed and not call.check:
        service.start_mode, service.state = mode, state
        if state == "Running" and service.component == "web_admin":
            call.machine.rest_lost = False
        await call.machine.sync()
    return {
        "changed": changed,
        "exists": True,
        "name": service.name,
        "display_name": service.display_name,
        "description": None,
        "dependencies": [],
        "depended_by": [],
        "desktop_interact": False,
        "path": service.path,
        "start_mode": mode,
        "state": "running" if state == "Running" else state.lower(),
        "username": service.username,
        "can_pause_and_continue": False,
    }


@module("win_service_info", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_service_info.ps1", ("name",))
async def win_service_info(call: ModuleCall) -> dict[str, Any]:
    wanted = call.args["name"]
    found = [service for service in call.windows.services.all if wanted is None or _matches(service, wanted)]
    return {"exists": bool(found), "services": [_described(service) for service in found]}


def _matches(service: Service, pattern: str) -> bool:
    """A name or display name, with the wildcards of ``Get-Service``."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return any(re.fullmatch(expression, name, re.IGNORECASE) for name in (service.name, service.display_name))


def _described(service: Service) -> dict[str, Any]:
    return {
        "checkpoint": 0,
        "controls_accepted": ["stop", "shutdown"] if service.is_running else [],
        "dependencies": [],
        "dependency_of": [],
        "description": None,
        "desktop_interact": False,
        "display_name": service.display_name,
        "error_control": "normal",
        "failure_actions": [],
        "failure_actions_on_non_crash_failure": False,
        "failure_command": None,
        "failure_reboot_msg": None,
        "failure_reset_period_sec": 0,
        "launch_protection": "none",
        "load_order_group": "",
        "name": service.name,
        "path": service.path,
        "pre_shutdown_timeout_ms": 180000,
        "preferred_node": None,
        "process_id": 1204 if service.is_running else 0,
        "required_privileges": [],
        "service_exit_code": 0,
        "service_flags": [],
        "service_type": "win32_own_process",
        "sid_info": "none",
        "start_mode": service.start_mode,
        "state": _STATES[service.state],
        "triggers": [],
        "username": r"NT AUTHORITY\SYSTEM" if service.username == "LocalSystem" else service.username,
        "wait_hint_ms": 0,
        "win32_exit_code": 0 if service.is_running else 1077,
    }


@module("win_reg_stat", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_reg_stat.ps1", ("path", "name"))
async def win_reg_stat(call: ModuleCall) -> dict[str, Any]:
    path, name = call.args["path"], call.args["name"]
    hive, colon, rest = path.partition(":\\")
    if not colon or hive.upper() not in _HIVES:
        raise call.fail(f"path: {path} is not a valid registry path, see module documentation for examples.")
    found = find_key(call.windows, rest) if hive.upper() == "HKLM" else None
    if found is None:
        return {"exists": False}
    values, sub_keys = found
    if name is None:
        return {
            "exists": True,
            "properties": {key: _property(value) for key, value in values.items()},
            "sub_keys": sub_keys,
        }
    for key, value in values.items():
        if key.casefold() == name.casefold():
            return {"exists": True, **_property(value)}
    return {"exists": False}


def _property(value: Any) -> dict[str, Any]:
    kind = "REG_DWORD" if isinstance(value, int) else "REG_MULTI_SZ" if isinstance(value, list) else "REG_SZ"
    return {"type": kind, "value": value, "raw_value": value}
