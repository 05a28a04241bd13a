# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file: its license, its size, what it may import, and what it must not say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meta.repo import read, ROOT, tracked, tracked_files
from meta.rooms import imported

LINES = 400
_SPDX = re.compile(r"SPDX-License-Identifier: (\S+)")
_COPYRIGHT = "Copyright (c) 2026, FleetOps contributors"
_GPL_LINE = (
    "GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)"
)
_BSD_LINE = "Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)"
_SOURCES = {".py", ".ps1", ".yml", ".yaml", ".rst", ".toml", ".sh", ".j2", ".css", ".js"}
# Source files without a license line, and why.
WITHOUT_LICENSE_LINE = {
    "changelogs/changelog.yaml": "written by antsibull-changelog, which drops comments",
    "changelogs/fragments": "each is a few sentences of the changelog, and goes away with the release",
}


def _source_files() -> list[Path]:
    named = {Path("Makefile"), Path(".ci/run")}
    return [path for path in tracked_files() if path.suffix in _SOURCES or path in named]


@pytest.mark.parametrize("path", _source_files(), ids=str)
def test_license_line(path: Path) -> None:
    if {path.as_posix(), path.parent.as_posix()} & set(WITHOUT_LICENSE_LINE):
        return
    head = "\n".join(read(path).splitlines()[:8])
    bsd = path.as_posix().startswith("plugins/module_utils/")
    assert _COPYRIGHT in head
    assert _SPDX.findall(head) == ["BSD-2-Clause" if bsd else "GPL-3.0-or-later"]
    if path.parts[0] == "plugins":
        assert (_BSD_LINE if bsd else _GPL_LINE) in head


def test_license_texts_are_there() -> None:
    assert "Version 3, 29 June 2007" in read("LICENSES/GPL-3.0-or-later.txt")
    assert read("LICENSE") == read("LICENSES/GPL-3.0-or-later.txt")
    assert "Redistribution and use in source and binary forms" in read("LICENSES/BSD-2-Clause.txt")


def test_files_hold_one_idea() -> None:
    """Documentation stubs are one text each and have no limit."""
    checked = [path for path in tracked(".py") if not path.as_posix().startswith("plugins/modules/")]
    assert checked
    long = {path.as_posix(): lines for path in checked if (lines := len(read(path).splitlines())) > LINES}
    assert long == {}


@pytest.mark.parametrize("path", tracked(".py", under="plugins/module_utils/"), ids=str)
def test_module_utils_need_nothing_else(path: Path) -> None:
    """They are BSD licensed and run anywhere; what needs the controller lives in plugin_utils."""
    foreign = ("ansible.plugins", "ansible.errors", "ansible.constants", "ansible.parsing", "ansible.template")
    for name in imported(ROOT / path):
        assert not name.startswith(foreign), name


def test_plugins_do_not_know_the_lab() -> None:
    """Code that knew what it is tested against could behave for the test."""
    product = [
        path
        for top in ("plugins/", "roles/", "playbooks/", "meta/")
        for path in tracked(".py", ".ps1", ".json", ".yml", under=top)
    ]
    assert product
    assert [path.as_posix() for path in product if re.search(r"\braslab\b|\blab\b", read(path), re.IGNORECASE)] == []


def test_the_lab_does_not_know_the_plugins() -> None:
    for path in tracked(".py", under="tests/lab/"):
        assert not [name for name in imported(ROOT / path) if name.startswith("ansible_collections")], path


def test_no_sanity_check_is_ignored() -> None:
    assert list((ROOT / "tests" / "sanity").glob("ignore*")) == []


def _shown(path: Path) -> str:
    """A file as text, also one that is none."""
    return (ROOT / path).read_bytes().decode("utf-8", "replace")


def test_no_file_of_a_machine() -> None:
    """No build product is tracked, and no text names a folder of somebody's machine."""
    built = [path.as_posix() for path in tracked_files() if path.suffix in {".whl", ".gz", ".pyc", ".zip", ".log"}]
    assert built == []
    folder = re.compile(r"(?<![\w.$}~])/(?:root|work|Users)/")
    named = [path.as_posix() for path in tracked_files() if path.suffix != ".txt" and folder.search(_shown(path))]
    assert named == []
