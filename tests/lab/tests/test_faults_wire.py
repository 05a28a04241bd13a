# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of single answers, as they show on the wire, and whether the request took effect."""

from __future__ import annotations

import json
import socket

import pytest
import urllib3
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from labclient import EMAIL, eventually, PASSWORD, Spot

_SHORT = 0.7


def _activate_takes_effect(spot: Spot) -> bool:
    return bool(spot.truth["license"]["state"] == "active")


@pytest.mark.parametrize(("kind", "effect"), [("reset_before", False), ("reset_after", True), ("lose_answer", True)])
def test_resets(spot: Spot, kind: str, effect: bool) -> None:
    spot.lab.add_fault(spot.name, on="activate", kind=kind)
    with pytest.raises(ProtocolError):
        spot.client.activate(spot.key)
    assert _activate_takes_effect(spot) is effect
    entry = spot.journal("activate")[-1]
    assert (entry["status"], entry["effect"]) == ("reset", "activated" if effect else None)
    assert spot.client.activate(spot.key).status == 200, "once is enough"


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_resets_are_no_orderly_ends(spot: Spot, kind: str) -> None:
    spot.lab.add_fault(spot.name, on="license", kind=kind)
    with spot.raw_connection() as connection:
        connection.sendall(b"GET /api/License HTTP/1.1\r\nHost: x\r\n\r\n")
        # below TLS, for the TLS layer of Python 3.10 takes a reset for the end of the stream
        with pytest.raises(ConnectionResetError):
            socket.socket.recv(connection, 1)


@pytest.mark.parametrize(("kind", "effect"), [("hang", False), ("hang_after", True)])
def test_hangs_last_until_the_client_leaves(spot: Spot, kind: str, effect: bool) -> None:
    spot.lab.add_fault(spot.name, on="activate", kind=kind)
    spot.client.pool.connection_pool_kw["timeout"] = _SHORT
    spot.client.pool.clear()
    with pytest.raises(ReadTimeoutError):
        spot.client.activate(spot.key)
    assert _activate_takes_effect(spot) is effect
    assert spot.journal("activate")[-1]["status"] == "hang"


@pytest.mark.parametrize(
    ("where", "start"),
    [("status", b"HTTP/1.1 "), ("headers", b"HTTP/1.1 200 OK\r\nX-Slow: aa"), ("body", b"HTTP/1.1 404 X\r\n")],
)
def test_dripping_comes_byte_by_byte(spot: Spot, where: str, start: bytes) -> None:
    spot.lab.add_fault(spot.name, on="license", kind="drip", where=where, interval=0.01)
    request = (
        f"GET /api/License HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; api-version=1.0\r\n"
        f"auth_token: {spot.client.token}\r\n\r\n"
    )
    with spot.raw_connection() as connection:
        connection.sendall(request.encode())
        pieces: list[bytes] = []
        while len(b"".join(pieces)) < len(start) + 4 or len(pieces) < 6:
            pieces.append(connection.recv(4096))
            assert pieces[-1], "it never ends by itself"
    assert b"".join(pieces).startswith(start)
    assert {len(piece) for piece in pieces[-3:]} == {1}
    assert spot.journal("license")[-1]["status"] == "drip"


@pytest.mark.parametrize(("where", "effect"), [("status", False), ("headers", False), ("body", True)])
def test_dripping_takes_effect_only_when_there_is_an_answer_to_drip(spot: Spot, where: str, effect: bool) -> None:
    spot.lab.add_fault(spot.name, on="activate", kind="drip", where=where, interval=60)
    body = json.dumps({"email": EMAIL, "password": PASSWORD, "key": spot.key})
    head = (
        "POST /api/License/activate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; api-version=1.0\r\n"
        f"auth_token: {spot.client.token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with spot.raw_connection() as connection:
        connection.sendall((head + body).encode())
        assert connection.recv(1)
    assert _activate_takes_effect(spot) is effect


def test_expire_session_kills_the_session(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, on="activate", kind="expire_session")
    reply = spot.client.activate(spot.key)
    assert (reply.status, reply.json["title"]) == (401, "Unauthorized")
    assert spot.client.license().status == 401, "the session is really gone"
    assert spot.truth["sessions"] == []
    assert _activate_takes_effect(spot) is False


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "start"),
    [
        ("http_403", 403, "application/json; api-version=1.0", b'{"type"'),
        ("http_429", 429, "application/json; api-version=1.0", b'{"type"'),
        ("http_500_html", 500, "text/html; charset=utf-8", b"<!DOCTYPE"),
        ("http_502", 502, "text/html; charset=utf-8", b"<!DOCTYPE"),
        ("http_503", 503, "text/html; charset=utf-8", b"<!DOCTYPE"),
        ("html_200", 200, "text/html; charset=utf-8", b"<!DOCTYPE"),
    ],
)
def test_status_shorthands(spot: Spot, kind: str, status: int, content_type: str, start: bytes) -> None:
    spot.lab.add_fault(spot.name, on="activate", kind=kind)
    reply = spot.client.activate(spot.key)
    assert (reply.status, reply.headers["Content-Type"]) == (status, content_type)
    assert reply.raw.startswith(start)
    assert "Retry-After" not in reply.headers
    assert _activate_takes_effect(spot) is False
    assert spot.journal("activate")[-1]["fault"] == kind


