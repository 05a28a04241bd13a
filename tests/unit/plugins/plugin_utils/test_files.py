# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one writer of files: whatever lies at a path, only a regular file is replaced, and nothing else is touched."""

from __future__ import annotations

import hashlib
import os
import pathlib
import socket
import stat
import tempfile
import threading
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils import _files
from hypothesis import given, HealthCheck, settings
from hypothesis import strategies as st

NEW, OLD = b"the new content\n", b"the old content\n"
ROOT = os.geteuid() == 0
# Numbers of users that need not exist.
ALICE, MALLORY = 64001, 64002
KINDS = ["missing", "file", "folder", "fifo", "read fifo", "character", "block", "socket", "hard link"]


def _snapshot(folder: pathlib.Path) -> dict[str, tuple[t.Any, ...]]:
    """Each node below a folder, with all that another one would not have."""
    found: dict[str, tuple[t.Any, ...]] = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        seen = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(seen.st_mode) else None
        found[str(path.relative_to(folder))] = (seen.st_ino, seen.st_mode, seen.st_uid, seen.st_rdev, content)
    return found


def _make(path: pathlib.Path, kind: str) -> None:
    if kind == "file":
        path.write_bytes(OLD)
    elif kind == "hard link":
        path.write_bytes(OLD)
        os.link(path, path.with_name("other name"))
    elif kind == "folder":
        path.mkdir()
    elif kind in ("fifo", "read fifo"):
        os.mkfifo(path)
    elif kind == "character":
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))  # as /dev/null
    elif kind == "block":
        os.mknod(path, stat.S_IFBLK | 0o660, os.makedev(7, 250))
    elif kind == "socket":
        folder = os.open(path.parent, os.O_RDONLY)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(f"/proc/self/fd/{folder}/{path.name}")  # the path of a socket has 108 bytes at most
        os.close(folder)


class Reader:
    """Reads a FIFO as long as it is entered."""

    def __init__(self, path: pathlib.Path) -> None:
        self.content = b""
        self._handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *exc_info: object) -> None:
        os.set_blocking(self._handle, True)
        self._thread.start()
        self._thread.join(10)
        os.close(self._handle)

    def _read(self) -> None:
        while chunk := os.read(self._handle, 65536):
            self.content += chunk


class World(t.NamedTuple):
    """What lies at a path, who made it, and how it is reached.

    :ivar links: how many links lead to it, one to the next; all but the last are in the folder of the first.
    :ivar owners: of the links, of their folder, of what is there, of its folder.
    :ivar modes: of the folder of the links, of what is there, of its folder.
    """

    kind: str
    links: int
    owners: tuple[int, int, int, int]
    modes: tuple[int, int, int]
    secret: bool


USERS = st.sampled_from([0, 0, ALICE, ALICE, MALLORY])
FOLDERS = st.sampled_from([0o755, 0o755, 0o700, 0o775, 0o757, 0o1777])
WORLDS = st.builds(
    World,
    st.sampled_from(KINDS),
    st.integers(0, 2),
    st.tuples(USERS, USERS, USERS, USERS) | st.sampled_from([(ALICE,) * 4, (0,) * 4]),
    st.tuples(FOLDERS, st.sampled_from([0o644, 0o644, 0o600, 0o664, 0o646]), FOLDERS) | st.just((0o755, 0o644, 0o755)),
    st.booleans(),
)


def _expected(world: World) -> str:
    """What must become of it, by the words of the documentation."""
    if world.links:
        shared = [mode & 0o022 for mode in (world.modes[0], world.modes[2])]
        if world.kind in ("file", "hard link"):
            shared.append(world.modes[1] & 0o022)
        one_user = len(set(world.owners) - {0}) <= 1
        if world.secret or world.kind == "missing" or any(shared) or not one_user:
            return "refused"
    if world.kind in ("missing", "file", "hard link"):
        return "replaced"
    return "written" if world.kind in ("read fifo", "character") and not world.secret else "refused"


def _build(folder: pathlib.Path, world: World) -> tuple[pathlib.Path, pathlib.Path]:
    """Make it. Returns the path to write to, and where it leads."""
    here, there = folder / "here", folder / "there"
    here.mkdir()
    there.mkdir()
    target = there / "report"
    _make(target, world.kind)
    path = target
    for number in range(world.links):
        link = here / f"link{number}"
        link.symlink_to(path if number else os.path.relpath(path, here))
        os.lchown(link, world.owners[0], 0)
        path = link
    if world.kind != "missing":
        os.chown(target, world.owners[2], 0)
        if world.kind in ("file", "hard link"):
            target.chmod(world.modes[1])
    for each, owner, mode in ((here, world.owners[1], world.modes[0]), (there, world.owners[3], world.modes[2])):
        os.chown(each, owner, 0)
        each.chmod(mode)
    return path, target


def _arrives(temporary: str) -> None:
    pathlib.Path(temporary).write_bytes(NEW)


