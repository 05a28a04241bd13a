# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demo prints: plain ASCII text without colors that fits the terminal, whatever its width."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence

_INDENT = "   "
# Where there is no terminal (a log of CI), nothing is gained by wrapping the tables.
_WIDTH_WITHOUT_TERMINAL = 140
_LEAST_WIDTH = 40
_READABLE = 100
# A blank at which a command is not broken.
_GLUE = "\N{NO-BREAK SPACE}"


def _width() -> int:
    return max(_LEAST_WIDTH, shutil.get_terminal_size((_WIDTH_WITHOUT_TERMINAL, 24)).columns)


def _print(text: str, first: str = _INDENT, rest: str = _INDENT, width: int | None = None) -> None:
    print(
        textwrap.fill(
            text,
            width or _width(),
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        ),
        flush=True,
    )


def heading(text: str) -> None:
    """Begin a step."""
    print(flush=True)
    _print(text, first="", rest="   ")
    print(flush=True)


def say(text: str) -> None:
    """Print a paragraph."""
    _print(text, width=min(_width(), _READABLE))


def item(text: str) -> None:
    """Print one entry of a list."""
    _print(text, first=f"{_INDENT}- ", rest=f"{_INDENT}  ", width=min(_width(), _READABLE))


def blank() -> None:
    """Print an empty line."""
    print(flush=True)


def command(words: str | Sequence[str]) -> None:
    """Print a command as a user types it; a long one is broken so that it can be copied as a whole."""
    words = words.split() if isinstance(words, str) else words
    # An option stays on one line with its value.
    line = " ".join(words)
    for option in ("-e", "-i", "--dir", "--vault-password-file"):
        line = line.replace(f" {option} ", f" {option}{_GLUE}")
    parts = textwrap.wrap(line, _width() - len(_INDENT) - 6, break_long_words=False, break_on_hyphens=False)
    print((f"{_INDENT}$ " + f" \\\n{_INDENT}    ".join(parts)).replace(_GLUE, " "), flush=True)


class Running:
    """Prints a command; on a terminal it shows that it is running, too, and takes that away again."""

    _TEXT = f"{_INDENT}(running)"

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    def __enter__(self) -> None:
        command(self._words)
        blank()
        if sys.stdout.isatty():
            print(self._TEXT, end="", flush=True)

    def __exit__(self, *exc_info: object) -> None:
        if sys.stdout.isatty():
            print("\r" + " " * len(self._TEXT) + "\r", end="", flush=True)


def table(rows: Sequence[Sequence[str]], drop: Sequence[str] = (), split: Sequence[str] = ()) -> None:
    """Print rows in columns; where they do not fit even so, each row becomes a paragraph.

    Args:
        rows: The head, then the rows, all of the same length.
        drop: Columns, by their head, to leave out one after the other while the table is too wide.
        split: Columns that move to a second table, beside the first column again, when the table is too wide.
    """
    head = list(rows[0])
    columns = list(range(len(head)))
    if split and not _fits(rows, columns):
        second = [head.index(name) for name in split]
        table(_picked(rows, [column for column in columns if column not in second]), drop)
        blank()
        table(_picked(rows, [0, *second]), drop)
        return
    for name in drop:
        if not _fits(rows, columns):
            columns = [column for column in columns if head[column] != name]
    if _fits(rows, columns):
        widths = _widths(rows, columns)
        for row in rows:
            cells = [row[column].ljust(width) for column, width in zip(columns, widths, strict=True)]
            print((_INDENT + "  ".join(cells)).rstrip(), flush=True)
        return
    for row in rows[1:]:
        cells = [f"{head[column]} {row[column]}" for column in columns[1:]]
        _print(f"{row[0]}: {'; '.join(cells)}", rest=f"{_INDENT}  ")


def _picked(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> list[list[str]]:
    return [[row[column] for column in columns] for row in rows]


def _widths(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> list[int]:
    return [max(len(row[column]) for row in rows) for column in columns]


def _fits(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> bool:
    return sum(_widths(rows, columns)) + 2 * (len(columns) - 1) <= _width() - len(_INDENT)
