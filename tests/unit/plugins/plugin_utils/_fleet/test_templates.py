# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that Ansible would evaluate are found by name, and references and plain texts are left alone."""

from __future__ import annotations

import typing as t

import pytest
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet import templates
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.templates import refusal
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def _from_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of a test are trusted as those of a file are, but what is wrapped."""
    monkeypatch.setattr(templates, "is_evaluated", lambda value: value.__class__ is str)


def evaluated_secrets(values: dict[str, t.Any], **others: dict[str, t.Any]) -> list[str]:
    """Of the host ``here``, beside others."""
    return templates.evaluated_secrets("here", lambda host: values if host == "here" else others.get(host, {}))


class _Unsafe(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        *("pass{{word", "pass{{word}}1", "{{a}}{{b}}", "pa{#ss#}word", "{% raw %}x{% endraw %}", "{{ a }", "x{%y"),
        *("{# a #}{{ vault_x }}", "{% if a %}b{% endif %}", "pre-{{ 7 * 7 }}", "{% set a = 1 %}{{ a }}"),
        "pre-{{ lost }}",
    ],
)
def test_a_secret_that_would_be_evaluated_is_named_and_not_shown(value: str) -> None:
    for name in ("ras_account_password", "ras_api_password", "ansible_password"):
        assert evaluated_secrets({name: value}) == [name]
    assert evaluated_secrets({"ras_account_keys": ["plain", value]}) == ["ras_account_keys"]
    assert evaluated_secrets({"ras_api_password": "{{ vault_x }}", "vault_x": value}) == ["vault_x"]
    assert value not in refusal("h1", ["ras_api_password"]).message


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "{{ vault_x }}",
        "{{ lookup('env', 'X') }}",
        "{{ vault_x | trim }}",
        "{{ ras_api_password }}",
        "a}}b",
        None,
        7,
        "{ {",
        "prefix-{{ vault_x }}",
        "{{ vault_x }}{{ lookup('env', 'X') }}",
        "{% if vault_x == 'x' %}{{ vault_x }}{% else %}other{% endif %}",
        "{{ vault_x ~ '-' ~ vault_x }}",
    ],
)
def test_a_reference_and_a_plain_text_are_left_alone(value: t.Any) -> None:
    assert evaluated_secrets({"ras_api_password": value, "vault_x": "plain"}) == []


@given(st.text(st.sampled_from("{}%#ab "), max_size=12))
def test_what_is_written_as_unsafe_is_a_text(value: str) -> None:
    assert evaluated_secrets({"ras_api_password": _Unsafe(value)}) == []


def test_core_says_what_is_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert evaluated_secrets({"ras_api_password": wrap_var("pass{{word")}) == []


@pytest.mark.parametrize("reference", ["{{ v.pw }}", "{{ v['pw'] }}", '{{ v["pw"] | trim }}', "{{ v.deep.pw }}"])
def test_a_part_of_a_variable_is_looked_at(reference: str) -> None:
    values = {"ras_api_password": reference, "v": {"pw": "x{{y", "deep": {"pw": "x{%y"}, "fine": "plain"}}
    assert len(evaluated_secrets(values)) == 1
    assert evaluated_secrets({**values, "ras_api_password": "{{ v.fine }}"}) == []


@pytest.mark.parametrize(
    "reference",
    [
        "{{ hostvars['other'].vault_x }}",
        "{{ hostvars.other['vault_x'] | trim }}",
        "{{ 'pre' ~ hostvars['other'].vault_x }}",
        "pre-{{ hostvars['other'].vault_x }}",
        "{{ 'pre' ~ v }}",
        "{{ v if v else v }}",
        "{{ vars['v'] }}",
        "{{ lookup('vars', 'v') }}",
        "{{ lookup('ansible.builtin.vars', 'v') | default('') }}",
        "{% if v %}{{ v }}{% endif %}",
    ],
)
def test_what_a_template_names_is_looked_at(reference: str) -> None:
    """Through other hosts, operators, conditions and lookups."""
    found = evaluated_secrets({"ras_api_password": reference, "v": "x{{y"}, other={"vault_x": "x{%y"})
    assert found in (["v"], ["vault_x"])
    assert evaluated_secrets({"ras_api_password": reference, "v": "plain"}, other={"vault_x": "plain"}) == []


def test_a_circle_ends() -> None:
    assert evaluated_secrets({"ras_api_password": "{{ a }}", "a": "{{ b }}", "b": "{{ a ~ b }}"}) == []


@given(st.text(st.sampled_from("{}%#-|.ab '\n"), max_size=14))
def test_a_text_that_jinja_would_change_is_a_reference_or_refused(value: str) -> None:
    """Whatever is let through as it is has no part of its own that would be lost."""
    if not evaluated_secrets({"ras_api_password": value}):
        assert not any(mark in value for mark in ("{{", "{%", "{#")) or value.strip().startswith("{{")
