# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for servers on loopback."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import ipaddress
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NOW = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)


@dataclasses.dataclass(frozen=True)
class Certificate:
    """A self-signed certificate with its key.

    :ivar chain: PEM file with certificate and key, for a server.
    :ivar authority: PEM file with the certificate, for a client that trusts it.
    """

    chain: pathlib.Path
    authority: pathlib.Path
    sha256: str
    not_before: str
    not_after: str


def self_signed(folder: pathlib.Path, name: str, *, address: str = "127.0.0.1", expired: bool = False) -> Certificate:
    """Make a certificate as RAS ships one: self-signed.

    :param name: common name, and name of the files.
    :param address: the address that it is good for.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = _NOW - dt.timedelta(days=20)
    end = _NOW + dt.timedelta(days=-10 if expired else 10)
    cert = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = cert.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain, authority = folder / f"{name}.chain.pem", folder / f"{name}.pem"
    chain.write_bytes(pem + secret)
    authority.write_bytes(pem)
    digest = hashlib.sha256(cert.public_bytes(serialization.Encoding.DER)).hexdigest()
    return Certificate(chain, authority, digest, f"{begin:%Y-%m-%dT%H:%M:%SZ}", f"{end:%Y-%m-%dT%H:%M:%SZ}")
