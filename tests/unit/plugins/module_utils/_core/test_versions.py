# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions in all the forms that sources write them."""

from __future__ import annotations

import datetime as dt
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import (
    compare,
    MAJORS_OUT_OF_SUPPORT,
    parse_version,
    RasVersion,
    shown,
    support_ends,
)
from hypothesis import given
from hypothesis import strategies as st

_OPPOSITE: t.Final = {"older": "newer", "newer": "older", "same": "same"}


@pytest.mark.parametrize(
    ("text", "parts", "number"),
    [
        pytest.param("20.2.26050", (20, 2, None, 26050), "20.2.26050", id="an installer's"),
        pytest.param("20.2.0.26050", (20, 2, 0, 26050), "20.2.0.26050", id="an agent's"),
        pytest.param("21.1.1.26691", (21, 1, 1, 26691), "21.1.1.26691", id="an update"),
        pytest.param("20.2.0.26050 (x64)", (20, 2, 0, 26050), "20.2.0.26050", id="the PowerShell module's"),
        pytest.param("  19.4.24001\n", (19, 4, None, 24001), "19.4.24001", id="blanks"),
        pytest.param("15.0.5.3869", (15, 0, 5, 3869), "15.0.5.3869", id="an old one"),
    ],
)
def test_forms(text: str, parts: tuple[int, int, int | None, int], number: str) -> None:
    version = parse_version(text)
    assert version
    assert (version.major, version.minor, version.update, version.build) == parts
    assert version.text == number


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("22.0", id="no build"),
        pytest.param("20.2.26050.0", id="a build in the place of the update"),
        pytest.param("20.2.26050-beta", id="text at the number"),
        pytest.param("1.2.3.4.5", id="too many parts"),
        pytest.param("\u0662\u0660.2.26050", id="other digits"),
        *("", " ", "latest", "v20.2.26050", "20..26050", "20.2.99999999999", None, True, 20, 20.2, ["20.2.26050"]),
    ],
)
def test_what_cannot_be_compared_is_no_version(text: object) -> None:
    assert parse_version(text) is None
    assert compare(text, "20.2.26050") == "unknown"
    assert compare("20.2.26050", text) == "unknown"


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("20.2.26050", "20.2.0.26050 (x64)", "same"),
        ("20.2.0.26050", "20.2.1.26050", "same"),
        ("20.2.0.26049", "20.2.26050", "older"),
        ("19.4.99999", "20.0.1", "older"),
        ("20.10.1", "20.9.2", "newer"),
        ("9.9.9", "10.0.0", "older"),
        (RasVersion(20, 2, 26050), "20.2.26050", "same"),
        (None, None, "unknown"),
    ],
)
def test_compare(one: object, other: object, verdict: str) -> None:
    assert compare(one, other) == verdict
    # pylint: disable-next=arguments-out-of-order  # the other way round is what is tested
    assert compare(other, one) == _OPPOSITE.get(verdict, verdict)


_parts = st.tuples(st.integers(0, 30), st.integers(0, 9), st.integers(0, 99999))


@given(_parts, _parts, st.integers(0, 9), st.booleans())
def test_the_update_digit_and_text_after_the_number_decide_nothing(
    one: tuple[int, int, int], other: tuple[int, int, int], update: int, with_text: bool
) -> None:
    three = "{}.{}.{}".format(*one)
    four = f"{other[0]}.{other[1]}.{update}.{other[2]}" + (" (x64)" if with_text else "")
    assert compare(three, four) == ("same" if one == other else "older" if one < other else "newer")


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("20.2.0.26050", "20.2.26050"),
        ("21.1.1.26691", "21.1.26691"),
        ("20.2.0.26050 (x64)", "20.2.26050"),
        ("20.2.26050", "20.2.26050"),
        ("22.0", "22.0"),
        ("twenty", "twenty"),
        (None, None),
    ],
)
def test_a_version_is_shown_as_the_vendor_writes_it(version: str | None, text: str | None) -> None:
    assert shown(version) == text


@given(_parts, st.integers(0, 99), st.booleans())
def test_a_version_that_is_shown_is_the_same_version(parts: tuple[int, int, int], update: int, with_text: bool) -> None:
    version = f"{parts[0]}.{parts[1]}.{update}.{parts[2]}" + (" (x64)" if with_text else "")
    assert shown(version) == "{}.{}.{}".format(*parts)
    assert shown(shown(version)) == shown(version)
    assert compare(shown(version), version) == "same"


@given(st.text(max_size=20))
def test_what_is_not_a_version_is_shown_as_it_is(text: str) -> None:
    assert parse_version(text) is not None or shown(text) == text


def test_the_life_cycle() -> None:
    assert support_ends(20) == dt.date(2027, 10, 30)
    assert support_ends(19) == dt.date(2025, 7, 28)
    assert support_ends(17) is None
    assert support_ends(22) is None
    assert 17 in MAJORS_OUT_OF_SUPPORT
    assert not {major for major in MAJORS_OUT_OF_SUPPORT if support_ends(major)}
