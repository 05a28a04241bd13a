# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Refuse what is given where a text is needed: numbers, booleans, lists, mappings, null. Pure, no I/O.

YAML reads ``0123456701`` as an octal number, and Ansible's own check of options makes a text of whatever it is given:
``21913025`` would be sent. So values are judged as they were given, before that check.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from collections import abc

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError

_TEXTS: t.Final = ("str", "path")
# How a value that is no text is called; the first that fits counts. A boolean is an integer to Python.
_KINDS: t.Final[tuple[tuple[type | tuple[type, ...], str], ...]] = (
    (type(None), "nothing (null)"),
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number with a decimal point"),
    ((list, tuple, set), "a list"),
    (dict, "a mapping"),
    (dt.date, "a date"),
)
_OTHER: t.Final = "a value that is no text"
_NO_TEXTS: t.Final = (
    *(type(None), bool, int, float, complex, bytes, dt.date, dt.time, list, tuple, set, frozenset, range),
    *(abc.Mapping, abc.Iterator, abc.KeysView, abc.ValuesView, abc.ItemsView),
)
# Lists of sentences: one text would be taken apart at its commas.
_SENTENCES: t.Final = ("known_texts",)
NO_LIST: t.Final = "must be a list of texts: expected one entry for each, because a text may hold commas"
_SAID: t.Final = frozenset((*(said for _kinds, said in _KINDS), _OTHER))
_MARK: t.Final = "no_text"
REMEDY: t.Final = (
    "Put it in quotes, or leave it out. Nothing was sent. Where jinja2_native is on, ansible-core before 2.19 makes a "
    "number of quoted digits, too: turn it off."
)


def given_text(value: t.Any) -> t.Any:
    """A value as it is, or, of what is no text, a mapping that says so and goes through any template.

    Ansible-core before 2.19 makes a text of the result of an expression, unless it looks like a list or a mapping.
    """
    # Not whatever is no text: what is undefined, and omit, go on as they are.
    return {_MARK: kind_of(value)} if isinstance(value, _NO_TEXTS) else value


def kind_of(value: t.Any) -> str | None:
    """What a value is in place of a text; None for a text."""
    # Of a text that is vaulted by itself, ansible-core before 2.19 hands over an object of its own.
    if isinstance(value, str) or getattr(type(value), "__ENCRYPTED__", False):
        return None
    if isinstance(value, t.Mapping):
        said = value.get(_MARK) if len(value) == 1 else None
        return str(said) if said in _SAID else "a mapping"
    return next((name for kinds, name in _KINDS if isinstance(value, kinds)), _OTHER)


def complaint(value: t.Any) -> str | None:
    """What is said of a value that is no text, after its name; it never holds the value, which may be a secret."""
    kind = kind_of(value)
    return f"must be text: expected a text in quotes, observed {kind}" if kind else None


def check_given(values: t.Mapping[str, t.Any], spec: t.Mapping[str, t.Mapping[str, t.Any]]) -> None:
    """Refuse options that are texts, or lists of texts, and were given as anything else.

    :param values: the options as they were given; what is not there is not judged.
    :param spec: says which of them are texts.
    :raises RasError: ``invalid_option``.
    """
    for name, option in spec.items():
        if name not in values:
            continue
        kind, value = option.get("type", "str"), values[name]
        if name.removeprefix("ras_") in _SENTENCES and kind_of(value) is None:
            raise RasError("invalid_option", f"{name} {NO_LIST}.", remedy="Make a list of it. Nothing was sent.")
        if kind == "list" and option.get("elements") in _TEXTS and isinstance(value, (list, tuple, set)):
            items = [(f"{name}[{number}]", item) for number, item in enumerate(value)]
        elif kind in _TEXTS or (kind == "list" and option.get("elements") in _TEXTS):
            items = [(name, value)]
        else:
            continue
        for place, item in items:
            wrong = complaint(item)
            if wrong:
                raise RasError("invalid_option", f"{place} {wrong}.", remedy=REMEDY)
