# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the code blocks of Markdown and reStructuredText pages."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

_FENCE = re.compile(r"^( *)(```+)(.*)$")
_DIRECTIVE = re.compile(r"^( *)\.\. code-block:: *(\S*) *$")


@dataclass(frozen=True)
class Block:
    """One block: where it is (line from 1), its language, and its text without common indentation."""

    line: int
    language: str
    text: str

    @property
    def starts(self) -> str:
        """The first line, which names the block in blocks.yml; a prompt does not count."""
        return self.text.splitlines()[0].removeprefix("$ ")

    @property
    def script(self) -> str:
        """What a reader types: of a console block the lines with a prompt, of any other all of it."""
        if self.language != "console":
            return self.text
        return "".join(line[2:] + "\n" for line in self.text.splitlines() if line.startswith("$ "))


def markdown(text: str) -> list[Block]:
    """The fenced blocks of a Markdown page.

    Raises:
        ValueError: A block is not closed, is empty, or does not say its language.
    """
    blocks: list[Block] = []
    opened: tuple[int, str, str] | None = None
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        fence = _FENCE.match(line)
        if opened is None and fence:
            opened, lines = (number, fence[2], fence[3].strip()), []
        elif opened is not None and fence and fence[2] == opened[1] and not fence[3].strip():
            blocks.append(_block(opened[0], opened[2], lines))
            opened = None
        else:
            lines.append(line)
    if opened is not None:
        raise ValueError(f"line {opened[0]}: the block is not closed")
    return blocks


def restructured(text: str) -> list[Block]:
    """The ``code-block`` directives of a reStructuredText page.

    Raises:
        ValueError: A block is empty, or does not say its language.
    """
    blocks: list[Block] = []
    lines = text.splitlines()
    for index, line in enumerate(lines):
        directive = _DIRECTIVE.match(line)
        if not directive:
            continue
        indent = len(directive[1])
        body: list[str] = []
        for below in lines[index + 1 :]:
            if below.strip() and len(below) - len(below.lstrip()) <= indent:
                break
            body.append(below)
        blocks.append(_block(index + 1, directive[2], body))
    return blocks


def _block(line: int, language: str, lines: list[str]) -> Block:
    text = textwrap.dedent("\n".join(lines)).strip("\n") + "\n"
    if not text.strip() or not language:
        raise ValueError(f"line {line}: the block is empty, or does not say its language")
    return Block(line, language, text)