def _write(path: pathlib.Path, secret: bool) -> None:
    if secret:
        _files.fetch(str(path), _arrives, lambda _file: None)
    else:
        _files.write(str(path), NEW)


@pytest.fixture(name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> t.Callable[[], pathlib.Path]:
    base = tmp_path_factory.mktemp("worlds")
    return lambda: pathlib.Path(tempfile.mkdtemp(dir=base))


@pytest.mark.skipif(not ROOT, reason="only root makes devices and files of other users")
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(world=WORLDS)
def test_only_a_regular_file_is_replaced_and_nothing_else_changes(
    folder: t.Callable[[], pathlib.Path], world: World
) -> None:
    root = folder()
    path, target = _build(root, world)
    before = _snapshot(root)
    expected, said, reader = _expected(world), "", None
    try:
        if world.kind == "read fifo":
            with Reader(target) as reader:
                _write(path, world.secret)
        else:
            _write(path, world.secret)
    except _files.NotWritten as exc:
        said = str(exc)
    assert bool(said) == (expected == "refused"), (world, said)
    after = _snapshot(root)
    written = "there/report"
    if expected == "replaced":
        _inode, mode, _owner, _device, content = after.pop(written)
        old = before.pop(written, None)
        assert content == NEW
        assert stat.S_IMODE(mode) == (0o600 if world.secret else stat.S_IMODE(old[1]) if old else mode & 0o666)
    # The name is another file now; what else was there is the same node with the same content.
    assert {name: node for name, node in after.items() if name != written} == {
        name: node for name, node in before.items() if name != written
    }
    assert after.get(written) == before.get(written)
    assert reader is None or reader.content == (NEW if expected == "written" else b"")


@pytest.mark.skipif(not ROOT, reason="only root makes links of other users")
@pytest.mark.parametrize("secret", [False, True])
@pytest.mark.parametrize(
    ("owner", "mode", "target_mode", "follows"),
    [
        (0, 0o755, 0o755, True),
        (0, 0o755, 0o1777, True),  # as /tmp, where that is a link
        (ALICE, 0o755, 0o755, True),
        (0, 0o755, 0o777, False),
        (0, 0o1777, 0o755, False),
        (0, 0o775, 0o755, False),
        (MALLORY, 0o755, 0o755, False),
    ],
)
def test_a_link_on_the_way_is_followed_where_nobody_else_can_have_put_it(
    tmp_path: pathlib.Path, owner: int, mode: int, target_mode: int, follows: bool, secret: bool
) -> None:
    shelf, target = tmp_path / "shelf", tmp_path / "target"
    shelf.mkdir()
    target.mkdir()
    (shelf / "reports").symlink_to(target)
    os.lchown(shelf / "reports", owner, 0)
    if owner == ALICE:
        os.chown(shelf, ALICE, 0)
    if owner == MALLORY:
        os.chown(shelf, ALICE, 0)
    shelf.chmod(mode)
    target.chmod(target_mode)
    before = _snapshot(tmp_path)
    if follows:
        _write(shelf / "reports" / "new" / "report", secret)
        assert (target / "new" / "report").read_bytes() == NEW
    else:
        with pytest.raises(_files.NotWritten, match="the link 'reports' on the way is followed only where"):
            _write(shelf / "reports" / "new" / "report", secret)
        assert _snapshot(tmp_path) == before


@pytest.mark.skipif(not ROOT, reason="only root makes devices")
def test_the_rule_of_devices_holds_for_the_ones_of_the_machine(tmp_path: pathlib.Path) -> None:
    before = os.lstat("/dev/null")
    _files.write("/dev/null", NEW)
    after = os.lstat("/dev/null")
    assert (after.st_ino, after.st_rdev, after.st_mode) == (before.st_ino, before.st_rdev, before.st_mode)
    full = tmp_path / "full"
    os.mknod(full, stat.S_IFCHR | 0o666, os.makedev(1, 7))
    with pytest.raises(_files.NotWritten, match="No space left"):
        _files.write(str(full), NEW)
    assert stat.S_ISCHR(full.lstat().st_mode)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("folder", "expected a regular file, a character device or a FIFO, observed a folder"),
        ("fifo", "expected a FIFO that somebody reads, observed one without a reader"),
        ("socket", "observed a socket"),
        pytest.param("block", "observed a block device", marks=pytest.mark.skipif(not ROOT, reason="only root")),
    ],
)
def test_what_is_refused_is_named(tmp_path: pathlib.Path, kind: str, says: str) -> None:
    _make(tmp_path / "report", kind)
    with pytest.raises(_files.NotWritten, match=says):
        _files.write(str(tmp_path / "report"), NEW)


def test_links_in_a_circle_and_to_nowhere_are_refused(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "c").symlink_to("nowhere")
    (tmp_path / "root").symlink_to("/")
    before = _snapshot(tmp_path)
    for name, says in (("a", "too many links"), ("c", "not there"), ("root", "root folder"), ("c/x", "not there")):
        with pytest.raises(_files.NotWritten, match=says):
            _files.write(str(tmp_path / name), NEW)
    assert _snapshot(tmp_path) == before


