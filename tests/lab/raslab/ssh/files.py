# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""SFTP over the files of a host, as OpenSSH for Windows shows them: ``/C:/Windows``."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from typing import Any

from raslab.windows.files import FileError, Node
from raslab.windows.machine import Machine

_HOME = r"C:\Users\Administrator"


@dataclass
class _Open:
    """A file of a client; what it writes is on the disk when it closes it, or is lost with the connection."""

    path: str
    content: bytearray = field(default_factory=bytearray)
    is_written: bool = False


def windows_path(path: bytes) -> str:
    """``C:\\Windows`` of ``/C:/Windows``; what is relative is so to the home of the user."""
    text = path.decode("utf-8", "replace").replace("\\", "/")
    if text[:1] == "/" and text[2:3] == ":":
        return text[1:].replace("/", "\\")
    if text[1:2] == ":":
        return text.replace("/", "\\")
    rest = text.strip("/")
    return f"{_HOME}\\{rest}".replace("/", "\\").rstrip("\\") if rest not in ("", ".") else _HOME


def sftp_of(machine: Machine, channel: Any) -> Any:
    """The server of one SFTP session."""
    import asyncssh

    files = machine.windows.files

    def attributes(node: Node | None, path: bytes) -> Any:
        if node is None:
            raise asyncssh.SFTPNoSuchFile(path.decode(errors="replace"))
        mode = stat.S_IFDIR | 0o755 if node.is_folder else stat.S_IFREG | 0o644
        return asyncssh.SFTPAttrs(size=node.size, permissions=mode, mtime=int(node.written.timestamp()), atime=0)

    class Files(asyncssh.SFTPServer):
        """What Ansible's ssh connection asks of SFTP."""

        def realpath(self, path: bytes) -> bytes:
            return b"/" + windows_path(path).replace("\\", "/").encode()

        def stat(self, path: bytes) -> Any:
            return attributes(files.find(windows_path(path)), path)

        def lstat(self, path: bytes) -> Any:
            return self.stat(path)

        def setstat(self, path: bytes, attrs: Any) -> None:
            """Windows has no such modes."""

        def open(self, path: bytes, pflags: int, attrs: Any) -> _Open:
            name = windows_path(path)
            opened = _Open(name, is_written=bool(pflags & asyncssh.FXF_WRITE))
            entry = machine.note("put_file" if opened.is_written else "fetch_file", "sftp")
            try:
                if not pflags & asyncssh.FXF_TRUNC:
                    opened.content = bytearray(files.read(name))
            except FileError as error:
                machine.journal.end(entry, 1)
                raise asyncssh.SFTPNoSuchFile(str(error)) from None
            machine.journal.end(entry, 0)
            return opened

        def read(self, file_obj: Any, offset: int, size: int) -> bytes:
            return bytes(file_obj.content[offset : offset + size])

        def write(self, file_obj: Any, offset: int, data: bytes) -> int:
            if len(file_obj.content) < offset:
                file_obj.content.extend(bytes(offset - len(file_obj.content)))
            file_obj.content[offset : offset + len(data)] = data
            return len(data)

        def close(self, file_obj: Any) -> None:
            if file_obj.is_written:
                try:
                    files.write(file_obj.path, bytes(file_obj.content))
                except FileError as error:
                    raise asyncssh.SFTPPermissionDenied(str(error)) from None

        def fstat(self, file_obj: Any) -> Any:
            mode = stat.S_IFREG | 0o644
            return asyncssh.SFTPAttrs(size=len(file_obj.content), permissions=mode)

        def fsetstat(self, file_obj: Any, attrs: Any) -> None:
            """Windows has no such modes."""

    return Files(channel)
