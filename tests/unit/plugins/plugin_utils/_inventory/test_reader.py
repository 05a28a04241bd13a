# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Farms are read in order, with few requests, and each failure stays with its farm."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.rest import RestBackend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._inventory import FarmEntry, FarmReading
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._inventory.reader import read_farm, read_farms
from ansible_collections.fleetops.parallels_ras.tests.unit.support.rest_client import FakeClient, problem, said, SESSION

ENTRY: t.Final = FarmEntry("tokyo", "https://cb1.tokyo.example.com:20443")
LISTS: t.Final = {
    "Site": [said(200, [{"id": 1, "name": "Main", "licensingSite": True}])],
    "ConnectionBroker": [said(200, [{"id": 1, "server": "cb1.tokyo.example.com", "siteId": 1, "priority": 0}])],
    "Agent": [said(200, [{"server": "cb1.tokyo.example.com", "serverType": 7, "siteId": 1, "agentState": 0}])],
}


def backend(**answers: t.Any) -> tuple[FakeClient, RestBackend]:
    """A back end whose farm answers so."""
    client = FakeClient(**{**LISTS, **answers})
    return client, RestBackend(client, "svc@example.com", "the administrator's secret")


def test_a_farm_costs_five_requests() -> None:
    client, rest = backend()
    result, left_open = read_farm(ENTRY, rest)
    assert isinstance(result, FarmReading)
    assert left_open is None
    assert [path.rsplit("/", 1)[1] for path in client.paths] == ["logon", "Site", "ConnectionBroker", "Agent", "logoff"]
    assert (result.farm.guid, result.agents[0].kind, result.sites[0].name) == ("{aa}", "broker", "Main")


@pytest.mark.parametrize("session", [{"authToken": "t"}, {**SESSION, "licensingServer": None}])
def test_the_licensing_server_is_worked_out_where_it_is_not_reported(session: dict[str, t.Any]) -> None:
    # A farm whose logon answers with the token alone is asked for its version.
    answers = {"logon": [said(200, session)], "version": [said(200, "19.4.1.24000")]}
    result, _left_open = read_farm(ENTRY, backend(**answers)[1])
    assert isinstance(result, FarmReading)
    assert (result.farm.licensing_server, result.farm.is_licensing_server) == ("cb1.tokyo.example.com", True)


def test_what_the_farm_says_of_its_server_counts() -> None:
    session = {**SESSION, "licensingServer": None, "licensingServerConnection": False}
    result, _left_open = read_farm(ENTRY, backend(logon=[said(200, session)])[1])
    assert isinstance(result, FarmReading)
    assert result.farm.is_licensing_server is False


def test_failures_stay_with_their_farm_and_sessions_end() -> None:
    made = [backend(), backend(Agent=[problem(403)]), backend(Site=[ValueError("out of the blue")]), backend()]
    entries = [FarmEntry(f"farm{number}", "https://x") for number in range(4)]
    outcomes = read_farms([(entry, rest) for entry, (_client, rest) in zip(entries, made, strict=True)], workers=2)
    codes = [each.result.code if isinstance(each.result, RasError) else "read" for each in outcomes]
    assert codes == ["read", "api_forbidden", "internal_error", "read"]
    assert all(client.paths[-1].endswith("logoff") for client, _rest in made)


def test_a_session_that_stays_open_is_reported() -> None:
    result, left_open = read_farm(ENTRY, backend(logoff=[problem(500)])[1])
    assert isinstance(result, FarmReading)
    assert left_open == "the logoff was answered with HTTP 500"


def test_no_farm_needs_no_thread() -> None:
    assert read_farms([], workers=8) == []
