# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""win_copy, win_file, win_stat and slurp."""

from __future__ import annotations

import base64
import hashlib
import io
import ntpath
import zipfile
from datetime import datetime
from typing import Any

from raslab.modules.call import module, ModuleCall, NotModeled
from raslab.windows.files import expand, FileSystem, Node

_EPOCH = datetime(1970, 1, 1)


def checksum(content: bytes, algorithm: str = "sha1") -> str:
    return hashlib.new(algorithm, content).hexdigest()


@module(
    "win_copy", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_copy.ps1, plugins/action/win_copy.py", ("dest",)
)
async def win_copy(call: ModuleCall) -> dict[str, Any]:
    """Four modes, chosen by the action plugin: what must be sent, one sent file, a sent zip, or all on the host."""
    args = call.args
    if args["backup"]:
        raise NotModeled("win_copy with backup is not modeled")
    mode = args.get("_copy_mode", "single")
    if mode == "query":
        return _query(call)
    if mode == "single":
        return _single(call)
    if mode == "explode":
        return _explode(call)
    return _remote(call)


def _query(call: ModuleCall) -> dict[str, Any]:
    files, dest = call.windows.files, call.args["dest"]
    wanted_files, wanted_folders = [], []
    for item in call.args.get("files") or []:
        path = ntpath.join(dest, item["dest"])
        node = files.find(path)
        if node is not None and node.is_folder:
            item = {**item, "dest": ntpath.join(item["dest"], item["src"].replace("/", "\\").rpartition("\\")[2])}
            node = files.find(ntpath.join(dest, item["dest"]))
        if node is not None and node.is_folder:
            raise call.fail(f"cannot copy file to dest '{node.path}': object at path is already a directory")
        if node is None or (call.args["force"] and checksum(node.content or b"") != item["checksum"]):
            wanted_files.append(item)
    for item in call.args.get("directories") or []:
        path = ntpath.join(dest, item["dest"])
        if files.is_file(path):
            raise call.fail(f"cannot copy folder to dest '{path}': object at path is already a file")
        if not files.is_folder(path):
            wanted_folders.append(item)
    return {"files": wanted_files, "directories": wanted_folders, "symlinks": []}


def _target(call: ModuleCall, basename: str) -> str:
    """The file that is written: ``dest``, or in it if it is a folder. Makes the folder where the module would."""
    files, dest = call.windows.files, str(call.args["dest"])
    target = dest
    if dest.endswith(("/", "\\")) or files.is_folder(dest):
        target = ntpath.join(dest, basename)
    parent = ntpath.dirname(expand(target))
    if files.is_file(parent):
        raise call.fail(f"object at destination parent dir '{parent}' is currently a file")
    if not files.is_folder(parent):
        if target == dest:
            raise call.fail(f"Destination directory '{parent}' does not exist")
        if not call.check:
            files.make_folder(parent)
    return target


def _single(call: ModuleCall) -> dict[str, Any]:
    files, src = call.windows.files, call.args["src"]
    if not files.is_file(src):
        raise call.fail(f"Cannot copy src file: '{src}' as it does not exist")
    files.write(_target(call, str(call.args.get("_original_basename") or ntpath.basename(src))), files.read(src))
    return {"changed": True}


def _explode(call: ModuleCall) -> dict[str, Any]:
    files, src, dest = call.windows.files, call.args["src"], call.args["dest"]
    if not files.is_file(src):
        raise call.fail(f"Cannot expand src zip file: '{src}' as it does not exist")
    files.make_folder(dest)
    with zipfile.ZipFile(io.BytesIO(files.read(src))) as archive:
        for item in archive.infolist():
            # the action plugin encodes names, for zip readers on Windows disagree about non-ASCII ones
            name = base64.b64decode(item.filename.rstrip("/")).decode().replace("/", "\\")
            path = ntpath.join(dest, name)
            if item.is_dir():
                files.make_folder(path)
            else:
                files.make_folder(ntpath.dirname(expand(path)))
                files.write(path, archive.read(item))
    return {"changed": True}


