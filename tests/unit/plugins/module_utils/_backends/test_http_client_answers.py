# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTPS: how large answers may be, what is JSON, and which URLs are refused."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends import http_client
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import (
    Answer,
    HttpClient,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.tls import TlsSettings
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate
from ansible_collections.fleetops.parallels_ras.tests.unit.support.http_client import (
    code,
    HEAD,
    make_client,
    Naps,
    OK,
    read,
    write,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.tls_server import (
    answer,
    dripping,
    Script,
    TlsServer,
)


class TestSize:
    """Answers have bounds."""

    @pytest.mark.parametrize(
        "script",
        [
            answer(200, {"a": "x" * 5000}),
            dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n"),
        ],
        ids=["known length", "endless chunks"],
    )
    def test_too_large_is_a_bad_answer_and_not_asked_for_again(
        self, certificate: Certificate, naps: Naps, script: Script
    ) -> None:
        with TlsServer(certificate, script) as server:
            assert code(read, make_client(server, certificate), limit=2000) == "bad_answer"
        assert len(server.requests) == 1

    def test_the_bound_itself_is_allowed(self, certificate: Certificate) -> None:
        with TlsServer(certificate, answer(200, b"1" * 2000)) as server:
            assert len(read(make_client(server, certificate), limit=2000).body) == 2000

    def test_the_client_can_go_on_after_an_answer_that_was_too_large(self, certificate: Certificate) -> None:
        with TlsServer(certificate, answer(200, b"1" * 2000), OK) as server:
            client = make_client(server, certificate)
            assert code(read, client, limit=10) == "bad_answer"
            assert read(client).json() == {"a": 1}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("send", [read, write])
def test_no_redirect_is_followed(certificate: Certificate, status: int, send: t.Callable[[HttpClient], Answer]) -> None:
    with (
        TlsServer(certificate, OK) as other,
        TlsServer(certificate, answer(status, headers={"Location": other.url})) as server,
    ):
        got = send(make_client(server, certificate))
    assert (got.status, got.location) == (status, other.url)
    assert (len(server.requests), other.requests) == (1, [])


@pytest.mark.parametrize(
    ("content_type", "body", "value"),
    [
        ("application/json", b'{"a": "\xc3\xa9"}', {"a": "\u00e9"}),
        ("application/json; api-version=1.0", b"\xef\xbb\xbf[1]", [1]),
        ("application/problem+json", b"{}", {}),
        ("text/html", b" \r\n", None),
        ("", b"", None),
    ],
)
def test_json(content_type: str, body: bytes, value: t.Any) -> None:
    assert Answer(200, content_type, body, None, None).json() == value


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"{}"),
        ("", b"{}"),
        ("application/json", b'{"a": '),
        ("application/json", b"\xff\xfe"),
        ("application/json", b"[" * 200000),
        ("application/json", b"9" * 5000),
    ],
    ids=["HTML", "no type", "truncated", "not UTF-8", "nested too deeply", "a number of 5000 digits"],
)
def test_what_is_no_json_is_a_value_error(content_type: str, body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Answer(200, content_type, body, None, None).json()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "farm",
        "http://farm:20443",
        "https://",
        "https://farm:99999",
        "https://farm/?a=b",
        "https://farm/#a",
        "https://[::1",
        "ftp://farm",
        "https://fa rm",
    ],
)
def test_a_url_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(RasError) as caught:
        HttpClient(url, TlsSettings(), timeout=1)
    assert caught.value.code == "invalid_option"
    assert "https://host" in caught.value.message


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hidden-pw@farm",
        "http://user:hidden-pw@farm",
        "https://user:hidden-pw@farm:99999",
        "https://u:hidden-pw@[::1",
    ],
)
def test_a_password_in_the_url_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(RasError) as caught:
        HttpClient(url, TlsSettings(), timeout=1)
    assert caught.value.code == "invalid_option"
    assert "hidden-pw" not in str(caught.value.as_dict())


def test_addresses_of_version_6_are_taken_out_of_their_brackets() -> None:
    client = HttpClient("https://[::1]:20443", TlsSettings(), timeout=1)
    assert (client.host, client.port) == ("::1", 20443)


def test_a_missing_library_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "HAS_URLLIB3", False)
    with pytest.raises(RasError) as caught:
        HttpClient("https://farm", TlsSettings(), timeout=1)
    assert "urllib3" in caught.value.message
