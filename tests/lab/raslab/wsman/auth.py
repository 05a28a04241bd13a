# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Basic and NTLM for WinRM, and the sealing of messages that NTLM brings to plain HTTP ([MS-WSMV] 2.2.9.1)."""

from __future__ import annotations

import base64
import os
import struct
from collections.abc import Iterable
from typing import Any

from raslab.windows.users import WindowsUser

_BOUNDARY = b"--Encrypted Boundary"
SEALED_TYPE = 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"'


class Unsealable(ValueError):
    """A sealed message that does not belong to this connection's NTLM session, or is damaged."""


def basic_user(value: str, users: Iterable[WindowsUser], computer: str) -> WindowsUser | None:
    """The user of an ``Authorization: Basic`` value, if name and password are right."""
    try:
        name, _colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return None
    return next((user for user in users if user.is_called(name, computer) and user.password == password), None)


class NtlmSession:
    """The NTLM handshake of one TCP connection; afterwards it seals and unseals what goes over it."""

    def __init__(self, users: Iterable[WindowsUser], computer: str) -> None:
        # imported late: only worlds that use NTLM need pyspnego
        import spnego

        self._users = list(users)
        self._computer = computer
        with _CredentialStore(self._users, computer):
            self._context: Any = spnego.server(protocol="ntlm")
        self.user: WindowsUser | None = None

    def step(self, token: bytes) -> bytes | None:
        """The next token for the client; None when the client is refused, or nothing is left to say."""
        import spnego

        with _CredentialStore(self._users, self._computer):
            try:
                answer: bytes | None = self._context.step(token)
            except (spnego.exceptions.SpnegoError, ValueError, struct.error):
                return None
        if self._context.complete:
            name = str(self._context.client_principal or "")
            self.user = next((user for user in self._users if user.is_called(name, self._computer)), None)
        return answer

    def unseal(self, body: bytes) -> bytes:
        """The envelope inside a sealed message. Raises Unsealable."""
        import spnego

        try:
            part = body.split(b"Content-Type: application/octet-stream\r\n", 1)[1]
            part = part[: part.rindex(_BOUNDARY)]
            length = struct.unpack("<i", part[:4])[0]
            return bytes(self._context.unwrap_winrm(part[4 : 4 + length], part[4 + length :]))
        except (IndexError, ValueError, struct.error, spnego.exceptions.SpnegoError) as error:
            raise Unsealable(type(error).__name__) from None

    def seal(self, envelope: bytes) -> bytes:
        """The multipart body that carries ``envelope``; its content type is :data:`SEALED_TYPE`."""
        wrapped = self._context.wrap_winrm(envelope)
        length = len(envelope) + wrapped.padding_length
        sealed: bytes = (
            _BOUNDARY + b"\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n"
            b"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d\r\n"
            % length
            + _BOUNDARY
            + b"\r\n\tContent-Type: application/octet-stream\r\n"
            + struct.pack("<i", len(wrapped.header))
            + wrapped.header
            + wrapped.data
            + _BOUNDARY
            + b"--\r\n"
        )
        return sealed


class _CredentialStore:
    """The users as the file that pyspnego's acceptor wants, in anonymous memory: no password touches a disk.

    The file's name is an environment variable of the process. That is safe here: the lab is one thread, and nothing
    between entering and leaving waits.
    """

    def __init__(self, users: Iterable[WindowsUser], computer: str) -> None:
        from spnego._ntlm_raw.crypto import ntowfv1

        lines = []
        for user in users:
            digest = base64.b16encode(ntowfv1(user.password)).decode()
            for prefix in ("", ".\\", f"{computer}\\"):
                lines.append(f"{prefix}{user.name}:0:{'0' * 32}:{digest}:[U]:LCT-0")
        self._content = "\n".join(lines).encode()
        self._descriptor = -1

    def __enter__(self) -> None:
        self._descriptor = os.memfd_create("raslab-ntlm")
        os.write(self._descriptor, self._content)
        os.environ["NTLM_USER_FILE"] = f"/proc/self/fd/{self._descriptor}"

    def __exit__(self, *_exception: object) -> None:
        os.environ.pop("NTLM_USER_FILE", None)
        os.close(self._descriptor)
