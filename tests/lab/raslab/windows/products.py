# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installed products, as the Uninstall keys of both registry views list them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

RAS_NAME = "Parallels Remote Application Server"
RAS_PUBLISHER = "Parallels"
# The product's real codes are not public: these are the lab's own, the same for every lab and every MSI that it builds
RAS_UPGRADE_CODE = "{5D4B7E0A-6C0E-4B0E-9C53-7A1F3E6D9B21}"
_NAMESPACE = uuid.UUID("0c2d9e3c-4f2b-4a54-8a0e-1d8b6a5f7e10")
_RAS_FOLDER = "C:\\Program Files (x86)\\Parallels\\ApplicationServer\\"


def product_code(name: str, version: str) -> str:
    """The ProductCode of a product's version, as Windows Installer writes GUIDs."""
    return "{" + str(uuid.uuid5(_NAMESPACE, f"{name}/{version}")).upper() + "}"


def product_version(ras_version: str) -> str:
    """``20.2.26050`` for ``20.2.0.26050``: an MSI carries three parts, the update digit missing.

    That holds for the file names of the vendor's installers; that DisplayVersion follows them is inferred.
    """
    parts = ras_version.split(" ")[0].split(".")
    return ".".join([*parts[:2], parts[3]]) if len(parts) == 4 else ".".join(parts)


def ras_version(product_version_: str) -> str:
    """The four-part version that agents report for an MSI's three-part one; the update digit becomes 0."""
    parts = product_version_.split(".")
    return ".".join([*parts[:2], "0", *parts[2:]]) if len(parts) == 3 else product_version_


@dataclass
class Product:
    """One entry under Uninstall; ``is_32_bit`` ones are under Wow6432Node."""

    code: str
    name: str
    version: str
    publisher: str = ""
    upgrade_code: str = ""
    is_32_bit: bool = False
    features: tuple[str, ...] = ()
    folder: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def is_ras(self) -> bool:
        return self.upgrade_code == RAS_UPGRADE_CODE

    def uninstall_values(self) -> dict[str, str]:
        """The values of its Uninstall key."""
        return {
            "DisplayName": self.name,
            "DisplayVersion": self.version,
            "Publisher": self.publisher,
            "InstallLocation": self.folder,
            "UninstallString": f"MsiExec.exe /X{self.code}",
            **self.extra,
        }


def ras_product(version: str, features: tuple[str, ...]) -> Product:
    """The RAS product of a host; ``version`` has four parts. A 32-bit package: its folder is Program Files (x86)."""
    short = product_version(version)
    code = product_code(RAS_NAME, short)
    return Product(code, RAS_NAME, short, RAS_PUBLISHER, RAS_UPGRADE_CODE, True, features, _RAS_FOLDER)
