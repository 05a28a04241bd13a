# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The command line of Windows Installer. Pure, no I/O.

Options: Microsoft, "Command-Line Options" of Windows Installer; a value with blanks is quoted after the equals sign
(``NAME="a value"``), and a quote within it is doubled.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

_PROPERTY: t.Final = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)=(.*)", re.DOTALL)
_PLAIN: t.Final = re.compile(r"[^\s\"]+")
# What decides what is installed, where its log is, and that nobody is asked and nothing restarts by itself.
_OURS: t.Final = re.compile(
    r"[/-](?:i|package|x|uninstall|a|f\S*|j\S*|l\S*|log|q\S*|quiet|passive|norestart|promptrestart|forcerestart)\Z",
    re.I,
)


def installer_command_line(path: str, log: str, arguments: t.Sequence[str]) -> str:
    """The arguments of msiexec.exe: install quietly, never restart, write a full log.

    :param path: of the package, on the host.
    :param arguments: the user's own: properties (``NAME=value``) and options that are not ours.
    :raises RasError: ``invalid_option`` for an argument that would change what is ours, or that cannot be passed.
    """
    parts = ["/i", _quoted(path), "/L*V", _quoted(log), "/qn", "/norestart"]
    return " ".join([*parts, *(_argument(each) for each in arguments)])


def _argument(given: str) -> str:
    if any(character in given for character in "\r\n\0"):
        raise _refused(given, "one line")
    found = _PROPERTY.fullmatch(given)
    if found:
        return f"{found[1]}={_quoted(found[2])}"
    if _OURS.match(given):
        raise _refused(given, "properties (NAME=value), and no option that the collection sets itself")
    return given if _PLAIN.fullmatch(given) else _quoted(given)


def _quoted(value: str) -> str:
    """A value that msiexec takes for one."""
    if _PLAIN.fullmatch(value):
        return value
    if value.startswith('"') and value.endswith('"') and len(value) > 1 and '"' not in value[1:-1]:
        return value  # the user did it
    return '"' + value.replace('"', '""') + '"'


def _refused(given: str, expected: str) -> RasError:
    return RasError(
        "invalid_option",
        f"installer_arguments cannot be used: expected {expected}, observed '{quote(given)}'.",
        remedy="Correct it and run again. Nothing was started.",
    )
