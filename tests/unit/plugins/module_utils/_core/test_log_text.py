# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a CI system reads in a log: its readers are modeled here after their own sources, and find nothing."""

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import (
    log_data,
    log_line,
    log_lines,
    LONGEST_LINE,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.tests.unit.support.ci_readers import (
    commands_in,
    GITHUB,
    NO_WIDTH,
    texts_in,
)
from hypothesis import example, given
from hypothesis import strategies as st

PIECES = st.one_of(
    st.sampled_from(
        ["#", "##", ":", "::", "[", "[[", "]", "]]", "|", " ", "\t", "\n", "\r", "\x1b[0K", "\x1b]8;;", "\x07"]
    ),
    st.sampled_from(["vso[", "task.setvariable variable=a]", "teamcity[", "ATTACHMENT|/etc/passwd", "PROPERTY|a=b"]),
    st.sampled_from(
        ["section_start:1:a[collapsed=true]\r\x1b[0K", "fe80", "ab", "東京", "=", "\x85", "\u2028", "\u202e"]
    ),
    st.sampled_from([*GITHUB, "ERROR", "Group"]),
    st.sampled_from(NO_WIDTH),
    st.text(max_size=3),
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)
COMMANDS = [
    "##vso[task.setvariable variable=a]b",
    "x ##[error]y",
    "##teamcity[buildStop comment='x']",
    "::error file=a::b",
    "  ::add-mask::b",
    "a ::set-output name=b::c",
    "::echo::on",
    "[[ATTACHMENT|/etc/passwd]]",
    "#\u200b#vso[a.b]",
    "#\u034f#vso[a.b]",
    ":\ufe0f:error::x",
    ":\u00ad:error::x",
    "####vso[a.b]",
    "section_start:1:a\r\x1b[0Kx",
    "a\rb\x1b[2J",
]


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_is_none_and_can_be_read(text: str) -> None:
    for line in (log_line(text), quote(text), *log_lines([text])):
        assert commands_in(line) == [], ascii(line)
        shown = "".join(char for char in text if char.isprintable()).replace(" ", "")
        assert line.replace(" ", "") == shown


@pytest.mark.parametrize("text", COMMANDS)
def test_the_models_would_find_each_of_them(text: str) -> None:
    assert commands_in(text)


@given(TEXTS)
@example("####[")
@example(":::error::")
@example("[[[ATTACHMENT|a]]")
def test_no_text_is_a_command(text: str) -> None:
    for line in (log_line(text), quote(text), *log_lines([text])):
        assert commands_in(line) == [], ascii(line)
        assert line.isprintable()


@given(TEXTS, st.integers(1, 60))
def test_a_line_has_its_bound_and_stays_as_it_is(text: str, longest: int) -> None:
    line = log_line(text, longest)
    assert len(line) <= longest
    assert log_line(line, longest) == line
    assert commands_in(line) == []


@given(st.ip_addresses())
def test_an_address_is_not_changed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    for text in (str(address), f"http://[{address}]:20443", f"cb1 ({address}), cb2 ({address})"):
        assert log_line(text) == text


@pytest.mark.parametrize("text", ["C# 7", "#1", "a: b", "12:30:45", "[x] y", "[[x]]", "a|b", "葛\U000e0100城"])
def test_what_is_no_command_is_not_changed(text: str) -> None:
    assert log_line(text) == text


def test_a_table_has_its_bound_in_bytes_and_says_what_is_left_out() -> None:
    lines = [f"{number:05} 東京" + "京" * 300 for number in range(3000)]
    made = log_lines(lines, 100_000)
    assert len("\n".join(made).encode()) <= 100_000
    assert made[-1] == f"... and {len(lines) - len(made) + 1} more lines."
    assert made[:-1] == lines[: len(made) - 1]
    assert log_lines(lines[:50], 100_000) == lines[:50]


def test_columns_keep_their_blanks() -> None:
    assert log_lines(["a   b", "aa  b"]) == ["a   b", "aa  b"]


def test_a_long_text_is_cut_before_it_is_searched() -> None:
    assert log_line("#" * 10_000_000) == ("# " * LONGEST_LINE)[: LONGEST_LINE - 1] + "\u2026"


@given(st.recursive(TEXTS, lambda each: st.lists(each, max_size=3) | st.dictionaries(TEXTS, each, max_size=3)))
def test_nested_data_keeps_its_form(value: object) -> None:
    made = log_data({"a": value, "b": 1, "c": None})
    assert (made["b"], made["c"]) == (1, None)
    assert type(made["a"]) is type(value)
    assert [text for text in texts_in(made) if commands_in(text)] == []
