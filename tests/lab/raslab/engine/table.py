# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the cmdlets of Windows find on a machine, as a table made of its model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raslab.windows.machine import Machine
from raslab.windows.registry import machine_keys, REBOOT_PENDING, REBOOT_REQUIRED, SESSION_MANAGER, UNINSTALL_32
from raslab.windows.services import START_TYPES
from raslab.windows.unreadable import GAPS, WHY

OS = "Microsoft Windows Server 2022 Standard"


def machine_table(machine: Machine) -> dict[str, Any]:
    """Registry, services, CIM classes, sessions and mutexes of a host, and files that somebody writes."""
    windows = machine.windows
    name, _dot, domain = machine.host.name.partition(".")
    installing = windows.installer_busy or machine.installing
    table: dict[str, Any] = {
        "registry": {f"HKLM:\\{path}": values for path, values in machine_keys(windows).items()},
        "services": [
            {
                "Name": service.name,
                "DisplayName": service.display_name,
                "Status": service.state,
                "StartType": START_TYPES[service.start_mode],
            }
            for service in windows.services.all
        ],
        "cim": {
            "Win32_OperatingSystem": [{"Caption": OS, "LastBootUpTime": windows.uptime}],
            "Win32_ComputerSystem": [
                {
                    "Name": windows.computer_name,
                    "DNSHostName": name,
                    "Domain": domain or "WORKGROUP",
                    "PartOfDomain": bool(domain),
                }
            ],
            "Win32_LogicalDisk": [
                {"DeviceID": "C:", "FreeSpace": windows.disk_free - windows.files.used()},
                {"DeviceID": "D:", "FreeSpace": windows.disk_free},
            ],
        },
        "cim_broken": {},
        "sessions": windows.sessions,
        "written_to": windows.files.written_to,
        "mutexes": {"Global\\_MSIExecute": "held"} if installing else {},
    }
    for name in windows.unreadable:
        _CLOSED[name](table)
    return table


def _deny(*keys: str) -> Callable[[dict[str, Any]], None]:
    """Keeps everybody out of these keys, which are there then."""

    def close(table: dict[str, Any]) -> None:
        for key in keys:
            table["registry"].setdefault(f"HKLM:\\{key}", {})["$denied"] = True

    return close


def _deny_services(table: dict[str, Any]) -> None:
    table["services"] = [{**row, "Denied": WHY} for row in table["services"]]


# How each thing that a host cannot say comes to be so.
_CLOSED: dict[str, Callable[[dict[str, Any]], None]] = {
    "disk": lambda table: table["cim_broken"].update({"Win32_LogicalDisk": WHY}),
    "products": _deny(UNINSTALL_32),
    "restart": _deny(REBOOT_PENDING, REBOOT_REQUIRED, SESSION_MANAGER),
    "services": _deny_services,
    "sessions": lambda table: table.update({"sessions": WHY}),
}
assert set(_CLOSED) == set(GAPS)


def environment(machine: Machine) -> dict[str, str]:
    """The variables of a process there, as far as scripts read them."""
    return {"COMPUTERNAME": machine.windows.computer_name, "SystemDrive": "C:", "SystemRoot": r"C:\Windows"}
