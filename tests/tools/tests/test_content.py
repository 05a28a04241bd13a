# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes from outside is what was pinned."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import content
from paths import COLLECTION_PATH, ROOT
from runner import StepFailed


def sha(data: str) -> str:
    return hashlib.sha256(data.encode()).hexdigest()


@pytest.fixture
def published(tmp_path: Path) -> tuple[Path, content.Pin]:
    """A collection of one plugin, published and pinned."""
    entry = {"name": "plugins/a.py", "chksum_sha256": sha("good")}
    files = json.dumps({"files": [entry, {"name": "tests/left-out.sh", "chksum_sha256": "0"}]})
    manifest = json.dumps({"file_manifest_file": {"name": "FILES.json", "chksum_sha256": sha(files)}})
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "a.py").write_text("good")
    (tmp_path / "FILES.json").write_text(files)
    (tmp_path / "MANIFEST.json").write_text(manifest)
    return tmp_path, content.Pin("1.0.0", sha(manifest), "ansible==1", "0")


def test_the_published_files_pass(published: tuple[Path, content.Pin]) -> None:
    content._verify(*published)


@pytest.mark.parametrize("name", ["plugins/a.py", "FILES.json", "MANIFEST.json", "plugins/b.py"])
def test_a_changed_or_added_file_is_refused(published: tuple[Path, content.Pin], name: str) -> None:
    (published[0] / name).write_text("{}")
    with pytest.raises(StepFailed):
        content._verify(*published)


def test_the_link_leads_to_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "COLLECTIONS", tmp_path / "collections")
    content.link_checkout()
    content.link_checkout()
    assert (tmp_path / "collections" / COLLECTION_PATH).resolve() == ROOT


def test_both_lanes_have_a_pin() -> None:
    assert {content.pin(version).version for version in ("3.8.0", "3.3.0")} == {"3.8.0", "3.3.0"}
