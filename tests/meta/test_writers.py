# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the controller have one writer, and texts that leave have one place for each channel."""

from __future__ import annotations

import ast
import typing as t
from pathlib import Path

import pytest

from meta.repo import ROOT

PLUGINS: t.Final = ROOT / "plugins"
WRITER: t.Final = "plugin_utils/_files.py"
CHANGES: t.Final = frozenset(
    {"chmod", "chown", "copy", "copy2", "copyfile", "fchmod", "link", "makedirs", "mkdir", "mkdtemp", "mkfifo", "mknod"}
    | {"mkstemp", "move", "rename", "replace", "rmdir", "rmtree", "symlink", "truncate", "unlink", "write_bytes"}
    | {"write_text", "NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory"}
)
MODULES: t.Final = frozenset({"os", "shutil", "tempfile", "pathlib"})
# Who changes files besides the writer, and why.
EXCEPTIONS: t.Final = {
    ("plugin_utils/_action/ledger.py", "open"): "ledgers in the folder of the run, which only its owner can enter",
    ("plugin_utils/_upgrade/backup.py", "unlink"): "old exports of its own name, and regular files only",
}


def changes(source: str) -> set[str]:
    """The calls in a source by which files are changed or made."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = getattr(node.func.value, "id", None) if isinstance(node.func, ast.Attribute) else None
        if name == "open":
            given = [*node.args[1:2], *(word.value for word in node.keywords if word.arg in ("mode", "flags"))]
            text = "".join(ast.unparse(each) for each in given)
            if owner == "os" or set("wax+") & set(text.strip("'")):
                found.add(name)
        elif name in CHANGES and (owner in MODULES or name.startswith(("write_", "mk", "Named", "Temporary"))):
            found.add(name)
    return found


def test_only_the_writer_writes() -> None:
    found = {
        (str(path.relative_to(PLUGINS)), name)
        for path in PLUGINS.rglob("*.py")
        for name in changes(path.read_text("utf-8"))
    }
    assert {each for each in found if each[0] != WRITER} == set(EXCEPTIONS)
    assert {name for file, name in found if file == WRITER} >= {"open", "replace", "mkdir"}


@pytest.mark.parametrize(
    "source",
    [
        "open(path, 'w')",
        "open(path, mode='ab')",
        "open(path, 'r+b')",
        "os.open(path, flags)",
        "os.replace(a, b)",
        "tempfile.mkstemp()",
        "Path(a).write_text('x')",
        "shutil.copyfile(a, b)",
    ],
)
def test_a_way_to_write_is_seen(source: str) -> None:
    assert changes(source)


@pytest.mark.parametrize(
    "source", ["open(path)", "open(path, 'rb')", "text.replace('a', 'b')", "dataclasses.replace(a)"]
)
def test_what_only_reads_is_none(source: str) -> None:
    assert not changes(source)


def test_each_channel_has_its_place() -> None:
    """The places that CONTRIBUTING names hold what they are named for."""
    for file, name in {
        "module_utils/_core/log_text.py": "def log_line(",
        "module_utils/_core/vendor_texts.py": "def quote(",
        "module_utils/_drift/junit.py": "def _clean(",
        "module_utils/_drift/markdown.py": "def _text(",
        "module_utils/_drift/prometheus.py": "def _escaped(",
        "plugin_utils/_drift/html_page.py": "def _finalize(",
    }.items():
        assert name in Path(PLUGINS / file).read_text("utf-8")
        assert f"`plugins/{file}`" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
