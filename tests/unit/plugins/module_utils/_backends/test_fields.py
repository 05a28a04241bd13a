# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites and brokers are read alike from both back ends."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.fields import brokers_of, sites_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Site
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import json_values
from hypothesis import given
from hypothesis import strategies as st

_BROKER: t.Final = {
    "id": "2",
    "server": "cb1.tokyo.example.com",
    "ip": "127.3.0.1",
    "siteId": 1,
    "priority": 0,
    "enabled": "True",
    "standby": False,
}
_NAMES: t.Final = [*_BROKER, *(name[0].upper() + name[1:] for name in _BROKER), "IP", "name", "licensingSite"]


def _as_powershell(row: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {"IP" if name == "ip" else name[0].upper() + name[1:]: value for name, value in row.items()}


def test_the_same_broker_is_read_from_both_back_ends() -> None:
    read = [Broker(2, "cb1.tokyo.example.com", "127.3.0.1", 1, 0, enabled=True, standby=False)]
    assert brokers_of([_BROKER]) == brokers_of([_as_powershell(_BROKER)]) == read


@pytest.mark.parametrize(
    ("reported", "licensing"), [(True, True), ("true", True), (False, False), (None, False), (1, False)]
)
def test_the_same_site_is_read_from_both_back_ends(reported: t.Any, licensing: bool) -> None:
    row = {"id": 1, "name": "Tokyo", "licensingSite": reported}
    assert sites_of([row]) == sites_of([_as_powershell(row)]) == [Site(1, "Tokyo", licensing)]


def test_brokers_are_ordered_by_site_and_priority() -> None:
    places = [(2, 0), (1, 1), (1, 0)]
    brokers = brokers_of([{**_BROKER, "siteId": site, "priority": priority} for site, priority in places])
    assert [(each.site_id, each.priority) for each in brokers] == sorted(places)


def test_a_number_that_is_missing_is_named_with_the_fields_as_the_farm_wrote_them() -> None:
    with pytest.raises(RasError, match="no number 'siteId'") as caught:
        brokers_of([{"Id": 1, "Priority": 0}])
    assert (caught.value.code, caught.value.observed) == ("bad_answer", {"fields": ["Id", "Priority"]})


# A few fields of any kind beside a whole row: longer rows are slow to draw and show nothing more.
@given(
    st.lists(
        st.dictionaries(st.sampled_from(_NAMES), json_values, max_size=3).map(lambda odd: {**_BROKER, **odd}),
        max_size=2,
    )
)
def test_any_rows_are_read_or_are_a_bad_answer(rows: list[dict[str, t.Any]]) -> None:
    for read in (sites_of, brokers_of):
        assert _outcome(read, rows) in (len(rows), "bad_answer")


def _outcome(read: t.Callable[[t.Any], list[t.Any]], rows: t.Any) -> int | str:
    try:
        return len(read(rows))
    except RasError as exc:
        return exc.code
