# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values from outside: one rule for texts, numbers and flags, whatever came."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import count, flag, text, whole_number
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import json_values
from hypothesis import example, given
from hypothesis import strategies as st

BLANKS = st.sampled_from(["", " ", "\t", "\r\n", "  "])
Reader = t.Callable[[t.Any], t.Any]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("tokyo", "tokyo"),
        ("  two\r\nlines\x1b ", "two lines"),
        ("x" * 300, "x" * 199 + "…"),
        ("", None),
        (" \t\x00", None),
        (42, "42"),
        (0, "0"),
        (20.2, "20.2"),
        (True, None),
        (False, None),
        (None, None),
        (["tokyo"], None),
        ({"name": "tokyo"}, None),
    ],
)
def test_texts(value: t.Any, read: str | None) -> None:
    assert text(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (12, 12),
        (-3, -3),
        ("12", 12),
        (" 12 ", 12),
        ("-3", -3),
        ("007", 7),
        (10**18 - 1, 10**18 - 1),
        ("9" * 18, 10**18 - 1),
        (10**18, None),
        (-(10**18), None),
        ("1" + "0" * 18, None),
        ("9" * 5000, None),
        ("+3", None),
        ("- 3", None),
        ("1 2", None),
        ("3.0", None),
        (3.0, None),
        (1.5, None),
        (float("nan"), None),
        (float("inf"), None),
        ("1_000", None),
        ("\u0663", None),
        ("\u00b2", None),
        ("", None),
        ("many", None),
        (True, None),
        (False, None),
        (None, None),
        ([1], None),
    ],
)
def test_whole_numbers(value: t.Any, read: int | None) -> None:
    assert whole_number(value) == read


@pytest.mark.parametrize(
    ("value", "read"), [(0, 0), ("0", 0), ("-0", 0), (7, 7), (-1, None), ("-1", None), (None, None)]
)
def test_counts_are_not_negative(value: t.Any, read: int | None) -> None:
    assert count(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (True, True),
        (False, False),
        ("true", True),
        (" False ", False),
        ("TRUE", True),
        (1, None),
        (0, None),
        ("1", None),
        ("0", None),
        (1.0, None),
        ("yes", None),
        ("", None),
        (None, None),
        ([True], None),
    ],
)
def test_flags(value: t.Any, read: bool | None) -> None:
    assert flag(value) is read


@given(json_values)
@example("9" * 5000)
@example(float("nan"))
@example("\ud800")
def test_any_json_is_read_as_the_right_type_or_is_unknown(value: t.Any) -> None:
    kinds: list[tuple[Reader, type]] = [(text, str), (whole_number, int), (count, int), (flag, bool)]
    for reader, kind in kinds:
        read = reader(value)
        assert read is None or (isinstance(read, kind) and isinstance(read, bool) == (kind is bool))
        # What was read is read as itself again: a result that is handed on does not change.
        assert reader(read) == read


@given(json_values)
def test_no_value_is_both_a_number_and_a_flag(value: t.Any) -> None:
    assert whole_number(value) is None or flag(value) is None


@given(json_values)
def test_what_is_read_is_a_fact_that_was_reported(value: t.Any) -> None:
    """Neither a list nor an object nor a null becomes anything."""
    if value is None or isinstance(value, (list, dict)):
        assert [text(value), whole_number(value), count(value), flag(value)] == [None] * 4


@given(st.integers(-(10**18) + 1, 10**18 - 1), BLANKS, BLANKS)
def test_a_number_is_the_same_as_a_text(number: int, before: str, after: str) -> None:
    assert whole_number(number) == whole_number(f"{before}{number}{after}") == number
    assert count(number) == (number if number >= 0 else None)
    assert text(number) == str(number)


@given(st.booleans(), BLANKS, BLANKS, st.sampled_from([str.lower, str.upper, str.title]))
def test_a_flag_is_the_same_as_a_word(value: bool, before: str, after: str, written: t.Callable[[str], str]) -> None:
    assert flag(value) is flag(f"{before}{written(str(value))}{after}") is value


@given(st.text(max_size=300))
def test_a_text_is_one_printable_line(value: str) -> None:
    read = text(value)
    assert read is None or (read.isprintable() and read == read.strip() and 0 < len(read) <= 200)
