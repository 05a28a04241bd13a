# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drives of a machine as folders: the model goes there before a script, and what it did comes back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from raslab.windows.files import FileSystem, Node


class Disk:
    """A folder with one folder for each drive, in step with a model of files."""

    def __init__(self, root: Path, files: FileSystem) -> None:
        self.root = root
        self._files = files
        self._beyond = root / "beyond"
        # What was put there: the model may change while a script runs, and only what the script did counts.
        self._laid: dict[str, bytes | None] = {}

    def lay(self) -> None:
        """Writes all that the model holds."""
        shutil.rmtree(self.root, ignore_errors=True)
        self._beyond.mkdir(parents=True)
        self._laid.clear()
        for node in [*self._files.folders(), *self._files.listing()]:
            self.put(node)

    def put(self, node: Node) -> None:
        """Writes one file or folder."""
        path = self.path(node.path)
        self._laid[node.path] = node.content
        if node.is_link:
            path.symlink_to(self._beyond)
        elif node.content is None:
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(node.content)
            os.utime(path, (node.written.timestamp(), node.written.timestamp()))

    def path(self, windows: str) -> Path:
        """Where a path of Windows lies."""
        drive, _colon, rest = windows.partition(":")
        return self.root.joinpath(drive.upper(), *(part for part in rest.split("\\") if part))

    def collect(self) -> None:
        """Takes what is there now into the model: new and changed files, new folders, what is gone."""
        found: dict[str, Path] = {}
        for drive in sorted(self.root.iterdir()):
            if len(drive.name) == 1:
                for folder, folders, files in os.walk(drive):
                    for name in [*folders, *files]:
                        path = Path(folder) / name
                        found[f"{drive.name}:\\" + str(path.relative_to(drive)).replace("/", "\\")] = path
        for windows in sorted(self._laid, reverse=True):
            if windows not in found and len(windows) > len("C:\\"):
                self._files.remove(windows)
        for windows, path in sorted(found.items()):
            if path.is_dir():
                if windows not in self._laid:
                    self._files.make_folder(windows)
                continue
            content = path.read_bytes()
            if self._laid.get(windows) != content:
                self._files.write(windows, content)
