# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""TLS settings, their contexts, and a readable description of a certificate that is not trusted."""

from __future__ import annotations

import functools
import hashlib
import os
import socket
import ssl
import time
import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

_SHA256_HEX: t.Final = 64


@dataclass(frozen=True)
class TlsSettings:
    """How the certificate of a farm is judged: by a pinned fingerprint, else by authorities, else not at all.

    :param fingerprint: SHA-256 of the DER certificate, 64 hexadecimal digits.
    """

    validate: bool = True
    ca_path: str | None = None
    fingerprint: str | None = None

    @classmethod
    def from_options(cls, validate: bool, ca_path: str | None, fingerprint: str | None) -> TlsSettings:
        """Check the options.

        :raises RasError: ``invalid_option``.
        """
        if fingerprint:
            digits = fingerprint.replace(":", "").replace(" ", "").casefold().removeprefix("sha256").strip()
            if len(digits) != _SHA256_HEX or set(digits) - set("0123456789abcdef"):
                raise RasError(
                    "invalid_option",
                    "cert_fingerprint must be a SHA-256 fingerprint: expected 64 hexadecimal digits, observed "
                    f"{counted(len(digits), 'character')}.",
                )
            fingerprint = digits
        if ca_path:
            ca_path = os.path.expanduser(ca_path)
            if not os.path.exists(ca_path):
                raise RasError(
                    "invalid_option",
                    f"ca_path does not exist on the controller: expected a PEM file or folder, observed '{ca_path}'.",
                )
        return cls(validate, ca_path or None, fingerprint or None)


class DeadlineSocket(ssl.SSLSocket):
    """A TLS socket on which every receive and send shares one deadline.

    A plain time-out starts anew with each byte that arrives, so a peer that sends one byte at a time could hold a run
    for ever.
    """

    budget: t.Any = None  # an object with ``ends_at`` (monotonic seconds), set by the connection that owns the socket

    def _arm(self) -> None:
        if self.budget is not None:
            left = self.budget.ends_at - time.monotonic()
            if left <= 0:
                raise TimeoutError("the time for this request is over")
            self.settimeout(left)

    def recv_into(self, *args: t.Any, **kwargs: t.Any) -> int:
        """Receive within the deadline."""
        self._arm()
        return super().recv_into(*args, **kwargs)

    def sendall(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Send within the deadline."""
        self._arm()
        super().sendall(*args, **kwargs)


@functools.lru_cache(maxsize=32)
def ssl_context(settings: TlsSettings) -> ssl.SSLContext:
    """One context for each distinct setting: loading the authorities costs more than a request.

    :raises RasError: ``invalid_option`` when ca_path holds no certificate.
    """
    try:
        if settings.fingerprint or not settings.validate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        elif settings.ca_path and os.path.isdir(settings.ca_path):
            context = ssl.create_default_context(capath=settings.ca_path)
        else:
            context = ssl.create_default_context(cafile=settings.ca_path)
    except (OSError, ssl.SSLError) as exc:
        raise RasError(
            "invalid_option",
            f"ca_path cannot be read: expected PEM certificates in '{settings.ca_path}', observed: {exc}.",
        ) from exc
    context.sslsocket_class = DeadlineSocket
    return context


def describe_certificate(host: str, port: int, timeout: float) -> dict[str, t.Any]:
    """What certificate a server shows, without trusting it; nothing is sent to it.

    :param timeout: seconds.
    :returns: subject, issuer, names (these as :func:`quote` makes them), not_before, not_after (ISO 8601), sha256; or
        ``error`` when it cannot be had.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as tls,
        ):
            der = tls.getpeercert(binary_form=True) or b""
    except (OSError, ValueError) as exc:
        return {"error": f"the certificate could not be read: {quote(exc)}"}
    return {"sha256": hashlib.sha256(der).hexdigest(), **_parse(der)}


def _parse(der: bytes) -> dict[str, t.Any]:
    try:
        from cryptography import x509  # ansible-core depends on it; the fingerprint alone is enough without it
    except ImportError:
        return {}
    try:
        cert = x509.load_der_x509_certificate(der)
        names: list[str] = []
        for extension in cert.extensions:
            if isinstance(extension.value, x509.SubjectAlternativeName):
                names = [quote(name.value) for name in extension.value][:10]
        # cryptography 42 brought the _utc names; before it the naive ones mean UTC too.
        begin, end = (
            getattr(cert, f"{name}_utc", None) or getattr(cert, name)
            for name in ("not_valid_before", "not_valid_after")
        )
        subject, issuer = (quote(name.rfc4514_string()) for name in (cert.subject, cert.issuer))
    # The exceptions of cryptography have no common base, and anybody can have written this certificate.
    except Exception as exc:  # pylint: disable=broad-exception-caught
        return {"error": f"the certificate is malformed: {quote(exc)}"}
    return {
        "subject": subject,
        "issuer": issuer,
        "names": names,
        "not_before": begin.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "not_after": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
