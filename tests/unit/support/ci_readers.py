# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reads the log of a job, modeled after its own sources: CI systems, readers of JUnit, terminals."""

from __future__ import annotations

import re
import typing as t
import unicodedata

# Commands that GitHub's runner knows (actions/runner, ActionCommandManager), old ones too.
GITHUB: t.Final = (
    "add-mask add-matcher add-path debug echo endgroup error group internal-set-repo-path notice remove-matcher "
    "save-state set-env set-output stop-commands warning"
).split()
# Some of what .NET passes over when it compares by culture; only the last ones count as printable in Python.
NO_WIDTH: t.Final = [
    *["\0", "\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff"],
    *["\u034f", "\ufe0f", "\u180b", "\U000e0101", "\u3164"],
]
# One text with a command for each of them.
PAYLOAD: t.Final = (
    "a\r\n::error file=x::y ##vso[task.setvariable variable=z]1 ##[error]2 ##teamcity[buildStop] "
    "[[ATTACHMENT|/etc/passwd]] #\u034f#vso[a.b]c \x1b[2J\u202e section_start:1:a\r\x1b[0K"
)


def commands_in(line: str) -> list[str]:
    """Who would find a command in a line, or in what is left of it when it was broken anywhere."""
    seen = "".join(char for char in line if char not in NO_WIDTH and unicodedata.category(char) != "Cf")
    github = False
    for found in re.finditer("::", seen):
        info, mark, _data = seen[found.end() :].partition("::")
        github = github or bool(mark and info.split(" ")[0].lower() in GITHUB)
    finds = {
        # Both look anywhere in a line (Command.cs and ActionCommand.cs, TryParse).
        "Azure": "##vso" in seen or "##[" in seen,
        "GitHub": github or "##[" in seen,
        "TeamCity": "##teamcity[" in line,
        "GitLab": bool(re.search(r"section_(?:start|end):\d+:[\w.-]+(?:\[.*\])?\r\x1b\[0K", line)),
        "JUnit": bool(re.search(r"\[\[[A-Za-z]+\|.+\]\]", line)),
        "terminal": any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line),
        "reader": bool(
            set(line) & set("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
        ),
    }
    return [name for name, is_found in finds.items() if is_found]


def texts_in(value: t.Any) -> t.Iterator[str]:
    """All texts of nested data, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, t.Mapping):
        for name, item in value.items():
            yield from texts_in(name)
            yield from texts_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_in(item)
