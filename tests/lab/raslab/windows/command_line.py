# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What msiexec.exe is asked to do (Microsoft, Windows Installer, "Command-Line Options")."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Text in quotation marks belongs to the argument in which it begins: PROPERTY="a b" is one.
_ARGUMENT = re.compile(r'(?:[^\s"]|"[^"]*")+')
_PROPERTY = re.compile(r"[A-Z_][A-Z0-9_.]*=.*", re.IGNORECASE | re.DOTALL)
_LOG = re.compile(r"/l(?:og|[iwearucmopvx+!*]*)", re.IGNORECASE)
_INSTALL = ("/i", "/package")
_QUIET = ("/qn", "/q", "/quiet")
_NO_RESTART = ("/norestart", "reboot=reallysuppress", "reboot=r")


class NotUnderstood(ValueError):
    """A command line that the lab does not model."""


@dataclass(frozen=True)
class Installation:
    """``msiexec /i``: the package, and the log that it is to write."""

    path: str
    log_path: str | None


def read_command_line(text: str) -> Installation:
    """An installation that asks nobody and restarts nothing by itself. Raises NotUnderstood."""
    arguments = _split(text)
    path = log_path = None
    seen = set()
    while arguments:
        argument = arguments.pop(0)
        switch = "/" + argument[1:].lower() if argument[:1] in ("/", "-") else argument.lower()
        seen.add(switch)
        if switch in _INSTALL:
            path = _next(arguments, argument)
        elif _LOG.fullmatch(switch):
            log_path = _next(arguments, argument)
        elif switch not in (*_QUIET, *_NO_RESTART) and not _PROPERTY.fullmatch(argument):
            raise NotUnderstood(f"the argument {argument} of msiexec.exe is not modeled")
    if path is None:
        raise NotUnderstood("msiexec.exe that is to install nothing is not modeled")
    if not seen.intersection(_QUIET):
        raise NotUnderstood("an installer that asks somebody is not modeled")
    if not seen.intersection(_NO_RESTART):
        raise NotUnderstood("an installer that restarts the host as it likes is not modeled")
    return Installation(path, log_path)


def _split(text: str) -> list[str]:
    if text.count('"') % 2:
        raise NotUnderstood("a quotation mark without an end is not modeled")
    return [found.replace('"', "") for found in _ARGUMENT.findall(text)]


def _next(arguments: list[str], switch: str) -> str:
    if not arguments:
        raise NotUnderstood(f"{switch} of msiexec.exe without a path is not modeled")
    return arguments.pop(0)
