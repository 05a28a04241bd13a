# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's message in the words of the role."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_words import (
    as_variables,
    in_role_words,
    NAMES,
    WORDS,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("option", NAMES)
def test_an_option_becomes_the_variable_of_the_role(option: str) -> None:
    assert as_variables(f"Set {option}=x, or '{option}'.") == f"Set ras_{option}=x, or 'ras_{option}'."
    assert as_variables(option) == f"ras_{option}"


@pytest.mark.parametrize("option", [*NAMES, *WORDS])
@pytest.mark.parametrize(
    "said",
    [
        "value of {} must be one of: present, absent, got: value of state",
        "value of {} must be one or more of: a, b. Got no match for: c",
        "argument '{}' is of type <class 'dict'> and we were unable to convert to int: state",
        "Elements value for option '{}' is of type <class 'dict'> and we were unable to convert to str: the timeout",
    ],
)
def test_a_refusal_by_ansible_names_the_variable_of_the_role(option: str, said: str) -> None:
    assert as_variables(said.format(option)) == said.format(f"ras_{option}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Ask in another way (backend=winrm or backend=rest).",
            "Ask in another way (ras_backend=winrm or ras_backend=rest).",
        ),
        ("It is needed for state=present: x", "It is needed for ras_state=present: x"),
        ("Set drain=false.", "Set ras_drain=false."),
    ],
)
def test_a_word_with_a_value_that_it_can_have_is_a_name(text: str, said: str) -> None:
    assert as_variables(text) == said


def test_a_failure_is_said_in_the_words_of_the_role() -> None:
    failure = {"code": "key_required", "message": "license_key is not given.", "remedy": "Give it.", "observed": None}
    assert in_role_words(failure) == {**failure, "message": "ras_license_key is not given."}
    assert in_role_words({"code": "x"}) == {"code": "x", "message": "", "remedy": ""}


@given(text=st.text() | st.sampled_from(NAMES).flatmap(lambda name: st.text(max_size=5).map(lambda rest: name + rest)))
def test_any_text_twice_is_once(text: str) -> None:
    once = as_variables(text)
    assert as_variables(once) == once
    assert once.replace("ras_", "") == text.replace("ras_", "")


@pytest.mark.parametrize(
    "text",
    [
        "Set ras_license_key.",
        "a state of its own, with a timeout and a proxy",
        "the value of state must be known; an argument 'proxy' of ours",
        "value of farm_state must be one of: a, b",
        "my_license_key and license_keys",
        "https://portal.example.com/license_key",
        "group_vars/all/account_email",
        "failure.license_key",
        "state=running, backend=7 and timeout=5",
        "https://portal.example.com/?state=present&backend=rest",
        "ras_state=present",
    ],
)
def test_what_is_no_name_of_an_option_stays(text: str) -> None:
    assert as_variables(text) == text


def test_the_longest_name_is_taken_whole() -> None:
    assert as_variables("previous_account_email") == "ras_previous_account_email"


@pytest.mark.parametrize("code", REMEDIES)
def test_twice_is_once(code: str) -> None:
    once = as_variables(REMEDIES[code])
    assert as_variables(once) == once
    assert once.replace("ras_", "") == REMEDIES[code].replace("ras_", "")
