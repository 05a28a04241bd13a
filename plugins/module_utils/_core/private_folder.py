# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Whether a folder of a RAS host is ours: only administrators and SYSTEM own it and may use it. Pure, no I/O.

Windows lets every user make folders below ``C:\\ProgramData``, own what they made, and rename what is in it. So all
that leads to the folder counts too: no folder above may be one in which others can rename or replace what is ours.
Where that holds, nobody but an administrator can change it after the look, and what is judged once stays true.

What Windows says is read as SDDL (Microsoft, "Security Descriptor String Format", "ACE Strings" and "SID Strings"),
which names people in one way in every language. A text that is not wholly understood is not ours.
"""

from __future__ import annotations

import ntpath
import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

# Administrators, SYSTEM, and the administrator that every Windows has, which cannot leave that group (Microsoft,
# "Well-known SIDs" and "Local accounts").
_OURS: t.Final = frozenset({"BA", "S-1-5-32-544", "SY", "S-1-5-18", "LA"})
# The service that owns the drive and the folders of Windows.
_TRUSTED_INSTALLER: t.Final = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
# Administrators of the host's domain and of its forest, whom Windows makes administrators of each member (Microsoft,
# "Active Directory security groups"): companies give them the drives for data. A folder of ours never names them.
_OF_THE_DOMAIN: t.Final = re.compile(r"DA|EA|S-1-5-21-[0-9]+-[0-9]+-[0-9]+-(?:512|519)")
_NAMES: t.Final = {
    "AN": "anonymous users",
    "AU": "all users who signed in",
    "BG": "guests",
    "BU": "users",
    "CO": "whoever creates something in it",
    "IU": "users at the console",
    "NU": "users over the network",
    "RD": "users of Remote Desktop",
    "WD": "everyone",
}
# Bits of the access mask of files and folders (Microsoft, "File Access Rights Constants", "ACE Strings").
_RIGHTS: t.Final = {
    "CC": 0x1,
    "DC": 0x2,
    "LC": 0x4,
    "SW": 0x8,
    "RP": 0x10,
    "WP": 0x20,
    "DT": 0x40,
    "LO": 0x80,
    "CR": 0x100,
    "SD": 0x10000,
    "RC": 0x20000,
    "WD": 0x40000,
    "WO": 0x80000,
    "FA": 0x1F01FF,
    "FR": 0x120089,
    "FW": 0x120116,
    "FX": 0x1200A0,
    "GA": 0x10000000,
    "GX": 0x20000000,
    "GW": 0x40000000,
    "GR": 0x80000000,
}
# What others may do with a folder above: look, and create something of their own beside what is ours. Not: delete it
# or what is in it, which renaming is too, change who may do what, or own it. A drive itself can be neither deleted nor
# renamed: there the right to delete, which a new drive for data gives to all who signed in, is as harmless.
_HARMLESS_ABOVE: t.Final = 0xE01201BF
_DELETE: t.Final = 0x10000

_SID: t.Final = r"[A-Z]{2}|S-1-[0-9]+(?:-[0-9]+)*"
_DESCRIPTOR: t.Final = re.compile(
    rf"O:(?P<owner>{_SID})(?:G:(?:{_SID}))?D:(?:P|AR|AI)*(?P<aces>(?:\([^()]*\))*)(?:S:(?:P|AR|AI)*(?:\([^()]*\))*)?"
)
_ACE: t.Final = re.compile(rf"(?P<type>A|D);(?P<flags>(?:[A-Z]{{2}})*);(?P<rights>[0-9A-Za-z]*);;;(?P<sid>{_SID})")
_FULL_SID: t.Final = re.compile(r"S-1-[0-9]+(?:-[0-9]+)+")
_PATH: t.Final = re.compile(r"[A-Za-z]:\\[^\x00-\x1f:*?\"<>|]+")

_LOOK: t.Final = "Open PowerShell on the host as the same user: does its profile print something? Then run again."

Row = t.Mapping[str, t.Any]


def local_path(path: str, option: str) -> str:
    """The path in its normal form: backslashes, no dots, nothing after the last name.

    :param option: how the message names where it came from.
    :raises RasError: ``invalid_option`` when it is not a full path below a drive: only there it is known whose it is.
    """
    normal = ntpath.normpath(path)
    # Windows drops dots and blanks at the end of a name, so such a name means another folder than it says.
    if not _PATH.fullmatch(normal) or any(part != part.rstrip(" .") for part in normal[3:].split("\\")):
        raise RasError(
            "invalid_option",
            f"{option} is not a full path: expected one below a drive such as C:\\folder, observed '{quote(path)}'.",
        )
    return normal


def why_not_ours(folder: str, answer: t.Mapping[str, t.Any]) -> str | None:
    """What makes a folder, or one of the asked files in it, somebody else's; None when nothing does.

    Nothing does either where the folder, or a file, does not exist.

    :param folder: as :func:`local_path` returns it.
    :param answer: ``rows`` for the drive, each folder below it and the folder itself; ``files`` for files in it; and
        ``administrator``, the SID of the user of the connection when it is an administrator of the host.
    :raises RasError: ``bad_answer``, when the answer does not say all that.
    """
    rows, files = _rows(answer, "rows"), _rows(answer, "files")
    expected = _chain(folder)
    if [row["path"] for row in rows] != expected or any(ntpath.dirname(str(row["path"])) != folder for row in files):
        raise RasError(
            "bad_answer", f"Who may use {folder} was not said: the answer is about other paths.", remedy=_LOOK
        )
    administrator = answer.get("administrator")
    is_known = isinstance(administrator, str) and _FULL_SID.fullmatch(administrator)
    ours = _OURS | {str(administrator)} if is_known else _OURS
    for number, row in enumerate(rows):
        if row.get("kind") == "missing":
            # Then nothing below it can be there, whatever is said about it.
            gone = all(each.get("kind") == "missing" for each in (*rows[number:], *files))
            return None if gone and number > 0 else f"{row['path']} cannot be seen"
        is_above = number < len(rows) - 1
        why = _why_not(row, "folder", ours | {_TRUSTED_INSTALLER} if is_above else ours, is_above)
        if why:
            return why
    there = [row for row in files if row.get("kind") != "missing"]
    return next((why for row in there if (why := _why_not(row, "file", ours, False))), None)


def why_file_not_ours(path: str, answer: t.Mapping[str, t.Any]) -> str | None:
    """The same for one file.

    :param path: of the file, as it was asked for.
    :param answer: ``rows`` for the drive, each folder below it and the file; and ``administrator``.
    :raises RasError: ``bad_answer``.
    """
    rows = _rows(answer, "rows")
    if not rows:
        return f"{quote(path)} is not a full path below a drive"
    folder = ntpath.dirname(path)
    if len(_chain(folder)) < 2:
        return f"{quote(path)} lies in no folder"
    if rows[-1].get("kind") != "file":
        return f"{quote(path)} is not a file"
    return why_not_ours(folder, {**answer, "rows": rows[:-1], "files": rows[-1:]})


def _chain(folder: str) -> list[str]:
    """The drive, each folder below it, and the folder itself."""
    parts = folder.rstrip("\\").split("\\")
    return [parts[0] + "\\", *("\\".join(parts[:number]) for number in range(2, len(parts) + 1))]


def _rows(answer: t.Mapping[str, t.Any], name: str) -> list[Row]:
    rows = answer.get(name)
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("path"), str) for row in rows
    ):
        message = f"The list of {name} of the host must be a list of objects with paths, but it is not."
        raise RasError("bad_answer", message, remedy=_LOOK)
    return rows


def _why_not(row: Row, kind: str, ours: t.Collection[str], is_above: bool) -> str | None:
    path = row["path"]
    if row.get("link") is not False:
        return f"{path} is a link"
    if row.get("kind") != kind:
        return f"{path} is not a {kind}"
    found = _DESCRIPTOR.fullmatch(str(row.get("sddl")))
    entries = [_ACE.fullmatch(text) for text in re.findall(r"\(([^()]*)\)", found["aces"])] if found else [None]
    if found is None or not all(entries):
        return f"who may use {path} cannot be read from '{quote(row.get('sddl'))}'"
    if found["owner"] not in ours and not (is_above and _OF_THE_DOMAIN.fullmatch(found["owner"])):
        return f"{path} belongs to {quote(row.get('owner') or 'somebody')} ({found['owner']})"
    others = [
        _named(entry["sid"])
        for entry in filter(None, entries)
        if entry["type"] == "A" and entry["sid"] not in ours and not (is_above and _is_harmless(entry, path))
    ]
    if others:
        return f"{path} may be {'changed' if is_above else 'used'} by {', '.join(dict.fromkeys(others))}"
    return None


def _is_harmless(entry: re.Match[str], path: str) -> bool:
    """Whether an entry of a folder above lets nobody touch what is in it but administrators. What it gives to new ones
    is seen there."""
    if _OF_THE_DOMAIN.fullmatch(entry["sid"]):
        return True
    flags = {entry["flags"][at : at + 2] for at in range(0, len(entry["flags"]), 2)}
    if "IO" in flags:
        return True
    rights = entry["rights"]
    if re.fullmatch(r"0x[0-9a-fA-F]{1,8}", rights):
        mask = int(rights, 16)
    else:
        pairs = [rights[at : at + 2] for at in range(0, len(rights), 2)]
        if not all(pair in _RIGHTS for pair in pairs):
            return False
        mask = 0
        for pair in pairs:
            mask |= _RIGHTS[pair]
    return not mask & ~(_HARMLESS_ABOVE | _DELETE if path.endswith("\\") else _HARMLESS_ABOVE)


def _named(sid: str) -> str:
    return f"{_NAMES[sid]} ({sid})" if sid in _NAMES else sid
