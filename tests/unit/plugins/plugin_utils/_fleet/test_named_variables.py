# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which variables the texts of a task name: those that Ansible would look up, and no keys, attributes or words."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.hooks import ANY
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.named_variables import variables_named
from hypothesis import given
from hypothesis import strategies as st

# How a task comes to the value of ``site``.
NAMING: t.Final = [
    "{{ site }}",
    "{{site|default('x')}}",
    "at {{ 'a' if site is defined else 'b' }}",
    "{% if site %}a{% endif %}",
    "{{ [1] | map('extract', site) }}",
    "{{ hostvars[site].x }}",
    "{{ site.address }}",
    "{{ lookup('vars', 'site') }}",
    "{{ q('ansible.builtin.vars', 'site') }}",
    "{{ lookup('vars', 'si' ~ 'te') }}",
    "{{ lookup(other, 'site') }}",
    "{{ vars['site'] }}",
    "{{ vars.site }}",
    "site == 'x'",
    "site is defined and not other",
    "site",
    "{{ site",
]
# How it names something else.
OTHERS: t.Final = [
    "{{ hostvars[ras_hook_host].site }}",
    "{{ hostvars[ras_hook_host]['site'] }}",
    "hostvars[ras_hook_host].site == 'x'",
    "{{ other.site }}",
    "{{ 'site' }}",
    "{% set site = 1 %}{{ site }}",
    "{{ lookup('env', 'site') }}",
    "Drain the site first",
    "the site, {{ other }}",
    "C:\\site\\x",
    "",
]


def _wrap(value: str, chance: t.Any) -> t.Any:
    return {"list": [value], "nested": [{"x": ["y", {"z": value}]}], "dict": {"msg": value}, "bare": value}[chance]


@pytest.mark.parametrize("where", ["list", "nested", "dict", "bare"])
@pytest.mark.parametrize("text", NAMING)
def test_a_variable_that_is_looked_up(text: str, where: str) -> None:
    assert "site" in variables_named(_wrap(text, where))


@pytest.mark.parametrize("where", ["list", "nested", "dict", "bare"])
@pytest.mark.parametrize("text", OTHERS)
def test_what_only_looks_like_it(text: str, where: str) -> None:
    assert "site" not in variables_named(_wrap(text, where))
    assert ANY not in variables_named(_wrap(text, where))


@pytest.mark.parametrize(
    "text",
    [
        "{{ lookup('vars', 'si' ~ other) }}",
        "{{ lookup('vars', other) }}",
        "{{ lookup('varnames', '^si') }}",
        "{{ lookup('vars') }}",
        "{{ lookup() }}",
        "{{ lookup(other, 'a b') }}",
        "{{ vars[other] }}",
        "vars['s' + other] == 1",
    ],
)
def test_a_name_that_only_the_run_knows(text: str) -> None:
    assert ANY in variables_named(text)


def test_a_key_counts_where_it_is_a_template() -> None:
    assert variables_named({"{{ site }}": 1}) == {"site"}
    assert variables_named({"site": 1}) == set()


@given(st.text())
def test_whatever_is_written_is_read(text: str) -> None:
    """No text raises, and a name that a template surrounds is found in it."""
    variables_named(text)
    assert "site" in variables_named(text.replace("{", "").replace("%", "").replace("#", "") + "{{ site }}")


@pytest.mark.parametrize("value", [None, 5, True, object(), b"{{ site }}"])
def test_what_is_no_text_names_nothing(value: t.Any) -> None:
    assert variables_named(value) == set()
