# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Versions of RAS: read, compare, and how long the vendor supports them. Pure, no I/O.

A version is written in several forms: ``20.2.26050`` by installers and the list of programs, ``20.2.0.26050`` by agents
and download folders (the third part is the update digit, which the MSI's file name leaves out), and
``20.2.0.26050 (x64)`` by the PowerShell module (the vendor's own migration tool takes the text before the first blank).
Messages and tables show the first form (:func:`shown`); data of module results is as it was reported.
"""

from __future__ import annotations

import datetime as dt
import re
import typing as t
from dataclasses import dataclass, field

Comparison = t.Literal["older", "same", "newer", "unknown"]

# The update digit has two digits at most: a third part of five is a build in a place where none is known.
_NUMBER: t.Final = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})\.(?:([0-9]{1,2})\.)?([0-9]{1,9})")

# Source: the vendor's KB 123002 (life cycle), as reviewed on 2026-02-27 and repeated by a third-party audit toolkit.
_SUPPORT_ENDS: t.Final = {
    18: dt.date(2023, 12, 16),
    19: dt.date(2025, 7, 28),
    20: dt.date(2027, 10, 30),
    21: dt.date(2028, 11, 11),
}
# They are no longer in the table of that KB: what is not in it is past its end. The day is not known.
MAJORS_OUT_OF_SUPPORT: t.Final = frozenset({15, 16, 17})


@dataclass(frozen=True, order=True)
class RasVersion:
    """A version that can be compared: by major, minor and build.

    ``update`` is None where the text has three parts; it takes no part in comparing, because not every source gives it.
    ``text`` is the number as it was reported.
    """

    major: int
    minor: int
    build: int
    update: int | None = field(default=None, compare=False)
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        """As the vendor writes it: without the update digit."""
        return f"{self.major}.{self.minor}.{self.build}"


def parse_version(text: object) -> RasVersion | None:
    """Read a version; None for what cannot be compared: no text, no number, or a number without a build (``22.0``)."""
    words = text.split(maxsplit=1) if isinstance(text, str) else []
    found = _NUMBER.fullmatch(words[0]) if words else None
    if not found:
        return None
    major, minor, update, build = found.groups()
    return RasVersion(int(major), int(minor), int(build), int(update) if update else None, found[0])


@t.overload
def shown(version: str) -> str: ...


@t.overload
def shown(version: None) -> None: ...


def shown(version: str | None) -> str | None:
    """A version as messages and tables show it: ``20.2.0.26050`` becomes ``20.2.26050``; what is unreadable stays.

    Not for data of module results that carries what the product reported.
    """
    parsed = parse_version(version)
    return str(parsed) if parsed else version


def compare(one: object, other: object) -> Comparison:
    """What ``one`` is, seen from ``other``: ``older``, ``same``, ``newer``, or ``unknown`` when either is unreadable.

    :param one: a :class:`RasVersion`, or a text for :func:`parse_version`.
    :param other: likewise.
    """
    left = one if isinstance(one, RasVersion) else parse_version(one)
    right = other if isinstance(other, RasVersion) else parse_version(other)
    if left is None or right is None:
        return "unknown"
    if left == right:
        return "same"
    return "older" if left < right else "newer"


def support_ends(major: int) -> dt.date | None:
    """The last day of the vendor's support for a major version; None when it is not known.

    For one of :data:`MAJORS_OUT_OF_SUPPORT` the day is not known either, but that it has passed is.
    """
    return _SUPPORT_ENDS.get(major)
