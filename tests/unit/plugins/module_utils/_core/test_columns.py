# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts in words."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(("number", "text"), [(0, "0 farms"), (1, "1 farm"), (2, "2 farms"), (12, "12 farms")])
def test_a_count(number: int, text: str) -> None:
    assert counted(number, "farm") == text


@given(st.integers(0, 10**6), st.sampled_from(["farm", "host", "round", "day"]))
def test_only_one_is_singular(number: int, word: str) -> None:
    first, last = counted(number, word).split(" ")
    assert int(first) == number
    assert last.removesuffix("s") == word
    assert (last == word) == (number == 1)
