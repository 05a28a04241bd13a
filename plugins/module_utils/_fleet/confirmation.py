# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The argument that names the farms to be deactivated, ready to paste. Pure, no I/O."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

_VARIABLE: t.Final = "ras_confirm_deactivate"
# A line that a terminal or the log of a CI job shows whole.
_LONGEST_ARGUMENT: t.Final = 800
_PASTE: t.Final = "The argument, ready to paste: "
# What YAML reads as the text that is written; Ansible's own output escapes the quotes of JSON.
_PLAIN: t.Final = re.compile(r"[^\W\d_][\w.-]*(?: [\w.-]+)*")
_WORDS: t.Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"})


def remedy_of(farms: t.Collection[str]) -> str:
    """What to do where farms would be deactivated that were not named: read the list, and pass it."""
    argument = confirmation_argument(farms)
    if len(argument) <= _LONGEST_ARGUMENT:
        return f"{REMEDIES['not_confirmed_list']} {_PASTE}{argument}"
    return (
        f"{REMEDIES['not_confirmed_list']} The list of {counted(len(farms), 'farm')} is too long for a command: write "
        f"it as {_VARIABLE} into a file of YAML, and pass that as -e @FILE."
    )


def argument_of(remedy: str) -> str:
    """The argument that a remedy shows; empty where it shows none."""
    return remedy.partition(_PASTE)[2]


def confirmation_argument(farms: t.Iterable[str]) -> str:
    """An argument of ansible-playbook that names these farms, quoted for a shell, which every log leaves as it is.

    Names of plain words need no quotes of their own, which Ansible's output would escape. Of others, whatever is no
    letter or digit is written by its number.
    """
    names = sorted(farms)
    if all(_PLAIN.fullmatch(name) and name.casefold() not in _WORDS for name in names):
        return f"-e '{{{_VARIABLE}: [{', '.join(names)}]}}'"
    return f"-e '{{\"{_VARIABLE}\": [{', '.join(map(_escaped, names))}]}}'"


def _escaped(name: str) -> str:
    def char(each: str) -> str:
        if each.isascii() and (each.isalnum() or each in ".-_"):
            return each
        return f"\\u{ord(each):04x}" if ord(each) < 1 << 16 else f"\\U{ord(each):08x}"  # as YAML writes it

    return '"' + "".join(map(char, name)) + '"'
