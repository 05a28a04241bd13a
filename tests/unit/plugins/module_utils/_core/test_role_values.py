# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the role's variables by types and choices: what core refuses is refused before, in one sentence."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import SECRET_VARIABLES, Spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_values import value_refusal
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import SPECIFICATION
from hypothesis import given
from hypothesis import strategies as st

HOST: t.Final = "cb1.tokyo.example.com"
SECRET: t.Final = "misplaced-secret-4711"
_WORDS: t.Final = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)
ANY: t.Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    _WORDS,
    st.lists(st.one_of(_WORDS, st.integers(), st.none()), max_size=3),
    st.dictionaries(_WORDS, _WORDS, max_size=2),
)
# Of each kind of option, values that none of its kind can have.
WRONG: t.Final[dict[str, st.SearchStrategy[t.Any]]] = {
    "str": st.one_of(st.booleans(), st.integers(), st.floats(), st.lists(_WORDS), st.dictionaries(_WORDS, _WORDS)),
    "int": st.one_of(st.just("soon"), st.booleans(), st.lists(_WORDS), st.dictionaries(_WORDS, _WORDS)),
    "float": st.one_of(st.sampled_from(["much", "nan"]), st.booleans(), st.lists(_WORDS), st.just(float("inf"))),
    "bool": st.one_of(st.sampled_from(["maybe", 2]), st.lists(_WORDS), st.dictionaries(_WORDS, _WORDS)),
    "dict": st.one_of(st.just("a text"), st.integers(), st.lists(_WORDS)),
    "list": st.one_of(st.just({}), st.dictionaries(_WORDS, _WORDS)),
}
WRONG["path"] = WRONG["str"]
JUDGED: t.Final = [name for name, option in SPECIFICATION.items() if option["type"] != "raw"]


def refused(name: str, value: t.Any, spec: Spec = SPECIFICATION) -> RasError | None:
    return value_refusal(HOST, {name: value}, spec)


def _is_one_sentence(name: str, problem: RasError) -> bool:
    return (
        problem.code == "invalid_option"
        and problem.message.startswith(f"The variable {name}")
        and f" of {HOST} " in problem.message
        and ": expected " in problem.message
        and problem.message.endswith(".")
        and "\n" not in problem.message
        and bool(problem.remedy)
        and len(problem.message) < 400
    )


@given(st.data())
@pytest.mark.parametrize("name", JUDGED)
def test_no_variable_has_a_value_of_another_kind(name: str, data: st.DataObject) -> None:
    value = data.draw(WRONG[SPECIFICATION[name]["type"]])
    problem = refused(name, value)
    assert problem is not None
    assert _is_one_sentence(name, problem)


@given(st.data())
@pytest.mark.parametrize("name", [name for name, option in SPECIFICATION.items() if "choices" in option])
def test_no_variable_has_a_value_that_is_none_of_its_choices(name: str, data: st.DataObject) -> None:
    choices = SPECIFICATION[name]["choices"]
    value = data.draw(st.one_of(ANY, st.sampled_from([each.upper() for each in choices])))
    several = SPECIFICATION[name]["type"] == "list"
    if several:
        # A list that lacks nothing but one of its elements.
        value = [*choices, value if isinstance(value, str) else "another"]
    problem = refused(name, value)
    if (set(value) <= set(choices)) if several else value in choices:
        assert problem is None
    else:
        assert problem is not None
        assert _is_one_sentence(name, problem)
        assert f"expected one of {', '.join(choices)}, observed " in problem.message


@given(st.data())
@pytest.mark.parametrize("name", list(SPECIFICATION))
def test_whatever_core_refuses_is_refused_before(name: str, data: st.DataObject) -> None:
    value = data.draw(ANY)
    try:
        errors = ArgumentSpecValidator({name: SPECIFICATION[name]}).validate({name: value}).error_messages
    except OverflowError as exc:  # core itself breaks
        errors = [str(exc)]
    if errors:
        problem = refused(name, value)
        assert problem is not None
        assert _is_one_sentence(name, problem)


@pytest.mark.parametrize("name", [name for name in SPECIFICATION if name in SECRET_VARIABLES])
def test_a_secret_is_never_shown(name: str) -> None:
    for value in ([SECRET, 7], {SECRET: SECRET}, 47114711):
        problem = refused(name, value)
        assert problem is not None
        assert SECRET not in str(problem.as_dict())
        assert "4711" not in str(problem.as_dict())


def test_a_secret_is_hidden_where_none_belongs() -> None:
    problem = value_refusal(HOST, {"ras_reboot": SECRET}, SPECIFICATION, lambda text: text.replace(SECRET, "***"))
    assert problem is not None
    assert problem.message.endswith("expected one of never, auto, observed '***'.")


def test_defaults_are_right() -> None:
    defaults = {name: option["default"] for name, option in SPECIFICATION.items() if "default" in option}
    assert len(defaults) > 50
    assert value_refusal(HOST, defaults, SPECIFICATION) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ras_timeout", "60"),
        ("ras_drain", "yes"),
        ("ras_min_free_gb", "7.5"),
        ("ras_account_keys", "AB12CD-EF34GH,IJ56KL-MN78OP"),
        ("ras_auto_promotion_minutes", None),
        ("ras_confirm_deactivate", "tokyo, osaka"),
        ("ras_waves", [1, "10%"]),
    ],
)
def test_spellings_that_core_takes_are_taken(name: str, value: t.Any) -> None:
    assert refused(name, value) is None


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (
            {"ras_reboot": "sometimes"},
            f"The variable ras_reboot of {HOST} has a value that it cannot have: expected one of never, auto, observed "
            "'sometimes'.",
        ),
        ({"ras_drain": 2}, "expected true or false, observed 2."),
        ({"ras_reboot": False}, "observed false."),
        ({"ras_timeout": {}}, "expected a whole number, observed a mapping."),
        ({"ras_account_keys": 87654321}, "expected a list of texts, observed a whole number."),
        ({"ras_drift_waivers": ["tokyo"]}, "expected a list of mappings, observed a list."),
        ({"ras_account_other_emails": ["a@b.example", 7]}, f"ras_account_other_emails[1] of {HOST} must be text"),
        ({"ras_known_texts": "one, two"}, "must be a list of texts"),
        ({"ras_reboot": "x", "ras_timeout": "y"}, "observed 'x'; ras_timeout is wrong, too."),
        (
            dict.fromkeys(("ras_drain", "ras_reboot", "ras_timeout"), "x"),
            "observed 'x'; ras_reboot, ras_timeout are wrong, too.",
        ),
        ({name: {} for name in SPECIFICATION}, " more are wrong, too."),
    ],
)
def test_it_is_said_what_is_wrong(values: dict[str, t.Any], says: str) -> None:
    problem = value_refusal(HOST, values, SPECIFICATION)
    assert problem is not None
    assert says in problem.message
