# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The one writer of files on the controller; it may run as root, in folders in which others may write.

* A regular file, and one that is not there yet, is replaced whole: who reads it sees the old or the new one.
* A character device and a FIFO are written to, and stay. A FIFO that nobody reads is refused, not waited for.
* A link is followed where nobody could have put it there to lead us elsewhere: link, target and their folders belong to
  one user or to root, and nobody else may write in them. A file that may hold secrets is never reached through one that
  is its own name.
* A folder, a block device, a socket and anything else is refused.

Each step of a path is opened relative to the one before and without following links, so that what was judged is what
is used.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import select
import stat
import tempfile
import typing as t

# To go through a folder, one need not be able to list it.
_FOLDER: t.Final = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: t.Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW: t.Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_STREAM: t.Final = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_NOFOLLOW | os.O_CLOEXEC
_OTHERS_WRITE: t.Final = stat.S_IWGRP | stat.S_IWOTH
_MOST_LINKS: t.Final = 40
_CHUNK: t.Final = 1 << 20
# A reader that takes nothing for so long has stopped.
_STALLED_SECONDS: t.Final = 10.0
_KINDS: t.Final = (
    (stat.S_ISREG, "a regular file"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISBLK, "a block device"),
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISLNK, "a link"),
)


class NotWritten(Exception):
    """A file was not written; the text says why, and can follow "cannot be written: "."""


class Identity(t.NamedTuple):
    """What file a path leads to; equal for two paths to one file.

    :param node: device and inode of it, or of its nearest folder that is there.
    :param rest: the names below that folder.
    """

    node: tuple[str, int, int]
    rest: tuple[str, ...] = ()


def controller_path(path: str) -> str:
    """What a user calls a file of the controller, from the root.

    A relative path counts from the folder in which ``ansible-playbook`` is started, ``~`` is the home of its user.
    """
    return os.path.abspath(os.path.expanduser(path))


def identity(path: str) -> Identity:
    """Whatever links, names and mounts a path goes through; nothing is opened.

    :raises OSError: when a folder on the way cannot be looked into.
    """
    place = os.path.realpath(path)
    rest: list[str] = []
    while True:
        try:
            seen = os.stat(place)
            break
        except (FileNotFoundError, NotADirectoryError):
            place, name = os.path.split(place)
            rest.insert(0, name)
    if stat.S_ISCHR(seen.st_mode):
        return Identity(("character device", 0, seen.st_rdev))
    return Identity(("file", seen.st_dev, seen.st_ino), tuple(rest))


def write(path: str, content: bytes) -> None:
    """Write a file that holds no secret; missing folders are made, and the mode of a file that is there is kept.

    :raises NotWritten: for a place that is not written to, or that cannot be.
    """
    with _errors(), _place(path, secret=False) as (folder, name):
        found = _look(folder, name)
        if found is None or stat.S_ISREG(found.st_mode):
            mode = _usual_mode() if found is None else found.st_mode & 0o777
            with _temporary(folder, name) as (handle, temporary):
                _write_all(handle, content)
                if found is not None:
                    with contextlib.suppress(PermissionError):  # only root gives files away
                        os.fchown(handle, found.st_uid, found.st_gid)
                os.fchmod(handle, mode)
                os.fsync(handle)
                _replace(folder, temporary, name)
        elif stat.S_ISCHR(found.st_mode) or stat.S_ISFIFO(found.st_mode):
            _stream(folder, name, found, content)
        else:
            raise NotWritten(_unexpected(found, "a regular file, a character device or a FIFO"))


