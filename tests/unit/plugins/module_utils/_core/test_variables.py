# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of farms and organizations, as YAML, a template or a spreadsheet may give them: texts, or refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import typing as t

import pytest
import yaml
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.variables import Variables
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import NAMES
from hypothesis import given
from hypothesis import strategies as st

_VALUES: t.Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary() | st.dates() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=4,
)


def _name(value: t.Any, name: str = "ras_farm") -> str | None:
    """The name, or None for a refusal."""
    with contextlib.suppress(RasError):
        return Variables("h1", {name: value}).name(name)
    return None


@given(value=_VALUES)
def test_only_a_text_is_a_name_and_it_stays_as_it_is(value: t.Any) -> None:
    found = _name(value)
    assert found is None or (isinstance(value, str) and found == value)


@given(one=_VALUES, other=_VALUES)
def test_what_differs_never_becomes_one_name(one: t.Any, other: t.Any) -> None:
    names = _name(one), _name(other)
    assert None in names or (names[0] == names[1]) == (one == other)


@given(text=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 ._:-]{0,20}[A-Za-z0-9]", fullmatch=True))
def test_a_plain_text_is_a_name(text: str) -> None:
    assert _name(text) == text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text", "101 0123 0o17 0x1F 1_000 1e3 12:30 no off NO n y true null ~ .5 .inf 2026-11-30 [a] {a:1}".split()
)
def test_what_yaml_makes_of_it_is_refused_and_quotes_help(name: str, text: str) -> None:
    bare, quoted = yaml.safe_load(text), yaml.safe_load(f"'{text}'")
    assert _name(quoted, name) == text
    assert _name(bare, name) == (bare if isinstance(bare, str) else None)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", " a", "a ", "a\n", "a\u200bb", "a\u00a0b", "\ufeffa", "a\u202eb", "Mu\u0308nchen"]
)
def test_a_text_that_looks_like_another_one_is_no_name(text: str) -> None:
    assert _name(text) is None


def test_a_name_that_is_not_set_is_none() -> None:
    assert Variables("h1", {}).name("ras_farm") is None
    assert _name(dt.date(2026, 11, 30)) is None


def test_a_refusal_names_host_and_variable_and_shows_nothing() -> None:
    with pytest.raises(RasError, match="ras_farm of h1 must be text") as caught:
        Variables("h1", {"ras_farm": 4711}).name("ras_farm")
    assert (caught.value.code, "4711" in caught.value.message) == ("invalid_option", False)
