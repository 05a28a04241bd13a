# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates of the lab: one throw-away CA, one elliptic-curve key for all hosts, and the ways to be untrusted."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import ssl
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

GOOD = "good"
_DAY = timedelta(days=1)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "raslab (simulated)"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


class _Authority:
    def __init__(self, common_name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name(common_name)
        now = datetime.now(timezone.utc)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(self.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _DAY)
            .not_valid_after(now + 30 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(_usage(ca=True), critical=True)
            .sign(self.key, hashes.SHA256())
        )


def _usage(ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


class CertificateShop:
    """Makes host certificates on demand. Private keys live in memory only; nothing is ever written to a disk."""

    def __init__(self) -> None:
        self._authority = _Authority("raslab CA")
        self._foreign: _Authority | None = None
        self._host_key = ec.generate_private_key(ec.SECP256R1())
        self._host_key_pem = self._host_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._made: dict[tuple[str, str, str], bytes] = {}

    @property
    def ca_pem(self) -> bytes:
        return self._authority.certificate.public_bytes(serialization.Encoding.PEM)

    def certificate(self, kind: str, host: str, address: str) -> bytes:
        """The DER certificate of ``kind`` (``good`` or a ``tls_*`` fault) for a host; made once and then kept.

        ``tls_self_signed:NAME`` shows that name, in its subject, its issuer and among its names.
        """
        wanted = (kind, host, address)
        if wanted not in self._made:
            self._made[wanted] = self._make(kind, host, address)
        return self._made[wanted]

    def fingerprint(self, kind: str, host: str, address: str) -> str:
        """The sha256 of the certificate in lower-case hexadecimal."""
        return hashlib.sha256(self.certificate(kind, host, address)).hexdigest()

    def load(self, context: ssl.SSLContext, kind: str, host: str, address: str) -> None:
        """Puts the certificate of ``kind`` into ``context``: handshakes that start from now on show it."""
        pem = ssl.DER_cert_to_PEM_cert(self.certificate(kind, host, address)).encode()
        # ssl loads from files only; an anonymous memory file keeps the private key off the disk
        memory = os.memfd_create("raslab-certificate")
        try:
            os.write(memory, pem + self._host_key_pem)
            context.load_cert_chain(f"/proc/self/fd/{memory}")
        finally:
            os.close(memory)

    def context(self, host: str, address: str) -> ssl.SSLContext:
        """A server context with the good certificate; without tickets each handshake shows the present one."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_TICKET
        context.num_tickets = 0
        self.load(context, GOOD, host, address)
        return context

    def _make(self, kind: str, host: str, address: str) -> bytes:
        now = datetime.now(timezone.utc)
        begin, end = now - _DAY, now + 30 * _DAY
        issuer, signer = self._authority.name, self._authority.key
        names: list[x509.GeneralName] = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address(address))]
        subject = _name(host)
        kind, _colon, shown = kind.partition(":")
        if shown:
            subject, names = _name(shown), [x509.DNSName(shown), *names]
        if kind == "tls_expired":
            begin, end = now - 40 * _DAY, now - 10 * _DAY
        elif kind == "tls_foreign":
            self._foreign = self._foreign or _Authority("Somebody else's CA")
            issuer, signer = self._foreign.name, self._foreign.key
        elif kind == "tls_wrong_name":
            subject, names = _name("another.example.net"), [x509.DNSName("another.example.net")]
        elif kind == "tls_self_signed":
            issuer, signer = subject, self._host_key
        elif kind != GOOD:
            raise ValueError(f"no certificate of kind {kind}")
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(self._host_key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(ca=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
            .sign(signer, hashes.SHA256())
            .public_bytes(serialization.Encoding.DER)
        )
