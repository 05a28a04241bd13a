# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Text for people: counts of things, and columns for a terminal. Pure, no I/O."""

from __future__ import annotations

import typing as t
import unicodedata


def counted(number: int, word: str) -> str:
    """A number of things: ``1 farm``, ``12 farms``.

    :param word: its plural ends in ``s``.
    """
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def aligned(cells: t.Sequence[t.Sequence[str]]) -> list[str]:
    """Lines whose columns are below each other; each row has as many cells as the first."""
    widths = [max(_width(line[column]) for line in cells) for column in range(len(cells[0]))]
    return [
        "  ".join(_padded(text, width) for text, width in zip(line, widths, strict=True)).rstrip() for line in cells
    ]


def _width(text: str) -> int:
    """Columns on a terminal: Japanese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
