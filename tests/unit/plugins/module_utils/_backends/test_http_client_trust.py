# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the client trusts, and through which proxy it goes."""

from __future__ import annotations

import pathlib
import typing as t
import warnings

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends import http_client
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import Answer, HttpClient
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.tls import TlsSettings
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate, self_signed
from ansible_collections.fleetops.parallels_ras.tests.unit.support.tls_server import (
    answer,
    guarded,
    hang_up,
    Proxy,
    TlsServer,
)

OK = answer(200, {"a": 1})


def _read(server: TlsServer, tls: TlsSettings, proxy: str | None = None) -> Answer:
    client = HttpClient(server.url, tls, timeout=20, proxy=proxy)
    return guarded(lambda: client.read("GET", "/api/License", {}, limit=10000))


def _write_refused(server: TlsServer, tls: TlsSettings) -> RasError:
    client = HttpClient(server.url, tls, timeout=20)
    with pytest.raises(RasError) as caught:
        guarded(lambda: client.write("POST", "/api/License/activate", {}, body=b"secret", limit=10000))
    assert server.requests == []
    return caught.value


def test_a_certificate_is_trusted_by_its_authority(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server:
        assert _read(server, TlsSettings(ca_path=str(certificate.authority))).status == 200


def test_a_pinned_certificate_needs_no_authority(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server:
        assert _read(server, TlsSettings(fingerprint=certificate.sha256)).status == 200


def test_a_pinned_certificate_may_be_expired_or_for_another_address(tmp_path: pathlib.Path) -> None:
    """RAS ships a certificate that names nobody; the pin is the whole check."""
    odd = self_signed(tmp_path, "odd", address="127.9.9.9", expired=True)
    with TlsServer(odd, OK) as server:
        assert _read(server, TlsSettings(fingerprint=odd.sha256)).status == 200


def test_without_verification_everyone_is_trusted_and_nothing_is_written_to_stderr(
    certificate: Certificate, capsys: pytest.CaptureFixture[str]
) -> None:
    with TlsServer(certificate, OK) as server, warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _read(server, TlsSettings(validate=False)).status == 200
    assert capsys.readouterr().err == ""


def test_a_certificate_of_a_foreign_authority_is_refused_and_shown(
    certificate: Certificate, tmp_path: pathlib.Path
) -> None:
    foreign = self_signed(tmp_path, "foreign")
    with TlsServer(foreign, OK) as server:
        error = _write_refused(server, TlsSettings(ca_path=str(certificate.authority)))
    assert error.code == "tls_untrusted"
    for shown in ("CN=foreign", foreign.sha256, foreign.not_before, foreign.not_after, str(certificate.authority)):
        assert shown in error.message
    assert error.observed["sha256"] == foreign.sha256
    assert "cert_fingerprint" in error.remedy
    assert "ca_path" in error.remedy


def test_a_self_signed_certificate_is_refused_by_default(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server:
        assert _write_refused(server, TlsSettings()).code == "tls_untrusted"


def test_an_expired_certificate_is_refused(tmp_path: pathlib.Path) -> None:
    old = self_signed(tmp_path, "old", expired=True)
    with TlsServer(old, OK) as server:
        error = _write_refused(server, TlsSettings(ca_path=str(old.authority)))
    assert error.code == "tls_untrusted"
    assert old.not_after in error.message


def test_a_certificate_for_another_address_is_refused(tmp_path: pathlib.Path) -> None:
    other = self_signed(tmp_path, "other", address="127.9.9.9")
    with TlsServer(other, OK) as server:
        error = _write_refused(server, TlsSettings(ca_path=str(other.authority)))
    assert error.code == "tls_untrusted"
    assert error.observed["names"] == ["127.9.9.9"]


def test_another_certificate_than_the_pinned_is_refused_even_from_a_trusted_authority(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server:
        error = _write_refused(server, TlsSettings(fingerprint="0" * 64, ca_path=str(certificate.authority)))
    assert error.code == "tls_untrusted"
    assert "0" * 64 in error.message
    assert certificate.sha256 in error.message


def test_a_pin_holds_where_verification_is_off(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server:
        assert _write_refused(server, TlsSettings(validate=False, fingerprint="0" * 64)).code == "tls_untrusted"


def test_a_folder_without_authorities_trusts_nobody(certificate: Certificate, tmp_path: pathlib.Path) -> None:
    with TlsServer(certificate, OK) as server:
        assert _write_refused(server, TlsSettings(ca_path=str(tmp_path))).code == "tls_untrusted"


def test_an_untrusted_certificate_is_not_asked_for_again(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def describe(host: str, port: int, timeout: float) -> dict[str, t.Any]:
        asked.append(host)
        return {}

    monkeypatch.setattr(http_client, "describe_certificate", describe)
    with TlsServer(certificate, OK) as server:
        error = _write_refused(server, TlsSettings())
    assert asked == ["127.0.0.1"]
    assert "none that could be read" in error.message


def test_a_server_without_tls_is_unreachable_and_not_untrusted(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_client, "_BACKOFF_SECONDS", 0.001)
    with TlsServer(certificate, OK, before_tls=[answer(400), answer(400), hang_up]) as server:
        assert _write_refused(server, TlsSettings(ca_path=str(certificate.authority))).code == "api_unreachable"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_ignored(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for no_proxy in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(no_proxy, raising=False)
    with TlsServer(certificate, OK) as server, Proxy() as proxy:
        monkeypatch.setenv(name, proxy.url)
        assert _read(server, TlsSettings(ca_path=str(certificate.authority))).status == 200
    assert proxy.asked == []


def test_the_proxy_of_the_options_is_used_and_sees_no_secret(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server, Proxy() as proxy:
        assert _read(server, TlsSettings(ca_path=str(certificate.authority)), proxy.url).json() == {"a": 1}
    assert proxy.asked == [f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"] or proxy.asked == [
        f"CONNECT 127.0.0.1:{server.port} HTTP/1.0"
    ]


def test_through_a_proxy_the_pin_holds_too(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server, Proxy() as proxy:
        with pytest.raises(RasError) as caught:
            _read(server, TlsSettings(fingerprint="0" * 64), proxy.url)
    assert caught.value.code == "tls_untrusted"
    assert server.requests == []


def test_a_proxy_that_refuses_makes_the_farm_unreachable(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_client, "_BACKOFF_SECONDS", 0.001)
    with TlsServer(certificate, OK) as server, Proxy(refuse=True) as proxy:
        with pytest.raises(RasError) as caught:
            _read(server, TlsSettings(ca_path=str(certificate.authority)), proxy.url)
    assert caught.value.code == "api_unreachable"
    assert server.connections == 0


def test_behind_a_proxy_nobody_probes(certificate: Certificate) -> None:
    with Proxy() as proxy:
        guarded(HttpClient("https://127.0.0.1:1", TlsSettings(validate=False), timeout=5, proxy=proxy.url).probe)
    assert proxy.asked == []
