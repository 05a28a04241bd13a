# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is ready-made sets forks: with Ansible's five, a wave of twenty farms takes four times its slowest farm."""

from __future__ import annotations

import configparser
import re
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.waves import MOST_FORKS

from meta import fences
from meta.ci_recipes import HERE, RECIPES
from meta.repo import load, read, ROOT
from meta.test_awx import TEMPLATES

FORKS: t.Final = 20
# Pages that print an ansible.cfg.
PRINTED: t.Final = {
    "README.md": fences.markdown,
    "docs/docsite/rst/guide_upgrade.rst": fences.restructured,
}
CONFIGURED: t.Final = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "examples").glob("*/inventory.yml"))


# Seconds.
POLL: t.Final = 0.01


def _set(text: str) -> tuple[int, float]:
    """The forks and the interval of the looks for results that a configuration sets."""
    parser = configparser.ConfigParser()
    parser.read_string(text)
    return parser.getint("defaults", "forks"), parser.getfloat("defaults", "internal_poll_interval")


def test_the_number_is_one_that_is_advised() -> None:
    assert 5 < FORKS <= MOST_FORKS


@pytest.mark.parametrize("page", PRINTED)
def test_a_printed_configuration_sets_forks(page: str) -> None:
    printed = [block.text for block in PRINTED[page](read(page)) if block.language == "ini"]
    assert printed
    assert [_set(text) for text in printed if "# ansible.cfg" in text] == [(FORKS, POLL)]


@pytest.mark.parametrize("inventory", [*CONFIGURED, "examples/dynamic_inventory/ras_farms.yml"])
def test_an_example_sets_forks_and_names_its_inventory(inventory: str) -> None:
    folder, _slash, name = inventory.rpartition("/")
    text = read(f"{folder}/ansible.cfg")
    assert _set(text) == (FORKS, POLL)
    assert f"\ninventory = {name}\n" in text


def test_there_are_examples() -> None:
    assert len(CONFIGURED) >= 2


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["playbook"])
def test_a_job_template_that_changes_farms_sets_forks(template: dict[str, t.Any]) -> None:
    """The drift check reads all farms in one task, with workers of its own."""
    assert template.get("forks") == (None if template["playbook"] == "drift.yml" else FORKS)


@pytest.mark.parametrize("system", sorted(RECIPES))
def test_a_recipe_for_rollouts_sets_forks(system: str) -> None:
    file = HERE / RECIPES[system]["rollout"]
    if file.suffix == ".Jenkinsfile":
        assert re.findall(r"ANSIBLE_FORKS = '(\d+)'", read(file)) == [str(FORKS)]
        return
    recipe = load(file)
    # At the top, so that both jobs have it: what is checked is what is then done.
    variables = recipe.get("env") or recipe["variables"]
    if isinstance(variables, list):
        variables = {each["name"]: each["value"] for each in variables if "name" in each}
    assert variables["ANSIBLE_FORKS"] == str(FORKS)
