# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""How much of an answer is believed: its size, its depth, its numbers, and the memory that it takes once decoded.

One farm in work may take 64 MiB: 48 for the list of its agents, 5 for each of the other answers that are kept beside
it (license, sites, brokers). What is more, or ambiguous, is no answer of RAS.
"""

from __future__ import annotations

import json
import math
import re
import typing as t
from json.decoder import scanstring  # type: ignore[attr-defined]  # in its __all__ of C and Python, not in the stubs

# Bytes of a body. A row of an agent has some 400 (RAS REST API guide v21, Agents sample).
OBJECT_BYTES: t.Final = 1 << 20
LIST_BYTES: t.Final = 16 << 20
OBJECT_MEMORY: t.Final = 5 << 20
LIST_MEMORY: t.Final = 48 << 20
ROWS: t.Final = 20_000
FIELD_CHARACTERS: t.Final = 64 << 10
TOKEN_CHARACTERS: t.Final = 4 << 10
# More digits than any number that is known needs. Python's own limit is newer than the least Python supported.
_DIGITS: t.Final = 400
# What CPython takes for each value, object and list at most, in bytes; measured by the test of this file.
_VALUE: t.Final = 56
_OBJECT: t.Final = 240
_LIST: t.Final = 90
# Names are kept once, so that those of rows cost little. So many different ones have no rows of RAS.
_NAMES: t.Final = 2000
_BLANKS: t.Final = re.compile(r"[ \t\r\n]*")
_FOUR_BYTES: t.Final = re.compile(rb"[\xf0-\xff]")
# In a shorter text, nothing can be out of bounds.
_HARMLESS: t.Final = 2 * ROWS


class OutOfBounds(ValueError):
    """An answer has more of something than any answer of RAS; the text says what was expected."""


class Budget:
    """The memory that some answers may take together.

    :param left: in bytes.
    """

    def __init__(self, left: int = OBJECT_MEMORY) -> None:
        self._left = left
        self._rows = ROWS

    def take(self, cost: int) -> None:
        """Use some of it.

        :raises OutOfBounds: when so much is not left.
        """
        self._left -= cost
        if self._left < 0:
            raise OutOfBounds("it would take too much memory")

    def take_rows(self, number: int) -> None:
        """Use some of the rows that a list may have in all its parts together.

        :raises OutOfBounds: when so many are not left.
        """
        self._rows -= number
        if self._rows < 0:
            raise OutOfBounds(f"expected at most {ROWS} rows in a list")


def decode(data: bytes | str, budget: Budget | None = None) -> t.Any:
    """The value of a JSON text.

    :param budget: what it may take; that of one small answer when not given.
    :raises OutOfBounds: when it has too much of something.
    :raises ValueError: when it is not JSON, or ambiguous: a name twice in one object, a number that is none.
    """
    (budget or Budget()).take(_cost(data))
    text = data if isinstance(data, str) else data.decode("utf-8-sig")
    if len(text) > _HARMLESS:
        _check_names(text)
    try:
        value = json.loads(
            text,
            parse_int=_whole_number,
            parse_float=_number,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except RecursionError as exc:
        raise OutOfBounds("nested too deeply") from exc
    if len(text) > _HARMLESS:
        _check(value)
    return value


def _cost(data: bytes | str) -> int:
    """The bytes that a text takes and that its values will take, seen from above."""
    marks = (",", "{", "[") if isinstance(data, str) else (b",", b"{", b"[")
    commas, objects, lists = (data.count(mark) for mark in marks)  # type: ignore[arg-type]
    # The body, the text, and all of its parts; one character that is not ASCII makes all of a text wider.
    copies = 3 if data.isascii() else 4 if isinstance(data, bytes) and not _FOUR_BYTES.search(data) else 6
    return len(data) * copies + (commas + objects + lists) * _VALUE + objects * _OBJECT + lists * _LIST


def _check_names(text: str) -> None:
    """Before anything is made of the text: each text in it is read once, by the scanner of the library itself."""
    names: set[str] = set()
    at = text.find('"')
    while at >= 0:
        try:
            name, at = scanstring(text, at + 1, False)
        except ValueError:
            return  # no JSON, which is said where it is decoded
        _check_field(name)
        after = t.cast("re.Match[str]", _BLANKS.match(text, at)).end()
        if text.startswith(":", after):
            names.add(name)
            if len(names) > _NAMES:
                raise OutOfBounds(f"expected at most {_NAMES} different names of fields")
        at = text.find('"', after)


def _check_field(value: str) -> None:
    if len(value) > FIELD_CHARACTERS:
        raise OutOfBounds(f"expected at most {FIELD_CHARACTERS} characters in a field, observed {len(value)}")


def _check(value: t.Any) -> None:
    left = [value]
    while left:
        value = left.pop()
        if isinstance(value, list):
            if len(value) > ROWS:
                raise OutOfBounds(f"expected at most {ROWS} rows in a list, observed {len(value)}")
            left += value
        elif isinstance(value, dict):
            left += value.values()


def _object(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name occurs twice in an object")
    return value


def _whole_number(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise OutOfBounds(f"expected at most {_DIGITS} digits in a number, observed {len(digits)}")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _no_number(name: str) -> t.NoReturn:
    raise ValueError(f"{name} is no number of JSON")
