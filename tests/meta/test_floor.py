# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is least supported is set in one place; everything else that says it must agree."""

from __future__ import annotations

import re
import typing as t

import pytest

from meta.repo import load, read

# The places: ansible-core in meta/runtime.yml, ansible.windows in galaxy.yml; no file of Ansible names a Python.
CORE: t.Final = re.fullmatch(r">=(\d+\.\d+)\.0", load("meta/runtime.yml")["requires_ansible"])
WINDOWS: t.Final = re.fullmatch(r">=(\d+\.\d+\.\d+)", load("galaxy.yml")["dependencies"]["ansible.windows"])
PYTHON: t.Final = "3.10"
# As texts and tables write it: "ansible-core 2.16 or newer", "| ansible-core | 2.16 or newer |", "Python >= 3.10".
_OR_NEWER: t.Final = r"(?: on the controller)?\W{1,4}(?:(\d+\.\d+)(?:\.\d+)? or newer|>= ?(\d+\.\d+))"


@pytest.fixture(name="core")
def _core() -> str:
    assert CORE
    return CORE[1]


@pytest.mark.parametrize("name", ["README.md", "docs/docsite/rst/guide_activation.rst"])
def test_texts_say_the_floor(name: str, core: str) -> None:
    text = " ".join(read(name).split())
    cores = re.findall(rf"ansible-core{_OR_NEWER}", text)
    pythons = re.findall(rf"Python{_OR_NEWER}", text)
    assert {one or other for one, other in cores} == {core}
    assert {one or other for one, other in pythons} == {PYTHON}


def test_readme_says_the_floor_of_ansible_windows() -> None:
    assert WINDOWS
    said = set(re.findall(r"ansible\.windows\W{1,6}(?:>= ?)?(\d+\.\d+\.\d+)", read("README.md")))
    assert said <= {WINDOWS[1]}


def test_the_rule_of_the_floor_names_its_places() -> None:
    rule = " ".join(read("CONTRIBUTING.md").split("**The floor**")[1].split("\n## ")[0].split())
    assert "meta/runtime.yml" in rule
    assert "galaxy.yml" in rule
    assert f"Python is {PYTHON} or newer" in rule


def test_the_floor_lane_is_the_floor(core: str) -> None:
    major, minor = core.split(".")
    assert f"ansible-core>={core},<{major}.{int(minor) + 1}" in read("tests/locks/floor.in").splitlines()
    assert re.search(rf"^ansible-core=={re.escape(core)}\.\d+", read("tests/locks/floor.txt"), re.MULTILINE)
    assert re.search(rf"^FLOOR_PYTHONS = \[{PYTHON.split('.')[1]}, ", read("tests/tools/lanes.py"), re.MULTILINE)


def test_tools_hold_the_code_to_the_floor(core: str) -> None:
    settings = read("pyproject.toml")
    assert f'target-version = "py{PYTHON.replace(".", "")}"' in settings
    assert f'python_version = "{PYTHON}"' in settings
    assert load("roles/ras/meta/main.yml")["galaxy_info"]["min_ansible_version"] == core


def test_versions_agree() -> None:
    version = load("galaxy.yml")["version"]
    assert version in read("README.md")
