# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The REST back end: session and reads, and what each answer of a farm means."""

from __future__ import annotations

import contextlib
import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import LogonPermit
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import Answer
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.rest import CONTENT_TYPE, RestBackend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import (
    NotSent,
    RasError,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.never_activated import NeverActivated
from ansible_collections.fleetops.parallels_ras.tests.unit.support.rest_client import (
    backend,
    failure,
    FakeClient,
    Guard,
    JSON,
    problem,
    said,
    TOKEN,
)


class TestSession:
    """Log on and log off."""

    def test_the_logon_sends_exactly_name_and_password_and_reads_the_farm(self) -> None:
        client, guard, secrets = FakeClient(), Guard(), list[str]()
        farm = RestBackend(client, "svc@example.com", "api-password", guard, secrets.append).open()
        (call,) = client.calls
        assert (call.method, call.path, call.once_sent) == ("POST", "/api/Session/logon", True)
        assert json.loads(call.body or b"") == {"username": "svc@example.com", "password": "api-password"}
        assert call.headers["Content-Type"] == CONTENT_TYPE == "application/json; api-version=1.0"
        assert "auth_token" not in call.headers
        assert (farm.guid, farm.name, farm.is_licensing_server, farm.settings_pending) == ("{aa}", "tokyo", True, False)
        assert guard.seen == ["accepted"]
        assert secrets == [TOKEN]

    def test_only_a_token_in_the_answer_is_enough(self) -> None:
        farm = backend(FakeClient(logon=[said(200, {"authToken": TOKEN})], version=[said(200, "20.2.26050")])).open()
        assert farm.is_licensing_server is None
        assert farm.guid is None

    @pytest.mark.parametrize("status", [400, 401])
    def test_a_rejected_administrator(self, status: int) -> None:
        guard = Guard()
        error = failure(backend(FakeClient(logon=[problem(status, "Unauthorized")]), guard).open)
        assert error.code == "api_credentials_rejected"
        assert "Unauthorized" in error.message
        assert guard.seen == ["rejected"]

    @pytest.mark.parametrize(("user", "hint"), [("DOM\\svc", True), ("svc@example.com", False)])
    def test_a_domain_prefix_is_pointed_out(self, user: str, hint: bool) -> None:
        error = failure(backend(FakeClient(logon=[problem(401)]), user=user).open)
        assert ("user@domain" in error.message) is hint

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (problem(404), "rest_disabled"),
            (said(404, b"<html>", "text/html"), "rest_disabled"),
            (problem(403), "api_forbidden"),
            (problem(500), "bad_answer"),
            (said(503), "api_unreachable"),
            (said(302, location="https://portal.example.com/login?hidden=1"), "bad_answer"),
            (said(200, b"<html>", "text/html"), "bad_answer"),
            (said(200, b'{"authToken": "x'), "bad_answer"),
            (said(200), "bad_answer"),
            (said(200, []), "bad_answer"),
            (said(200, {}), "bad_answer"),
            (said(200, {"authToken": 1}), "bad_answer"),
            (said(200, {"authToken": ""}), "bad_answer"),
            (said(200, {"authToken": "a\r\nX: y"}), "bad_answer"),
            (said(200, {"authToken": "\u79d8"}), "bad_answer"),
        ],
    )
    def test_other_answers_to_the_logon(self, answer: Answer, code: str) -> None:
        guard = Guard()
        error = failure(backend(FakeClient(logon=[answer], version=[said(503)]), guard).open)
        assert error.code == code
        assert guard.seen == ([] if answer.status == 503 else ["unclear"])
        assert "hidden" not in error.message

    @pytest.mark.parametrize(
        ("second", "code", "seen"),
        [
            (said(503), "api_unreachable", ["unclear"]),
            (problem(401), "api_credentials_rejected", ["rejected"]),
            (problem(500), "bad_answer", ["unclear"]),
        ],
    )
    def test_a_logon_that_was_turned_away_with_503_is_sent_once_more_and_then_counts(
        self, second: Answer, code: str, seen: list[str]
    ) -> None:
        """A gateway may have passed the first one on."""
        guard = Guard()
        client = FakeClient(logon=[said(503), second, said(200, {"authToken": "x"})], version=[problem(401)])
        assert failure(backend(client, guard).open).code == code
        assert guard.seen == seen

    @pytest.mark.parametrize(
        ("answer", "seen"),
        [
            (RasError("api_unreachable", "did not answer"), ["unclear"]),
            (RasError("bad_answer", "too large"), ["unclear"]),
            (NotSent("api_unreachable", "refused"), []),
            (NotSent("tls_untrusted", "foreign"), []),
            (RasError("rate_limited", "busy"), []),
            (said(404), []),
            (said(429, {"msg": "too many failed attempts"}), ["unclear"]),
            (said(503, {"msg": "too many failed attempts"}), ["unclear"]),
        ],
    )
    def test_only_what_proves_that_nobody_looked_leaves_the_administrator_alone(
        self, answer: t.Any, seen: list[str]
    ) -> None:
        guard = Guard()
        failure(backend(FakeClient(logon=[answer]), guard).open)
        assert guard.seen == seen

    def test_a_503_names_the_rate_limit_as_the_likely_cause(self) -> None:
        error = failure(backend(FakeClient(License=[said(503)])).read_license)
        assert error.code == "api_unreachable"
        assert "rate limit" in error.message
        assert "likely" in error.message
        assert "rate limit" in error.remedy

    def test_the_guards_refusal_ends_the_logon_before_anything_is_sent(self) -> None:
        @contextlib.contextmanager
        def closed(farm_url: str, username: str, probe: t.Callable[[], None]) -> t.Iterator[LogonPermit]:
            if farm_url:
                raise RasError("not_tried", "no")
            yield Guard()

        client = FakeClient()
        assert failure(RestBackend(client, "u", "p", closed).open).code == "not_tried"
        assert client.calls == []

    def test_the_logoff_carries_the_token_and_happens_once(self) -> None:
        client = FakeClient()
        session = backend(client)
        session.open()
        assert session.close() is None
        assert session.close() is None
        assert client.paths == ["/api/Session/logon", "/api/Session/logoff"]
        assert client.calls[1].headers["auth_token"] == TOKEN
        assert client.closed == 2

    def test_without_a_logon_there_is_no_logoff(self) -> None:
        client = FakeClient()
        assert backend(client).close() is None
        assert client.calls == []

    @pytest.mark.parametrize(
        ("answer", "text"),
        [
            (problem(500), "HTTP 500"),
            (RasError("api_unreachable", "gone"), "gone"),
            (problem(401), None),
            (said(204), None),
        ],
    )
    def test_a_failing_logoff_is_a_text_and_never_raised(self, answer: t.Any, text: str | None) -> None:
        session = backend(FakeClient(logoff=[answer]))
        session.open()
        left = session.close()
        assert left is None if text is None else text in (left or "")

    def test_leaving_the_context_logs_off(self) -> None:
        client = FakeClient()
        with backend(client) as session:
            session.open()
        assert client.paths[-1] == "/api/Session/logoff"


