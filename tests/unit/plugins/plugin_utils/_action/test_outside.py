# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is marked is never evaluated, and is the same data."""

from __future__ import annotations

import json
import typing as t

import jinja2
import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import RasAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters, marked, marking
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import make
from hypothesis import given
from hypothesis import strategies as st

try:  # since ansible-core 2.19
    from ansible._internal._templating._utils import Omit as OMIT
except ImportError:
    OMIT = "__omit_place_holder__1"

# Any text, and such as Ansible would evaluate.
TEXTS = st.text(max_size=20) | st.sampled_from(["{{ 6 * 7 }}", "{% if 1 %}x{% endif %}", "{# x #}", "{{ undefined }}"])
SIMPLE = TEXTS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
DATA = st.recursive(
    SIMPLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


def _templated(value: t.Any) -> t.Any:
    """What Ansible makes of a variable with this value when an expression names it."""
    return Templar(loader=DataLoader(), variables={"given": value}).template(value)


@given(value=DATA)
def test_the_same_data_and_no_template(value: t.Any) -> None:
    found = marked(value)
    assert found == value
    assert json.loads(json.dumps(found)) == json.loads(json.dumps(value))
    assert _templated(found) == value


@given(value=DATA)
def test_containers_of_every_kind_are_marked(value: t.Any) -> None:
    for kind in (tuple, iter, lambda items: {"x": items[0]}.values(), lambda items: (item for item in items)):
        assert _templated(marked(kind([value]))) == [value]
    assert _templated(marked({"{{ 6 * 7 }}"})) == ["{{ 6 * 7 }}"]
    assert _templated(marked({"{{ 6 * 7 }}": 1}.keys())) == ["{{ 6 * 7 }}"]
    # Whoever goes over a mapping has its keys in hand as texts.
    assert _templated(list(marked({"{{ 6 * 7 }}": 1}))) == ["{{ 6 * 7 }}"]


def test_bytes_and_objects_become_text() -> None:
    class Thing:
        def __str__(self) -> str:
            return "{{ 6 * 7 }}"

    assert _templated(marked([b"{{ 6 * 7 }}", Thing(), b"\xff"])) == ["{{ 6 * 7 }}", "{{ 6 * 7 }}", "\ufffd"]


def test_an_omitted_option_stays_omitted() -> None:
    assert marked({"omitted": OMIT})["omitted"] == OMIT
    assert isinstance(OMIT, str) or marked(OMIT) is OMIT


def test_what_is_undefined_stays_undefined() -> None:
    assert isinstance(marked(jinja2.Undefined(name="x")), jinja2.Undefined)


def test_a_filter_keeps_its_name_and_gets_the_context() -> None:
    @jinja2.pass_context
    def shown(context: t.Any, value: str) -> str:
        """Says it."""
        return f"{context.name}: {value}"

    call = marking(shown)
    assert (call.__name__, call.__doc__) == ("shown", "Says it.")
    environment = jinja2.Environment(autoescape=False)
    environment.filters["shown"] = call
    assert environment.from_string("{{ 'x' | shown }}").render() == "None: x"


@pytest.mark.parametrize("value", ["{{ 6 * 7 }}", ["{{ 6 * 7 }}"], {"{{ 6 * 7 }}": "{{ 6 * 7 }}"}])
def test_filters_hand_on_marked_results(value: t.Any) -> None:
    class Some(Filters):
        FUNCTIONS: t.ClassVar = {"some": lambda: value}

    assert _templated(Some().filters()["some"]()) == value


class _Says(RasAction):
    SPEC: t.ClassVar = {}

    def perform(self, options: t.Any, scrubber: t.Any) -> dict[str, t.Any]:
        """What a farm says."""
        return {"said": {"{{ 6 * 7 }}": ["{{ 6 * 7 }}"]}}


def test_actions_hand_on_marked_results() -> None:
    assert _templated(make(_Says, {}).run(None, {})["said"]) == {"{{ 6 * 7 }}": ["{{ 6 * 7 }}"]}
