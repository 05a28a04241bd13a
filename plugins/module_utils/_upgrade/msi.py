# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read what an installer says of itself, on the controller: the Property table and the signature of an MSI, by olefile.

An MSI is a compound file. Its streams are named in UTF-16 units that each pack two characters of base 64, tables begin
with the unit U+4840; ``!_StringPool`` holds the lengths of all strings, ``!_StringData`` their bytes, and a table holds
its columns one after the other as numbers of strings. Its signature is a stream of its own.
"""

from __future__ import annotations

import re
import struct
import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.digests import sha256_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare, shown

try:
    import olefile
except ImportError:  # pragma: no cover - reported with a sentence by the caller
    HAS_OLEFILE = False
else:
    HAS_OLEFILE = True

_ALPHABET: t.Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._"
_PAIRS: t.Final = range(0x3800, 0x4800)
_SINGLES: t.Final = range(0x4800, 0x4840)
_TABLE_MARK: t.Final = 0x4840
_MAGIC: t.Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WIDE_REFERENCES: t.Final = 0x8000
_UTF8: t.Final = 65001
# Where Windows keeps the signature of an MSI (osslsigncode, msi.c; seen in every signed file).
_SIGNATURE: t.Final = "\5DigitalSignature"
# Both names have been seen of installed products; which version writes which is not documented.
_PRODUCT: t.Final = re.compile(r"Parallels (?:Remote )?Application Server\b")


@dataclass(frozen=True)
class Installer:
    """What an MSI file says of itself.

    :param properties: its Property table, such as ``ProductName`` and ``ProductVersion``.
    :param signature: a SignedData of PKCS #7; None when it is not signed.
    """

    properties: t.Mapping[str, str]
    signature: bytes | None


def read_installer(path: str) -> Installer:
    """An MSI file on the controller.

    :raises RasError: ``invalid_option`` when the file cannot be opened or olefile is missing; ``installer_mismatch``
        when it is not an MSI.
    """
    if not HAS_OLEFILE:
        raise RasError(
            "invalid_option",
            "The Python library olefile is missing on the controller: it reads the version of an installer.",
            remedy="Install olefile for the Python that runs Ansible.",
        )
    try:
        with open(path, "rb") as file:
            begins_right = file.read(len(_MAGIC)) == _MAGIC
    except OSError as exc:
        raise _unreadable(path, exc) from exc
    if not begins_right:
        raise _not_an_msi(path, "it is not a compound file")
    try:
        with olefile.OleFileIO(path) as compound:
            streams = {_decoded(entry[0]): entry for entry in compound.listdir() if len(entry) == 1}
            pool, data, table = (
                compound.openstream(streams[name]).read() for name in ("!_StringPool", "!_StringData", "!Property")
            )
            signature = compound.openstream(streams[_SIGNATURE]).read() if _SIGNATURE in streams else None
        return Installer(_properties(pool, data, table), signature)
    except Exception as exc:  # a damaged file: what the parser raises then is not documented
        raise _not_an_msi(path, f"it has no readable Property table ({type(exc).__name__})") from exc


def sha256_of_installer(path: str) -> str:
    """The SHA-256 of an installer on the controller, in lower case.

    :raises RasError: ``invalid_option`` when it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return sha256_of(file)
    except OSError as exc:
        raise _unreadable(path, exc) from exc


def check_installer(properties: t.Mapping[str, str], wanted_version: str) -> RasError | None:
    """Whether an installer is one of RAS, of the wanted version; None when it is."""
    name, version = properties.get("ProductName"), properties.get("ProductVersion")
    observed = {"product": quote(name) if name else None, "version": quote(version) if version else None}
    if not _PRODUCT.match(name or ""):
        return RasError(
            "installer_mismatch",
            f"The installer is of another product: expected Parallels Remote Application Server, observed "
            f"'{observed['product']}'.",
            observed=observed,
        )
    if compare(version, wanted_version) != "same":
        return RasError(
            "installer_mismatch",
            f"The installer is of another version: expected {shown(wanted_version)}, "
            f"observed {shown(observed['version']) or 'none'}.",
            observed=observed,
        )
    return None


def _unreadable(path: str, exc: OSError) -> RasError:
    return RasError(
        "invalid_option",
        f"The installer cannot be read on the controller: expected a file at '{quote(path)}', observed: "
        f"{exc.strerror or type(exc).__name__}.",
    )


def _not_an_msi(path: str, why: str) -> RasError:
    return RasError("installer_mismatch", f"The installer '{quote(path)}' is not an MSI file: {why}.")


def _decoded(raw: str) -> str:
    """The readable name of a stream."""
    name = ""
    for unit in map(ord, raw):
        if unit in _PAIRS:
            name += _ALPHABET[unit - 0x3800 & 0x3F] + _ALPHABET[unit - 0x3800 >> 6]
        elif unit in _SINGLES:
            name += _ALPHABET[unit - 0x4800]
        else:
            name += "!" if unit == _TABLE_MARK else chr(unit)
    return name


def _properties(pool: bytes, data: bytes, table: bytes) -> dict[str, str]:
    strings, width = _strings(pool, data)
    rows, rest = divmod(len(table), 2 * width)
    if rest:
        raise ValueError("a row is cut off")

    def column(number: int) -> t.Iterator[str]:
        for at in range(number * rows * width, (number + 1) * rows * width, width):
            yield strings[int.from_bytes(table[at : at + width], "little")]

    return dict(zip(column(0), column(1), strict=True))


def _strings(pool: bytes, data: bytes) -> tuple[list[str], int]:
    """All strings by their number, and how many bytes a reference to one takes."""
    codepage, flags = struct.unpack("<HH", pool[:4])
    encoding = "utf-8" if codepage == _UTF8 else f"cp{codepage}" if codepage else "latin-1"
    strings, offset, at = [""], 0, 4
    while at + 4 <= len(pool):
        length, references = struct.unpack("<HH", pool[at : at + 4])
        at += 4
        if length == 0 and references:  # 64 KiB or more: the length takes the next entry
            low, high = struct.unpack("<HH", pool[at : at + 4])
            at += 4
            length = high << 16 | low
        strings.append(data[offset : offset + length].decode(encoding, "replace"))
        offset += length
    return strings, 3 if flags & _WIDE_REFERENCES else 2
