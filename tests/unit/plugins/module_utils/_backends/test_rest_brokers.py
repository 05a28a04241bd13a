# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of brokers under its three names, and the version that shows which farm this is."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import Answer
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm
from ansible_collections.fleetops.parallels_ras.tests.unit.support.rest_client import (
    backend,
    failure,
    FakeClient,
    JSON,
    problem,
    said,
    TOKEN,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import json_values
from hypothesis import given
from hypothesis import strategies as st

NAMES: t.Final = ("ConnectionBroker", "Broker", "PA")
MISSING: t.Final = (
    said(404),
    said(404, b" \r\n", "text/html"),
    said(404, {"title": "Not Found", "status": 404}),
    said(404, {"type": "https://httpstatuses.io/404", "title": "Not Found", "status": 404, "traceId": "00-4c"}),
    said(404, {"title": "not found", "status": 404, "detail": None, "instance": ""}),
)
ROWS: t.Final = [
    {"id": 2, "server": "b", "siteId": 1, "priority": 1, "enabled": True},
    {"id": 1, "server": "a", "ip": "10.0.0.1", "siteId": 1, "priority": "0"},
]
BROKERS: t.Final = [Broker(1, "a", "10.0.0.1", 1, 0), Broker(2, "b", None, 1, 1, enabled=True)]
ALONE: t.Final = said(200, {"authToken": TOKEN})
_missing = st.sampled_from(MISSING)
# What is neither a list of brokers nor a word of the farm that it has no such path.
_others = st.one_of(
    st.builds(
        said,
        st.sampled_from([400, 402, 403, 405, 406, 409, 410, 415, 422, 429, 500, 501, 502, 503, 504, 302, 307]),
        json_values,
    ),
    st.builds(
        said,
        st.just(404),
        st.one_of(
            st.binary(min_size=1).filter(lambda body: bool(body.strip())),
            json_values.map(lambda body: json.dumps(body).encode()),
            st.sampled_from(
                [
                    b"<html>Not Found</html>",
                    b'{"error": {"code": "UnsupportedApiVersion", "message": "no"}}',
                    b'{"title": "Not Found", "status": 404, "detail": "No backend."}',
                    b'{"title": "Not Found", "status": 404, "instance": "/api/Session"}',
                    b'{"title": "Not Found", "status": 404, "code": "UnsupportedApiVersion"}',
                ]
            ),
        ),
        st.sampled_from([JSON, "text/html", "application/problem+json", ""]),
    ),
    st.builds(said, st.just(404), st.just({"title": "Not Found", "status": 404}), st.just("application/problem+json")),
    st.builds(said, st.just(200), st.sampled_from([{}, None, "x", 1, [1], [[]]])),
)


@given(st.integers(0, 2), st.tuples(_missing, _missing, _missing))
def test_the_first_name_that_the_farm_has_counts(number: int, missing: tuple[Answer, ...]) -> None:
    answers = {name: [answer] for name, answer in zip(NAMES, missing, strict=True)}
    client = FakeClient(**{**answers, NAMES[number]: [said(200, ROWS)]})
    session = backend(client)
    assert session.brokers() == BROKERS
    assert client.paths == [f"/api/{name}" for name in NAMES[: number + 1]]
    assert session.findings == []


@given(st.tuples(_missing, _missing, _missing))
def test_brokers_under_no_name_are_unknown_and_not_none_at_all(missing: tuple[Answer, ...]) -> None:
    session = backend(FakeClient(**{name: [answer] for name, answer in zip(NAMES, missing, strict=True)}))
    assert session.brokers() is None
    assert session.brokers() is None
    (finding,) = session.findings
    assert (finding.rule, finding.severity) == ("brokers_unknown", "info")
    for name in NAMES:
        assert f"/api/{name}" in finding.observed
    assert "allow_unverified_server" in finding.remedy


@given(st.integers(0, 2), _missing, _others)
def test_whatever_else_is_answered_is_a_failure_and_no_further_name_is_tried(
    number: int, missing: Answer, other: Answer
) -> None:
    answers = {name: [missing] for name in NAMES}
    client = FakeClient(**{**answers, NAMES[number]: [other]})
    error = failure(backend(client).brokers)
    assert error.code in ("bad_answer", "api_forbidden", "api_unreachable")
    assert client.paths == [f"/api/{name}" for name in NAMES[: number + 1]]


def test_an_empty_list_is_what_the_farm_says() -> None:
    assert backend(FakeClient(ConnectionBroker=[said(200, [])])).brokers() == []


@pytest.mark.parametrize(
    ("version", "observed"),
    [
        (said(200, {"version": "17.1.2.22275"}), "RAS 17.1.22275: documented, never tried"),
        (said(200, "17.0.0.21289"), "RAS 17.0.21289: documented, never tried"),
        (said(200, {"version": "18.3.0.22000"}), None),
        (said(200, {"version": "22.0.0.28102"}), "RAS 22.0.28102: a technical preview, never tried"),
        (said(200, {"version": "1.0.0"}), "1.0.0, which is no version of RAS"),
        (said(200, {}), "a version that is not known"),
        (said(200, b"<html>", "text/html"), "a version that is not known"),
        (problem(404), "a version that is not known"),
        (said(404), "a version that is not known"),
        (problem(403), "a version that is not known"),
        (problem(500), "a version that is not known"),
    ],
)
def test_a_logon_with_the_token_alone_is_followed_by_one_look_at_the_version(
    version: Answer, observed: str | None
) -> None:
    client = FakeClient(logon=[ALONE], version=[version], License=[said(200, {"type": 3})])
    session = backend(client)
    assert session.open() == Farm()
    assert session.read_license() == {"type": 3}
    session.close()
    assert [path.rsplit("/", 1)[1] for path in client.paths] == ["logon", "version", "License", "logoff"]
    assert [finding.observed for finding in session.findings] == ([] if observed is None else [observed])


def test_the_version_is_read_once_and_said_once() -> None:
    client = FakeClient(logon=[ALONE], version=[said(200, "17.0.0.21289")])
    session = backend(client)
    session.open()
    session.open()
    assert session.service_version() == session.service_version() == "17.0.0.21289"
    assert len(session.findings) == 1
    assert client.paths.count("/api/WebService/version") == 1


def test_a_session_that_ends_while_the_version_is_read_is_opened_once_more() -> None:
    client = FakeClient(logon=[ALONE], version=[problem(401)])
    assert failure(backend(client).open).code == "session_expired"
    assert client.paths == [
        "/api/Session/logon",
        "/api/WebService/version",
        "/api/Session/logon",
        "/api/WebService/version",
    ]


@pytest.mark.parametrize("answer", [said(503), RasError("rate_limited", "busy"), RasError("api_unreachable", "gone")])
def test_a_farm_that_does_not_answer_is_no_farm_of_unknown_version(answer: t.Any) -> None:
    client = FakeClient(logon=[ALONE], version=[answer])
    session = backend(client)
    assert failure(session.open).code in ("api_unreachable", "rate_limited")
    session.close()
    assert client.paths[-1] == "/api/Session/logoff"


@pytest.mark.parametrize("version", ["15.5.3.17000", "16.2.1.19160"])
def test_a_product_without_a_documented_api_is_refused_after_its_logoff(version: str) -> None:
    client = FakeClient(logon=[ALONE], version=[said(200, version)])
    session = backend(client)
    assert failure(session.open).code == "product_too_old"
    session.close()
    assert client.paths == ["/api/Session/logon", "/api/WebService/version", "/api/Session/logoff"]


def test_a_logon_that_names_the_farm_needs_no_further_look() -> None:
    client = FakeClient()
    backend(client).open()
    assert client.paths == ["/api/Session/logon"]
