# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quirks that are not about the License object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labclient import Client, EMAIL, Spot
from raslab.quirks import RateLimit, read_quirks
from raslab.testing import Lab


@pytest.mark.parametrize("status", [200, 204])
def test_write_success(spot: Spot, status: int) -> None:
    spot.quirks(write_success=status)
    for reply in (
        spot.client.activate(spot.key),
        spot.client.ask("POST", "/api/Settings/apply"),
        spot.client.deactivate(),
    ):
        assert (reply.status, reply.raw) == (status, b"")
        assert "Content-Type" not in reply.headers


def test_logon_answer_token_only(spot: Spot) -> None:
    spot.quirks(logon_answer="token_only")
    assert set(spot.client.logon().json) == {"authToken"}


def test_licensing_server_fields_absent(spot: Spot) -> None:
    spot.quirks(licensing_server_fields="absent")
    shown = spot.client.logon().json
    assert not {"licensingServer", "licensingServerConnection", "primaryBrokerConnection"} & set(shown)
    assert shown["farmGUID"] == spot.truth["guid"]


def test_on_licensing_server_false_refuses_writes_too(spot: Spot) -> None:
    spot.quirks(on_licensing_server=False)
    assert spot.client.logon().json["licensingServerConnection"] is False
    assert spot.client.activate(spot.key).status == 400
    assert spot.attempts == []


def test_the_second_broker_is_not_the_licensing_server(at: Callable[..., Client]) -> None:
    shown = at("wide", "cb2.wide.example.com", logged_on=False).logon().json
    assert (shown["licensingServerConnection"], shown["primaryBrokerConnection"]) == (False, False)
    assert shown["licensingServer"] == "cb1.wide.example.com"


BROKER_PATHS = ("PA", "Broker", "ConnectionBroker")


@pytest.mark.parametrize(
    ("quirk", "served"),
    [
        ("pa", {"PA"}),
        ("broker", {"Broker"}),
        ("connection_broker", {"ConnectionBroker"}),
        ("both", {"Broker", "ConnectionBroker"}),
        ("none", set()),
    ],
)
def test_broker_path(spot: Spot, quirk: str, served: set[str]) -> None:
    spot.quirks(broker_path=quirk)
    statuses = {name: spot.client.ask("GET", f"/api/{name}").status for name in BROKER_PATHS}
    assert statuses == {name: 200 if name in served else 404 for name in BROKER_PATHS}
    assert spot.problems == [], "probing for another name is no mistake"
    assert {entry["op"] for entry in spot.journal()[-3:]} == {"broker"}


@pytest.mark.parametrize(
    ("generation", "name"),
    [(17, "PA"), (18, "PA"), (19, "Broker"), (20, "Broker"), (22, "ConnectionBroker")],
)
def test_broker_path_by_generation(at: Callable[..., Client], generation: int, name: str) -> None:
    client = at(f"generation{generation}")
    assert [each for each in BROKER_PATHS if client.ask("GET", f"/api/{each}").status == 200] == [name]


@pytest.mark.parametrize(("generation", "alone"), [(17, True), (19, True), (20, False), (22, False)])
def test_the_logon_answer_by_generation(at: Callable[..., Client], generation: int, alone: bool) -> None:
    shown = at(f"generation{generation}", logged_on=False).logon().json
    assert (set(shown) == {"authToken"}) is alone


@pytest.mark.parametrize("form", ["problem", "bare"])
def test_a_path_that_the_farm_does_not_have(spot: Spot, form: str) -> None:
    spot.quirks(missing_path=form, version_path="absent")
    reply = spot.client.ask("GET", "/api/WebService/version")
    assert reply.status == 404
    if form == "bare":
        assert (reply.raw, reply.headers.get("Content-Type")) == (b"", None)
    else:
        assert reply.json["title"] == "Not Found"
    assert spot.problems == []


@pytest.mark.parametrize(
    ("result", "key", "text"),
    [
        ("credentials", None, "メールアドレスまたはパスワードが無効です"),
        ("key", "NO12CD-ME34EF-GH56IJ-B978KL-SUCHKY", "ライセンスキーが無効です"),
    ],
)
def test_japanese(spot: Spot, result: str, key: str | None, text: str) -> None:
    spot.quirks(language="ja")
    email = "nobody@example.com" if result == "credentials" else EMAIL
    assert spot.client.activate(key, email).json == {"code": 0, "msg": text}


def test_message_overrides_every_refusal(spot: Spot) -> None:
    spot.quirks(message="Etwas ging schief.")
    assert spot.client.activate("NO12CD-ME34EF-GH56IJ-B978KL-SUCHKY").json["msg"] == "Etwas ging schief."
    assert spot.client.deactivate().json["msg"] == "Etwas ging schief."


def test_deactivate_may_ask_the_account_first(spot: Spot) -> None:
    spot.quirks(deactivate_check_first="account")
    assert spot.client.deactivate("nobody@example.com").json["msg"] == "invalid login or password"
    assert spot.client.deactivate().json["msg"].startswith("Failed to Deactivate")
    assert spot.attempts == ["credentials_rejected", "not_activated"]


def test_settle_seconds(spot: Spot) -> None:
    spot.quirks(settle_seconds=60)
    assert spot.client.activate(spot.key).status == 200
    assert spot.client.license().status == 404
    assert spot.truth["license"]["settling"] is True


@pytest.mark.parametrize("retry_after", [True, False])
@pytest.mark.parametrize("status", [429, 503])
def test_rate_limit(spot: Spot, status: int, retry_after: bool) -> None:
    spot.quirks(rate_limit={"requests": 3, "window": 3600, "retry_after": retry_after, "status": status})
    replies = [spot.client.license() for _number in range(5)]
    assert [reply.status for reply in replies] == [404, 404, 404, status, status]
    assert ("Retry-After" in replies[-1].headers) is retry_after
    assert spot.journal()[-1]["status"] == status


def test_rate_limit_windows_end(spot: Spot) -> None:
    spot.quirks(rate_limit={"requests": 1, "window": 0})
    assert {spot.client.license().status for _number in range(5)} == {404}


@pytest.mark.parametrize(("generation", "limited"), [(19, False), (20, False), (22, True)])
def test_rate_limit_by_generation(generation: int, limited: bool) -> None:
    # the shared world switches the limit off in its defaults; what a generation has by itself is asked directly
    assert read_quirks({}, generation, "here").rate_limit == (RateLimit(50, 10.0, False) if limited else None)


def test_rest_disabled(spot: Spot) -> None:
    spot.quirks(rest_enabled=False)
    reply = spot.client.license()
    assert (reply.status, reply.raw) == (404, b"")
    assert spot.problems == []


@pytest.mark.parametrize(("scope", "servers"), [("farm", 3), ("licensing_site", 2)])
def test_list_scope(lab: Lab, at: Callable[..., Client], scope: str, servers: int) -> None:
    lab.patch_farm("wide", quirks={"list_scope": scope})
    client = at("wide")
    shown: list[Any] = client.ask("GET", "/api/ConnectionBroker").json
    branch = client.ask("GET", "/api/ConnectionBroker?SiteId=2").json
    lab.patch_farm("wide", quirks={"list_scope": "farm"})
    assert (len(shown), len(branch)) == (servers, 1)
