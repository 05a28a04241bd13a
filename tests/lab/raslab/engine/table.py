# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the cmdlets of Windows find on a machine, as a table made of its model."""

from __future__ import annotations

from typing import Any

from raslab.windows.machine import Machine
from raslab.windows.registry import machine_keys
from raslab.windows.services import START_TYPES

OS = "Microsoft Windows Server 2022 Standard"


def machine_table(machine: Machine) -> dict[str, Any]:
    """Registry, services, CIM classes and mutexes of a host."""
    windows = machine.windows
    name, _dot, domain = machine.host.name.partition(".")
    installing = windows.installer_busy or machine.installing
    return {
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
            "Win32_ComputerSystem": [{"Name": windows.computer_name, "DNSHostName": name, "Domain": domain}],
            "Win32_LogicalDisk": [
                {"DeviceID": "C:", "FreeSpace": windows.disk_free - windows.files.used()},
                {"DeviceID": "D:", "FreeSpace": windows.disk_free},
            ],
            "Win32_LogonSession": [{"LogonType": 10} for _session in range(windows.sessions)],
        },
        "cim_broken": {},
        "mutexes": {"Global\\_MSIExecute": "held"} if installing else {},
    }


def environment(machine: Machine) -> dict[str, str]:
    """The variables of a process there, as far as scripts read them."""
    return {"COMPUTERNAME": machine.windows.computer_name, "SystemDrive": "C:"}