@pytest.mark.parametrize("kind", ["http_429", "http_503"])
def test_retry_after(spot: Spot, kind: str) -> None:
    spot.lab.add_fault(spot.name, on="any", kind=kind, retry_after=7)
    assert spot.client.license().headers["Retry-After"] == "7"


def test_any_status(spot: Spot) -> None:
    spot.lab.add_fault(
        spot.name, kind="status", status=418, body={"tea": True}, headers={"X-Pot": "round"}, content_type="text/plain"
    )
    reply = spot.client.license()
    assert (reply.status, reply.json, reply.headers["X-Pot"]) == (418, {"tea": True}, "round")
    assert reply.headers["Content-Type"] == "text/plain"


def test_truncated_json(spot: Spot) -> None:
    spot.activated()
    whole = spot.client.license().raw
    spot.lab.add_fault(spot.name, on="license", kind="truncated_json")
    cut = spot.client.license()
    assert cut.status == 200
    assert whole.startswith(cut.raw)
    assert 0 < len(cut.raw) < len(whole)


def test_wrong_content_type(spot: Spot) -> None:
    spot.activated()
    spot.lab.add_fault(spot.name, on="license", kind="wrong_content_type")
    reply = spot.client.license()
    assert reply.headers["Content-Type"].startswith("text/html")
    assert reply.json["type"] == 2


@pytest.mark.parametrize("path", ["/api/License", "/api/Site", "/api/Session/logoff"])
def test_huge(spot: Spot, path: str) -> None:
    spot.activated()
    spot.lab.add_fault(spot.name, kind="huge")
    reply = spot.client.ask("POST" if "logoff" in path else "GET", path)
    assert reply.status == 200
    assert len(reply.raw) > 3_000_000
    assert reply.json


@pytest.mark.parametrize("kind", ["truncated_json", "wrong_content_type", "huge"])
def test_damaged_answers_of_writes_took_effect(spot: Spot, kind: str) -> None:
    spot.quirks(write_success=204)
    spot.lab.add_fault(spot.name, on="activate", kind=kind)
    assert spot.client.activate(spot.key).status == 200
    assert _activate_takes_effect(spot) is True


def test_redirect_shows_who_follows(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, on="license", kind="redirect")
    reply = spot.client.license()
    assert reply.status == 302
    seen = len(spot.lab.journal("_elsewhere"))
    follower = urllib3.PoolManager(ca_certs=str(spot.lab.ca_path))
    assert follower.request("GET", reply.headers["Location"]).status == 400
    assert len(spot.lab.journal("_elsewhere")) == seen + 1
    assert [problem["text"] for problem in spot.lab.problems() if problem["farm"] == "_elsewhere"][-1:] == [
        "a redirect was followed"
    ]


def test_redirect_to_a_given_place(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, kind="redirect", location="/login")
    assert spot.client.license().headers["Location"] == "/login"


def test_after_times_and_order(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, on="license", kind="http_503", after=1, times=2)
    spot.lab.add_fault(spot.name, on=["license", "site"], kind="http_403", after=3)
    assert [spot.client.license().status for _number in range(5)] == [404, 503, 503, 403, 404]


def test_always_until_cleared(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, kind="http_502", times=-1)
    assert {spot.client.license().status for _number in range(4)} == {502}
    spot.lab.clear_faults(spot.name)
    assert spot.client.license().status == 404


def test_a_fault_of_one_host_leaves_the_others_alone(spot: Spot) -> None:
    spot.lab.add_fault("wide", kind="http_502", times=-1, host="cb2.wide.example.com")
    urls = spot.lab.farms["wide"]["hosts"]
    pool = urllib3.PoolManager(ca_certs=str(spot.lab.ca_path), retries=False)

    def status(host: str) -> int:
        return pool.request("GET", f"https://{urls[host]}:20443/api/License", headers={"auth_token": "x"}).status

    assert (status("cb2.wide.example.com"), status("cb1.wide.example.com")) == (502, 415)
    spot.lab.clear_faults("wide")


def test_an_open_request_is_in_the_journal(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, on="license", kind="hang")
    with spot.raw_connection() as connection:
        connection.sendall(b"GET /api/License HTTP/1.1\r\nHost: x\r\n\r\n")
        assert eventually(lambda: [entry["status"] for entry in spot.journal("license")] == ["hang"])
