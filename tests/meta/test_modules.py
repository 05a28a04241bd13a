# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module is whole: documentation, action, examples, tests; and its options are what its documentation says."""

from __future__ import annotations

import importlib
import re
import typing as t

import pytest
import yaml
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core import argspec

from meta.repo import COLLECTION, constant, load, module_docs, MODULES, PLUGINS, read, tracked

_COMPARED = ("type", "default", "choices", "elements")


def _spec(module: str) -> dict[str, dict[str, t.Any]]:
    """The options that the action of a module takes."""
    action = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.action.{module}")
    return t.cast("dict[str, dict[str, t.Any]]", action.ActionModule.SPEC)


def test_there_are_modules() -> None:
    """The tests below are parametrised by what they find: nothing found must not pass."""
    assert {"license", "license_info", "farm_info"} <= set(MODULES)


def test_every_action_has_a_module_and_every_module_an_action() -> None:
    actions = {path.stem for path in (PLUGINS / "action").glob("*.py")} - {"__init__"}
    assert actions == set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_the_stub_holds_documentation_only(module: str) -> None:
    """A module that ran itself would run on the RAS host, where none of its libraries is."""
    text = (PLUGINS / "modules" / f"{module}.py").read_text(encoding="utf-8")
    assert not re.search(r"^(def|class|if) ", text, re.MULTILINE)


@pytest.mark.parametrize("module", MODULES)
def test_documentation_equals_spec(module: str) -> None:
    documented, spec = module_docs()[module]["doc"]["options"], _spec(module)
    assert sorted(documented) == sorted(spec)
    for name, option in spec.items():
        said = documented[name]
        assert {key: said.get(key) for key in _COMPARED} == {key: option.get(key) for key in _COMPARED}, name
        assert bool(said.get("required")) == bool(option.get("required")), name
        environment = option.get("fallback", (None, []))[1]
        text = " ".join([said["description"]] if isinstance(said["description"], str) else said["description"])
        assert re.findall(r"E\((RAS_\w+)\)", text) == environment, f"{name}: environment variables"


@pytest.mark.parametrize("module", MODULES)
def test_every_choice_is_explained(module: str) -> None:
    for name, option in module_docs()[module]["doc"]["options"].items():
        text = " ".join([option["description"]] if isinstance(option["description"], str) else option["description"])
        missing = [choice for choice in option.get("choices") or [] if f"V({choice})" not in text]
        assert not missing, f"{module}.{name} does not say what {missing} does"


@pytest.mark.parametrize("module", MODULES)
def test_every_attribute_is_documented(module: str) -> None:
    attributes = module_docs()[module]["doc"]["attributes"]
    assert {"check_mode", "diff_mode", "idempotent", "platform", "action", "async"} <= set(attributes)
    assert attributes["check_mode"]["support"] == "full"


@pytest.mark.parametrize("module", MODULES)
def test_examples_use_the_module(module: str) -> None:
    """That they run is proven in test_examples."""
    examples = yaml.safe_load(constant(PLUGINS / "modules" / f"{module}.py", "EXAMPLES"))
    tasks = [task for item in examples for task in (item["tasks"] if "hosts" in item else [item])]
    assert any(f"{COLLECTION}.{module}" in task for task in tasks)


@pytest.mark.parametrize("module", MODULES)
def test_tests_name_the_module(module: str) -> None:
    """A module is tested where a playbook runs it, and its options where pytest validates them."""
    name = re.compile(rf"\b{re.escape(COLLECTION)}\.{module}\b")
    users = [path for path in tracked(".py", ".yml", under="tests/scenarios/") if name.search(read(path))]
    assert users, f"no scenario runs {module}"


def test_action_group_holds_the_modules_that_take_all_connection_options() -> None:
    connection = set(argspec.connection_spec())
    wanted = [module for module in MODULES if connection <= set(_spec(module))]
    assert sorted(load("meta/runtime.yml")["action_groups"]["ras"]) == wanted
    for module in MODULES:
        said = module_docs()[module]["doc"]["attributes"].get("action_group", {}).get("membership", [])
        assert (f"{COLLECTION}.ras" in said) == (module in wanted), module


def test_no_environment_variable_for_the_address() -> None:
    """Every host would get the same one."""
    assert "fallback" not in argspec.connection_spec()["api_url"]


def test_secrets_are_those_that_carry_no_log() -> None:
    """A new option whose name sounds like a secret must say whether it is one."""
    for module in MODULES:
        for name, option in _spec(module).items():
            if re.search(r"password|_key|secret|token", name):
                assert "no_log" in option, f"{module}.{name}"
