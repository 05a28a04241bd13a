# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Say what went wrong with a connection, out of errors that urllib3 wraps once or twice."""

from __future__ import annotations

import http.client
import socket
import ssl
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

try:
    import urllib3.exceptions as u3
except ImportError:  # pragma: no cover - HttpClient refuses to exist without it
    pass


def is_trust(exc: BaseException | None) -> bool:
    """Whether a certificate was the reason: urllib3 wraps the error of the ssl module once or twice."""
    for link in _links(exc):
        text = str(link).casefold()
        if (
            isinstance(link, ssl.SSLCertVerificationError)
            or "fingerprint" in text
            or "certificate verify failed" in text
        ):
            return True
    return False


def _links(exc: BaseException | None) -> list[BaseException]:
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
