# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only texts are taken for texts, in every option of every module."""

from __future__ import annotations

import ast
import datetime as dt
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core import argspec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec, Spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import (
    check_given,
    complaint,
    given_text,
    kind_of,
)
from hypothesis import given
from hypothesis import strategies as st

SPECS: dict[str, Spec] = {
    name: getattr(argspec, name)() for name in dir(argspec) if name.endswith("_spec") and not name.startswith("_")
}
_NO_TEXTS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.binary(),
    st.lists(st.text(), max_size=2),
    st.dictionaries(st.text(), st.text(), max_size=2),
)
OPTIONS = [(module, name) for module, spec in SPECS.items() for name in spec]


def _is_text(option: dict[str, t.Any]) -> bool:
    return option["type"] in ("str", "path")


def _is_list(option: dict[str, t.Any]) -> bool:
    return option["type"] == "list" and option["elements"] in ("str", "path")


@given(st.sampled_from(OPTIONS), _NO_TEXTS)
def test_what_is_no_text_is_refused_by_name_and_kind_only(which: tuple[str, str], value: t.Any) -> None:
    module, name = which
    option = SPECS[module][name]
    is_list_of_texts = _is_list(option) and isinstance(value, list)
    if not (_is_text(option) or _is_list(option)) or is_list_of_texts:
        check_given({name: value}, SPECS[module])
        return
    with pytest.raises(RasError) as caught:
        check_given({name: value}, SPECS[module])
    assert (caught.value.code, caught.value.observed) == ("invalid_option", None)
    assert caught.value.message == f"{name} must be text: expected a text in quotes, observed {kind_of(value)}."
    assert "in quotes" in caught.value.remedy


@given(st.text(), st.lists(st.text()))
def test_texts_pass(one: str, many: list[str]) -> None:
    check_given({"license_key": one, "account_keys": many, "account_other_emails": one}, license_spec())


@given(st.lists(st.text(), max_size=3), _NO_TEXTS)
def test_each_item_of_a_list_is_judged(before: list[str], value: t.Any) -> None:
    with pytest.raises(RasError, match=rf"account_keys\[{len(before)}\] must be text"):
        check_given({"account_keys": [*before, value, "more"]}, license_spec())


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0o123456701, "a whole number"),
        (1.5, "a number with a decimal point"),
        (False, "true or false"),
        (None, "nothing (null)"),
        (["a"], "a list"),
        (("a",), "a list"),
        ({"a": 1}, "a mapping"),
        (dt.date(2026, 11, 30), "a date"),
        (b"bytes", "a value that is no text"),
        ((each for each in "a"), "a value that is no text"),
        (map(str, [1]), "a value that is no text"),
        ({"a": 1}.keys(), "a value that is no text"),
        (frozenset("a"), "a value that is no text"),
        (range(3), "a value that is no text"),
        (dt.time(1), "a value that is no text"),
    ],
)
def test_the_kinds(value: t.Any, kind: str) -> None:
    assert kind_of(value) == kind
    assert complaint(value) == f"must be text: expected a text in quotes, observed {kind}"


@given(_NO_TEXTS.filter(lambda value: not isinstance(value, bytes)))
def test_what_a_template_would_make_a_text_of_keeps_its_kind(value: t.Any) -> None:
    marked = given_text(value)
    assert isinstance(marked, dict)
    assert kind_of(marked) == kind_of(value)
    # As ansible-core before 2.19 renders it and reads it again.
    assert ast.literal_eval(str(marked)) == marked


@given(st.text())
def test_a_text_and_omit_are_handed_on(value: str) -> None:
    omit = object()
    assert given_text(value) is value
    assert given_text(omit) is omit


def test_a_mapping_that_looks_like_the_mark_shows_no_value() -> None:
    assert kind_of({"no_text": "my-secret-key"}) == "a mapping"


def test_a_text_that_is_vaulted_by_itself_is_a_text() -> None:
    class Vaulted:
        __ENCRYPTED__ = True

    assert kind_of(Vaulted()) is None
    assert kind_of("text") is complaint("text") is None


def test_what_is_not_given_is_not_judged() -> None:
    check_given({"unknown": 1, "timeout": 60, "allow_trial": True}, license_spec())


def test_a_sentence_is_not_taken_apart_at_its_commas() -> None:
    for value in ("Welcome, dear customer.", "Welcome", ""):
        with pytest.raises(RasError, match="known_texts must be a list of texts"):
            check_given({"known_texts": value}, license_spec())
    check_given({"known_texts": ["Welcome, dear customer."]}, license_spec())
    check_given({"account_keys": "one,two"}, license_spec())
