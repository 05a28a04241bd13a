# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at a file beforehand says what writing it will say, and changes nothing."""

from __future__ import annotations

import os
import pathlib
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils import _files

_ROOT: t.Final = os.geteuid() == 0
_FORBIDDEN: t.Final = "the user that runs Ansible may not write there"


def _said(do: t.Callable[[str], None], path: pathlib.Path) -> str:
    try:
        do(str(path))
    except _files.NotWritten as exc:
        return str(exc)
    return ""


def _make(path: pathlib.Path, kind: str) -> None:
    if kind == "file":
        path.write_text("old")
    elif kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        path.with_name("target").write_text("old")
        path.symlink_to("target")
    elif kind == "link to nowhere":
        path.symlink_to("gone")
    elif kind == "circle":
        path.symlink_to(path.name)


def _nodes(folder: pathlib.Path) -> list[tuple[str, int, int]]:
    found = [(path, path.lstat()) for path in [folder, *sorted(folder.rglob("*"))]]
    return [(str(path), seen.st_mode, seen.st_mtime_ns) for path, seen in found]


@pytest.mark.parametrize("kind", ["missing", "file", "folder", "link", "link to nowhere", "circle", "fifo"])
@pytest.mark.parametrize("below", ["", "new", "new/deep/er"])
def test_a_look_beforehand_says_what_writing_will_say(tmp_path: pathlib.Path, kind: str, below: str) -> None:
    place = tmp_path / "x"
    _make(place, kind)
    path = place / below if below else place
    before = _nodes(tmp_path)
    foretold = _said(_files.check, path)
    assert _nodes(tmp_path) == before
    if kind != "fifo" or below:  # whether it has a reader is only seen when it is written
        assert _said(lambda name: _files.write(name, b"new"), path) == foretold
    else:
        assert foretold == ""


@pytest.mark.parametrize("path", ["/", "/dev/null/x", "/etc/hostname/x/y", "a\0b"])
def test_what_can_be_no_file_is_said(path: str) -> None:
    assert _said(_files.check, pathlib.Path(path))


def test_a_device_is_one_that_can_be_written() -> None:
    assert _said(_files.check, pathlib.Path("/dev/null")) == ""


@pytest.mark.skipif(_ROOT, reason="root may write everywhere")
@pytest.mark.parametrize("below", ["x", "new/x"])
def test_a_folder_that_is_not_ours_is_seen(tmp_path: pathlib.Path, below: str) -> None:
    tmp_path.chmod(0o500)
    assert _said(_files.check, tmp_path / below) == _FORBIDDEN


@pytest.mark.parametrize("below", ["x", "new/x"])
def test_the_user_that_counts_is_the_one_that_writes(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    asked: list[t.Any] = []

    def access(path: str, mode: int, **more: t.Any) -> bool:
        asked.append((path, mode, more["effective_ids"]))
        return False

    monkeypatch.setattr(os, "access", access)
    assert _said(_files.check, tmp_path / below) == _FORBIDDEN
    assert asked == [(".", os.W_OK | os.X_OK, True)]


def test_a_path_of_the_controller_counts_from_where_ansible_was_started(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/alice")
    assert _files.controller_path("a/../b") == str(tmp_path / "b")
    assert _files.controller_path("~/b") == "/home/alice/b"
    assert _files.controller_path("/b") == "/b"
