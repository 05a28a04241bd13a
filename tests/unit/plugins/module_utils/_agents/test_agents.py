# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents as both back ends report them."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import (
    Agent,
    agent_from_dict,
    Kind,
    read_agents,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import means_itself
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import json_values
from hypothesis import given
from hypothesis import strategies as st

REST_ROW: t.Final = {
    "id": "3",
    "server": "gw1.tokyo.example.com",
    "serverType": 3,
    "siteId": 1,
    "agentState": 0,
    "agentVer": "20.2.0.26050",
    "serverOS": "Windows Server 2022",
    "ip": "127.3.0.2",
    "enabled": True,
    "cpuLoad": 3,
    "activeSessions": 0,
}
PS_ROW: t.Final = {
    "Server": "gw1.tokyo.example.com",
    "ServerType": "Gateway",
    "SiteId": 1,
    "AgentState": "OK",
    "AgentVer": "20.2.0.26050",
    "ServerOS": "Windows Server 2022",
    "IP": "127.3.0.2",
    "Enabled": True,
    "CPULoad": 3,
    "ActiveSessions": 0,
}


def test_both_back_ends_give_the_same_agent() -> None:
    (rest,), (winrm,) = read_agents([REST_ROW], "rest", None), read_agents([PS_ROW], "winrm", None)
    assert rest == winrm
    assert rest.as_dict() == {
        "server": "gw1.tokyo.example.com",
        "kind": "gateway",
        "kind_reported": "Gateway",
        "site_id": 1,
        "state": "OK",
        "health": "ok",
        "version": "20.2.0.26050",
        "enabled": True,
        "sessions": 0,
        "ip": "127.3.0.2",
        "is_machine": True,
        "listed_as": "",
    }


def test_only_the_server_is_needed() -> None:
    (agent,) = read_agents([{"server": "x"}], "rest", None)
    assert agent == Agent("x")
    assert (agent.kind, agent.health, agent.is_machine) == ("unknown", "unknown", True)


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        (7, "broker"),
        ("7", "broker"),
        ("Broker", "broker"),
        ("PA", "broker"),
        ("pa", "broker"),
        (1, "rds_host"),
        ("RDS", "rds_host"),
        (2, "provider"),
        (4, "guest"),
        (25, "halb"),
        (45, "tenant_broker"),
        (46, "enrollment_server"),
        (67, "avd_host"),
        (2013, "vdi_host"),
        *((number, "logical") for number in (9, 10, 16, 51, 64, 65, 66, 95, 96, 97, 107, 108)),
        *((name, "logical") for name in ("Site", "RDSGroup", "RDSHostPool", "VDITemplate", "VDITemplateVersion")),
        (999, "unknown"),
        ("Toaster", "unknown"),
        (None, "unknown"),
    ],
)
def test_kinds(seen: t.Any, kind: Kind) -> None:
    (agent,) = read_agents([{**REST_ROW, "serverType": seen}], "rest", None)
    assert agent.kind == kind
    assert agent.is_machine is (kind != "logical")


def test_a_kind_that_nobody_knows_keeps_what_was_reported() -> None:
    assert [agent.kind_reported for agent in read_agents([{**REST_ROW, "serverType": 999}], "rest", None)] == ["999"]


def test_templates_are_logical_and_known_as_templates() -> None:
    rows = [{**PS_ROW, "ServerType": seen} for seen in ("VDITemplate", "RDSTemplateVersion", "RDSGroup", "RDSHost")]
    assert [agent.is_template for agent in read_agents(rows, "winrm", None)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("seen", "kind", "state", "health"),
    [
        (0, 7, "OK", "ok"),
        ("0", 7, "OK", "ok"),
        ("ok", 7, "OK", "ok"),
        (27, 7, "StandBy", "ok"),
        (27, 3, "StandBy", "attention"),
        (10, 1, "Synchronising", "busy"),
        ("Synchronising", 1, "Synchronising", "busy"),
        (20, 1, "InstallingRDSRole", "busy"),
        (21, 1, "RebootPending", "restart_due"),
        (13, 1, "LogonDrainUntilRestart", "drained"),
        (14, 1, "LogonDrain", "drained"),
        (15, 1, "LogonDisabled", "drained"),
        (5, 1, "ConnectionFailed", "attention"),
        (23, 1, "NeedsDowngrade", "attention"),
        (48, 1, "NeedsAttention", "attention"),
        ("NeedsUpdate", 1, "NeedsUpdate", "attention"),
        (11, 1, "11", "attention"),
        (None, 1, None, "unknown"),
        ("", 1, None, "unknown"),
        (True, 1, None, "unknown"),
    ],
)
def test_states(seen: t.Any, kind: int, state: str | None, health: str) -> None:
    (agent,) = read_agents([{**REST_ROW, "serverType": kind, "agentState": seen}], "rest", None)
    assert (agent.state, agent.health) == (state, health)


@pytest.mark.parametrize(
    ("field", "value", "name", "read"),
    [
        ("siteId", "2", "site_id", 2),
        ("siteId", None, "site_id", None),
        ("siteId", True, "site_id", None),
        ("siteId", "x", "site_id", None),
        ("activeSessions", "7", "sessions", 7),
        ("activeSessions", -1, "sessions", None),
        ("enabled", "False", "enabled", False),
        ("enabled", "yes", "enabled", None),
        ("agentVer", " 20.2.0.26050 ", "version", "20.2.0.26050"),
        ("agentVer", "", "version", None),
        ("ip", 5, "ip", "5"),
        ("ip", True, "ip", None),
        ("server", 42, "server", "42"),
        ("agentState", 3.0, "state", "3.0"),
        ("enabled", 0, "enabled", None),
    ],
)
def test_fields_as_numbers_texts_and_nothing(field: str, value: t.Any, name: str, read: t.Any) -> None:
    (agent,) = read_agents([{**REST_ROW, field: value}], "rest", None)
    assert getattr(agent, name) == read


