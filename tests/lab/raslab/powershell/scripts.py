# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doubles of marked scripts.

Most hosts of the lab have no PowerShell (``raslab.engine`` is one). A script of ours says who it is
in its first lines::

    # ras-script: host_observe v1

and is answered by the double of that name and version, which works on the host's model. A script without a mark, or of
a version that no double knows, is not modeled: an edited contract without an edited double fails loudly.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from raslab.journal import Entry, SCRIPT_OPS
from raslab.windows.machine import Machine

_MARK = re.compile(r"^#\s*ras-script:\s*([a-z_]+)\s+v(\d+)\s*$", re.MULTILINE)
_FIRST_LINES = 10
_PARAM = re.compile(r"^\s*param\s*\(", re.IGNORECASE | re.MULTILINE)
_SHOULD_PROCESS = re.compile(
    r"\[CmdletBinding\((?:[\w=$]+,\s*)?SupportsShouldProcess(?:\s*=\s*\$true)?(?:,\s*[\w=$]+)?\)\]", re.IGNORECASE
)
_PARAMETER = re.compile(r"\[(\w+)\]\s*\$([A-Za-z_]\w*)")
_MANDATORY = re.compile(r"\[Parameter\(Mandatory\)\][^$]*\$([A-Za-z_]\w*)")


@dataclass(frozen=True)
class Credential:
    """A PSCredential among the sensitive parameters."""

    username: str
    password: str = field(repr=False)


@dataclass
class Run:
    """One run of a marked script. ``secure`` holds the sensitive parameters: text, or a :class:`Credential`.

    ``in_job``: in the background, where an end may leave no result.
    """

    machine: Machine
    parameters: dict[str, Any]
    secure: dict[str, Any]
    check: bool
    user: str
    entry: Entry
    in_job: bool = False

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter, plain or sensitive, whatever the case of its name."""
        for given in (self.parameters, self.secure):
            for key, value in given.items():
                if key.casefold() == name.casefold():
                    return value
        return default


@dataclass(frozen=True)
class Ended:
    """What became of a script: ``$Ansible.Result`` and ``.Changed``, or the error that ended it."""

    result: Any = field(default_factory=dict)
    changed: bool = False
    error: str | None = None
    error_id: str = "RuntimeException"


# What a job leaves of a script that was cut off.
CUT_OFF = Ended(result=None, changed=True)

_Runner = Callable[[Run], Awaitable[Ended]]


@dataclass(frozen=True)
class Double:
    """The double of one version of a script, and the parameters that it takes."""

    run: _Runner
    version: int


_DOUBLES: dict[str, Double] = {}


def script(name: str, version: int = 1) -> Callable[[_Runner], _Runner]:
    """Registers a double."""
    assert name in SCRIPT_OPS, name

    def register(run: _Runner) -> _Runner:
        _DOUBLES[name] = Double(run, version)
        return run

    return register


def known() -> set[str]:
    """The names of all scripts that have a double."""
    return set(_DOUBLES)


def mark_of(text: str) -> tuple[str, int] | None:
    """Name and version in the first lines of a script."""
    match = _MARK.search("\n".join(text.splitlines()[:_FIRST_LINES]))
    return (match[1], int(match[2])) if match else None


def op_of(text: str) -> str | None:
    """The operation under which a script is known; None without a (known) mark."""
    mark = mark_of(text)
    return mark[0] if mark and mark[0] in SCRIPT_OPS else None


def find(text: str) -> Double | str:
    """The double of a script, or why there is none."""
    mark = mark_of(text)
    if mark is None:
        return "a PowerShell script without the mark 'ras-script' is not modeled"
    double = _DOUBLES.get(mark[0])
    if double is None:
        return f"the script {mark[0]} is not modeled"
    if double.version != mark[1]:
        return f"version {mark[1]} of the script {mark[0]} is not modeled (version {double.version} is)"
    return double


def supports_should_process(text: str) -> bool:
    """Whether win_powershell runs the script in check mode; it skips, and reports as changed, one that does not."""
    return _SHOULD_PROCESS.search(text) is not None


def refused_parameters(text: str, given: Mapping[str, Any]) -> str | None:
    """What PowerShell says when the parameters do not fit the script's param block; None if they do.

    Every parameter of our scripts has a type; a missing mandatory one would be asked for, which fails in a session that
    is not interactive. A text is not a truth value for PowerShell, not even ``False``. Null for a number or a truth
    value is refused, being the strict reading: what is not there is better left out.
    """
    block = _param_block(text)
    names = {name.lower() for name in given}
    known = {name.lower(): type_.lower() for type_, name in _PARAMETER.findall(block)}
    for name in sorted(names - known.keys()):
        return f"A parameter cannot be found that matches parameter name '{name}'."
    for name, value in given.items():
        type_ = known[name.lower()]
        if (type_ == "bool" and not isinstance(value, (bool, int))) or (type_ == "int" and not _is_whole(value)):
            return (
                f"Cannot process argument transformation on parameter '{name}'. Cannot convert value to type {type_}."
            )
    missing = [name for name in _MANDATORY.findall(block) if name.lower() not in names]
    if missing:
        listed = " ".join(missing)
        return f"Cannot process command because of one or more missing mandatory parameters: {listed}."
    return None


def _is_whole(value: Any) -> bool:
    """Whether PowerShell makes an ``[int]`` of it."""
    return isinstance(value, int) or (isinstance(value, str) and re.fullmatch(r"\s*-?\d+\s*", value) is not None)


def _param_block(text: str) -> str:
    """What is between the parentheses of ``param``."""
    start = _PARAM.search(text)
    if start is None:
        return ""
    depth = 1
    for position in range(start.end(), len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return text[start.end() : position]
    return ""
