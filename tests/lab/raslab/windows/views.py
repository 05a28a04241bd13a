# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The truth about a Windows host as JSON, and changes to it behind everybody's back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from raslab.reading import flag, mapping, number, one_of, Reader, texts, whole, WorldError
from raslab.windows.files import in_use
from raslab.windows.machine import Machine
from raslab.windows.model import MSIEXEC, POWER, read_access, read_shutdown_code, read_unreadable, set_access
from raslab.windows.services import STATES

_GIGABYTE = 1024**3


def windows_view(machine: Machine) -> dict[str, Any]:
    """Everything about one host, without passwords."""
    windows = machine.windows
    return {
        "computer_name": windows.computer_name,
        "power": windows.power,
        "boot_time": windows.boot_time.isoformat(),
        "pending_reboot": windows.pending_reboot,
        "installing": machine.installing,
        "installer_busy": windows.installer_busy,
        "disk_free_gb": round((windows.disk_free - windows.files.used()) / _GIGABYTE, 3),
        "sessions": windows.sessions,
        "shutdown_scheduled": machine.shutdown_scheduled,
        "shells": len(machine.shells),
        "winrm": {"answers": machine.winrm_answers, "auth": list(windows.winrm.auth), "scheme": windows.winrm.scheme},
        "users": [user.name for user in windows.users],
        "products": [
            {"name": product.name, "version": product.version, "code": product.code, "features": list(product.features)}
            for product in windows.products
        ],
        "services": {
            service.name: {"state": service.state, "start_mode": service.start_mode} for service in windows.services.all
        },
        "files": {
            node.path: {"size": node.size, "sha256": hashlib.sha256(node.content or b"").hexdigest()}
            for node in windows.files.listing()
        },
        "folders": {node.path: node.access.sddl for node in windows.files.folders()},
    }


async def patch_windows(machine: Machine, data: Any, place: str) -> None:
    """Changes a host while the lab runs; nothing is changed if any part is wrong. Raises WorldError."""
    windows = machine.windows
    reader = Reader(data, place)
    power = reader.take("power", one_of(*POWER), None)
    pending = reader.take("pending_reboot", flag, windows.pending_reboot)
    busy = reader.take("installer_busy", flag, windows.installer_busy)
    free = reader.take("disk_free_gb", number, None)
    sessions = reader.take("sessions", whole, windows.sessions)
    root_missing = reader.take("root_missing", flag, windows.root_missing)
    unreadable = read_unreadable(reader.take("unreadable", texts, windows.unreadable), f"{place}.unreadable")
    down = reader.take("winrm_down", flag, windows.winrm.down)
    msiexec = reader.take("msiexec", one_of(*MSIEXEC), windows.msiexec)
    code = read_shutdown_code(reader.take("shutdown_code", whole, windows.shutdown_code), f"{place}.shutdown_code")
    scheduled = reader.take("shutdown_in", number, None)
    written_to = reader.take("written_to", texts, tuple(windows.files.written_to))
    services = _service_states(machine, reader.take("services", mapping, {}), place)
    files: dict[str, Any] = reader.take("files", mapping, {})
    access = read_access(reader.take("access", mapping, {}), f"{place}.access")
    reader.done()
    for path in files:
        if windows.files.is_held(path):
            raise WorldError(f"{place}.files: {in_use(path)}")
    windows.pending_reboot, windows.installer_busy, windows.sessions = pending, busy, sessions
    windows.winrm.down, windows.root_missing, windows.unreadable = down, root_missing, unreadable
    windows.msiexec, windows.shutdown_code = msiexec, code
    windows.files.open_for_writing(written_to)
    if free is not None:
        windows.disk_free = int(free * _GIGABYTE) + windows.files.used()
    for name, state in services.items():
        service = windows.services.find(name)
        assert service is not None
        service.state = state
    for path, content in files.items():
        if content is None:
            windows.files.remove(path)
        else:
            windows.files.make_folder(path.rpartition("\\")[0])
            windows.files.write(path, str(content).encode())
    set_access(windows, access)
    if scheduled is not None:
        machine.order_restart(scheduled)
    if power is not None:
        await machine.switch(power)
    await machine.sync()


def _service_states(machine: Machine, data: Mapping[str, Any], place: str) -> dict[str, str]:
    states = {}
    for name, state in data.items():
        if machine.windows.services.find(name) is None:
            raise WorldError(f"{place}.services: there is no service {name}")
        states[name] = one_of(*STATES)(state, f"{place}.services.{name}")
    return states