class TestReads:
    """License, sites, brokers, version."""

    def test_no_license(self) -> None:
        session = backend(FakeClient(License=[problem(404, "Not Found")]))
        session.open()
        assert session.read_license() is NeverActivated.SAID

    @pytest.mark.parametrize("body", [{}, [], {"type": 0}])
    def test_what_is_not_the_documented_404_is_handed_on_as_it_is(self, body: t.Any) -> None:
        assert backend(FakeClient(License=[said(200, body)])).read_license() == body

    @pytest.mark.parametrize(
        "answer",
        [
            said(200),
            said(200, b" "),
            said(200, b"null"),
            said(204),
            said(404),
            said(404, {"message": "Not Found"}),
            said(404, {"title": "Not Found", "status": 404}, "application/problem+json"),
            said(404, b"<html>", "text/html"),
            said(200, b"{", JSON),
            said(200, b"{}", "text/plain"),
        ],
    )
    def test_what_is_no_answer_of_the_farm_is_never_taken_for_no_license(self, answer: Answer) -> None:
        """It would be activated."""
        assert failure(backend(FakeClient(License=[answer])).read_license).code == "bad_answer"

    def test_an_expired_session_is_opened_once_more_for_a_read(self) -> None:
        client = FakeClient(License=[problem(401), said(200, {"type": 1})])
        session = backend(client)
        session.open()
        assert session.read_license() == {"type": 1}
        assert [path.rsplit("/", 1)[1] for path in client.paths] == ["logon", "License", "logon", "License"]

    def test_a_second_401_is_session_expired(self) -> None:
        client = FakeClient(License=[problem(401)])
        session = backend(client)
        session.open()
        assert failure(session.read_license).code == "session_expired"
        assert client.paths.count("/api/Session/logon") == 2

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (problem(403), "api_forbidden"),
            (problem(500), "bad_answer"),
            (said(502), "api_unreachable"),
            (said(307, location="//x"), "bad_answer"),
        ],
    )
    def test_failing_reads(self, answer: Answer, code: str) -> None:
        assert failure(backend(FakeClient(License=[answer])).read_license).code == code

    def test_a_forbidden_read_says_who_may_not_do_what(self) -> None:
        error = failure(backend(FakeClient(License=[problem(403, "needs Licensing")])).read_license)
        for part in ("svc@example.com", "read the license", "needs Licensing"):
            assert part in error.message

    def test_sites(self) -> None:
        rows = [{"id": 1, "name": "Tokyo", "licensingSite": True}, {"id": "2", "name": None}]
        assert backend(FakeClient(Site=[said(200, rows)])).sites() == [Site(1, "Tokyo", True), Site(2, None, False)]

    @pytest.mark.parametrize(
        "rows",
        [
            {},
            None,
            "x",
            [1],
            [{"name": "x"}],
            [{"id": None}],
            [{"id": True}],
            [{"id": "one"}],
            [{"id": 1.5}],
            [{"id": "9" * 5000}],
        ],
    )
    def test_lists_that_are_none_are_bad_answers(self, rows: t.Any) -> None:
        assert failure(backend(FakeClient(Site=[said(200, rows)])).sites).code == "bad_answer"

    @pytest.mark.parametrize(
        ("answer", "version"),
        [
            (said(200, "21.2.1"), "21.2.1"),
            (said(200, {"version": "21.2.1"}), "21.2.1"),
            (said(200, {"Version": "21"}), "21"),
            (said(200, {"other": 1}), None),
            (said(200, 21), "21"),
            (said(200, True), None),
            (said(200, " "), None),
            (problem(404), None),
        ],
    )
    def test_the_version_of_the_service(self, answer: Answer, version: str | None) -> None:
        assert backend(FakeClient(version=[answer])).service_version() == version


