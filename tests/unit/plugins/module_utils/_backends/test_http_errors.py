# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a connection that did not come about, and what is advised: by how far it got."""

from __future__ import annotations

import pathlib
import random
import ssl
import typing as t

import pytest
import urllib3.exceptions as u3
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends import http_client
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import HttpClient
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_errors import (
    alert_remedy,
    not_connected,
    untrusted,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.tls import TlsSettings
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate, self_signed
from ansible_collections.fleetops.parallels_ras.tests.unit.support.tls_server import (
    answer,
    guarded,
    hang_up,
    holding,
    Proxy,
    Script,
    TlsServer,
)

URL: t.Final = "https://farm.example.com:20443"
SERVICE_RUNS: t.Final = "Service runs"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "_BACKOFF_SECONDS", 0.001)


def _failure(url: str, tls: TlsSettings, *, timeout: float = 20, proxy: str | None = None) -> RasError:
    client = HttpClient(url, tls, timeout=timeout, proxy=proxy)
    with pytest.raises(RasError) as caught:
        guarded(lambda: client.read("GET", "/api/License", {}, limit=1000))
    return caught.value


@pytest.mark.parametrize(
    ("scripts", "says", "advises"),
    [
        ([answer(400)] * 9, "WRONG_VERSION_NUMBER", "does not speak TLS"),
        ([hang_up] * 9, "handshake failed", "TLS 1.2 or newer"),
    ],
)
def test_where_something_listens_the_handshake_is_blamed(
    certificate: Certificate, scripts: list[Script], says: str, advises: str
) -> None:
    with TlsServer(certificate, answer(), before_tls=scripts) as server:
        error = _failure(server.url, TlsSettings(validate=False))
    assert error.code == "api_unreachable"
    assert says in error.message
    assert "handshake failed" in error.message
    assert advises in error.remedy
    assert SERVICE_RUNS not in error.remedy


def test_a_handshake_that_nobody_goes_on_with_is_one_too(certificate: Certificate) -> None:
    with TlsServer(certificate, answer(), before_tls=[holding()] * 9) as server:
        error = _failure(server.url, TlsSettings(validate=False), timeout=1)
    assert "handshake failed: no answer within 1 s" in error.message
    assert SERVICE_RUNS not in error.remedy


def test_no_common_cipher_is_named_as_that(certificate: Certificate) -> None:
    with TlsServer(certificate, answer()) as server:
        # The certificate has a key of another kind than this cipher needs.
        server._context.maximum_version = ssl.TLSVersion.TLSv1_2
        server._context.set_ciphers("ECDHE-RSA-AES256-GCM-SHA384")
        error = _failure(server.url, TlsSettings(validate=False))
    assert "HANDSHAKE_FAILURE" in error.message
    assert "share no version of TLS or no cipher" in error.remedy
    assert SERVICE_RUNS not in error.remedy


def test_a_server_that_wants_a_certificate_of_the_client_fails_the_handshake(certificate: Certificate) -> None:
    with TlsServer(certificate, answer()) as server:
        server._context.maximum_version = ssl.TLSVersion.TLSv1_2
        server._context.verify_mode = ssl.CERT_REQUIRED
        server._context.load_verify_locations(str(certificate.authority))
        error = _failure(server.url, TlsSettings(validate=False))
    assert "handshake failed" in error.message
    assert SERVICE_RUNS not in error.remedy


def test_where_nothing_listens_the_service_is_asked_for(certificate: Certificate) -> None:
    with TlsServer(certificate, answer()) as server:
        url = server.url
    error = _failure(url, TlsSettings(validate=False))
    assert error.message.endswith("cannot be reached: connection refused.")
    assert error.remedy == REMEDIES["api_unreachable"]


def test_a_probe_after_a_connection_is_judged_by_itself(certificate: Certificate) -> None:
    with TlsServer(certificate, answer(200, {})) as server:
        client = HttpClient(server.url, TlsSettings(validate=False), timeout=5)
        guarded(lambda: client.read("GET", "/", {}, limit=100))
    with pytest.raises(RasError) as caught:
        guarded(client.probe)
    assert caught.value.remedy == REMEDIES["api_unreachable"]


def test_a_proxy_that_refuses_is_blamed_itself(certificate: Certificate) -> None:
    with TlsServer(certificate, answer()) as server, Proxy(refuse=True) as proxy:
        error = _failure(server.url, TlsSettings(validate=False), proxy=proxy.url)
    assert "through the proxy" in error.message
    assert "option proxy" in error.remedy


