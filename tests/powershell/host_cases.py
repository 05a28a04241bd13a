# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installers that a script judges and starts, and hosts on which that ends in one way or another."""

from __future__ import annotations

import hashlib
import typing as t

from raslab.msi_build import STOCK
from raslab.windows.msi import signer_of

MSI: t.Final = "C:\\ProgramData\\RAS [new] ü.msi"
LOG: t.Final = "C:\\ProgramData\\ras.log"
MSI_NAME: t.Final = "RASInstaller-21.2.28000.msi"
# The farm with its faults, and the Windows of its host.
INSTALLATIONS: t.Final[dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]]] = {
    "done": ({}, {}),
    "over_its_writer": ({}, {"written_to": [MSI]}),
    "busy": ({}, {"installer_busy": True}),
    "without_root": ({}, {"root_missing": True}),
    "without_msiexec": ({}, {"msiexec": "missing"}),
    "with_msiexec_blocked": ({}, {"msiexec": "blocked"}),
    **{
        f"ended_{code}": ({"faults": [{"on": "install", "kind": "msiexec", "code": code}]}, {})
        for code in (1603, 1618, 3010)
    },
    "without_code": ({"faults": [{"on": "install", "kind": "no_exit_code"}]}, {}),
}
# What the controller expects, where that is not what lies there.
CHANGED: t.Final[dict[str, dict[str, t.Any]]] = {
    "other_content": {"Sha256": "0" * 64},
    "other_signer": {"Thumbprint": "A" * 40},
}


def content_of(name: str) -> bytes:
    return (STOCK / name).read_bytes()


def sha256_of(name: str) -> str:
    return hashlib.sha256(content_of(name)).hexdigest()


def thumbprint_of(name: str) -> str:
    return hashlib.sha1(signer_of(content_of(name)) or b"").hexdigest().upper()


def installing(path: str, **given: t.Any) -> dict[str, t.Any]:
    """The parameters of host_install for the installer of :data:`MSI_NAME`, wherever it lies."""
    return {
        "Path": path,
        "Sha256": sha256_of(MSI_NAME),
        "Thumbprint": thumbprint_of(MSI_NAME),
        "CommandLine": f'/i "{path}" /L*V "{LOG}" /qn /norestart',
        **given,
    }
