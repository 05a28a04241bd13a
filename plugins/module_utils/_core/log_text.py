# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The channel to a terminal and to the log of a CI job: foreign text is one line there, and commands nothing.

CI systems read commands out of what a job prints. Where they look, by their own sources and documents:

* Azure Pipelines: ``##vso[`` anywhere in a line (agent, Command.cs), and ``##[`` for its colors
* GitHub Actions: ``::name ...::`` at the start of a line, after blanks (runner, ActionCommand.cs), and ``##[name]``
  anywhere in it
* TeamCity: ``##teamcity[`` (service messages)
* GitLab: ``section_start:`` and ``section_end:``, which need a carriage return and an escape character
* readers of JUnit in Jenkins: ``[[ATTACHMENT|path]]`` and its like (JUnit Attachments, GetTestDataMethodObject.java)

.NET compares texts by culture unless it is asked not to, and then passes over characters that have no width: so they
may be between the characters of a command. What is put between them here is a blank, which everybody sees.
"""

from __future__ import annotations

import re
import typing as t

LONGEST_LINE: t.Final = 4000
# GitLab's runner keeps 4 MiB of a job's log unless it is set otherwise (output_limit), and the verdict comes last.
MOST_BYTES: t.Final = 2 << 20

# Characters without a width that count as printable: joiners, fillers, selectors of variants.
_NOTHING: t.Final = "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]*"
# A group of an IPv6 address has hexadecimal digits only; no command of GitHub has.
_COMMANDS: t.Final = re.compile(
    f"(#)(?={_NOTHING}#)"
    f"|(:)(?={_NOTHING}:(?:{_NOTHING}[0-9A-Fa-f])*{_NOTHING}[G-Zg-z_-])"
    f"|(\\[)(?={_NOTHING}\\[(?:{_NOTHING}[A-Za-z_ ])+{_NOTHING}\\|)"
)


def log_line(text: t.Any, longest: int = LONGEST_LINE) -> str:
    """A text as one line that moves no cursor, hides nothing and is no command of a CI system.

    :param longest: characters; what is longer ends with an ellipsis.
    """
    return _harmless(" ".join(_printable(str(text)).split()), longest)


def log_lines(lines: t.Sequence[str], most_bytes: int = MOST_BYTES) -> list[str]:
    """Lines of a table, as :func:`log_line` makes them, but with their columns.

    :param most_bytes: of all lines together, in UTF-8; how many were left out is the last line.
    """
    made: list[str] = []
    left = most_bytes - 100  # for that last line
    for number, line in enumerate(lines):
        made.append(_harmless(_printable(line), LONGEST_LINE))
        left -= len(made[-1].encode("utf-8")) + 1
        if left < 0:
            return [*made[:-1], f"... and {len(lines) - number} more lines."]
    return made


def log_data(value: t.Any) -> t.Any:
    """Nested data of a farm in which each text, names of fields too, is a line as :func:`log_line` makes it."""
    if isinstance(value, str):
        return log_line(value)
    if isinstance(value, t.Mapping):
        return {log_data(name): log_data(item) for name, item in value.items()}
    return [log_data(item) for item in value] if isinstance(value, (list, tuple)) else value


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def _harmless(line: str, longest: int) -> str:
    # A text of megabytes is not searched to its end only to be cut.
    line = _COMMANDS.sub(r"\g<0> ", line[: longest + 1])
    return line if len(line) <= longest else line[: longest - 1] + "…"