def check(path: str) -> None:
    """Look whether :func:`write` could write there, as far as that can be seen. Nothing is made, opened or changed.

    Whether a FIFO has a reader by then, and whether the disk has room, only the writing shows.

    :raises NotWritten: as :func:`write` would.
    """
    with _errors(), _place(path, secret=False, make=False) as (folder, name):
        found = _look(folder, name)
        streams = found is not None and (stat.S_ISCHR(found.st_mode) or stat.S_ISFIFO(found.st_mode))
        if found is not None and not streams and not stat.S_ISREG(found.st_mode):
            raise NotWritten(_unexpected(found, "a regular file, a character device or a FIFO"))
        needed = (name, os.W_OK) if streams else (".", os.W_OK | os.X_OK)
        if not os.access(*needed, dir_fd=folder, effective_ids=True):
            raise NotWritten("the user that runs Ansible may not write there")


def fetch(path: str, download: t.Callable[[str], None], check: t.Callable[[t.BinaryIO], None]) -> None:
    """Put a file that may hold secrets in its place, whole and for its owner only; missing folders likewise.

    :param download: writes to the path of a file that is there, empty.
    :param check: reads what arrived, and raises when it is not to be kept.
    :raises NotWritten: for a place that is not written to, or that cannot be.
    """
    with _errors(), _place(path, secret=True) as (folder, name):
        found = _look(folder, name)
        if found is not None and not stat.S_ISREG(found.st_mode):
            raise NotWritten(_unexpected(found, "a regular file, because it may hold secrets"))
        # Who is given a name can be made to write elsewhere by whoever may write in the folder. So the download gets
        # one where nobody else may, and in the folder itself only a handle is written to.
        with tempfile.TemporaryDirectory(prefix="ras-") as own, _temporary(folder, name) as (handle, temporary):
            arrived = os.path.join(own, "file")
            with open(arrived, "xb"):
                pass
            download(arrived)
            with os.fdopen(os.open(arrived, _READ), "rb") as file:
                check(file)
                file.seek(0)
                while chunk := file.read(_CHUNK):
                    _write_all(handle, chunk)
            os.fsync(handle)
            _replace(folder, temporary, name)


@contextlib.contextmanager
def _errors() -> t.Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise NotWritten(exc.strerror or type(exc).__name__) from exc
    except ValueError as exc:  # a null character, or half of one
        raise NotWritten("it is no path") from exc


# -- the way to a file ---------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _place(path: str, *, secret: bool, make: bool = True) -> t.Iterator[tuple[int, str]]:
    """The folder of a file, open, and the name of the file in it, which is no link.

    Without ``make`` the way ends at the first folder that is missing: its own name is the one that is given.

    :param secret: the file's own name must be no link; folders that are made are for their owner only.
    """
    ahead = _names(os.path.abspath(path))
    through: list[os.stat_result] = []  # links that were the file's own name, and their folders
    links = 0
    folder = os.open("/", _FOLDER)
    try:
        while ahead:
            name = ahead.pop()
            found = _look(folder, name)
            if found is not None and stat.S_ISLNK(found.st_mode):
                links += 1
                if links > _MOST_LINKS:
                    raise NotWritten("there are too many links on the way")
                if ahead:
                    _judge_link_to_folder(folder, name, found)
                elif secret:
                    raise NotWritten(_unexpected(found, "a regular file, because it may hold secrets"))
                else:
                    through += [found, os.fstat(folder)]
                target = os.readlink(name, dir_fd=folder)
                ahead += _names(target)
                if target.startswith("/"):
                    folder = _step(folder, "/")
            elif ahead:
                if found is None and not make:
                    yield folder, name
                    return
                if found is None:
                    with contextlib.suppress(FileExistsError):  # another fork was quicker
                        os.mkdir(name, 0o700 if secret else 0o777, dir_fd=folder)
                folder = _step(folder, name)
            else:
                if through:
                    _judge_links_to_file(through, folder, found)
                yield folder, name
                return
        raise NotWritten("it is the root folder")
    finally:
        os.close(folder)


def _names(path: str) -> list[str]:
    """The names in a path, the last one first."""
    return [name for name in reversed(path.split("/")) if name not in ("", ".")]


def _step(folder: int, name: str) -> int:
    """Open the next folder and close the one before."""
    there = os.open(name, _FOLDER, dir_fd=folder)
    os.close(folder)
    return there


