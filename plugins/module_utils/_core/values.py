# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read single values that came from outside: from a farm or from a host. Pure, no I/O.

Which type a field has differs between versions of RAS and between REST and PowerShell. So each reader takes any value,
never raises, and answers None for what is not there or has a form that is not known: None is unknown, neither yes nor
no. Nothing is guessed. Variables and options of users are not read here: they are taken as they are.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

# 18 digits fit into 64 bits, and are more than any size in bytes, identifier or count needs.
_WHOLE: t.Final = re.compile(r"-?[0-9]{1,18}")
_BOUND: t.Final = 10**18
_FLAGS: t.Final = {"true": True, "false": False}


def text(value: t.Any) -> str | None:
    """A text, fit for a message as :func:`quote` makes it; None when nothing is left of it.

    A number is the text that it is written as: a name or a key may consist of digits, and a key that was dropped would
    make a licensed farm look like a new one. A boolean, a list or an object is not a text.
    """
    is_text = isinstance(value, (str, float)) or _is_int(value)
    return quote(value) or None if is_text else None


def whole_number(value: t.Any) -> int | None:
    """A whole number of at most 18 digits, also one that came as a text of ASCII digits with blanks around it.

    A boolean is not a number, and neither is a number with a decimal point, whatever comes after the point.
    """
    if isinstance(value, str):
        digits = value.strip()
        return int(digits) if _WHOLE.fullmatch(digits) else None
    return int(value) if _is_int(value) and -_BOUND < value < _BOUND else None


def count(value: t.Any) -> int | None:
    """A whole number that is not negative: as a count or an identifier, a negative one means nothing that is known."""
    number = whole_number(value)
    return number if number is not None and number >= 0 else None


def flag(value: t.Any) -> bool | None:
    """A boolean, or one of the words true and false in any case. A number, 0 and 1 included, is not a boolean."""
    if isinstance(value, str):
        return _FLAGS.get(value.strip().casefold())
    return value if isinstance(value, bool) else None


def _is_int(value: t.Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
