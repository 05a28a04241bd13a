# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How certificates are judged and described."""

from __future__ import annotations

import pathlib
import socket
import ssl

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends import tls
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.tls import (
    describe_certificate,
    ssl_context,
    TlsSettings,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate
from ansible_collections.fleetops.parallels_ras.tests.unit.support.tls_server import answer, guarded, holding, TlsServer

PIN = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "written",
    [
        PIN,
        PIN.upper(),
        ":".join(PIN[at : at + 2] for at in range(0, 64, 2)),
        f"sha256:{PIN}",
        f"SHA256 {PIN.upper()}",
        f" {PIN} ",
    ],
)
def test_a_fingerprint_may_be_written_in_the_usual_ways(written: str) -> None:
    assert TlsSettings.from_options(True, None, written).fingerprint == PIN


@pytest.mark.parametrize("wrong", [PIN[:-1], PIN + "0", "g" * 64, "0" * 40, "sha1:" + "0" * 40])
def test_what_is_no_sha256_fingerprint_is_refused(wrong: str) -> None:
    with pytest.raises(RasError) as caught:
        TlsSettings.from_options(True, None, wrong)
    assert caught.value.code == "invalid_option"
    assert "cert_fingerprint" in caught.value.message


def test_a_missing_ca_path_is_refused_and_named() -> None:
    with pytest.raises(RasError) as caught:
        TlsSettings.from_options(True, "/nowhere/ca.pem", None)
    assert caught.value.code == "invalid_option"
    assert "/nowhere/ca.pem" in caught.value.message


def test_a_ca_path_may_begin_with_a_tilde(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, certificate: Certificate
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "ca.pem").write_bytes(certificate.authority.read_bytes())
    assert TlsSettings.from_options(True, "~/ca.pem", None).ca_path == str(tmp_path / "ca.pem")


@pytest.mark.parametrize("content", [b"", b"no certificate"])
def test_a_ca_path_without_a_certificate_is_refused(tmp_path: pathlib.Path, content: bytes) -> None:
    (tmp_path / "ca.pem").write_bytes(content)
    with pytest.raises(RasError) as caught:
        ssl_context(TlsSettings(ca_path=str(tmp_path / "ca.pem")))
    assert caught.value.code == "invalid_option"
    assert "ca.pem" in caught.value.message


def test_verification_is_on_unless_it_is_turned_off_or_replaced_by_a_pin() -> None:
    assert ssl_context(TlsSettings()).verify_mode is ssl.CERT_REQUIRED
    assert ssl_context(TlsSettings()).check_hostname
    assert ssl_context(TlsSettings(validate=False)).verify_mode is ssl.CERT_NONE
    assert ssl_context(TlsSettings(fingerprint=PIN)).verify_mode is ssl.CERT_NONE


@pytest.mark.parametrize("settings", [TlsSettings(), TlsSettings(validate=False), TlsSettings(fingerprint=PIN)])
def test_old_protocols_are_off_however_the_certificate_is_judged(settings: TlsSettings) -> None:
    assert ssl_context(settings).minimum_version >= ssl.TLSVersion.TLSv1_2


def test_one_context_for_each_distinct_setting() -> None:
    assert ssl_context(TlsSettings(validate=False)) is ssl_context(TlsSettings(validate=False))
    assert ssl_context(TlsSettings(validate=False)) is not ssl_context(TlsSettings())


def test_a_certificate_is_described_and_nothing_is_sent_to_its_server(certificate: Certificate) -> None:
    with TlsServer(certificate, answer()) as server:
        seen = guarded(lambda: describe_certificate("127.0.0.1", server.port, 10))
        assert seen == {
            "sha256": certificate.sha256,
            "subject": "CN=farm",
            "issuer": "CN=farm",
            "names": ["127.0.0.1"],
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
        }
        assert server.requests == []


def test_a_certificate_that_cannot_be_had_is_an_error_text() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert "could not be read" in describe_certificate("127.0.0.1", unused.getsockname()[1], 5)["error"]


def test_a_server_that_never_shakes_hands_does_not_hold_the_description(certificate: Certificate) -> None:
    with TlsServer(certificate, answer(), before_tls=[holding()]) as server:
        assert "could not be read" in guarded(lambda: describe_certificate("127.0.0.1", server.port, 0.3))["error"]


def test_a_malformed_certificate_is_an_error_text() -> None:
    assert "malformed" in tls._parse(b"no DER")["error"]
