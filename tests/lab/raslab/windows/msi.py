# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads MSI files: the Property table and the publisher that signed them."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

# Stream names of an MSI database are pairs of these packed into one UTF-16 unit; tables start with the mark U+4840
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._"
_TABLE_MARK = 0x4840
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURE_STREAM = "\x05DigitalSignature"
_LONG_STRING = 0x8000

# StatusMessage of Get-AuthenticodeSignature, in English.
MESSAGES = {
    "Valid": "Signature verified.",
    "NotSigned": "The file is not digitally signed.",
    "UnknownError": "A certificate chain processed, but terminated in a root certificate which is not trusted by the "
    "trust provider.",
}


class NotAnMsi(ValueError):
    """A file that Windows Installer could not open."""


@dataclass(frozen=True)
class Package:
    """An MSI's Property table."""

    properties: dict[str, str]

    @property
    def product_code(self) -> str:
        return self.properties["ProductCode"]

    @property
    def version(self) -> str:
        return self.properties["ProductVersion"]

    @property
    def name(self) -> str:
        return self.properties["ProductName"]

    @property
    def upgrade_code(self) -> str:
        return self.properties.get("UpgradeCode", "")

    @property
    def manufacturer(self) -> str:
        return self.properties.get("Manufacturer", "")


def looks_like_msi(content: bytes) -> bool:
    return content.startswith(_OLE_MAGIC)


def read_package(content: bytes) -> Package:
    """The package in ``content``. Raises NotAnMsi."""
    # imported late: worlds in which nothing is installed do not need it
    import olefile

    if not looks_like_msi(content):
        raise NotAnMsi("no compound file")
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            streams = {_decoded(entry[0]): entry for entry in ole.listdir() if len(entry) == 1}
            pool, data = (ole.openstream(streams[name]).read() for name in ("!_StringPool", "!_StringData"))
            table = ole.openstream(streams["!Property"]).read()
    except (KeyError, OSError, struct.error) as error:
        raise NotAnMsi(f"no Property table: {error}") from None
    strings, width = _strings(pool, data)
    rows = len(table) // (2 * width)

    def column(number: int) -> list[str]:
        start = number * rows
        cells = (table[(start + row) * width : (start + row + 1) * width] for row in range(rows))
        return [strings[int.from_bytes(cell, "little")] for cell in cells]

    properties = dict(zip(column(0), column(1), strict=True))
    if not {"ProductCode", "ProductVersion", "ProductName"} <= properties.keys():
        raise NotAnMsi("the Property table is incomplete")
    return Package(properties)


def signature_of(content: bytes) -> tuple[str, str | None]:
    """Status (``Valid`` or ``NotSigned``) and subject, from what ``Get-AuthenticodeSignature`` reports.

    Only the presence of a signature and the name of its signer are read: whether Windows would trust the chain is a
    property of the host, and damaged content is found by its checksum.
    """
    leaf = _leaf(content)
    if leaf is None:
        return "NotSigned", None
    # .NET writes the name from its end, and puts values with special characters in quotation marks
    parts = [(found.rfc4514_attribute_name, str(found.value)) for found in reversed(list(leaf.subject))]
    subject = ", ".join(f"{name}={_quoted(value)}" for name, value in parts)
    return "Valid", subject


def signer_of(content: bytes) -> bytes | None:
    """The certificate of the signer, in DER; None without a signature."""
    from cryptography.hazmat.primitives.serialization import Encoding

    leaf = _leaf(content)
    return None if leaf is None else leaf.public_bytes(Encoding.DER)


def _leaf(content: bytes) -> Certificate | None:
    import olefile
    from cryptography.hazmat.primitives.serialization import pkcs7

    if not looks_like_msi(content):
        return None
    with olefile.OleFileIO(io.BytesIO(content)) as ole:
        if not ole.exists(_SIGNATURE_STREAM):
            return None
        signature = ole.openstream(_SIGNATURE_STREAM).read()
    certificates = pkcs7.load_der_pkcs7_certificates(signature)
    issuers = {certificate.issuer for certificate in certificates if certificate.issuer != certificate.subject}
    return next((item for item in certificates if item.subject not in issuers), certificates[0])


def _quoted(value: str) -> str:
    doubled = value.replace('"', '""')
    return f'"{doubled}"' if set(value) & set(',+="\n<>#;') else value


def _decoded(raw: str) -> str:
    """The readable name of a stream."""
    name = []
    for unit in map(ord, raw):
        if 0x3800 <= unit < 0x4800:
            name.append(_ALPHABET[(unit - 0x3800) & 0x3F] + _ALPHABET[((unit - 0x3800) >> 6) & 0x3F])
        elif 0x4800 <= unit < _TABLE_MARK:
            name.append(_ALPHABET[unit - 0x4800])
        else:
            name.append("!" if unit == _TABLE_MARK else chr(unit))
    return "".join(name)


def _strings(pool: bytes, data: bytes) -> tuple[list[str], int]:
    """All strings by number, and how many bytes a reference takes."""
    codepage, flags = struct.unpack("<HH", pool[:4])
    encoding = "utf-8" if codepage == 65001 else f"cp{codepage}" if codepage else "latin-1"
    strings, offset, position = [""], 0, 4
    while position + 4 <= len(pool):
        length, references = struct.unpack("<HH", pool[position : position + 4])
        position += 4
        if length == 0 and references:  # a string of 64 KiB or more: its length takes the next entry
            low, high = struct.unpack("<HH", pool[position : position + 4])
            position += 4
            length = high << 16 | low
        strings.append(data[offset : offset + length].decode(encoding, "replace"))
        offset += length
    return strings, 3 if flags & _LONG_STRING else 2
