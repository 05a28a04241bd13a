# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Say what went wrong with a connection, and what to do about it, out of errors that urllib3 wraps once or twice.

How far the connection got decides what is advised: whether the service runs is a question only where nothing answered.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

try:
    import urllib3.exceptions as u3
except ImportError:  # pragma: no cover - HttpClient refuses to exist without it
    pass

_FAILED: t.Final = "certificate verify failed"
_NO_TLS: t.Final = "What answers there does not speak TLS: check the port in api_url (20443 unless it was changed)."
_NO_COMMON: t.Final = (
    "The two sides share no version of TLS or no cipher: TLS 1.2 or newer is needed, so enable it on that host "
    "(Windows: Schannel), or look at what lies in between."
)
_ANY_HANDSHAKE: t.Final = (
    "A TCP connection opened, so the host is up and the port is open. Check that api_url names the port of the RAS Web "
    "Administration Service, that TLS 1.2 or newer is enabled there, that its certificate has its private key, and "
    "whether a firewall, a load balancer or a TLS inspection in between ends the handshake."
)
_CLIENT: t.Final = (
    "It asks for a certificate of the client, which this collection does not give: turn that off for the API, or take "
    "away what asks for it in between."
)
# OpenSSL's names for the reasons of a failed handshake, without the numbers of versions in front of an alert.
_HANDSHAKES: t.Final[tuple[tuple[str, str], ...]] = (
    (r"wrong_version_number|http_request|https_proxy_request|unknown_protocol|packet_length_too_long", _NO_TLS),
    (
        r"unsupported_protocol|alert_protocol_version|no_protocols_available|alert_handshake_failure|no_shared_cipher"
        r"|no_ciphers_available|insufficient_security|key_too_small|ca_md_too_weak|legacy_renegotiation"
        r"|wrong_signature_type|inappropriate_fallback|version_too_low",
        _NO_COMMON,
    ),
    (r"certificate_required|peer_did_not_return_a_certificate", _CLIENT),
)
_PROXY: t.Final = (
    "Check the option proxy: its address, and that it lets the controller connect to the host and port of api_url."
)


def is_trust(exc: BaseException | None) -> bool:
    """Whether a certificate was the reason: urllib3 wraps the error of the ssl module once or twice."""
    for link in _links(exc):
        text = str(link).casefold()
        if isinstance(link, ssl.SSLCertVerificationError) or "fingerprint" in text or _FAILED in text:
            return True
    return False


def not_connected(url: str, cause: t.Any, timeout: float, *, opened: bool) -> NotSent:
    """The failure of a connection over which nothing was sent.

    :param opened: whether a TCP connection came about: something listens there, so TLS is what failed.
    """
    said, observed = why(cause, timeout), {"url": url}
    if any(isinstance(link, u3.ProxyError) for link in _links(cause)):
        message = f"The farm's API at {url} cannot be reached through the proxy: {said}."
        return NotSent("api_unreachable", message, remedy=_PROXY, observed=observed)
    if opened:
        message = f"A connection to {url} opened, and the TLS handshake failed: {said}."
        return NotSent("api_unreachable", message, remedy=_handshake_remedy(cause), observed=observed)
    return NotSent("api_unreachable", f"The farm's API at {url} cannot be reached: {said}.", observed=observed)


def alert_remedy(cause: t.Any) -> str | None:
    """What to do where TLS ended a connection after the request had left; None where it was something else.

    With TLS 1.3 a server refuses the client only then.
    """
    alert = any(isinstance(link, ssl.SSLError) and "ALERT" in str(link.reason) for link in _links(cause))
    return _handshake_remedy(cause) if alert else None


def untrusted(url: str, cause: BaseException, expected: str, seen: t.Mapping[str, t.Any]) -> NotSent:
    """The failure of a certificate that is not trusted: why, and what it shows.

    :param seen: see :func:`describe_certificate`.
    """
    reason = _distrust(cause)
    shown = "; ".join(
        f"{name} {quote(', '.join(seen[name])) if name == 'names' else seen[name]}"
        for name in ("subject", "names", "issuer", "not_before", "not_after", "sha256")
        if seen.get(name)
    )
    return NotSent(
        "tls_untrusted",
        f"The certificate at {url} is not trusted ({reason}): expected {expected}; observed "
        f"{shown or 'none that could be read'}.",
        observed={**seen, "reason": reason},
    )


def _distrust(exc: BaseException) -> str:
    """Why a certificate is not trusted, in OpenSSL's own words where it was asked."""
    for link in reversed(_links(exc)):
        if isinstance(link, ssl.SSLCertVerificationError) and hasattr(link, "verify_message"):
            return f"OpenSSL: {quote(link.verify_message).rstrip('.')}"
    for link in _links(exc):
        if "fingerprint" in str(link).casefold():
            return "its fingerprint is another one"
        said = re.search(rf"{_FAILED}: (.+?)(?: \(_ssl\.c:\d+\)|$)", str(link), re.IGNORECASE)
        if said:
            return f"OpenSSL: {quote(said[1]).rstrip('.')}"
    return "no reason was given"


def _handshake_remedy(exc: t.Any) -> str:
    """What to do about a connection that opened and on which no TLS came about."""
    reasons = " ".join(str(getattr(link, "reason", "")) for link in _links(exc) if isinstance(link, ssl.SSLError))
    special = [remedy for pattern, remedy in _HANDSHAKES if re.search(pattern, reasons, re.IGNORECASE)]
    return " ".join([*special, _ANY_HANDSHAKE])


def _links(exc: t.Any) -> list[BaseException]:
    """An error of the transport and those beneath it; an earlier failure that was being handled is none of them."""
    found: list[BaseException] = []
    while isinstance(exc, (u3.HTTPError, http.client.HTTPException, OSError, ValueError)) and exc not in found:
        found.append(exc)
        exc = exc.__cause__ or exc.__context__
    return found


def why(cause: t.Any, timeout: float) -> str:
    """A failure of the connection in a few plain words, without object addresses."""
    if not isinstance(cause, BaseException):
        return quote(cause)
    seen = _links(cause) or [cause]
    root = next((exc for exc in seen if isinstance(exc, OSError) and exc.strerror), seen[-1])
    # A refused connection is a TimeoutError to urllib3, but says more by its own name.
    timed_out = isinstance(root, socket.timeout) or not (isinstance(root, OSError) and root.strerror)
    if timed_out and any(isinstance(exc, (u3.TimeoutError, socket.timeout)) for exc in seen):
        return f"no answer within {timeout:g} s"
    if isinstance(root, ssl.SSLError):
        return f"TLS: {quote(getattr(root, 'reason', None) or root.strerror or root)}"
    if isinstance(root, OSError) and root.strerror:
        return quote(root.strerror.casefold())
    if any(isinstance(exc, (u3.ProtocolError, http.client.HTTPException)) for exc in seen):
        return "the connection was closed before the answer was complete, or the answer is not HTTP"
    return quote(root)
