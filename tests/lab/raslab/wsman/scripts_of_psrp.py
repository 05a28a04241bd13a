# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible's psrp connection runs in a pipeline, as the line and the standard input that its winrm would send.

Taken from ansible-core's ``plugins/connection/psrp.py`` (2.16, 2.21). The older one moves files by three scripts of its
own, of which the first opens the file that the others read.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

_EXIT = "\nexit $LASTEXITCODE"
_PUT = "$path = $MyInvocation.UnboundArguments[0]"
_OPEN, _READ, _CLOSE = "New-Object -TypeName System.IO.FileStream", "$fs.Seek($Offset", "$fs.Close()"


class OldTransfer:
    """One runspace; it knows which file is open in it."""

    def __init__(self) -> None:
        self._path = ""

    def translate(self, script: str, arguments: Sequence[str], lines: Sequence[str]) -> tuple[str, bytes]:
        """The line, and the standard input."""
        if script.endswith(_EXIT):
            return script.removesuffix(_EXIT), "\n".join(lines).encode()
        if _PUT in script:
            script = script.replace(_PUT, f"$path = {_quoted(arguments[0])}")
        elif _OPEN in script and arguments:
            self._path = arguments[0]
            script = _piece(self._path, 0, 0)
        elif _READ in script:
            script = _piece(self._path, int(arguments[0]), int(arguments[1]))
        elif script == _CLOSE:
            script = "Write-Output ''"
        encoded = base64.b64encode(script.encode("utf-16-le")).decode()
        return f"PowerShell -EncodedCommand {encoded}", "\n".join(lines).encode()


def _piece(path: str, offset: int, size: int) -> str:
    return f"$path = {_quoted(path)}\n$buffer_size = {size}\n$offset = {offset}\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
