# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites and brokers are read alike from both back ends."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.fields import (
    brokers_of,
    farm_of,
    sites_of,
)
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
    assert brokers_of([_BROKER], None) == brokers_of([_as_powershell(_BROKER)], None) == read


@pytest.mark.parametrize(
    ("reported", "licensing"), [(True, True), ("true", True), (False, False), (None, False), (1, False)]
)
def test_the_same_site_is_read_from_both_back_ends(reported: t.Any, licensing: bool) -> None:
    row = {"id": 1, "name": "Tokyo", "licensingSite": reported}
    assert sites_of([row]) == sites_of([_as_powershell(row)]) == [Site(1, "Tokyo", licensing)]


def test_brokers_are_ordered_by_site_and_priority() -> None:
    places = [(2, 0), (1, 1), (1, 0)]
    brokers = brokers_of([{**_BROKER, "siteId": site, "priority": priority} for site, priority in places], None)
    assert [(each.site_id, each.priority) for each in brokers] == sorted(places)


def test_a_number_that_is_missing_is_named_with_the_fields_as_the_farm_wrote_them() -> None:
    with pytest.raises(RasError, match="no number 'siteId'") as caught:
        brokers_of([{"Id": 1, "Priority": 0}], None)
    assert (caught.value.code, caught.value.observed) == ("bad_answer", {"fields": ["Id", "Priority"]})


def _servers(*names: str, said_by: str | None) -> list[str]:
    rows = [
        {**_BROKER, "id": number, "priority": number, "server": name, "ip": None} for number, name in enumerate(names)
    ]
    return [broker.server for broker in brokers_of(rows, said_by)]


def test_a_broker_called_localhost_is_the_one_that_answers() -> None:
    assert _servers("localhost", "cb2", said_by="cb1.tokyo.example.com") == ["cb1.tokyo.example.com", "cb2"]


def test_a_broker_called_localhost_that_cannot_be_the_one_that_answers_has_no_name() -> None:
    assert _servers("127.0.0.1", "cb2", said_by=None) == ["", "cb2"]
    assert _servers("::1", "cb2", said_by="cb2.tokyo.example.com") == ["", "cb2"]
    assert _servers("localhost", ".", said_by="cb1") == ["", ""]


def test_a_server_that_calls_itself_localhost_has_said_no_name() -> None:
    farm = farm_of({"connectedServer": "localhost", "licensingServer": "127.0.0.1", "licensingServerConnection": True})
    assert (farm.connected_server, farm.licensing_server, farm.is_licensing_server) == (None, None, True)
    farm = farm_of({"connectedServer": "cb1", "licensingServer": "::1"})
    assert (farm.connected_server, farm.licensing_server) == ("cb1", "cb1")


# A few fields of any kind beside a whole row: longer rows are slow to draw and show nothing more.
@given(
    st.lists(
        st.dictionaries(st.sampled_from(_NAMES), json_values, max_size=3).map(lambda odd: {**_BROKER, **odd}),
        max_size=2,
    )
)
def test_any_rows_are_read_or_are_a_bad_answer(rows: list[dict[str, t.Any]]) -> None:
    for read in (sites_of, lambda rows: brokers_of(rows, "cb1")):
        assert _outcome(read, rows) in (len(rows), "bad_answer")


def _outcome(read: t.Callable[[t.Any], list[t.Any]], rows: t.Any) -> int | str:
    try:
        return len(read(rows))
    except RasError as exc:
        return exc.code
