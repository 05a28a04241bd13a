# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One word for one thing, in everything that a user reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meta.repo import read, tracked, tracked_files

# What is not said -> what is.
SYNONYMS = {
    r"\blicen[cs]e servers?\b": "licensing server",
    r"\bactivation server\b": "licensing server",
    r"\btenants?\b": "organization (of farms) or farm",
    r"\bmy account users?\b": "member (of the business account)",
    r"\b(?:business|parallels) users?\b": "member (of the business account)",
    r"\b(?:master|corporate|company|central) accounts?\b": "business account",
    r"\bRAS admin accounts?\b": "RAS administrator",
    r"\bRAS (?:nodes?|machines?)\b": "RAS host",
    r"\bclusters?\b": "farm",
    r"\bsimulators?\b": "lab",
    r"\b(?:wave|rollout) (?:group|batch)(?:es|s)?\b": "wave",
}
_FOLDERS = ("plugins/", "roles/", "playbooks/", "docs/", "examples/", "changelogs/fragments/")


def _texts() -> list[Path]:
    named = {Path("README.md"), Path("CONTRIBUTING.md"), Path("SECURITY.md"), Path("galaxy.yml")}
    found = [path for path in tracked_files() if path.as_posix().startswith(_FOLDERS) or path in named]
    return [path for path in found if path.suffix in {".md", ".rst", ".yml", ".yaml", ".py"}]


@pytest.mark.parametrize("path", _texts(), ids=str)
def test_no_synonyms(path: Path) -> None:
    text = read(path)
    found = [
        f"{match[0]!r}: say {word}" for synonym, word in SYNONYMS.items() for match in re.finditer(synonym, text, re.I)
    ]
    assert found == []


def test_the_texts_are_found() -> None:
    names = {path.as_posix() for path in _texts()}
    assert {"README.md", "roles/ras/meta/argument_specs.yml", "plugins/modules/license.py"} <= names
    assert tracked(".rst", under="docs/")
