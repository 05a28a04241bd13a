# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Who a signature says has made it: the subject's organization in the certificate of the signer. Pure, no I/O.

A signature in a file is a SignedData of PKCS #7 in DER (Microsoft, "Windows Authenticode Portable Executable Signature
Format"; RFC 2315): the first SignerInfo names its certificate by issuer and serial number. Nothing is verified here:
whether the signature is valid, and whether its certificate is one to trust, is for Windows to say on the host.
"""

from __future__ import annotations

import typing as t

_SIGNED_DATA: t.Final = bytes.fromhex("2a864886f70d010702")
_ORGANIZATION: t.Final = bytes.fromhex("55040a")
_SEQUENCE: t.Final = 0x30
_SET: t.Final = 0x31
_OBJECT: t.Final = 0x06
_INTEGER: t.Final = 0x02
_CONTEXT_0: t.Final = 0xA0
# The kinds of text that a name may have (X.520, DirectoryString; RFC 5280, section 4.1.2.4).
_TEXTS: t.Final[dict[int, str]] = {
    0x0C: "utf-8",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}


class _Node(t.NamedTuple):
    """One value: its tag, its content, and all of its bytes."""

    tag: int
    content: bytes
    whole: bytes


def organizations_of_signer(signature: bytes) -> list[str]:
    """The organizations in the subject of the certificate with which a file was signed, in its order.

    :param signature: the SignedData; zeros may follow it, as files are padded.
    :raises ValueError: when it cannot be read.
    """
    try:
        return _organizations_of(signature)
    except IndexError as exc:
        raise ValueError("a part of it is missing") from exc


def _organizations_of(signature: bytes) -> list[str]:
    content_type, wrapped = _children(_first(signature, _SEQUENCE))[:2]
    if (content_type.tag, content_type.content, wrapped.tag) != (_OBJECT, _SIGNED_DATA, _CONTEXT_0):
        raise ValueError("it is no SignedData")
    parts = _children(_first(wrapped.content, _SEQUENCE))
    certificates = [
        each for part in parts if part.tag == _CONTEXT_0 for each in _children(part) if each.tag == _SEQUENCE
    ]
    signers = [each for each in _children(_expect(parts[-1], _SET)) if each.tag == _SEQUENCE]
    if not signers:
        raise ValueError("it has no signer")
    identifier = _expect(_children(signers[0])[1], _SEQUENCE)
    issuer, serial = _children(identifier)[:2]
    for certificate in certificates:
        fields = _children(_first(certificate.content, _SEQUENCE))
        fields = fields[1:] if fields[0].tag == _CONTEXT_0 else fields  # the version, where it is not the first
        # serial number, algorithm, issuer, validity, subject
        if (fields[0].whole, fields[2].whole) == (_expect(serial, _INTEGER).whole, issuer.whole):
            return _organizations(_expect(fields[4], _SEQUENCE))
    raise ValueError("the certificate of its signer is not in it")


def _organizations(name: _Node) -> list[str]:
    found = []
    for part in _children(name):
        for attribute in _children(_expect(part, _SET)):
            kind, value = _children(_expect(attribute, _SEQUENCE))[:2]
            if (kind.tag, kind.content) == (_OBJECT, _ORGANIZATION):
                if value.tag not in _TEXTS:
                    raise ValueError("a name is no text")
                found.append(value.content.decode(_TEXTS[value.tag]).strip(" "))
    return found


def _expect(node: _Node, tag: int) -> _Node:
    if node.tag != tag:
        raise ValueError("it has another structure")
    return node


def _first(data: bytes, tag: int) -> _Node:
    return _expect(_read(data, 0)[0], tag)


def _children(node: _Node) -> list[_Node]:
    """The values within another one."""
    found, at = [], 0
    while at < len(node.content):
        child, at = _read(node.content, at)
        found.append(child)
    return found


def _read(data: bytes, at: int) -> tuple[_Node, int]:
    """The value that begins there, and where it ends. DER knows definite lengths only."""
    if at + 2 > len(data) or data[at] & 0x1F == 0x1F:
        raise ValueError("it is cut off")
    start, length = at + 2, data[at + 1]
    if length & 0x80:
        octets = length & 0x7F
        if not 1 <= octets <= 4:
            raise ValueError("it is not in DER")
        length, start = int.from_bytes(data[start : start + octets], "big"), start + octets
    if start + length > len(data):
        raise ValueError("it is cut off")
    return _Node(data[at], data[start : start + length], data[at : start + length]), start + length
