# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Transport, headers, error shapes and sessions, seen by a foreign client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labclient import ADMIN, ADMIN_PASSWORD, Client, Spot

SESSION_FIELDS = {
    "authToken",
    "localAuth",
    "userId",
    "applySettingsEnabled",
    "connectedSiteId",
    "settingsId",
    "sessionId",
    "connectedServer",
    "licensingServer",
    "primaryBrokerConnection",
    "licensingServerConnection",
    "domain",
    "farmName",
    "farmGUID",
}


def test_logon_reports_everything_the_guide_lists(spot: Spot) -> None:
    reply = spot.client.logon()
    assert reply.status == 200
    assert set(reply.json) == SESSION_FIELDS
    assert reply.json["farmGUID"] == spot.truth["guid"]
    assert reply.json["licensingServerConnection"] is True
    assert reply.headers["Content-Type"] == "application/json; api-version=1.0"


def test_token_has_the_characters_that_must_be_sent_verbatim(spot: Spot) -> None:
    token = spot.client.logon().json["authToken"]
    assert all(mark in token for mark in "+/=-")


@pytest.mark.parametrize("path", ["/API/LICENSE", "/api/license", "/Api/License/"])
def test_routes_ignore_case(spot: Spot, path: str) -> None:
    spot.activated()
    assert spot.client.ask("GET", path).status == 200
    assert spot.problems == []


@pytest.mark.parametrize(
    "content_type", [None, "application/json", "text/plain; api-version=1.0", "application/json; api-version=2.0"]
)
def test_every_call_needs_the_versioned_content_type(spot: Spot, content_type: str | None) -> None:
    headers: dict[str, Any] = {"Content-Type": content_type}
    assert spot.client.ask("GET", "/api/License", **headers).status == 415
    assert len(spot.problems) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"username": ADMIN, "password": ADMIN_PASSWORD, "tenantId": 1},
        {"username": ADMIN},
        {"username": "", "password": ADMIN_PASSWORD},
        {"username": "a" * 256, "password": ADMIN_PASSWORD},
        [],
        b"{",
        None,
    ],
)
def test_logon_body_is_strict(spot: Spot, body: Any) -> None:
    reply = spot.client.ask("POST", "/api/Session/logon", body, auth_token=None)
    assert reply.status == 400
    assert set(reply.json) == {"code", "msg"}
    assert len(spot.problems) == 1


@pytest.mark.parametrize(
    ("username", "password"),
    [(ADMIN, "wrong-password"), ("nobody@example.com", ADMIN_PASSWORD), ("EXAMPLE\\svc-ansible", ADMIN_PASSWORD)],
)
def test_wrong_administrators_are_refused(spot: Spot, username: str, password: str) -> None:
    reply = spot.client.logon(username, password)
    assert reply.status == 401
    assert reply.json["title"] == "Unauthorized"
    assert spot.problems == []


def test_user_names_ignore_case(spot: Spot) -> None:
    assert spot.client.logon(ADMIN.upper()).status == 200


def test_logoff_ends_the_session(spot: Spot) -> None:
    assert len(spot.truth["sessions"]) == 1
    assert spot.client.ask("POST", "/api/Session/logoff").status == 200
    assert spot.truth["sessions"] == []
    assert spot.client.license().status == 401


@pytest.mark.parametrize("token", [None, "made-up"])
def test_without_a_session_there_is_nothing(spot: Spot, token: str | None) -> None:
    reply = spot.client.ask("GET", "/api/License", auth_token=token)
    assert reply.status == 401
    assert reply.json["status"] == 401


def test_a_token_holds_on_its_host_only(at: Callable[..., Client]) -> None:
    first, second = at("wide"), at("wide", "cb2.wide.example.com", logged_on=False)
    second.token = first.token
    assert second.license().status == 401


def test_sessions_expire_when_idle(spot: Spot) -> None:
    spot.quirks(session_idle_seconds=-1)
    assert spot.client.license().status == 401
    assert spot.lab.open_sessions() == [entry for entry in spot.lab.open_sessions() if entry["farm"] != spot.name]


@pytest.mark.parametrize(
    ("username", "read", "write"),
    [("nolicense@example.com", 403, 403), ("reader@example.com", 200, 403), (ADMIN, 200, 200)],
)
def test_rights(spot: Spot, username: str, read: int, write: int) -> None:
    spot.activated()
    spot.client.logon(username)
    assert spot.client.license().status == read
    assert spot.client.activate(spot.key).status == write
    assert spot.client.ask("GET", "/api/Site").status == 200


def test_unknown_paths_are_problems(spot: Spot) -> None:
    reply = spot.client.ask("GET", "/api/License/refresh")
    assert reply.status == 404
    assert reply.json["title"] == "Not Found"
    assert spot.problems == ["the path /api/License/refresh is not modeled"]


def test_wrong_methods_are_problems(spot: Spot) -> None:
    assert spot.client.ask("PUT", "/api/License").status == 405
    assert len(spot.problems) == 1


@pytest.mark.parametrize("path", ["/api/License?Cached=true", "/api/Agent?serverType=4711", "/api/Broker?SiteId=one"])
def test_unknown_query_parameters_are_problems(spot: Spot, path: str) -> None:
    spot.quirks(broker_path="both")
    assert spot.client.ask("GET", path).status == 400
    assert len(spot.problems) == 1


@pytest.mark.parametrize("path", ["/api/License?UseCache=true", "/api/License?usecache=false"])
def test_known_query_parameters_are_none(spot: Spot, path: str) -> None:
    spot.activated()
    assert spot.client.ask("GET", path).status == 200
    assert spot.problems == []


def test_a_get_with_a_body_is_a_problem(spot: Spot) -> None:
    assert spot.client.ask("GET", "/api/License", {"email": "x"}).status == 400
    assert spot.problems == ["a GET with a body"]


def test_local_authentication_is_not_modeled(spot: Spot) -> None:
    body = {"username": ADMIN, "password": ADMIN_PASSWORD}
    assert spot.client.ask("POST", "/api/Session/logon?localAuth=true", body).status == 400
    assert spot.client.ask("POST", "/api/Session/logon?localAuth=false", body).status == 200
    assert spot.problems == ["localAuth is not modeled"]


def test_the_journal_shows_who_asked_what(spot: Spot) -> None:
    spot.lab.clear_journal()
    spot.client.logon()
    spot.client.activate(spot.key)
    spot.client.ask("POST", "/api/Session/logoff")
    entries = spot.journal()
    assert [(entry["op"], entry["status"], entry["effect"]) for entry in entries] == [
        ("logon", 200, "logon"),
        ("activate", 200, "activated"),
        ("logoff", 200, "logoff"),
    ]
    assert {entry["admin"] for entry in entries} == {ADMIN}
    assert len({entry["session"] for entry in entries}) == 1
    assert [entry["seq"] for entry in entries] == sorted(entry["seq"] for entry in entries)
    assert spot.journal("activate") == [entries[1]]
