# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cache still holds of a farm, and what it does not."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._inventory import FarmEntry, FarmReading
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._inventory.cache import FarmCache
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import json_values
from hypothesis import given

TOKYO: t.Final = FarmEntry("tokyo", "https://cb1.tokyo.example.com:20443")
OSAKA: t.Final = FarmEntry("osaka", "https://cb1.osaka.example.com:20443")
READING: t.Final = FarmReading(Farm(guid="aa"), [], [], [])


def stored(*entries: FarmEntry, now: float = 1000.0) -> t.Any:
    """What a cache plugin gives back after it has kept these farms."""
    cache = FarmCache(None, 900, now)
    for entry in entries:
        cache.put(entry, READING.as_dict())
    return json.loads(json.dumps(cache.as_dict(entries)))


@pytest.mark.parametrize(
    ("now", "lasts", "known"),
    [(1000.0, 900, True), (1900.0, 900, True), (1901.0, 900, False), (9e9, 0, True), (999.0, 900, False)],
)
def test_a_reading_has_its_own_age(now: float, lasts: float, known: bool) -> None:
    assert (FarmCache(stored(TOKYO), lasts, now).get(TOKYO) == READING) is known


def test_a_farm_that_is_read_later_does_not_make_the_others_younger() -> None:
    cache = FarmCache(stored(TOKYO), 900, 1500.0)
    cache.put(OSAKA, READING.as_dict())
    later = FarmCache(cache.as_dict([TOKYO, OSAKA]), 900, 2000.0)
    assert (later.get(TOKYO), later.get(OSAKA)) == (None, READING)


def test_a_farm_at_another_address_is_another_one() -> None:
    assert FarmCache(stored(TOKYO), 900, 1000.0).get(FarmEntry("tokyo", "https://10.0.0.1:20443")) is None


def test_farms_that_are_no_longer_listed_are_dropped() -> None:
    kept = FarmCache(stored(TOKYO, OSAKA), 900, 1000.0).as_dict([OSAKA])
    assert list(kept) == ["osaka at https://cb1.osaka.example.com:20443"]


def test_a_reading_of_another_release_is_read_again() -> None:
    other = stored(TOKYO)
    next(iter(other.values()))["reading"]["format"] = 99
    assert FarmCache(other, 900, 1000.0).get(TOKYO) is None


@given(json_values)
def test_anything_in_a_cache_is_survived(value: t.Any) -> None:
    assert FarmCache(value, 900, 1000.0).get(TOKYO) is None
    assert FarmCache({"tokyo at https://cb1.tokyo.example.com:20443": value}, 900, 1000.0).get(TOKYO) is None
