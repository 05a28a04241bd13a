# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters are few, the collection's own, and ask nobody; variables of many hosts are read by two modules only."""

from __future__ import annotations

import ast
import inspect
import re
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.filter import filters

from meta import rooms
from meta.repo import FILTERS, load, module_docs, PLUGINS, read, ROOT, tracked

MOST: t.Final = 6
PRIVATE: t.Final = "Private to this collection, no stable interface."
# Who reads variables of other hosts, with what for.
READERS: t.Final = {"fleet_info", "fleet_run"}
# Of Ansible itself, only what the run was started with.
_WITHOUT_HOSTS: t.Final = {"module_utils", "plugin_utils._action.outside"}
# It makes the controller a part of the run, by the inventory that the variable knows.
_NAMES_HOSTVARS: t.Final = {"_keep_the_controller"}


MODULE: t.Final = PLUGINS / "filter" / "filters.py"


def test_they_are_few() -> None:
    assert 0 < len(FILTERS) <= MOST


def test_one_module_has_them_all() -> None:
    """For each mention of a filter, core looks into every module of the folder before the one that has it."""
    assert [path for path in MODULE.parent.glob("*.py") if path.stem != "__init__"] == [MODULE]
    assert sorted(filters.FilterModule.FUNCTIONS) == FILTERS


@pytest.mark.parametrize("name", FILTERS)
def test_each_says_that_it_is_private_and_no_page_offers_it(name: str) -> None:
    assert PRIVATE in load(f"plugins/filter/{name}.yml")["DOCUMENTATION"]["description"]
    pages = [path for path in tracked(".md", ".rst") if path.name == "README.md" or path.parts[0] == "docs"]
    assert pages
    for page in pages:
        assert not re.search(rf"parallels_ras\.{name}\b|`{name}`", read(page)), page


def test_none_asks_anybody_or_reads_a_file() -> None:
    assert {each.split(".")[0] for each in rooms.imported(MODULE)} & rooms.INPUT_OUTPUT == set()
    assert rooms.called(MODULE) & (rooms.CALLS | {"raw_get", "read_text", "read_bytes"}) == set()
    ours = [each.removeprefix(f"{rooms.PACKAGE}.") for each in rooms.imported(MODULE) if each.startswith(rooms.PACKAGE)]
    assert [each for each in ours if not each.startswith(tuple(_WITHOUT_HOSTS))] == []


@pytest.mark.parametrize("name", FILTERS)
def test_none_takes_a_password_or_the_variables_of_hosts(name: str) -> None:
    taken = set(inspect.signature(filters.FilterModule.FUNCTIONS[name]).parameters)
    assert {each for each in taken if re.search("password|secret|key|hostvars", each)} == set()


def test_one_filter_knows_of_the_variables_of_hosts() -> None:
    functions = [node for node in ast.parse(read(MODULE)).body if isinstance(node, ast.FunctionDef)]
    found = {each.name for each in functions if "hostvars" in {node.value for node in ast.walk(each) if _is_text(node)}}
    assert found == _NAMES_HOSTVARS


def _is_text(node: ast.AST) -> t.TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_two_modules_read_variables_of_other_hosts() -> None:
    found = {path.stem for path in (PLUGINS / "action").glob("*.py") if "hostvars" in path.read_text("utf-8")}
    assert found == READERS
    rooms_that_do = {
        path.relative_to(PLUGINS).parts[:2]
        for side in rooms.SIDES
        for path in (PLUGINS / side).rglob("*.py")
        if re.search(r"\bhostvars\b", path.read_text("utf-8"))
    }
    assert rooms_that_do <= {("plugin_utils", "_fleet"), ("module_utils", "_fleet")}


def test_no_task_hands_a_password_to_a_filter() -> None:
    texts = [path.read_text("utf-8") for folder in ("roles", "playbooks") for path in (ROOT / folder).rglob("*.yml")]
    pattern = re.compile(r"parallels_ras\.\w+\([^)]*(?:password|license_key|account_keys)")
    assert len(texts) > 20
    assert [found for text in texts for found in pattern.findall(text)] == []


def test_the_module_that_compares_passwords_takes_none() -> None:
    options = module_docs()["fleet_run"]["doc"]["options"]
    assert {name for name in options if re.search("password|secret|key", name)} == set()
