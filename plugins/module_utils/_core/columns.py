# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Text for people: counts of things, and columns for a terminal. Pure, no I/O."""

from __future__ import annotations

import typing as t
import unicodedata

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line

# One long cell must not push the columns of thousands of rows apart; only its own row is longer.
_WIDEST: t.Final = 60
_LONGEST_CELL: t.Final = 300


def counted(number: int, word: str) -> str:
    """A number of things: ``1 farm``, ``12 farms``.

    :param word: its plural ends in ``s``.
    """
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def aligned(cells: t.Sequence[t.Sequence[str]]) -> list[str]:
    """Lines whose columns are below each other; each row has as many cells as the first."""
    rows = [[log_line(cell, _LONGEST_CELL) for cell in line] for line in cells]
    widths = [min(_WIDEST, max(_width(line[column]) for line in rows)) for column in range(len(rows[0]))]
    return ["  ".join(_padded(text, width) for text, width in zip(line, widths, strict=True)).rstrip() for line in rows]


def _width(text: str) -> int:
    """Columns on a terminal: Japanese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