def test_a_reader_that_takes_nothing_is_not_waited_for(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_files, "_STALLED_SECONDS", 0.01)
    os.mkfifo(tmp_path / "fifo")
    reader = os.open(tmp_path / "fifo", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(_files.NotWritten, match="took nothing"):
        _files.write(str(tmp_path / "fifo"), b"x" * 10_000_000)
    os.close(reader)


def test_a_reader_gets_more_than_a_pipe_holds(tmp_path: pathlib.Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    content = os.urandom(3_000_000)
    writer = threading.Thread(target=_files.write, args=(str(tmp_path / "fifo"), content))
    handle = os.open(tmp_path / "fifo", os.O_RDONLY | os.O_NONBLOCK)
    writer.start()
    os.set_blocking(handle, True)
    got = b""
    while len(got) < len(content) and ((chunk := os.read(handle, 65536)) or writer.is_alive()):
        got += chunk
    writer.join(10)
    os.close(handle)
    assert hashlib.sha256(got).digest() == hashlib.sha256(content).digest()


def test_what_was_put_there_meanwhile_is_not_replaced(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "export"

    def download(temporary: str) -> None:
        pathlib.Path(temporary).write_bytes(NEW)
        os.mkfifo(path)

    with pytest.raises(_files.NotWritten, match="observed a FIFO"):
        _files.fetch(str(path), download, lambda _file: None)
    assert stat.S_ISFIFO(path.lstat().st_mode)
    assert [each.name for each in tmp_path.iterdir()] == ["export"]


def test_a_link_in_the_place_of_the_new_file_is_not_followed(tmp_path: pathlib.Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(OLD)

    def download(temporary: str) -> None:
        os.unlink(temporary)
        os.symlink(other, temporary)

    with pytest.raises(_files.NotWritten):
        _files.fetch(str(tmp_path / "export"), download, lambda _file: None)
    assert (other.read_bytes(), stat.S_IMODE(other.stat().st_mode) & 0o044) == (OLD, 0o044 & ~_umask())
    assert [each.name for each in tmp_path.iterdir()] == ["other"]


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_a_download_has_no_name_where_others_may_write(tmp_path: pathlib.Path) -> None:
    seen: list[str] = []

    def download(path: str) -> None:
        seen.append(path)
        pathlib.Path(path).write_bytes(NEW)

    _files.fetch(str(tmp_path / "export"), download, lambda _file: None)
    assert (tmp_path / "export").read_bytes() == NEW
    assert tmp_path not in pathlib.Path(seen[0]).parents
    assert not os.path.exists(seen[0])


@pytest.mark.parametrize("path", ["/tmp/a\0b", "/tmp/\ud800"])
def test_what_is_no_path_is_not_written(path: str) -> None:
    with pytest.raises(_files.NotWritten, match="no path"):
        _files.write(path, NEW)


def test_a_report_keeps_its_owner(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(OLD)
    if os.geteuid() == 0:
        os.chown(path, 12345, 12346)
    owner = path.stat().st_uid, path.stat().st_gid
    _files.write(str(path), NEW)
    assert (path.stat().st_uid, path.stat().st_gid) == owner
    assert path.read_bytes() == NEW


class TestIdentity:
    """Two paths to one file are one."""

    @given(st.data())
    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_drawn_routes(self, folder: t.Callable[[], pathlib.Path], data: st.DataObject) -> None:
        root = folder()
        (root / "real").mkdir()
        (root / "real" / "file").write_bytes(OLD)
        (root / "real" / "other").write_bytes(OLD)
        os.link(root / "real" / "file", root / "hard")
        (root / "folder").symlink_to("real")
        (root / "real" / "soft").symlink_to("../hard")
        (root / "to missing").symlink_to("real/missing/report")
        prefix = st.lists(st.sampled_from(["./", "real/../", "folder/../", "//", "real/./../"]), max_size=4).map(
            "".join
        )
        routes = {
            "file": ["real/file", "hard", "folder/file", "real/soft", "folder/soft"],
            "other": ["real/other", "folder/other"],
            "missing": ["real/missing/report", "folder/missing/report", "to missing"],
            "missing too": ["real/missing/report2", "folder/missing/report2"],
        }
        one, two = (data.draw(st.sampled_from(sorted(routes))) for _number in range(2))
        paths = [f"{root}/{data.draw(prefix)}{data.draw(st.sampled_from(routes[each]))}" for each in (one, two)]
        assert (_files.identity(paths[0]) == _files.identity(paths[1])) is (one == two), paths

    def test_a_device_is_one_whatever_its_node(self, tmp_path: pathlib.Path) -> None:
        if not ROOT:
            pytest.skip("only root makes devices")
        _make(tmp_path / "null", "character")
        assert _files.identity(str(tmp_path / "null")) == _files.identity("/dev/null") != _files.identity("/dev/zero")
