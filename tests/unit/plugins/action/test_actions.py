# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three actions against a real server on loopback: what they ask, what they return, and that they log off."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
from ansible import constants as C
from ansible_collections.fleetops.parallels_ras.plugins.action import farm_info, license, license_info
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action import base
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import RasAction
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import ACCOUNT_PASSWORD, perform
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import answer as license_answer
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import EMAIL, KEY, PRIVATE_EMAIL, TODAY
from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate
from ansible_collections.fleetops.parallels_ras.tests.unit.support.tls_server import answer, guarded, Script, TlsServer

SESSION = answer(
    200,
    {"authToken": "token-of-the-session", "farmName": "tokyo", "farmGUID": "{aa}", "licensingServerConnection": True},
)
BYE = answer(200)
PROBLEM_404 = answer(404, {"title": "Not Found", "status": 404})


@pytest.fixture(autouse=True)
def _run(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is a run of its own, on the day that the samples are made for."""
    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(base, "today", lambda: TODAY)
    for module in (license, license_info):
        monkeypatch.setattr(module, "today", lambda: TODAY)


def _asked(server: TlsServer) -> list[str]:
    return [f"{request.method} {request.path.removeprefix('/api/')}" for request in server.requests]


def _perform(
    kind: type[RasAction], certificate: Certificate, *scripts: Script, check: bool = False, **args: t.Any
) -> tuple[dict[str, t.Any], TlsServer]:
    with TlsServer(certificate, *scripts) as server:
        result = guarded(
            lambda: perform(kind, check=check, api_url=server.url, cert_fingerprint=certificate.sha256, **args)
        )
    assert "token-of-the-session" not in json.dumps(result)
    return result, server


def test_license_needs_three_requests_for_a_farm_that_is_right(certificate: Certificate) -> None:
    result, server = _perform(
        license.ActionModule,
        certificate,
        SESSION,
        answer(200, license_answer()),
        BYE,
        account_email=EMAIL,
        license_key=KEY,
    )
    assert _asked(server) == ["POST Session/logon", "GET License", "POST Session/logoff"]
    assert server.connections == 1
    assert (result["changed"], result["account_match"], result["key_match"]) == (False, "match", "match")
    assert result["license"]["expires"]["date"] == "2027-03-23"
    assert "failed" not in result


def test_license_needs_five_requests_for_one_that_is_not(certificate: Certificate) -> None:
    result, server = _perform(
        license.ActionModule,
        certificate,
        SESSION,
        PROBLEM_404,
        answer(204),
        answer(200, license_answer()),
        BYE,
        account_email=EMAIL,
        account_password=ACCOUNT_PASSWORD,
        license_key=KEY,
    )
    assert _asked(server) == [
        "POST Session/logon",
        "GET License",
        "POST License/activate",
        "GET License",
        "POST Session/logoff",
    ]
    assert json.loads(server.requests[2].body) == {"email": EMAIL, "password": ACCOUNT_PASSWORD, "key": KEY}
    assert all(request.headers["auth_token"] == "token-of-the-session" for request in server.requests[1:])
    assert result["changed"] is True
    assert result["steps"] == [{"action": "activate", "reason": "the farm is not activated"}]


def test_license_in_check_mode_sends_no_write(certificate: Certificate) -> None:
    result, server = _perform(
        license.ActionModule, certificate, SESSION, PROBLEM_404, BYE, check=True, account_email=EMAIL, license_key=KEY
    )
    assert _asked(server) == ["POST Session/logon", "GET License", "POST Session/logoff"]
    assert result["changed"] is True
    assert result["diff"]["after"]["key"] == "****-CV55K2"
    assert KEY not in json.dumps(result)


def test_license_logs_off_after_a_refusal(certificate: Certificate) -> None:
    result, server = _perform(
        license.ActionModule,
        certificate,
        SESSION,
        answer(200, license_answer(paUserEmail=PRIVATE_EMAIL)),
        BYE,
        account_email=EMAIL,
    )
    assert _asked(server)[-1] == "POST Session/logoff"
    assert (result["failed"], result["failure"]["code"], result["account_match"]) == (
        True,
        "account_mismatch",
        "mismatch",
    )


@pytest.mark.parametrize(
    ("scripts", "code", "asked"),
    [
        ([answer(401, {"title": "Unauthorized"})], "api_credentials_rejected", 1),
        ([SESSION, answer(403, {"title": "no"}), BYE], "api_forbidden", 3),
        ([SESSION, answer(200, b"<html>", {"Content-Type": "text/html"}), BYE], "bad_answer", 3),
        ([SESSION, answer(200, {"x": 1}), BYE], "bad_answer", 3),
        ([SESSION, answer(200, {"type": 77}), BYE], "bad_answer", 3),
    ],
)
def test_license_fails_with_one_code_and_leaves_no_session_open(
    certificate: Certificate, scripts: list[Script], code: str, asked: int
) -> None:
    result, server = _perform(license.ActionModule, certificate, *scripts, account_email=EMAIL)
    assert (result["failed"], result["failure"]["code"], len(server.requests)) == (True, code, asked)
    assert "exception" not in result


def test_license_info_reads_and_says_nothing_of_raw_fields_unless_asked(certificate: Certificate) -> None:
    fields = license_answer(plan={"deep": [1]}, expiryDate="03/04/2027")
    result, server = _perform(license_info.ActionModule, certificate, SESSION, answer(200, fields), BYE)
    assert _asked(server) == ["POST Session/logon", "GET License", "POST Session/logoff"]
    assert result["license"]["account"]["email"] == EMAIL
    assert result["farm"]["name"] == "tokyo"
    assert [finding["rule"] for finding in result["findings"]] == ["date_ambiguous"]
    assert result["changed"] is False
    assert "raw" not in result


def test_license_info_returns_unknown_fields_as_raw_when_asked(certificate: Certificate) -> None:
    result, _server = _perform(
        license_info.ActionModule,
        certificate,
        SESSION,
        answer(200, license_answer(plan={"deep": [1]})),
        BYE,
        include_raw=True,
    )
    assert result["raw"] == {"plan": {"deep": [1]}}


def test_license_info_of_a_farm_without_a_license(certificate: Certificate) -> None:
    result, _server = _perform(license_info.ActionModule, certificate, SESSION, PROBLEM_404, BYE)
    assert result["license"]["status"] == "not_activated"
    assert "failed" not in result


def test_farm_info_reads_sites_brokers_and_version(certificate: Certificate) -> None:
    session = answer(200, {"authToken": "token-of-the-session", "farmName": "tokyo", "connectedServer": "cb1"})
    sites = answer(200, [{"id": 1, "name": "one", "licensingSite": True}])
    brokers = answer(200, [{"id": 7, "server": "cb1", "siteId": 1, "priority": 0}])
    result, server = _perform(
        farm_info.ActionModule, certificate, session, sites, PROBLEM_404, brokers, answer(200, "21.2"), BYE
    )
    assert _asked(server) == [
        "POST Session/logon",
        "GET Site",
        "GET ConnectionBroker",
        "GET Broker",
        "GET WebService/version",
        "POST Session/logoff",
    ]
    assert result["farm"]["is_licensing_server"] is True
    assert result["farm"]["licensing_server"] == "cb1"
    assert result["sites"] == [{"id": 1, "name": "one", "licensing": True}]
    assert result["brokers"][0]["server"] == "cb1"
    assert result["service_version"] == "21.2"


@pytest.mark.parametrize("is_reported", [True, False])
def test_farm_info_reads_agents_in_the_same_session(certificate: Certificate, is_reported: bool) -> None:
    """What the farm does not report is null, and nothing of the rest is lost."""
    sites = answer(200, [{"id": 1, "name": "one", "licensingSite": True}])
    brokers = answer(200, [{"id": 7, "server": "cb1", "siteId": 1, "priority": 0}])
    agents = [answer(200, [{"server": "rd1", "serverType": "RDSHost", "agentVer": "21.2"}])] if is_reported else []
    rest = [*agents, BYE] if is_reported else [answer(503, {}), BYE]
    result, server = _perform(
        farm_info.ActionModule, certificate, SESSION, sites, brokers, answer(200, "21.2"), *rest, agents=True
    )
    assert _asked(server).count("POST Session/logon") == 1
    assert result["brokers"][0]["server"] == "cb1"
    assert "failed" not in result
    assert [agent["server"] for agent in result["agents"]] == ["rd1"] if is_reported else result["agents"] is None


def test_brokers_that_a_farm_does_not_show_are_null_and_said(certificate: Certificate) -> None:
    session = answer(200, {"authToken": "token-of-the-session"})
    sites = answer(200, [{"id": 1, "name": "one", "licensingSite": True}])
    version = answer(200, {"version": "17.0.0.21289"})
    missing = [PROBLEM_404] * 3
    result, server = _perform(farm_info.ActionModule, certificate, session, version, sites, *missing, BYE)
    assert _asked(server) == [
        "POST Session/logon",
        "GET WebService/version",
        "GET Site",
        "GET ConnectionBroker",
        "GET Broker",
        "GET PA",
        "POST Session/logoff",
    ]
    assert (result["brokers"], result["farm"]["is_licensing_server"]) == (None, None)
    assert [finding["rule"] for finding in result["findings"]] == ["version_untried", "brokers_unknown"]
    assert result["service_version"] == "17.0.0.21289"


def test_farm_info_keeps_what_the_farm_itself_says_of_its_licensing_server(certificate: Certificate) -> None:
    result, _server = _perform(
        farm_info.ActionModule, certificate, SESSION, answer(200, []), answer(200, []), PROBLEM_404, BYE
    )
    assert result["farm"]["is_licensing_server"] is True
    assert result["service_version"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("license_key", 0o123456701), ("account_password", ["a-long-password"]), ("api_username", True), ("farm_guid", 7)],
)
def test_what_is_no_text_is_refused_before_anything_is_sent(certificate: Certificate, name: str, value: t.Any) -> None:
    result, server = _perform(license.ActionModule, certificate, **{name: value})
    assert result["failure"]["code"] == "invalid_option"
    assert f"{name} must be text" in result["msg"]
    assert "21913025" not in json.dumps(result)
    assert "a-long-password" not in json.dumps(result)
    assert server.requests == []
