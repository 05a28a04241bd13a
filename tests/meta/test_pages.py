# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages name what there is, all of it and nothing else, and their links lead somewhere."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._inventory import BLANK, GROUPS

from meta.repo import CALLBACKS, COLLECTION, INVENTORIES, load, MODULES, PLAYBOOKS, read, ROOT, tracked

README: t.Final = read("README.md")
REPOSITORY: t.Final = load("galaxy.yml")["repository"]
SPECS: t.Final = load("roles/ras/meta/argument_specs.yml")["argument_specs"]
PAGES = [
    path.as_posix()
    for path in tracked(".md", ".rst")
    if path.parts[0] in ("docs", "examples") or len(path.parts) == 1 or path.as_posix() == "tests/lab/README.md"
]
_CONTENTS: t.Final = README.split("\n## Contents\n")[1].split("\n## ")[0]


def _listed(kind: str) -> set[str]:
    """The names in the rows of one kind of the table of contents."""
    rows = re.findall(rf"^\| {kind} \|([^|]*)\|", _CONTENTS, re.MULTILINE)
    return {name.removeprefix(f"{COLLECTION}.") for row in rows for name in re.findall(r"`([\w.]+)`", row)}


def test_the_readme_lists_what_the_collection_holds() -> None:
    assert _listed("module") == set(MODULES)
    # They are the collection's own.
    assert _listed("filter") == set()
    assert _listed("inventory") == set(INVENTORIES)
    assert _listed("callback") == set(CALLBACKS)
    assert _listed("playbook") == {path.stem for path in PLAYBOOKS.glob("[!_]*.yml")}
    assert _listed("role") == {path.name for path in (ROOT / "roles").iterdir()}
    entries = re.search(r"entry points ((?:`\w+`(?:, )?)+)", _CONTENTS)
    assert entries
    assert set(re.findall(r"`(\w+)`", entries[1])) == set(SPECS)


def test_the_readme_lists_every_code_that_can_happen() -> None:
    table = README.split("\n## When it fails\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", table, re.MULTILINE)
    listed = [code for row in rows for code in re.findall(r"`(\w+)`", row)]
    assert len(listed) == len(set(listed))
    assert set(REMEDIES) - set(listed) == set()
    assert set(listed) <= set(REMEDIES)


@pytest.mark.parametrize("page", [page for page in PAGES if not page.startswith("tests/")])
def test_variables_that_a_page_names_exist(page: str) -> None:
    known = set(SPECS["main"]["options"]) | {"ras_licensing_servers", "ras_members"}
    known |= {*GROUPS, *BLANK, "ras_inventory_failure", "ras_farm_tokyo", "ras_farm_osaka", "ras_farms"}
    noted = {"ras_preflight", "ras_license_result", "ras_upgrade_result"}
    named = set(re.findall(r"`(ras_[a-z_]+)\b", read(page)))
    # 'ras_x' means any option in explanations; 'ras_hook_host' is what the role gives to hooks.
    assert named - known - noted <= {"ras_x", "ras_hook_host"}


def test_defaults_in_the_readme_are_the_roles() -> None:
    defaults = load("roles/ras/defaults/main.yml")
    rows = re.findall(r"^\| ((?:`ras_\w+`(?:, )?)+) \| `([^`]*)` \|", README, re.MULTILINE)
    assert len(rows) > 5
    for names, value in rows:
        first = re.findall(r"ras_\w+", names)[0]
        if first != "ras_api_url":  # shown in words
            assert yaml.safe_load(value) == defaults[first], first


@pytest.mark.parametrize("page", PAGES)
def test_links_into_the_repository_lead_somewhere(page: str) -> None:
    text = read(page)
    inside = re.findall(rf"{re.escape(REPOSITORY)}/(?:blob|tree)/main/([\w./-]+)", text)
    relative = [] if page.endswith(".rst") else re.findall(r"\]\((?!https?:|#|mailto:)([\w./-]+)\)", text)
    base = (ROOT / page).parent
    missing = [name for name in inside if not (ROOT / name).exists()]
    missing += [name for name in relative if not (base / name).exists()]
    assert missing == []


def test_paths_that_contributing_names_exist() -> None:
    """Above all the answers to 'Where is it decided?'."""
    tops = "|".join(("changelogs", "docs", "examples", "extensions", "meta", "playbooks", "plugins", "roles", "tests"))
    named = set(re.findall(rf"`((?:{tops})/[\w./-]+)`", read("CONTRIBUTING.md")))
    assert len(named) > 50
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_one_repository_is_named() -> None:
    named = {match for page in PAGES for match in re.findall(r"https://github\.com/fleetops/[\w-]+", read(page))} | {
        load("galaxy.yml")[key].split("/blob/")[0].removesuffix("/issues")
        for key in ("homepage", "issues", "documentation")
    }
    assert named == {REPOSITORY}
