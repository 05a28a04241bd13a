# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry: a view of the model, so that it can never disagree with it, plus keys that somebody set."""

from __future__ import annotations

from typing import Any

from raslab.windows.model import WindowsHost

UNINSTALL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
UNINSTALL_32 = r"SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall"
# RAS-PowerShell, ARM scripts: where the installer says where it put the product
RAS_SETUP = r"SOFTWARE\WOW6432Node\Parallels\Setup\ApplicationServer"
REBOOT_PENDING = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending"
REBOOT_REQUIRED = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired"
SESSION_MANAGER = r"SYSTEM\CurrentControlSet\Control\Session Manager"
_WINDOWS = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_POLICIES = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"


def machine_keys(windows: WindowsHost) -> dict[str, dict[str, Any]]:
    """The keys of HKEY_LOCAL_MACHINE with their values: text, a whole number (REG_DWORD) or a list of texts."""
    keys: dict[str, dict[str, Any]] = {UNINSTALL: {}, UNINSTALL_32: {}}
    for product in windows.products:
        keys[f"{UNINSTALL_32 if product.is_32_bit else UNINSTALL}\\{product.code}"] = dict(product.uninstall_values())
    if windows.ras:
        keys[RAS_SETUP] = {"ProductDir": windows.ras.folder}
    keys[SESSION_MANAGER] = {}
    if windows.pending_reboot:
        keys[REBOOT_PENDING] = {}
        keys[SESSION_MANAGER]["PendingFileRenameOperations"] = [r"\??\C:\Config.Msi\5a1b2.rbf", ""]
    keys[_WINDOWS] = {"ProductName": "Windows Server 2022 Standard", "CurrentBuild": windows.version.split(".")[2]}
    keys[_POLICIES] = {"EnableLUA": 1}
    for path, values in windows.registry.items():
        keys.setdefault(path, {}).update(values)
    return keys


def reboot_sources(windows: WindowsHost) -> list[str]:
    """What asks for a restart, by the names of ``host_observe``."""
    keys = machine_keys(windows)
    found = {
        "component_servicing": REBOOT_PENDING in keys,
        "windows_update": REBOOT_REQUIRED in keys,
    }
    return [name for name, is_there in found.items() if is_there]


def has_file_renames(windows: WindowsHost) -> bool:
    """Whether files wait to be renamed at the next restart."""
    return "PendingFileRenameOperations" in machine_keys(windows)[SESSION_MANAGER]


def find_key(windows: WindowsHost, path: str) -> tuple[dict[str, Any], list[str]] | None:
    """Values and names of the subkeys of a key below HKLM; None if there is no such key."""
    wanted = path.strip("\\").lower()
    keys = machine_keys(windows)
    children: dict[str, str] = {}
    values: dict[str, Any] | None = None
    for key, content in keys.items():
        lower = key.lower()
        if lower == wanted:
            values = content
        elif lower.startswith(wanted + "\\"):
            child = key[len(wanted) + 1 :].split("\\")[0]
            children.setdefault(child.lower(), child)
    if values is None and not children:
        return None
    return values or {}, list(children.values())
