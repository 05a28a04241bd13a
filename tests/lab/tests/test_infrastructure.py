# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that are derived from the farm's hosts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labclient import Client, Spot
from raslab.testing import Lab


@pytest.fixture
def wide(at: Callable[..., Client]) -> Client:
    return at("wide")


def _names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["server"] for row in rows]


def test_sites(wide: Client) -> None:
    sites = wide.ask("GET", "/api/Site").json
    assert [(site["id"], site["name"], site["licensingSite"]) for site in sites] == [
        (1, "Main", True),
        (2, "Branch", False),
    ]
    assert [site["id"] for site in wide.ask("GET", "/api/Site?Name=branch").json] == [2]


def test_site_status_shows_the_primary_brokers(wide: Client) -> None:
    assert _names(wide.ask("GET", "/api/Site/status").json) == ["cb1.wide.example.com", "cb1.branch.example.com"]


def test_brokers_by_site_and_priority(wide: Client) -> None:
    brokers = wide.ask("GET", "/api/ConnectionBroker").json
    assert [(row["server"], row["siteId"], row["priority"], row["standby"]) for row in brokers] == [
        ("cb1.wide.example.com", 1, 0, False),
        ("cb2.wide.example.com", 1, 1, True),
        ("cb1.branch.example.com", 2, 0, False),
    ]
    assert _names(wide.ask("GET", "/api/ConnectionBroker?SiteId=2").json) == ["cb1.branch.example.com"]
    assert _names(wide.ask("GET", "/api/ConnectionBroker?Server=CB2.wide.example.com").json) == ["cb2.wide.example.com"]


def test_gateways(wide: Client) -> None:
    expected = ["cb1.wide.example.com", "gw1.wide.example.com", "gw1.branch.example.com"]
    assert _names(wide.ask("GET", "/api/Gateway").json) == expected
    status = wide.ask("GET", "/api/Gateway/status").json
    assert [row["agentVer"] for row in status] == ["21.2.1.27306", "21.1.1.26691", "21.2.1.27306"]


@pytest.mark.parametrize(("generation", "old", "new"), [(19, 200, 404), (20, 404, 200)])
def test_rds_was_renamed(lab: Lab, at: Callable[..., Client], generation: int, old: int, new: int) -> None:
    client = at(f"generation{generation}")
    assert client.ask("GET", "/api/RDS").status == old
    assert client.ask("GET", "/api/RDS/Host").status == new
    assert [problem for problem in lab.problems() if problem["farm"] == f"generation{generation}"] == []


def test_rds_hosts_and_status(wide: Client) -> None:
    assert _names(wide.ask("GET", "/api/RDS/Host").json) == ["rd1.wide.example.com", "rd2.wide.example.com"]
    status = wide.ask("GET", "/api/RDS/Host/status").json
    assert [(row["agentState"], row["loginStatus"]) for row in status] == [(21, "Enabled"), (None, "Enabled")]


def test_agents_hold_machines_and_logical_rows(wide: Client) -> None:
    rows = wide.ask("GET", "/api/Agent").json
    assert [(row["server"], row["serverType"], row["agentState"]) for row in rows] == [
        ("Main", 9, None),
        ("Office", 16, None),
        ("cb1.wide.example.com", 7, 0),
        ("cb1.wide.example.com", 3, 0),
        ("cb2.wide.example.com", 7, 27),
        ("gw1.wide.example.com", 3, 0),
        ("rd1.wide.example.com", 1, 21),
        ("rd2.wide.example.com", 1, None),
        ("Branch", 9, None),
        ("cb1.branch.example.com", 7, 0),
        ("gw1.branch.example.com", 3, 0),
    ]
    assert [row["id"] for row in rows] == [str(number) for number in range(1, 12)]


@pytest.mark.parametrize(
    ("query", "count"), [("siteId=2", 3), ("serverType=3", 3), ("serverType=Broker", 3), ("serverType=-1", 11)]
)
def test_agents_can_be_selected(wide: Client, query: str, count: int) -> None:
    assert len(wide.ask("GET", f"/api/Agent?{query}").json) == count


def test_agents_with_names(lab: Lab, wide: Client) -> None:
    lab.patch_farm("wide", quirks={"agent_enum": "name"})
    rows = wide.ask("GET", "/api/Agent").json
    status = wide.ask("GET", "/api/RDS/Host/status").json
    lab.patch_farm("wide", quirks={"agent_enum": "number"})
    assert ("rd1.wide.example.com", "RDSHost", "RebootPending") in [
        (row["server"], row["serverType"], row["agentState"]) for row in rows
    ]
    assert status[0]["agentState"] == "RebootPending"


def test_agents_change_while_the_lab_runs(spot: Spot) -> None:
    host = f"cb1.{spot.name}.example.com"
    spot.lab.patch_farm(spot.name, hosts={host: {"agent_state": "NeedsAttention", "agent_version": "21.1.1.26691"}})
    row = spot.client.ask("GET", "/api/Agent?serverType=7").json[0]
    assert (row["agentState"], row["agentVer"]) == (48, "21.1.1.26691")
    assert spot.client.ask("GET", "/api/WebService/version").json == {"version": "21.1.1.26691"}


def test_apply_commits_what_was_staged(spot: Spot) -> None:
    spot.lab.patch_farm(spot.name, settings_pending=True)
    assert spot.client.logon().json["applySettingsEnabled"] is True
    assert spot.client.ask("POST", "/api/Settings/Apply").status == 200
    assert spot.truth["settings_pending"] is False
    assert spot.journal("apply")[-1]["effect"] == "settings_applied"


@pytest.mark.parametrize(
    ("verb", "state"), [("Drain", 14), ("DrainUntilReboot", 13), ("DisableLogonsAndReconnections", 15)]
)
def test_rds_hosts_are_drained_and_let_in_again(at: Callable[..., Client], verb: str, state: int) -> None:
    client = at("draining")
    hosts = {host["server"]: host["id"] for host in client.ask("GET", "/api/RDS/Host").json}
    number = hosts["rd1.draining.example.com"]

    def shown() -> int:
        rows = client.ask("GET", "/api/RDS/Host/status").json
        return int(next(row["agentState"] for row in rows if row["id"] == number))

    assert client.ask("POST", f"/api/RDS/Host/{number}/{verb}").status == 200
    assert shown() == state
    assert client.ask("POST", f"/api/RDS/Host/{number}/EnableLogons").status == 200
    assert shown() == 0
    assert client.ask("POST", f"/api/RDS/Host/99/{verb}").status == 404


def test_older_farms_know_no_drain(at: Callable[..., Client]) -> None:
    assert at("generation20").ask("POST", "/api/RDS/Host/1/Drain").status == 404
