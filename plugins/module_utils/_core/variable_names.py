# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Refuse variables that look like the role's and are none of its: a misspelled name would switch a check off. Pure."""

from __future__ import annotations

import difflib
import re
import typing as t
import unicodedata

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import complaint, REMEDY
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line

OWN: t.Final = "ras_own_variables"
_PREFIX: t.Final = "ras_"
_SEPARATORS: t.Final = re.compile(r"[\s._\-\u2010-\u2015]+")
_NAME: t.Final = re.compile(r"\w+")
# Below it, two names have little in common.
_LIKE: t.Final = 0.6
_SHOWN: t.Final = 5
_LONGEST: t.Final = 80


def unknown_variables(names: t.Iterable[t.Any], known: t.Collection[str], own: t.Collection[str] = ()) -> list[str]:
    """The names that begin as the role's variables do, in any spelling, and are neither known nor the user's own."""
    found = {name for name in names if isinstance(name, str) and _plain(name).startswith(_PREFIX)}
    return sorted(found - set(known) - set(own))


def meant(name: str, known: t.Iterable[str]) -> str | None:
    """The variable that was likely meant; None when none is like it."""
    names = {each.removeprefix(_PREFIX): each for each in sorted(known)}
    text = _plain(name).removeprefix(_PREFIX)
    if text in names:
        return names[text]
    like = difflib.get_close_matches(text, names, n=1, cutoff=_LIKE)
    words = set(text.split("_"))
    # ras_email is no close match of ras_account_email, but all that it says.
    within = sorted((each for each in names if words <= set(each.split("_"))), key=lambda each: (len(each), each))
    return next((names[each] for each in (*like, *within)), None)


def own_variables(value: t.Any) -> frozenset[str]:
    """What ``ras_own_variables`` names: a list, or a text with commas.

    :raises RasError: ``invalid_option``.
    """
    items = value if isinstance(value, (list, tuple)) else [value] if complaint(value) else str(value).split(",")
    names = set()
    for item in items:
        wrong = complaint(item)
        if wrong:
            raise RasError("invalid_option", f"A name in {OWN} {wrong}.", remedy=REMEDY)
        name = str(item).strip()
        if name and not (_NAME.fullmatch(name) and _plain(name).startswith(_PREFIX)):
            raise RasError(
                "invalid_option",
                f"{OWN} holds '{log_line(name, _LONGEST)}': expected whole names of variables that begin with ras_.",
                remedy="List each variable of your own by its whole name, and run again. Nothing was sent.",
            )
        names.add(name)
    return frozenset(names)


def refusal(where: str, names: t.Sequence[str], known: t.Collection[str]) -> RasError:
    """The refusal of variables that nobody reads.

    :param where: whose variables they are, such as a host.
    """
    shown = []
    for name in names[:_SHOWN]:
        likely = meant(name, known)
        shown.append(log_line(name, _LONGEST) + (f" (did you mean {likely}?)" if likely else ""))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    listed, verb = f"{', '.join(shown)}{more}", "does not exist" if len(names) == 1 else "do not exist"
    return RasError(
        "invalid_option",
        f"{'Variable' if len(names) == 1 else 'Variables'} of {where}: {listed} {verb} in the role, so nothing reads "
        f"what {'it holds' if len(names) == 1 else 'they hold'}.",
        remedy=f"Correct the name where it is set, or list a variable of your own in {OWN}. Nothing was sent.",
        observed={"variables": [log_line(name, _LONGEST) for name in names]},
    )


def _plain(name: str) -> str:
    """A name as it was likely meant: with low lines between words, in lower case, and without what is not seen."""
    text = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(char for char in text if unicodedata.category(char)[0] != "C" or char.isspace())
    return _SEPARATORS.sub("_", seen.strip())
