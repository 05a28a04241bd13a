# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The architecture is a rule: which rooms there are, who imports whom, and who may touch the outside world."""

from __future__ import annotations

import graphlib
import sys
import typing as t
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meta import rooms
from meta.repo import MODULE_UTILS, PLUGINS

MOST_ROOMS = 9
# Only these make a back end; everybody else gets one and knows its base class.
MAKERS = {"plugin_utils/_action", "plugin_utils/_drift", "plugin_utils/_inventory"}
_BACK_ENDS = {"AutoBackend", "HttpClient", "RasAdmin", "RestBackend", "WinRmBackend"}


def _tables() -> dict[str, set[str]]:
    return {
        "module_utils": set(rooms.MODULE_ROOMS),
        "plugin_utils": set(rooms.CONTROLLER_ROOMS),
    }


@pytest.mark.parametrize("side", rooms.SIDES)
def test_every_room_is_in_the_table_and_is_one(side: str) -> None:
    files = list((PLUGINS / side).rglob("*.py"))
    found = {path.relative_to(PLUGINS / side).with_suffix("").parts[0] for path in files}
    assert found == _tables()[side]
    assert len(found) <= MOST_ROOMS
    for folder in (PLUGINS / side).iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            assert not (folder / "__init__.py").exists(), f"{folder.name}: rooms are namespace packages"
            assert len(list(folder.glob("*.py"))) > 1, f"{folder.name}: a folder of one file is no idea"


def test_no_file_is_taken_for_another() -> None:
    """Ansible's loader takes a folder before the file of its name, and tools take ``http.py`` for Python's ``http``."""
    for side in rooms.SIDES:
        for path in (PLUGINS / side).rglob("*.py"):
            assert not path.with_suffix("").is_dir(), path
            assert path.stem not in sys.stdlib_module_names, path


def test_no_arrow_but_those_of_the_table() -> None:
    """``pytest -s`` shows the rooms and their arrows."""
    found = rooms.arrows(PLUGINS)
    for here in sorted({here for here, _there in found}):
        sys.stdout.write(f"{here} -> {', '.join(sorted(there for each, there in found if each == here))}\n")
    assert ("plugin_utils/_action", "module_utils/_core") in found
    assert rooms.forbidden(found) == []
    assert set(rooms.EXCEPTIONS) <= found, "an exception that nobody needs any more"


def test_there_is_no_circle() -> None:
    graph: dict[str, set[str]] = {}
    for here, there in rooms.arrows(PLUGINS) - set(rooms.EXCEPTIONS):
        graph.setdefault(here, set()).add(there)
    assert list(graphlib.TopologicalSorter(graph).static_order())


def test_only_the_back_ends_touch_the_outside_world() -> None:
    assert rooms.impurities(MODULE_UTILS) == set(rooms.PURITY_EXCEPTIONS)


def test_back_ends_are_made_in_few_rooms() -> None:
    for path in sorted(PLUGINS.rglob("*.py")):
        room = rooms.room_of(path.relative_to(PLUGINS).with_suffix("").parts)
        if room not in MAKERS:
            assert not rooms.called(path) & _BACK_ENDS, path


@given(data=st.data())
def test_an_arrow_that_the_table_does_not_know_is_red(data: st.DataObject) -> None:
    """Any two rooms: the arrow is red exactly where the table does not have it."""
    everywhere = [f"{side}/{name}" for side, names in sorted(_tables().items()) for name in sorted(names)]
    here, there = data.draw(st.sampled_from(everywhere)), data.draw(st.sampled_from(everywhere))
    problems = rooms.forbidden({(here, there)})
    assert bool(problems) == (there not in rooms.allowed(here))
    if here.startswith("module_utils") and there.startswith("plugin_utils"):
        assert problems, "the pure side imports nothing of the controller's side"
    assert rooms.forbidden({(here, data.draw(st.sampled_from(sorted(rooms.ENTRY_POINTS))))}) or here.endswith("_action")


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        (f"from {rooms.PACKAGE}.plugin_utils._fleet.view import outcomes", "plugin_utils/_fleet"),
        (f"from {rooms.PACKAGE}.plugin_utils._fleet import view", "plugin_utils/_fleet"),
        (f"from {rooms.PACKAGE}.plugin_utils._upgrade import backup as _backup", "plugin_utils/_upgrade"),
        (f"def late():\n    from {rooms.PACKAGE}.action import license", "action"),
        (f"import {rooms.PACKAGE}.plugin_utils._fleet.view", "plugin_utils/_fleet"),
    ],
)
def test_every_way_to_import_is_seen(tmp_path: Path, line: str, seen: str) -> None:
    _write(tmp_path / "module_utils/_core/x.py", line)
    assert rooms.arrows(tmp_path) == {("module_utils/_core", seen)}
    assert len(rooms.forbidden(rooms.arrows(tmp_path))) == 1


@pytest.mark.parametrize(
    ("line", "used"),
    [
        ("import os.path", "os"),
        ("from time import sleep", "time"),
        ("import datetime\ndatetime.datetime.now()", "now()"),
        ("x = open('f')", "open()"),
        ("import urllib3.util", "urllib3"),
    ],
)
def test_every_way_out_is_seen(tmp_path: Path, line: str, used: str) -> None:
    _write(tmp_path / "_core/x.py", line)
    _write(tmp_path / "_backends/x.py", line)
    assert rooms.impurities(tmp_path) == {("_core/x.py", used)}


def _write(path: Path, text: t.Any) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
