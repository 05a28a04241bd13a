# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paragraphs, lists and tables of a page. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

_WIDTH = 130


def paragraph(text: str) -> list[str]:
    """A paragraph, in lines of a readable length."""
    return [*textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False), ""]


def bullets(*texts: str) -> list[str]:
    """A list."""
    lines: list[str] = []
    for text in texts:
        lines += textwrap.wrap(
            text,
            _WIDTH,
            initial_indent="- ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return [*lines, ""]


def table(head: Sequence[str], body: Iterable[Sequence[str]]) -> list[str]:
    """A table."""
    lines = [head, ["---"] * len(head), *body]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]
