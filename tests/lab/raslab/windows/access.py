# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who owns a file or folder and who may use it, as Windows sets it by default, written in SDDL."""

from __future__ import annotations

import re
from dataclasses import dataclass

ADMINISTRATORS = "BA"
# Somebody who has a session here and no rights.
USER_SID = "S-1-5-21-1004336348-1177238915-682003330-1104"
OWNERS = {ADMINISTRATORS: "BUILTIN\\Administrators", "SY": "NT AUTHORITY\\SYSTEM", USER_SID: "EXAMPLE\\alice"}
# What a world can make of a path: for administrators only; as an administrator makes it, so that users may look and
# add; made by a user; and a junction that a user made.
KINDS = ("private", "open", "foreign", "link")


@dataclass(frozen=True)
class Access:
    """A security descriptor: its owner, and entries of the access list as (flags, rights, SID)."""

    owner: str
    entries: tuple[tuple[str, str, str], ...]
    is_protected: bool = False

    @property
    def sddl(self) -> str:
        """As ``(Get-Acl).Sddl`` writes it."""
        listed = "".join(f"(A;{flags};{rights};;;{sid})" for flags, rights, sid in self.entries)
        return f"O:{self.owner}G:{self.owner}D:{'PAI' if self.is_protected else 'AI'}{listed}"

    @property
    def owner_name(self) -> str:
        """As ``(Get-Acl).Owner`` names it."""
        return OWNERS[self.owner]

    def child(self, is_folder: bool, owner: str = ADMINISTRATORS) -> Access:
        """What something that this owner makes in such a folder gets: it inherits, and its maker comes for CO."""
        entries = []
        for flags, rights, sid in self.entries:
            if ("CI" if is_folder else "OI") not in flags:
                continue
            passed_on = "".join(flag for flag in ("OI", "CI") if flag in flags) if is_folder else ""
            if sid == "CO":
                entries.append(("ID", "FA", owner))
                if passed_on:
                    entries.append((f"{passed_on}IOID", rights, sid))
            else:
                entries.append((f"{passed_on}ID", rights, sid))
        return Access(owner, tuple(entries))


PRIVATE = Access(ADMINISTRATORS, (("OICI", "FA", "BA"), ("OICI", "FA", "SY")), is_protected=True)
# The drive and C:\ProgramData of Windows Server 2022, as icacls shows them on a new one.
DRIVE = Access(
    "SY",
    (
        ("OICI", "FA", "SY"),
        ("OICI", "FA", "BA"),
        ("OICI", "0x1200a9", "BU"),
        ("CI", "LC", "BU"),
        ("CIIO", "DC", "BU"),
        ("OICIIO", "GA", "CO"),
    ),
    is_protected=True,
)
# A drive for data, just formatted: who has signed in may change all in it that has no access of its own.
DATA_DRIVE = Access(
    "SY",
    (
        ("", "FA", "BA"),
        ("OICIIO", "GA", "BA"),
        ("", "FA", "SY"),
        ("OICIIO", "GA", "SY"),
        ("", "0x1301bf", "AU"),
        ("OICIIO", "SDGXGWGR", "AU"),
        ("", "0x1200a9", "BU"),
        ("OICIIO", "GXGR", "BU"),
    ),
    is_protected=True,
)
PROGRAM_DATA = Access(
    "SY",
    (
        ("OICI", "FA", "SY"),
        ("OICI", "FA", "BA"),
        ("OICIIO", "GA", "CO"),
        ("OICI", "0x1200a9", "BU"),
        ("CI", "DCLCRPCR", "BU"),
    ),
    is_protected=True,
)


def access_of(sddl: str) -> Access:
    """What :attr:`Access.sddl` wrote."""
    owner = re.match(r"O:(.+?)G:", sddl)
    assert owner is not None, sddl
    entries = re.findall(r"\(A;([A-Z]*);([^;]+);;;([^)]+)\)", sddl)
    return Access(owner[1], tuple(entries), is_protected="D:PAI" in sddl)
