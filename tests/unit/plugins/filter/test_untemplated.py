# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a variable holds is read below the layer that evaluates what is named."""

from __future__ import annotations

import collections
import types
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.filter.filters import untemplated

SAID: t.Final = {"unreachable": True, "msg": "{{ 6 * 7 }}", "{{ 6 * 7 }}": ["{% if 1 %}x{% endif %}"]}


class _Evaluating(collections.ChainMap[str, t.Any]):
    """The variables of ansible-core before 2.19: what is named is evaluated."""

    _templar = None

    def __getitem__(self, name: str) -> t.Any:
        raise AssertionError(f"{name} was evaluated")


def test_the_layers_are_read_in_their_order() -> None:
    context = types.SimpleNamespace(parent=_Evaluating({"said": SAID}, {"said": {}, "other": 1}))
    assert untemplated(context, "said") == SAID
    assert untemplated(context, "other") == 1
    assert untemplated(context, "missing") == {}
