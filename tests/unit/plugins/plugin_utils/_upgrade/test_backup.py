# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of exported settings on the controller: whole or not there, for their owner only, and old ones go."""

from __future__ import annotations

import datetime as dt
import hashlib
import ntpath
import os
import pathlib
import re
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade import backup as _backup

CONTENT = b"the settings of a farm"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PREFIX = "tokyo-ras-settings-"


def _writes(content: bytes, mode: int | None = None) -> t.Callable[[str], None]:
    def download(path: str) -> None:
        pathlib.Path(path).write_bytes(content)
        if mode is not None:
            os.chmod(path, mode)

    return download


def _breaks(error: Exception) -> t.Callable[[str], None]:
    def download(path: str) -> None:
        pathlib.Path(path).write_bytes(CONTENT[:4])
        raise error

    return download


def _files(folder: pathlib.Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _mode(path: pathlib.Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_plain_label_is_the_beginning_of_the_name() -> None:
    assert _backup.prefix_of("tokyo-1.example_com") == "tokyo-1.example_com-ras-settings-"


@pytest.mark.parametrize(
    "label", ["東京", "../../etc/cron", "a/b", "a\\b", "a:b", "C:\\x", "a b", "..", ".", "a\0b", "\udc80", "*?"]
)
def test_other_labels_become_harmless_and_stay_apart(label: str) -> None:
    prefix = _backup.prefix_of(label)
    assert re.fullmatch(r"[A-Za-z0-9._-]+", prefix)
    assert not prefix.startswith(".")
    name = _backup.name_of(prefix, dt.datetime.now(dt.timezone.utc))
    assert os.path.basename(name) == ntpath.basename(name) == name
    assert prefix != _backup.prefix_of(label + "!")
    assert prefix != _backup.prefix_of(re.sub(r"[^A-Za-z0-9_-]", "_", label))


def test_labels_of_other_characters_are_distinguished() -> None:
    assert len({_backup.prefix_of(label) for label in ("東京", "大阪", "__", "_/")}) == 4


def test_names_are_in_utc_and_sort_by_time() -> None:
    zone = dt.timezone(dt.timedelta(hours=9))
    assert _backup.name_of(PREFIX, dt.datetime(2027, 1, 2, 3, 4, 5, tzinfo=zone)) == f"{PREFIX}20270101T180405Z.dat2"
    first = dt.datetime(2027, 9, 30, 23, 59, 59, tzinfo=dt.timezone.utc)
    names = [_backup.name_of(PREFIX, first + dt.timedelta(seconds=number)) for number in range(3)]
    assert names == sorted(names)


def test_a_file_arrives_whole_for_its_owner_only(tmp_path: pathlib.Path) -> None:
    target = tmp_path / "new" / "folder" / "a.dat2"
    _backup.fetch(_writes(CONTENT, 0o644), str(target), SHA256.upper())
    assert target.read_bytes() == CONTENT
    assert (_mode(target), _mode(target.parent)) == (0o600, 0o700)
    assert _files(target.parent) == ["a.dat2"]


def test_the_mode_of_a_folder_that_is_there_is_left_alone(tmp_path: pathlib.Path) -> None:
    tmp_path.chmod(0o755)
    _backup.fetch(_writes(CONTENT), str(tmp_path / "a.dat2"), SHA256)
    assert _mode(tmp_path) == 0o755


@pytest.mark.parametrize(
    "download",
    [_writes(b"something else"), _writes(b""), _breaks(OSError(28, "No space left on device"))],
    ids=["other content", "nothing", "disk full"],
)
def test_what_does_not_arrive_whole_does_not_arrive(tmp_path: pathlib.Path, download: t.Callable[[str], None]) -> None:
    target = tmp_path / "a.dat2"
    target.write_bytes(b"an older export")
    with pytest.raises(RasError) as caught:
        _backup.fetch(download, str(target), SHA256)
    assert caught.value.code == "backup_failed"
    assert target.read_bytes() == b"an older export"
    assert _files(tmp_path) == ["a.dat2"]


def test_a_wrong_sum_names_both(tmp_path: pathlib.Path) -> None:
    with pytest.raises(RasError, match=SHA256) as caught:
        _backup.fetch(_writes(b"other"), str(tmp_path / "a.dat2"), SHA256)
    assert hashlib.sha256(b"other").hexdigest() in caught.value.message


@pytest.mark.parametrize("error", [RasError("backup_failed", "No."), KeyboardInterrupt(), RuntimeError("of a library")])
def test_nothing_is_left_behind_whatever_happens(tmp_path: pathlib.Path, error: Exception) -> None:
    with pytest.raises(type(error)):
        _backup.fetch(_breaks(error), str(tmp_path / "a.dat2"), SHA256)
    assert _files(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_a_failed_backup(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(RasError) as caught:
        _backup.fetch(_writes(CONTENT), str(tmp_path / "file" / "a.dat2"), SHA256)
    assert caught.value.code == "backup_failed"
    assert str(tmp_path / "file") in caught.value.message


FOREIGN = [
    "osaka-ras-settings-20270101T000000Z.dat2",
    "tokyo-ras-settings-20270101T000000Z.dat2.bak",
    "tokyo-ras-settings-old.dat2",
    "tokyo-ras-settings-x-ras-settings-20270101T000000Z.dat2",
    "x-tokyo-ras-settings-20270101T000000Z.dat2",
    "notes.txt",
    ".ras-abc",
]


@pytest.mark.parametrize("keep", [1, 2, 5, 6])
def test_the_newest_of_our_files_stay_and_foreign_ones_are_not_touched(tmp_path: pathlib.Path, keep: int) -> None:
    ours = [f"{PREFIX}2027010{day}T000000Z.dat2" for day in range(1, 6)]
    for name in [*ours[::-1], *FOREIGN]:
        (tmp_path / name).write_text("x", encoding="utf-8")
    removed, left = _backup.retain(str(tmp_path), PREFIX, keep)
    gone = ours[: max(0, 5 - keep)]
    assert ([os.path.basename(path) for path in removed], left) == (gone, [])
    assert all(os.path.isabs(path) for path in removed)
    assert _files(tmp_path) == sorted([*FOREIGN, *ours[len(gone) :]])


def test_a_file_that_cannot_be_removed_is_reported_and_not_a_failure(tmp_path: pathlib.Path) -> None:
    names = [f"{PREFIX}2027010{day}T000000Z.dat2" for day in range(1, 4)]
    (tmp_path / names[0]).mkdir()  # unlink refuses a folder, for root too
    for name in names[1:]:
        (tmp_path / name).write_text("x", encoding="utf-8")
    removed, left = _backup.retain(str(tmp_path), PREFIX, 1)
    assert (removed, left) == ([str(tmp_path / names[1])], [str(tmp_path / names[0])])


@pytest.mark.parametrize("kind", ["link", "fifo"])
def test_what_is_no_file_is_neither_an_export_nor_replaced_by_one(tmp_path: pathlib.Path, kind: str) -> None:
    names = [f"{PREFIX}2027010{day}T000000Z.dat2" for day in range(1, 4)]
    other = tmp_path / "other"
    other.write_bytes(b"of somebody else")
    if kind == "link":
        (tmp_path / names[0]).symlink_to(other)
    else:
        os.mkfifo(tmp_path / names[0])
    before = (tmp_path / names[0]).lstat()
    with pytest.raises(RasError, match="because it may hold secrets") as caught:
        _backup.fetch(_writes(CONTENT), str(tmp_path / names[0]), SHA256)
    assert caught.value.code == "backup_failed"
    for name in names[1:]:
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert _backup.retain(str(tmp_path), PREFIX, 1) == ([str(tmp_path / names[1])], [str(tmp_path / names[0])])
    assert os.path.samestat((tmp_path / names[0]).lstat(), before)
    assert other.read_bytes() == b"of somebody else"