def _remote(call: ModuleCall) -> dict[str, Any]:
    files, src = call.windows.files, call.args["src"]
    node = files.find(src)
    if node is None:
        raise call.fail(f"Cannot copy src file: '{src}' as it does not exist")
    if node.content is None:
        raise NotModeled("win_copy of a folder with remote_src is not modeled")
    basename = ntpath.basename(node.path)
    target = _target(call, basename)
    present = files.find(target)
    changed = present is None or (call.args["force"] and present.content != node.content)
    if changed and not call.check:
        files.write(target, node.content)
    written = files.find(target)
    return {
        "changed": changed,
        "src": src,
        "dest": target,
        "operation": "file_copy",
        "original_basename": basename,
        "checksum": checksum(node.content) if call.args["force"] else None,
        "size": written.size if written else None,
    }


@module("win_file", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_file.ps1", ("path", "state"))
async def win_file(call: ModuleCall) -> dict[str, Any]:
    call.only("path", "state")
    files, path, state = call.windows.files, call.args["path"], call.args["state"]
    node = files.find(path)
    if "_diff_peek" in call.args:
        return {"path": path, "change": False, "appears_binary": False, "state": "file" if node else "absent"}
    if state == "touch":
        if not call.check:
            files.write(path, node.content or b"" if node else b"")
        return {"changed": True}
    if state == "absent":
        if node and not call.check:
            files.remove(path)
        return {"changed": node is not None}
    if node is not None:
        if state == "directory" and not node.is_folder:
            raise call.fail(f"path {path} is not a directory")
        if state == "file" and node.is_folder:
            raise call.fail(f"path {path} is not a file")
        return {}
    if state == "directory" or (state is None and not ntpath.basename(path)):
        if not call.check:
            files.make_folder(path)
        return {"changed": True}
    raise call.fail(f"path {path} will not be created")


@module("win_stat", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_stat.ps1", ("path",))
async def win_stat(call: ModuleCall) -> dict[str, Any]:
    node = call.windows.files.find(call.args["path"])
    if node is None:
        return {"stat": {"exists": False}}
    return {"stat": _stat(call, call.windows.files, node)}


def _stat(call: ModuleCall, files: FileSystem, node: Node) -> dict[str, Any]:
    stat: dict[str, Any] = {
        "exists": True,
        "attributes": "Directory" if node.is_folder else "Archive",
        "isarchive": not node.is_folder,
        "isdir": node.is_folder,
        "ishidden": False,
        "isjunction": False,
        "islnk": False,
        "isreadonly": False,
        "isreg": not node.is_folder,
        "isshared": False,
        "nlink": 1,
        "hlnk_targets": [],
        "creationtime": (node.created - _EPOCH).total_seconds(),
        "lastaccesstime": (node.written - _EPOCH).total_seconds(),
        "lastwritetime": (node.written - _EPOCH).total_seconds(),
        "path": node.path,
        "filename": ntpath.basename(node.path),
        "owner": r"BUILTIN\Administrators",
    }
    if node.content is None:
        if call.args["get_size"]:
            stat["size"] = sum(item.size for item in files.files_below(node.path))
        return stat
    stat["extension"] = ntpath.splitext(node.path)[1]
    if call.args["get_checksum"]:
        stat["checksum"] = checksum(node.content, call.args["checksum_algorithm"])
    if call.args["get_size"]:
        stat["size"] = node.size
    return stat


@module("slurp", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/slurp.ps1", ("src",))
async def slurp(call: ModuleCall) -> dict[str, Any]:
    path = call.args["src"]
    node = call.windows.files.find(path)
    if node is None:
        raise call.fail(f"Path {path} is not found")
    if node.content is None:
        raise call.fail(f"Path {path} is a directory")
    return {"content": base64.b64encode(node.content).decode(), "encoding": "base64"}
