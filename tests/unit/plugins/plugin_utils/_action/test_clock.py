# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A long wait is said, each minute of it once."""

from __future__ import annotations

from unittest import mock

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock, SaidClock
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def _no_waiting() -> object:
    with mock.patch.object(Clock, "sleep"):
        yield


@given(st.lists(st.floats(0, 600), max_size=40))
def test_each_minute_is_said_at_most_once_and_the_last_one_is(naps: list[float]) -> None:
    said: list[str] = []
    clock = SaidClock("rd1: the restart", said.append)
    waited, last = 0.0, 0
    for nap in naps:
        clock.sleep(nap)
        waited += nap
        if waited // 60 > last:
            last = int(waited // 60)
            assert said[-1] == f"rd1: the restart: waiting for {last} min"
    assert len(said) == len(set(said))


def test_a_name_begins_no_line_of_its_own() -> None:
    said: list[str] = []
    SaidClock("rd1\n::error::", said.append).sleep(60)
    assert "\n" not in said[0]