@pytest.mark.parametrize("source", ["rest", "winrm"])
@pytest.mark.parametrize(
    "rows", [None, {}, "x", [None], ["x"], [{}], [{"id": "1", "siteId": 1}], [{"msg": "no"}], [REST_ROW, 3]]
)
def test_what_is_no_list_of_agents_is_a_bad_answer(rows: t.Any, source: t.Literal["rest", "winrm"]) -> None:
    with pytest.raises(RasError) as caught:
        read_agents(rows, source, None)
    assert caught.value.code == "bad_answer"
    assert ("REST" if source == "rest" else "PowerShell") in caught.value.message


def _read(rows: list[dict[str, t.Any]]) -> tuple[list[Agent], str | None]:
    try:
        return read_agents(rows, "rest", None), None
    except RasError as exc:
        return [], exc.code


@given(st.lists(st.dictionaries(st.sampled_from([*REST_ROW, *PS_ROW]), json_values, max_size=8), max_size=3))
def test_any_row_is_read_or_is_a_bad_answer(rows: list[dict[str, t.Any]]) -> None:
    agents, code = _read(rows)
    assert code in (None, "bad_answer")
    assert not any(agent.server and means_itself(agent.server) for agent in agents if agent.is_machine)
    assert [agent_from_dict(agent.as_dict()) for agent in agents] == agents


@pytest.mark.parametrize(
    ("row", "server", "listed_as"),
    [
        pytest.param({"serverType": "RDSGroup", "name": "Pool"}, "Pool", "", id="a pool by its name"),
        pytest.param({"serverType": 9, "server": None, "name": "Main"}, "Main", "", id="a site by its name"),
        pytest.param({"serverType": "Site", "server": "Main", "name": "x"}, "Main", "", id="a site by its server"),
        pytest.param({"serverType": "RDSGroup", "server": "localhost"}, "localhost", "", id="a pool of that name"),
        pytest.param({"serverType": 1, "name": "rd1"}, "", "rd1", id="a machine without a server"),
        pytest.param({"serverType": 1, "server": " ", "name": "rd1"}, "", "rd1", id="a machine with a blank server"),
        pytest.param({"serverType": 1, "server": None}, "", "", id="a machine without any name"),
        pytest.param({"agentState": 0, "agentVer": "20.2.0.26050"}, "", "", id="of no type"),
        pytest.param({"server": ["rd1"], "serverType": 1}, "", "", id="a server in a form that is not known"),
    ],
)
def test_a_row_without_a_server_does_not_make_the_list_unreadable(
    row: dict[str, t.Any], server: str, listed_as: str
) -> None:
    first, agent = read_agents([REST_ROW, row], "rest", None)
    assert (first.server, agent.server, agent.listed_as) == ("gw1.tokyo.example.com", server, listed_as)


def test_a_logical_row_without_any_name_is_left_out() -> None:
    rows = [{"serverType": "RDSGroup"}, REST_ROW, {"serverType": "Site", "server": "", "name": None}]
    assert [agent.server for agent in read_agents(rows, "winrm", None)] == ["gw1.tokyo.example.com"]


BROKER_ROW: t.Final = {**REST_ROW, "server": "cb1.tokyo.example.com", "serverType": 7, "ip": "10.0.0.1"}


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST.", "127.0.0.1", "127.8.9.10", "::1", "0:0:0:0:0:0:0:1", ".", "[::1]"]
)
@pytest.mark.parametrize("teller", ["cb1.tokyo.example.com", "CB1", None, "localhost"])
def test_a_host_called_localhost_is_the_broker_that_says_so(name: str, teller: str | None) -> None:
    _broker, agent = read_agents([BROKER_ROW, {**REST_ROW, "server": name, "ip": "127.0.0.1"}], "rest", teller)
    assert agent.server.casefold() in ("cb1.tokyo.example.com", "cb1")
    assert (agent.listed_as, agent.ip, agent.is_machine) == (name, None, True)


@pytest.mark.parametrize(
    ("rows", "teller"),
    [
        pytest.param([], None, id="nobody is known"),
        pytest.param([BROKER_ROW, {**BROKER_ROW, "server": "cb2"}], None, id="two brokers, and nobody says which"),
        pytest.param([{**BROKER_ROW, "siteId": 2}], "cb1", id="in another site than the broker that answers"),
    ],
)
def test_where_nobody_can_say_who_localhost_is_it_is_no_server(rows: list[t.Any], teller: str | None) -> None:
    agent = read_agents([*rows, {**REST_ROW, "server": "localhost"}], "rest", teller)[-1]
    assert (agent.server, agent.label) == ("", "localhost")


@pytest.mark.parametrize("row", [None, [], {}, {"server": "x"}, {"server": "x", "kind": "toaster"}, {"kind": "broker"}])
def test_an_agent_is_not_read_from_anything(row: t.Any) -> None:
    with pytest.raises(RasError) as caught:
        agent_from_dict(row)
    assert caught.value.code == "invalid_option"
