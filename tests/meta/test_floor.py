# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is least supported is set in one place; everything else that says it must agree."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.core_version import check_core
from packaging.specifiers import SpecifierSet
from packaging.version import Version

import lanes
from meta.repo import load, read

# The places: ansible-core in meta/runtime.yml, ansible.windows in galaxy.yml; no file of Ansible names a Python.
CORES: t.Final = SpecifierSet(load("meta/runtime.yml")["requires_ansible"])
MINORS: t.Final = sorted({Version(each.version).release[:2] for each in CORES})
# The least patch level of each minor version of which not every one will do, the floor first.
LEAST: t.Final = [next(f"{a}.{b}.{patch}" for patch in range(99) if f"{a}.{b}.{patch}" in CORES) for a, b in MINORS]
WINDOWS: t.Final = re.fullmatch(r">=(\d+\.\d+\.\d+)", load("galaxy.yml")["dependencies"]["ansible.windows"])
PYTHON: t.Final = "3.10"
# As texts and tables write it: "ansible-core 2.16.14, 2.17.7 or newer", "| Python | 3.10 or newer |", "Python >= 3.10".
_OR_NEWER: t.Final = r"(?: on the controller)?\W{1,4}((?:[\d.]+, )*[\d.]+ or newer|>= ?[\d.]+)"


@pytest.fixture(name="core")
def _core() -> str:
    return ".".join(LEAST[0].split(".")[:2])


@pytest.mark.parametrize("name", ["README.md", "docs/docsite/rst/guide_activation.rst"])
def test_texts_say_the_floor(name: str) -> None:
    text = " ".join(read(name).split())
    assert set(re.findall(rf"ansible-core{_OR_NEWER}", text)) == {f"{', '.join(LEAST)} or newer"}
    assert set(re.findall(rf"Python{_OR_NEWER}", text)) <= {f"{PYTHON} or newer", f">= {PYTHON}"}


def test_the_floor_has_a_fix_of_each_minor_version() -> None:
    """CVE-2024-11079, by the changelogs of ansible-core; below, no mark of ours would last."""
    assert LEAST == ["2.16.14", "2.17.7", "2.18.1"]


@pytest.mark.parametrize("version", [*LEAST, "2.19.0", "2.30.0"])
def test_what_ansible_only_warns_of_is_refused(version: str) -> None:
    check_core(version)
    *minor, patch = version.split(".")
    if version in LEAST:
        with pytest.raises(RasError):
            check_core(".".join([*minor, str(int(patch) - 1)]))


def test_the_tests_with_payloads_run_with_each_of_them() -> None:
    assert list(lanes.CORES) == LEAST
    for version in LEAST:
        for suffix, line in ((".in", f"ansible-core=={version}"), (".txt", f"ansible-core=={version} \\")):
            assert line in read(f"tests/locks/core-{version}{suffix}").splitlines()


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


def test_tools_hold_the_code_to_the_floor() -> None:
    settings = read("pyproject.toml")
    assert f'target-version = "py{PYTHON.replace(".", "")}"' in settings
    assert f'python_version = "{PYTHON}"' in settings
    assert load("roles/ras/meta/main.yml")["galaxy_info"]["min_ansible_version"] == LEAST[0]


def test_versions_agree() -> None:
    version = load("galaxy.yml")["version"]
    assert version in read("README.md")
