# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limits of numbers: one rule, one sentence."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import (
    check_ranges,
    Range,
    TIMEOUT_RANGE,
)


@pytest.mark.parametrize(
    ("allowed", "value", "sentence"),
    [
        (Range(1, 5), 0, "n is out of range: expected 1 to 5, observed 0."),
        (Range(1, 5, "files"), 6, "n is out of range: expected 1 to 5 files, observed 6."),
        (Range(1, None), 0, "n is out of range: expected 1 or more, observed 0."),
        (TIMEOUT_RANGE, 3601, "n is out of range: expected 1 to 3600 seconds, observed 3601."),
    ],
)
def test_one_sentence_refuses_what_is_outside(allowed: Range, value: int, sentence: str) -> None:
    with pytest.raises(RasError) as caught:
        check_ranges({"n": value}, {"n": allowed})
    assert (caught.value.code, caught.value.message) == ("invalid_option", sentence)


@pytest.mark.parametrize("options", [{"n": 1}, {"n": 5}, {"n": None}, {}, {"other": 9}])
def test_the_limits_themselves_and_what_is_not_given_pass(options: dict[str, int | None]) -> None:
    check_ranges(options, {"n": Range(1, 5)})


def test_without_an_upper_limit_every_large_number_passes() -> None:
    check_ranges({"n": 10**9}, {"n": Range(1, None)})
