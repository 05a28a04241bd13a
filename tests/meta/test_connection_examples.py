# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""examples/connections: each file has variables that its connection plugin knows, and no secret in the clear."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import winrm

from counts import count
from meta.repo import load, read, ROOT

FILES: t.Final = {path.stem: path for path in sorted((ROOT / "examples" / "connections").glob("*.yml"))}
# Of Ansible itself.
_OF_CORE: t.Final = {"ansible_connection", "ansible_shell_type", "ansible_host_key_checking"}


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    """The variables of each plugin, from its documentation."""
    # What winrm does not know itself it hands to pywinrm.
    handed_on = {f"ansible_winrm_{name}" for name in inspect.signature(winrm.Protocol.__init__).parameters}
    tool = Path(sys.executable).parent / "ansible-doc"
    done = subprocess.run([tool, "-t", "connection", "-j", *FILES], capture_output=True, check=True, text=True)
    return {
        name.rpartition(".")[2]: {
            *(handed_on if name.endswith("winrm") else ()),
            *(variable["name"] for option in plugin["doc"]["options"].values() for variable in option.get("vars", [])),
        }
        for name, plugin in json.loads(done.stdout).items()
    }


def test_each_connection_has_an_example() -> None:
    assert set(FILES) == {"winrm", "psrp", "ssh"}


@pytest.mark.parametrize("name", FILES)
def test_a_connection_knows_each_variable_of_its_example(known: dict[str, set[str]], name: str) -> None:
    variables = load(f"examples/connections/{name}.yml")
    assert variables["ansible_connection"] == name
    assert set(variables) - known[name] - _OF_CORE == set()
    assert len(variables) > 3
    if "ansible_password" in variables:
        assert variables["ansible_password"].startswith("{{ vault_")
    count("example", f"examples/connections/{name}")


@pytest.mark.parametrize("page", ["README.md", "docs/docsite/rst/guide_upgrade.rst", "examples/README.md"])
def test_pages_name_each_connection(page: str) -> None:
    text = read(page)
    assert [name for name in FILES if name not in text] == []
