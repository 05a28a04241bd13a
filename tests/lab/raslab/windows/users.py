# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local users of a Windows host."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class WindowsUser:
    """A user in the local group Administrators: WinRM and the installer need no less."""

    name: str
    password: str = field(repr=False)

    def is_called(self, name: str, computer: str) -> bool:
        """Whether ``name`` means this user: bare, ``.\\name`` or ``COMPUTER\\name``, in any case."""
        domain, slash, bare = name.rpartition("\\")
        if slash and domain.casefold() not in ("", ".", computer.casefold()):
            return False
        return bare.casefold() == self.name.casefold()
