# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file system of a Windows host: drive C, folders and files, in memory and blind to case."""

from __future__ import annotations

import contextlib
import ntpath
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from raslab.windows.access import Access, ADMINISTRATORS, DATA_DRIVE, DRIVE, PRIVATE, PROGRAM_DATA, USER_SID

SYSTEM_DRIVE = "C:"
TEMP = r"C:\Users\Administrator\AppData\Local\Temp"
_VARIABLES = {
    "temp": TEMP,
    "tmp": TEMP,
    "systemdrive": SYSTEM_DRIVE,
    "systemroot": r"C:\Windows",
    "windir": r"C:\Windows",
    "programdata": r"C:\ProgramData",
    "programfiles": r"C:\Program Files",
    "programfiles(x86)": r"C:\Program Files (x86)",
    "userprofile": r"C:\Users\Administrator",
}
_FOLDERS = (TEMP, r"C:\Windows\System32", r"C:\ProgramData", r"C:\Program Files", r"C:\Program Files (x86)")


class FileError(Exception):
    """What Windows says when a path is not what was expected."""


@dataclass
class Node:
    """A file, or a folder (``content`` is None)."""

    path: str
    content: bytes | None
    created: datetime
    written: datetime
    access: Access
    is_link: bool = False

    @property
    def is_folder(self) -> bool:
        return self.content is None

    @property
    def size(self) -> int:
        return len(self.content or b"")


def in_use(path: str) -> str:
    """What Windows says of a file whose other users do not share it."""
    return f"The process cannot access the file '{expand(path)}' because it is being used by another process."


def expand(path: str) -> str:
    """The path with environment variables replaced, and normal: backslashes, no dots, none trailing but ``C:\\``."""
    for name, value in _VARIABLES.items():
        start = path.lower().find(f"%{name}%")
        if start >= 0:
            path = path[:start] + value + path[start + len(name) + 2 :]
    normal = ntpath.normpath(path)
    return normal + "\\" if normal.endswith(":") else normal


class FileSystem:
    """Paths are absolute; every method takes them as a user writes them, with variables and either slash."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._written_to: set[str] = set()
        self._held: Counter[str] = Counter()
        self._later: dict[str, bytes] = {}
        for root, access in ((SYSTEM_DRIVE + "\\", DRIVE), ("D:\\", DATA_DRIVE)):
            self._nodes[root.lower()] = Node(root, None, datetime.now(), datetime.now(), access)
        for folder in _FOLDERS:
            self.make_folder(folder)
        self._nodes[r"c:\programdata"].access = PROGRAM_DATA

    @property
    def written_to(self) -> list[str]:
        """The files that somebody has open for writing."""
        return sorted(self._written_to)

    def open_for_writing(self, paths: Iterable[str]) -> None:
        """Somebody has these files open for writing, and no others."""
        self._written_to = {expand(path).lower() for path in paths}

    @contextlib.contextmanager
    def hold(self, path: str) -> Iterator[str | None]:
        """Keeps others from writing, replacing and removing a file (FileShare.Read).

        Where somebody has it open for writing, nothing is held, and what Windows says of it comes in place of None.
        """
        key = expand(path).lower()
        if key in self._written_to:
            yield in_use(path)
            return
        self._held[key] += 1
        try:
            yield None
        finally:
            self._held[key] -= 1
            if not self._held[key] and key in self._later:
                self.write(path, self._later.pop(key))

    def is_held(self, path: str) -> bool:
        """Whether somebody keeps others from changing a file."""
        return self._held[expand(path).lower()] > 0

    def write_when_free(self, path: str, content: bytes) -> None:
        """Writes a file as soon as nobody holds it. Raises FileError."""
        if self.is_held(path):
            self._later[expand(path).lower()] = content
        else:
            self.write(path, content)

    def find(self, path: str) -> Node | None:
        return self._nodes.get(expand(path).lower())

    def is_file(self, path: str) -> bool:
        node = self.find(path)
        return node is not None and not node.is_folder

    def is_folder(self, path: str) -> bool:
        node = self.find(path)
        return node is not None and node.is_folder

    def read(self, path: str) -> bytes:
        """The content of a file. Raises FileError."""
        node = self.find(path)
        if node is None or node.content is None:
            raise FileError(f"Could not find file '{expand(path)}'.")
        return node.content

    def write(self, path: str, content: bytes) -> Node:
        """Writes a file; its folder must exist. Raises FileError."""
        full = expand(path)
        parent = ntpath.dirname(full)
        if not self.is_folder(parent):
            raise FileError(f"Could not find a part of the path '{full}'.")
        if self.is_folder(full):
            raise FileError(f"Access to the path '{full}' is denied.")
        self._refuse_held(full.lower())
        now = datetime.now()
        node = self._nodes.get(full.lower())
        if node is None:
            inherited = self._nodes[parent.lower()].access.child(is_folder=False)
            node = self._nodes[full.lower()] = Node(full, content, now, now, inherited)
        node.content, node.written = content, now
        return node

    def make_folder(self, path: str, owner: str = ADMINISTRATORS) -> None:
        """Makes a folder and those above it, with what Windows gives them. Raises FileError where a file is."""
        full = expand(path)
        node = self._nodes.get(full.lower())
        if node is not None:
            if not node.is_folder:
                raise FileError(f"An item with the specified name {full} already exists.")
            return
        parent = ntpath.dirname(full)
        if parent and parent != full:
            self.make_folder(parent, owner)
        now = datetime.now()
        inherited = self._nodes[parent.lower()].access.child(is_folder=True, owner=owner)
        self._nodes[full.lower()] = Node(full, None, now, now, inherited)

    def set_access(self, path: str, kind: str) -> None:
        """Makes a path of a kind of :data:`access.KINDS`; one that is not there becomes a folder."""
        full = expand(path)
        self.make_folder(ntpath.dirname(full))
        owner = USER_SID if kind in ("foreign", "link") else ADMINISTRATORS
        if full.lower() not in self._nodes:
            self.make_folder(full, owner)
        node = self._nodes[full.lower()]
        node.access = PRIVATE if kind == "private" else PROGRAM_DATA.child(node.is_folder, owner)
        node.is_link = kind == "link"

    def remove(self, path: str) -> bool:
        """Removes a file, or a folder with all that is in it; says whether there was one. Raises FileError."""
        gone = [key for key in self._nodes if self._is_within(key, expand(path).lower())]
        self._refuse_held(*gone)
        for key in gone:
            del self._nodes[key]
        return bool(gone)

    def _refuse_held(self, *keys: str) -> None:
        for key in keys:
            if self._held[key]:
                raise FileError(in_use(self._nodes[key].path))

    def files_below(self, path: str) -> list[Node]:
        """All files in a folder and the folders in it."""
        top = expand(path).lower()
        return [node for key, node in self._nodes.items() if not node.is_folder and self._is_within(key, top)]

    def used(self) -> int:
        """The bytes that all files take."""
        return sum(node.size for node in self._nodes.values())

    def folders(self) -> list[Node]:
        """Every folder, by path."""
        return sorted((node for node in self._nodes.values() if node.is_folder), key=lambda node: node.path.lower())

    def listing(self) -> list[Node]:
        """Every file, by path."""
        return sorted((node for node in self._nodes.values() if not node.is_folder), key=lambda node: node.path.lower())

    @staticmethod
    def _is_within(key: str, top: str) -> bool:
        return key == top or key.startswith(top.rstrip("\\") + "\\")