@pytest.mark.parametrize(
    ("made", "trusted", "reason"),
    [
        ({}, False, "OpenSSL: self-signed certificate"),
        ({"expired": True}, True, "OpenSSL: certificate has expired"),
        ({"address": "127.9.9.9"}, True, "OpenSSL: IP address mismatch, certificate is not valid for '127.0.0.1'"),
    ],
)
def test_a_certificate_is_refused_with_the_reason_of_openssl_and_its_names(
    tmp_path: pathlib.Path, made: dict[str, t.Any], trusted: bool, reason: str
) -> None:
    shown = self_signed(tmp_path, "shown", **made)
    with TlsServer(shown, answer()) as server:
        error = _failure(server.url, TlsSettings(ca_path=str(shown.authority) if trusted else None))
    assert error.code == "tls_untrusted"
    assert f"not trusted ({reason})" in error.message
    assert error.observed["reason"] == reason
    for part in ("subject CN=shown", f"names {made.get('address', '127.0.0.1')}", "issuer CN=shown", shown.sha256):
        assert part in error.message


def test_another_fingerprint_is_the_reason(certificate: Certificate) -> None:
    with TlsServer(certificate, answer()) as server:
        assert "(its fingerprint is another one)" in _failure(server.url, TlsSettings(fingerprint="0" * 64)).message


def _wrapped(error: Exception, rng: random.Random) -> Exception:
    """As urllib3 and others hand errors on: in another one, once or twice, with a cause or while it was handled."""
    for _number in range(rng.randrange(3)):
        outer: Exception = rng.choice([u3.SSLError, u3.HTTPError, OSError])(error if rng.random() < 0.5 else str(error))
        outer.__cause__ = error
        error = outer
    return error


def _reason(number: int, reason: str) -> ssl.SSLError:
    error = ssl.SSLError(number, f"[SSL: {reason}] {reason.lower()} (_ssl.c:1000)")
    error.reason = reason
    return error


@pytest.mark.parametrize("seed", range(30))
def test_whatever_ends_a_handshake_nobody_is_asked_whether_the_service_runs(seed: int) -> None:
    rng = random.Random(seed)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"
    causes: list[Exception] = [
        _reason(1, "".join(rng.choices(letters, k=rng.randint(1, 30)))),
        _reason(1, rng.choice(["UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "HTTP_REQUEST"])),
        ConnectionResetError(104, "Connection reset by peer"),
        ssl.SSLEOFError(8, "EOF occurred in violation of protocol"),
        ssl.SSLZeroReturnError(6, "TLS/SSL connection has been closed (EOF)"),
        TimeoutError("timed out"),
        ValueError("words that nobody knows"),
    ]
    for cause in causes:
        error = not_connected(URL, _wrapped(cause, rng), 5, opened=True)
        assert "handshake failed" in error.message
        assert SERVICE_RUNS not in error.remedy
        assert "firewall" in error.remedy


@pytest.mark.parametrize("seed", range(30))
def test_what_a_certificate_says_is_quoted_and_bounded(seed: int) -> None:
    rng = random.Random(seed)
    odd = "".join(
        chr(rng.choice([*range(32), *range(0x202A, 0x202F), *b"#:[|vso ", 0x200B, 0x4E00])) for _turn in range(999)
    )
    cause = ssl.SSLCertVerificationError(1, f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {odd}")
    if rng.random() < 0.5:
        cause.verify_message = f"##vso[task.complete]{odd}"
    error = untrusted(
        URL, _wrapped(cause, rng), "another one", {"names": [f"{number}.example.com" for number in range(99)]}
    )
    assert error.message.isprintable()
    assert "##vso[" not in error.message
    assert len(error.message) < 700
    assert "names 0.example.com, 1.example.com" in error.message


def test_what_came_after_the_request_is_an_alert_only_where_tls_said_so() -> None:
    advice = alert_remedy(_reason(1, "TLSV13_ALERT_CERTIFICATE_REQUIRED"))
    assert advice is not None
    assert "certificate of the client" in advice
    for other in (None, ConnectionResetError(104, "reset"), _reason(8, "UNEXPECTED_EOF_WHILE_READING")):
        assert alert_remedy(other) is None
