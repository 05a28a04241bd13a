# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PowerShell module of RAS, written from the table of cmdlets for one major version, and it asks the model."""

from __future__ import annotations

from pathlib import Path

from raslab.powershell import cmdlets

# Parameters that are no plain text (vendor samples): a wrong type fails here as it would there.
_TYPES = {
    "Password": "securestring",
    "Id": "uint32",
    "SiteId": "uint32",
    "Retries": "int",
    "TimeoutInSecs": "int",
    "Enabled": "bool",
    "Force": "switch",
    "FullSync": "switch",
    "InputObject": "object",
}
_HEAD = Path(__file__).resolve().parent / "host" / "RASAdmin.head.ps1"


def manifest(major: int, version: str) -> str:
    """The module's manifest."""
    exported = ", ".join(f"'{name}'" for name in cmdlets.names(major))
    root = f"{cmdlets.module_name(major)}.psm1"
    return f"@{{\n    RootModule = '{root}'\n    ModuleVersion = '{version}'\n    FunctionsToExport = {exported}\n}}\n"


def module(major: int) -> str:
    """The module itself."""
    functions = []
    for name in cmdlets.names(major):
        cmdlet = cmdlets.find(name, major)
        assert cmdlet is not None
        rows = ",\n".join(
            f"        [{_TYPES.get(parameter, 'string')}] ${parameter}" for parameter in sorted(cmdlet.parameters)
        )
        functions.append(
            f"function {name} {{\n    [CmdletBinding()]\n    param (\n{rows}\n    )\n"
            f"    Invoke-RasModel -Cmdlet $PSCmdlet -Name '{name}' -Bound $PSBoundParameters\n}}\n"
        )
    return _HEAD.read_text(encoding="utf-8") + "\n" + "\n".join(functions) + "\nExport-ModuleMember -Function *-*\n"


def write(folder: Path, major: int, version: str) -> None:
    """Writes the module into the folder that holds modules."""
    name = cmdlets.module_name(major)
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.psd1").write_text(manifest(major, version), encoding="utf-8")
    (place / f"{name}.psm1").write_text(module(major), encoding="utf-8")
