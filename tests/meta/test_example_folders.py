# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventories of examples/ load, and activation and rollout can be planned with them; AWX finds each playbook."""

from __future__ import annotations

import json
import shutil
import typing as t
from pathlib import Path

import pytest

from counts import count
from meta.repo import COLLECTION, load, ROOT
from meta.sandbox import beside_a_lab, in_check_mode

# Held to what they are in a file of their own.
APART: t.Final = {"awx", "ci", "connections"}
EXAMPLES: t.Final[dict[str, dict[str, t.Any]]] = load("tests/meta/blocks.yml")["examples"]


def test_every_example_is_run() -> None:
    assert {path.name for path in (ROOT / "examples").iterdir() if path.is_dir()} == {*EXAMPLES, *APART}


@pytest.mark.parametrize("name", [name for name in EXAMPLES if "inventory" not in EXAMPLES[name]])
def test_an_example_loads_and_plans(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    with beside_a_lab(tmp_path, example["world"]) as sandbox:
        shutil.copytree(ROOT / "examples" / name, sandbox.folder, dirs_exist_ok=True)
        rc, output = sandbox.run("ansible-inventory -i inventory.yml --list")
        assert rc == 0, output
        inventory = json.loads(output)
        servers = _hosts(inventory, "ras_licensing_servers")
        members = _hosts(inventory, "ras_members") if "ras_members" in inventory else set()
        assert servers | members == {
            host for host in inventory["_meta"]["hostvars"] if "ras_farm" in _vars(inventory, host)
        }
        for playbook in ("activate", "rollout"):
            rc, output = in_check_mode(sandbox, playbook)
            shows = example["shows"] if playbook == "activate" else example["rollout"]
            assert rc == (2 if " 0 not as wanted" not in shows[0] else 0), output
            assert [text for text in shows if text not in output] == [], output
            assert "[WARNING]" not in output
    count("example", f"examples/{name}")


@pytest.mark.parametrize("name", [name for name in EXAMPLES if "inventory" in EXAMPLES[name]])
def test_an_example_asks_its_farms_and_plans(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    with beside_a_lab(tmp_path, example["world"]) as sandbox:
        shutil.copytree(ROOT / "examples" / name, sandbox.folder, dirs_exist_ok=True)
        # As examples/README.md says: the file of examples becomes the vault.
        (vault,) = sandbox.folder.rglob("vault.example.yml")
        vault.rename(vault.with_name("vault.yml"))
        file = example["inventory"]
        sandbox.write_with_addresses(file, (sandbox.folder / file).read_text("utf-8"))
        rc, output = sandbox.run(f"ansible-inventory -i {file} --list")
        assert rc == 0, output
        inventory = json.loads(output)
        assert _hosts(inventory, "ras_licensing_servers") | _hosts(inventory, "ras_members") == set(sandbox.addresses)
        rc, output = sandbox.run(f"ansible-playbook -i {file} {COLLECTION}.activate --check --diff")
        assert rc == 0, output
        assert [text for text in example["shows"] if text not in output] == [], output
        assert "[WARNING]" not in output
    count("example", f"examples/{name}")


def _hosts(inventory: dict[str, t.Any], group: str) -> set[str]:
    found = inventory[group]
    return set(found.get("hosts", [])).union(*(_hosts(inventory, child) for child in found.get("children", [])))


def _vars(inventory: dict[str, t.Any], host: str) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", inventory["_meta"]["hostvars"][host])
