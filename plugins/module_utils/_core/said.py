# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""All that a JSON body says, however deep: to be shown, and to choose advice. Pure, no I/O.

A refusal may be ``{"code": 0, "msg": text}`` (RAS REST API guide, Licensing sample), a ProblemDetails with its
``errors`` (``{field: [text]}``), or something with its words in objects of objects. Whether a refusal clears the secret
that was sent is not asked here, but of :mod:`refusals`, which takes one form only: the more is read here, the more
there is to explain.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import has_usual_marks
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

# What a text is found under when the name says nothing more about it; these come first, in this order.
_PLAIN: t.Final = ("msg", "title", "detail", "message")
_MARKS: t.Final = frozenset({"type", "traceid"})
_NO_LABELS: t.Final = frozenset({*_PLAIN, "error", "errors", "description", "text", "reason"})
_DEPTH: t.Final = 8
_MOST: t.Final = 40
_LONGEST: t.Final = 500


def said_in(body: t.Any) -> str:
    """The texts of a body in one line fit for a message, each with the name of its field where that says more.

    :returns: empty where there is none; numbers and booleans are no texts.
    """
    found: list[str] = []
    for text in _texts(body, "", 0):
        if text not in found:
            found.append(text)
        if len(found) == _MOST:
            break
    return quote(" - ".join(found), _LONGEST)


def _texts(value: t.Any, label: str, depth: int) -> t.Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield f"{label}: {value.strip()}" if label else value.strip()
    elif depth >= _DEPTH:
        return
    elif isinstance(value, t.Mapping):
        usual = has_usual_marks(value)
        for name in sorted(value, key=_rank):  # stable: the others stay in the order of the farm
            own = str(name)
            if usual and own.casefold() in _MARKS:
                continue
            yield from _texts(value[name], label if own.casefold() in _NO_LABELS else own, depth + 1)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item, label, depth + 1)


def _rank(name: t.Any) -> int:
    own = str(name).casefold()
    return _PLAIN.index(own) if own in _PLAIN else len(_PLAIN)
