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


# How a module may lie in its folder (RAS-PowerShell's scripts for Azure and AWS, which edit the manifest): the folders
# of manifests, and what their entry begins with. Without a manifest, nothing can be loaded.
LAYOUTS: dict[str, dict[str, str]] = {
    "root": {"": ""},
    "root, to the version above": {"": "../4.0/"},
    "root, to the version": {"": "./4.0/"},
    "version, to the version above": {"4.0": "../4.0/"},
    "version and root, to the version above": {"": "../4.0/", "4.0": "../4.0/"},
    "version of another number": {"4.0": "../4.0/"},
    "no manifest": {},
}


def manifest(major: int, version: str, entry: str = "") -> str:
    """The module's manifest.

    :param entry: where its root module lies, from the manifest.
    """
    exported = ", ".join(f"'{name}'" for name in cmdlets.names(major))
    root = f"{entry}{cmdlets.module_name(major)}.psm1"
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


def write(folder: Path, major: int, version: str, layout: str = "root") -> None:
    """Writes the module into the folder that holds modules.

    :param layout: one of :data:`LAYOUTS`. The folder of a version has the number of the module's version, but in the
        layout that says otherwise.
    """
    name = cmdlets.module_name(major)
    place = folder / name
    manifests = LAYOUTS[layout]
    code = place / ("4.0" if layout != "root" else "")
    code.mkdir(parents=True, exist_ok=True)
    (code / f"{name}.psm1").write_text(module(major), encoding="utf-8")
    number = "4.0" if "4.0" in manifests and layout != "version of another number" else version
    for below, entry in manifests.items():
        (place / below / f"{name}.psd1").write_text(manifest(major, number, entry), encoding="utf-8")
