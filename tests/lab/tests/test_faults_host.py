# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of listeners: closed ports and certificates that nobody should trust."""

from __future__ import annotations

import hashlib
import socket
import ssl

import pytest
import urllib3
from urllib3.exceptions import NewConnectionError, ProtocolError, SSLError

from labclient import Client, eventually, Spot


def _refused(spot: Spot) -> bool:
    try:
        socket.create_connection((spot.lab.farms[spot.name]["address"], 20443), 5).close()
    except ConnectionRefusedError:
        return True
    return False


def _certificate(spot: Spot) -> bytes:
    return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((spot.lab.farms[spot.name]["address"], 20443)))


def test_refuse_closes_the_port_and_ends_living_connections(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, kind="refuse")
    assert _refused(spot)
    with pytest.raises((NewConnectionError, ProtocolError)):
        spot.client.license()
    assert spot.truth["hosts"][0]["listening"] is False
    spot.lab.clear_faults(spot.name)
    assert spot.client.license().status == 404


def test_refuse_after_some_requests(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, kind="refuse", on="activate", after=1)
    assert not _refused(spot)
    assert spot.client.activate(spot.key).status == 200, "the last answer still goes out"
    assert _refused(spot)
    with pytest.raises((NewConnectionError, ProtocolError)):
        spot.client.license()


def test_refuse_for_a_while(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, kind="refuse", seconds=0.3)
    assert _refused(spot)
    assert eventually(lambda: not _refused(spot))
    assert spot.truth["faults"] == []


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("tls_expired", "certificate has expired"),
        ("tls_foreign", "unable to get local issuer certificate"),
        ("tls_wrong_name", "IP address mismatch"),
        ("tls_self_signed", "self-signed certificate"),
    ],
)
def test_certificates_can_be_switched_at_run_time(spot: Spot, kind: str, reason: str) -> None:
    before = _certificate(spot)
    spot.lab.add_fault(spot.name, kind=kind)
    with pytest.raises(SSLError) as caught:
        Client(spot.client.base, spot.client.ca_path).license()
    assert reason.replace("-", " ") in str(caught.value).replace("-", " ")
    shown = spot.truth["hosts"][0]
    assert shown["certificate"] == kind
    assert hashlib.sha256(_certificate(spot)).hexdigest() == shown["certificate_sha256"]
    spot.lab.clear_faults(spot.name)
    assert _certificate(spot) == before
    assert spot.client.license().status == 404


def test_a_living_connection_ends_with_its_certificate(spot: Spot) -> None:
    with spot.raw_connection() as connection:
        spot.lab.add_fault(spot.name, kind="tls_self_signed")
        assert connection.recv(1) == b""


def test_a_pinned_self_signed_certificate_works(spot: Spot) -> None:
    spot.lab.add_fault(spot.name, kind="tls_self_signed")
    fingerprint = spot.truth["hosts"][0]["certificate_sha256"]
    pool = urllib3.PoolManager(cert_reqs="CERT_NONE", assert_fingerprint=fingerprint, retries=False)
    assert pool.request("GET", spot.client.base + "/api/License").status == 415