def _look(folder: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _judge_link_to_folder(folder: int, name: str, link: os.stat_result) -> None:
    """Refuse a link on the way that somebody else may have put there.

    Where it leads, others may write if nobody can take away what is not their own, as in /tmp.
    """
    try:
        target, above = (os.stat(f"{name}/{part}", dir_fd=folder) for part in (".", ".."))
    except FileNotFoundError:
        raise NotWritten(f"the link '{name}' on the way leads to a folder that is not there") from None
    shared = bool(target.st_mode & stat.S_ISVTX)
    _judge(f"the link '{name}' on the way", [link, os.fstat(folder), target, above], [target] if shared else [])


def _judge_links_to_file(through: t.Sequence[os.stat_result], folder: int, found: os.stat_result | None) -> None:
    if found is None:
        raise NotWritten("it is a link to a file that is not there")
    # Who may write to a device says nothing about who made its node.
    is_file = stat.S_ISREG(found.st_mode)
    _judge("it is a link, which", [*through, os.fstat(folder), found], [] if is_file else [found])


def _judge(subject: str, nodes: t.Sequence[os.stat_result], open_to_others: t.Sequence[os.stat_result]) -> None:
    """Refuse links unless they, their targets and the folders of both belong to one user or root only."""
    owners = {node.st_uid for node in nodes} - {0}
    # The mode of a link means nothing.
    judged = [node for node in nodes if not stat.S_ISLNK(node.st_mode) and node not in open_to_others]
    shared = any(node.st_mode & _OTHERS_WRITE for node in judged)
    if len(owners) > 1 or shared:
        why = "others may write there" if shared else "they belong to several users"
        raise NotWritten(
            f"{subject} is followed only where it, its target and the folders of both belong to one user or root, and "
            f"nobody else may write there; here {why}"
        )


def _unexpected(found: os.stat_result, expected: str) -> str:
    kind = next((words for is_one, words in _KINDS if is_one(found.st_mode)), "something else")
    return f"expected {expected}, observed {kind}"


# -- ways to write -------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _temporary(folder: int, name: str) -> t.Iterator[tuple[int, str]]:
    """A new file beside another one, for its owner only; it is gone afterwards, unless it was renamed."""
    # A name has 255 bytes at most; the rest of this one is 34 characters.
    temporary = f".{name[:50]}.{secrets.token_hex(16)}"
    handle = os.open(temporary, _NEW, 0o600, dir_fd=folder)
    try:
        yield handle, temporary
    finally:
        os.close(handle)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)


def _replace(folder: int, temporary: str, name: str) -> None:
    """Put the new file in its place, unless something else than a file is there by now."""
    found = _look(folder, name)
    if found is not None and not stat.S_ISREG(found.st_mode):
        raise NotWritten(_unexpected(found, "the regular file that was there"))
    os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)


def _usual_mode() -> int:
    """The mode that any new file would get."""
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _write_all(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def _stream(folder: int, name: str, found: os.stat_result, content: bytes) -> None:
    """Write to a device or a FIFO, without ever waiting for somebody who does not come."""
    try:
        handle = os.open(name, _STREAM, dir_fd=folder)
    except OSError as exc:
        if exc.errno == errno.ENXIO and stat.S_ISFIFO(found.st_mode):
            raise NotWritten("expected a FIFO that somebody reads, observed one without a reader") from exc
        raise
    try:
        if not os.path.samestat(os.fstat(handle), found):
            raise NotWritten("somebody has put something else in its place")
        left = memoryview(content)
        while left:
            try:
                left = left[os.write(handle, left) :]
            except BlockingIOError:
                poll = select.poll()
                poll.register(handle, select.POLLOUT)
                if not poll.poll(_STALLED_SECONDS * 1000):
                    raise NotWritten(f"its reader took nothing for {_STALLED_SECONDS:g} s") from None
    finally:
        os.close(handle)
