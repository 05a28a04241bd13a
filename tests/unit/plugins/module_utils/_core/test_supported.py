# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each version over each back end: in full, said to be untried, or refused; never passed over in silence."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.supported import (
    EXPECTED,
    judge_version,
    RULE,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import parse_version
from hypothesis import given
from hypothesis import strategies as st

BACK_ENDS: t.Final = ("rest", "winrm")
_REST = st.tuples(st.integers(0, 9), st.integers(0, 99999)).map(lambda each: f"{each[0]}.{each[1]}")
_TAIL = st.sampled_from(["", " (x64)", " whatever"])


@given(st.sampled_from(BACK_ENDS), st.integers(18, 21), _REST, _TAIL)
def test_versions_in_full_are_not_spoken_of(back_end: str, major: int, rest: str, tail: str) -> None:
    assert judge_version(back_end, f"{major}.{rest}{tail}") is None


@given(_REST, _TAIL)
def test_17_is_documented_over_rest_and_refused_over_winrm(rest: str, tail: str) -> None:
    finding = judge_version("rest", f"17.{rest}{tail}")
    assert finding is not None
    assert (finding.rule, finding.severity, finding.expected) == (RULE, "info", "RAS 18 to 21")
    assert "17." in finding.observed
    assert "documented, never tried" in finding.observed
    with pytest.raises(RasError) as caught:
        judge_version("winrm", f"17.{rest}{tail}")
    assert caught.value.code == "product_too_old"


@given(st.sampled_from(BACK_ENDS), st.integers(15, 16), _REST)
def test_older_versions_are_refused(back_end: str, major: int, rest: str) -> None:
    with pytest.raises(RasError) as caught:
        judge_version(back_end, f"{major}.{rest}")
    assert caught.value.code == "product_too_old"
    assert EXPECTED in caught.value.message
    assert f"RAS {major}." in caught.value.message


@given(st.sampled_from(BACK_ENDS), st.one_of(st.integers(0, 14), st.integers(22, 9999)), _REST)
def test_what_is_not_known_is_said(back_end: str, major: int, rest: str) -> None:
    finding = judge_version(back_end, f"{major}.{rest}")
    assert finding is not None
    assert (finding.rule, finding.severity) == (RULE, "info")
    assert ("a technical preview" in finding.observed) is (major == 22)
    assert ("newer than this collection" in finding.observed) is (major > 22)


@given(st.sampled_from(BACK_ENDS), st.none() | st.text(max_size=20).filter(lambda text: parse_version(text) is None))
def test_a_version_that_cannot_be_read_is_not_known(back_end: str, version: str | None) -> None:
    finding = judge_version(back_end, version)
    assert finding is not None
    assert finding.observed == "a version that is not known"