class TestAgents:
    """Whatever a list without a site holds, all sites are read."""

    def _agents(self, *answers: t.Any) -> tuple[list[dict[str, t.Any]], list[str]]:
        sites = [{"id": 1, "name": "a", "licensingSite": True}, {"id": 2, "name": "b"}]
        client = FakeClient(Agent=[said(200, answers[0])], Site=[said(200, sites)])
        client._answers["Agent?siteId=1"] = [said(200, [{"server": "one", "siteId": 1}])]
        client._answers["Agent?siteId=2"] = [said(200, [{"server": "two", "siteId": 2}])]
        rows = backend(client).agents()
        return rows, [path for path in client.paths if "Agent" in path]

    @pytest.mark.parametrize(
        ("rows", "asked"),
        [
            ([{"server": "x", "siteId": 1}, {"server": "y", "siteId": "2"}], []),
            ([{"server": "x", "siteId": 1}], ["/api/Agent?siteId=2"]),
            ([], ["/api/Agent?siteId=1", "/api/Agent?siteId=2"]),
            ([{"server": "x"}], []),
        ],
    )
    def test_sites_that_the_list_leaves_out_are_asked_for(self, rows: list[dict[str, t.Any]], asked: list[str]) -> None:
        found, paths = self._agents(rows)
        assert paths == ["/api/Agent", *asked]
        assert len(found) == len(rows) + len(asked)
