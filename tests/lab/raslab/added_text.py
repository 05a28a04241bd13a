# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm or a host that says something at the end of every text of an answer, whatever the text is."""

from __future__ import annotations

import json
from typing import Any

from raslab.faults import Fault


def add_text(value: Any, fault: Fault) -> Any:
    """The value with the fault's ``text`` at the end of each text in it.

    A text that holds a JSON object is such an object, also inside. ``only`` and ``but`` are names of keys; what a list
    holds belongs to the key of the list. With ``keys`` each object has one key more, which is that text.
    """
    return _add(value, fault.params, fault.params["only"] is None)


def add_to_json(body: bytes, fault: Fault) -> bytes:
    """The same for a JSON document; anything else is one text."""
    try:
        value = json.loads(body)
    except ValueError:
        return body + fault.params["text"].encode()
    return json.dumps(add_text(value, fault), ensure_ascii=False).encode()


def _add(value: Any, params: dict[str, Any], meant: bool) -> Any:
    if isinstance(value, str):
        return _added(value, params, meant)
    if isinstance(value, list):
        return [_add(item, params, meant) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, item in value.items():
        named = meant if params["only"] is None else meant or key in params["only"]
        found[key] = item if key in params["but"] else _add(item, params, named)
    if params["keys"]:
        found[params["text"]] = params["text"]
    return found


def _added(value: str, params: dict[str, Any], meant: bool) -> str:
    if value.startswith("{"):
        try:
            return json.dumps(_add(json.loads(value), params, meant), ensure_ascii=False)
        except ValueError:
            pass
    return value + params["text"] if meant else value
