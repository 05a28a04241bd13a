# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's specification, its defaults and its one call of the license module agree with the module."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec, secret_names

from meta.repo import COLLECTION, load, PLAYBOOKS, ROLE

SPECS: t.Final = load(ROLE / "meta" / "argument_specs.yml")["argument_specs"]
OPTIONS: t.Final[dict[str, dict[str, t.Any]]] = SPECS["main"]["options"]
DEFAULTS: t.Final[dict[str, t.Any]] = load(ROLE / "defaults" / "main.yml")
ENTRIES = sorted(path.stem for path in (ROLE / "tasks").glob("*.yml") if not path.stem.startswith("_"))

# Defaults of the role that differ from the module's, and why.
OWN_DEFAULTS: t.Final = {"api_url": "the module cannot know the address of the inventory host"}


def test_every_task_file_that_can_be_entered_has_an_entry_point() -> None:
    assert sorted(SPECS) == ENTRIES


@pytest.mark.parametrize("entry", sorted(SPECS))
def test_entry_points_take_the_same_options(entry: str) -> None:
    assert SPECS[entry]["options"] == OPTIONS


@pytest.mark.parametrize(("name", "option"), license_spec().items())
def test_every_option_of_the_module_is_one_of_the_role(name: str, option: dict[str, t.Any]) -> None:
    mine = OPTIONS[f"ras_{name}"]
    compared = ["type", "choices", "elements", *([] if name in OWN_DEFAULTS else ["default"])]
    assert {key: mine.get(key) for key in compared} == {key: option.get(key) for key in compared}


def test_own_defaults_are_still_needed() -> None:
    for name in OWN_DEFAULTS:
        assert OPTIONS[f"ras_{name}"].get("default") != license_spec()[name].get("default")


def test_specification_and_defaults_file_agree() -> None:
    assert {name: option["default"] for name, option in OPTIONS.items() if "default" in option} == DEFAULTS


def test_secrets_have_no_choices() -> None:
    """Core prints the value that a role's specification rejects; a text without choices is never rejected."""
    for name in secret_names(license_spec()):
        option = OPTIONS[f"ras_{name}"]
        assert "choices" not in option
        assert option["type"] == "str" or (option["type"], option["elements"]) == ("list", "str")


def test_the_one_call_of_the_module_passes_every_option() -> None:
    (task,) = load(ROLE / "tasks" / "_license.yml")
    passed = task[f"{COLLECTION}.license"]
    expected = {
        name: f"{{{{ ras_{name} }}}}" if f"ras_{name}" in DEFAULTS else f"{{{{ ras_{name} | default(omit) }}}}"
        for name in license_spec()
    }
    assert passed == expected


def test_only_one_file_calls_the_module() -> None:
    callers = [path.name for path in ROLE.rglob("*.yml") if f"{COLLECTION}.license:" in path.read_text("utf-8")]
    assert callers == ["_license.yml"]


def test_playbooks_enter_the_role_through_its_entry_points() -> None:
    texts = [path.read_text("utf-8") for path in PLAYBOOKS.glob("*.yml")]
    entered = {name for text in texts for name in re.findall(r"tasks_from: ([a-z_]+)\n", text)}
    entered |= {
        name
        for text in texts
        for names in re.findall(r"ras_wave(?:_last)?_tasks: \[(.*)\]", text)
        for name in names.split(", ")
    }
    assert entered
    assert entered <= set(ENTRIES)


def test_variables_that_are_read_are_declared() -> None:
    """A variable that no specification knows is a typo, or an option that nobody can find."""
    noted = {
        *("ras_plan_result", "ras_fleet_problems", "ras_preflight", "ras_license_result", "ras_failure"),
        *("ras_upgrade_plan", "ras_upgrade_result", "__ras_agents_plan", "ras_agents_result", "__ras_farm_seen"),
        *(
            "__ras_agents_seen",
            "__ras_snapshot_before",
            "__ras_compared",
            "__ras_members_plan",
            "__ras_members_due",
            "__ras_order_plan",
        ),
        "ras_backup_result",
    }
    for path in ROLE.rglob("tasks/*.yml"):
        text = path.read_text("utf-8")
        used, own = set(re.findall(r"\bras_[a-z_]+\b", text)), set(re.findall(r"^ +(ras_[a-z_]+):", text, re.MULTILINE))
        # ras_licensing_servers is a group; __ras_* pass between the role's own files.
        unknown = {name for name in used - own - set(OPTIONS) - noted if not name.startswith("__ras_")}
        assert unknown <= {"ras_licensing_servers", "ras_members"}, path.name


def test_documentation_markup_is_not_broken() -> None:
    text = (ROLE / "meta" / "argument_specs.yml").read_text("utf-8")
    assert not re.findall(r"\b(?:R|RV)(?:failure|ignore:)\S*", text)


def test_every_choice_is_explained() -> None:
    for name, option in OPTIONS.items():
        said = " ".join(option["description"])
        missing = [choice for choice in option.get("choices", []) if not re.search(rf"\b{choice}\b", said)]
        assert not missing, f"{name} does not say what {missing} does"
