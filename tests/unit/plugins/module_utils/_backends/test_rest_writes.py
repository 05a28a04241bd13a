# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The REST back end: writes, and what nobody expects."""

from __future__ import annotations

import contextlib
import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import Answer, Lost
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import (
    RasError,
    VendorRefused,
    WriteOutcomeUnknown,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import EMAIL, KEY
from ansible_collections.fleetops.parallels_ras.tests.unit.support.rest_client import (
    backend,
    failure,
    FakeClient,
    JSON,
    problem,
    said,
    TOKEN,
)
from hypothesis import given
from hypothesis import strategies as st


class TestWrites:
    """One request each; the answer decides what is known."""

    @pytest.mark.parametrize("status", [200, 201, 202, 204])
    def test_success_has_many_numbers(self, status: int) -> None:
        client = FakeClient(activate=[said(status)])
        session = backend(client)
        session.open()
        session.activate(EMAIL, "account-password", KEY)
        call = client.calls[-1]
        assert (call.kind, call.method, call.path) == ("write", "POST", "/api/License/activate")
        assert json.loads(call.body or b"") == {"email": EMAIL, "password": "account-password", "key": KEY}
        assert call.headers["auth_token"] == TOKEN

    def test_a_trial_is_asked_for_without_the_key_field(self) -> None:
        client = FakeClient(activate=[said()])
        backend(client).activate(EMAIL, "account-password", None)
        assert json.loads(client.calls[-1].body or b"") == {"email": EMAIL, "password": "account-password"}

    def test_a_deactivation_sends_the_account(self) -> None:
        client = FakeClient(deactivate=[said()])
        backend(client).deactivate(EMAIL, "account-password")
        assert client.paths == ["/api/License/deactivate"]
        assert json.loads(client.calls[0].body or b"") == {"email": EMAIL, "password": "account-password"}

    def test_settings_are_applied_without_a_body(self) -> None:
        client = FakeClient(apply=[said(204)])
        backend(client).apply_settings()
        assert (client.calls[0].path, client.calls[0].body) == ("/api/Settings/apply", b"")

    def test_a_refusal_is_understood_and_quoted(self) -> None:
        error = failure(
            lambda: backend(FakeClient(activate=[said(400, {"code": 0, "msg": "invalid login or password"})])).activate(
                EMAIL, "p", KEY
            )
        )
        assert isinstance(error, VendorRefused)
        assert (error.code, error.farm_fault) == ("account_credentials_rejected", False)
        assert error.observed == {"status": 400, "vendor_code": 0, "vendor_text": "invalid login or password"}

    def test_a_refusal_in_the_documented_form_may_be_explained(self) -> None:
        body = {"code": 0, "msg": "The license key is invalid."}
        error = failure(lambda: backend(FakeClient(activate=[said(400, body)])).activate(EMAIL, "p", KEY))
        assert isinstance(error, VendorRefused)
        assert (error.code, error.farm_fault) == ("key_rejected", True)

    @given(
        st.sampled_from([400, 402, 409, 422, 423, 429]),
        st.dictionaries(st.sampled_from(["code", "msg", "title", "detail", "errors"]), st.sampled_from([0, 7, "no"])),
        st.sampled_from(["msg", "title", "detail"]),
    )
    def test_in_any_other_form_it_is_nobodys_proven_fault(self, status: int, body: dict[str, t.Any], name: str) -> None:
        body[name] = "The license key is invalid."
        error = failure(lambda: backend(FakeClient(activate=[said(status, body)])).activate(EMAIL, "p", KEY))
        assert isinstance(error, VendorRefused)
        assert error.farm_fault is (status == 400 and body == {"code": 0, "msg": "The license key is invalid."})

    def test_what_is_nested_is_said_and_clears_nobody(self) -> None:
        for body in (
            {"title": "One or more validation errors occurred.", "errors": {"key": ["The license key is invalid."]}},
            {"code": 0, "msg": {"text": "The license key is invalid."}},
            {"code": 0, "msg": "The license key is invalid.", "errors": {"key": ["Sign in again."]}},
            {"error": {"details": [{"message": "The license key is invalid."}]}},
        ):
            error = failure(
                lambda body=body: backend(FakeClient(activate=[said(400, body)])).activate(EMAIL, "p", KEY)  # type: ignore[misc]
            )
            assert isinstance(error, VendorRefused)
            assert "The license key is invalid." in error.message
            assert "Sign in again." in error.message or "Sign in" not in str(body)
            assert (error.code, error.farm_fault) == ("key_rejected", False)

    def test_a_long_text_is_judged_to_its_end(self) -> None:
        text = "The license key is invalid." + " " * 300 + "Sign in again"
        error = failure(
            lambda: backend(FakeClient(activate=[said(400, {"code": 0, "msg": text})])).activate("e", "p", KEY)
        )
        assert isinstance(error, VendorRefused)
        assert not error.farm_fault

    def test_a_503_of_a_write_names_the_rate_limit(self) -> None:
        error = failure(lambda: backend(FakeClient(activate=[said(503)])).activate(EMAIL, "p", KEY))
        assert "rate limit" in error.message

    @pytest.mark.parametrize("body", [b"", b"<html>", {}, [], {"msg": ""}, {"msg": 1}, {"code": "x"}])
    def test_a_refusal_without_words_is_nobodys_proven_fault(self, body: t.Any) -> None:
        error = failure(lambda: backend(FakeClient(activate=[said(400, body)])).activate(EMAIL, "p", KEY))
        assert isinstance(error, VendorRefused)
        assert (error.code, error.farm_fault) == ("activation_refused", False)

    @pytest.mark.parametrize(
        "answer",
        [
            Lost("cut"),
            said(500, b"<html>", "text/html"),
            said(502),
            said(503),
            said(504),
            problem(500),
            said(200, b"<html>ok</html>", "text/html"),
            said(200, {"code": 0, "msg": "invalid login or password"}),
            said(200, {"success": False}),
            said(200, False),
            said(200, {}),
            said(200, []),
            said(204, {"msg": "no"}),
        ],
    )
    def test_what_may_have_taken_effect_is_unknown_and_not_sent_again(self, answer: t.Any) -> None:
        client = FakeClient(activate=[answer])
        error = failure(lambda: backend(client).activate(EMAIL, "p", KEY))
        assert isinstance(error, WriteOutcomeUnknown)
        assert error.code == "outcome_unknown"
        assert client.paths == ["/api/License/activate"]

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (problem(401), "session_expired"),
            (problem(403), "api_forbidden"),
            (problem(404), "bad_answer"),
            (said(302, location="https://other.example"), "bad_answer"),
        ],
    )
    def test_what_was_refused_before_the_vendor_is_a_failure_and_not_sent_again(
        self, answer: Answer, code: str
    ) -> None:
        client = FakeClient(activate=[answer])
        session = backend(client)
        session.open()
        error = failure(lambda: session.activate(EMAIL, "p", KEY))
        assert error.code == code
        assert not isinstance(error, (VendorRefused, WriteOutcomeUnknown))
        assert client.paths == ["/api/Session/logon", "/api/License/activate"]

    def test_a_redirect_names_the_other_host_only(self) -> None:
        error = failure(
            lambda: backend(FakeClient(activate=[said(302, location="https://other.example/x?token=1")])).activate(
                EMAIL, "p", KEY
            )
        )
        assert "other.example" in error.message
        assert "token" not in error.message


_numbers = st.sampled_from([200, 204, 302, 400, 401, 403, 404, 418, 500, 502, 503])
_bodies = st.sampled_from(
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b'{"msg": 1}',
        b'{"msg": "x"}',
        b'{"authToken": "x"}',
        b"[{}]",
        b"[[]]",
        b'[{"id": 1}]',
        b"\xff",
    ]
)
_types = st.sampled_from([JSON, "text/html", ""])


@given(
    st.builds(
        Answer, _numbers, _types, _bodies, st.none(), st.sampled_from([None, "", "/x", "https://[::1", "http://x/"])
    ),
    st.sampled_from(["open", "read_license", "sites", "brokers", "service_version", "apply_settings"]),
)
def test_any_answer_to_any_request_raises_nothing_but_ras_errors(answer: Answer, method: str) -> None:
    names = ("logon", "License", "Site", "ConnectionBroker", "Broker", "version", "apply")
    client = FakeClient(**{name: [answer] for name in names})
    with contextlib.suppress(RasError):
        getattr(backend(client), method)()
