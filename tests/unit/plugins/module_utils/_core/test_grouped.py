# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows that have something in common come together, and none is lost."""

from __future__ import annotations

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.grouped import grouped
from hypothesis import given
from hypothesis import strategies as st


def test_keys_come_in_the_order_in_which_they_first_come() -> None:
    groups = grouped(["osaka", "tokyo", "oita", "nara"], lambda name: name[0])
    assert list(groups.items()) == [("o", ["osaka", "oita"]), ("t", ["tokyo"]), ("n", ["nara"])]


@given(st.lists(st.integers(-20, 20)))
def test_each_row_is_in_the_group_of_its_key_once(rows: list[int]) -> None:
    groups = grouped(rows, lambda row: row % 3)
    assert groups == {key: [row for row in rows if row % 3 == key] for key in dict.fromkeys(row % 3 for row in rows)}
