# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Files of exported settings on the controller: names, a fetch that is all or nothing, and retention."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import stat
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.digests import sha256_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils import _files

SUFFIX: t.Final = ".dat2"


def prefix_of(label: str) -> str:
    """The beginning of the names of a farm's files. A label with other characters gets a digest."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", label).strip(".")
    if plain != label:
        plain += "-" + hashlib.sha256(label.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain}-ras-settings-"


def name_of(prefix: str, now: dt.datetime) -> str:
    """The name of a file made now; names sort by time."""
    return f"{prefix}{now.astimezone(dt.timezone.utc):%Y%m%dT%H%M%SZ}{SUFFIX}"


def fetch(download: t.Callable[[str], None], target: str, sha256: str) -> None:
    """Bring a file to the controller: the whole file or none, readable by its owner only.

    :param download: writes the file to the path that it is given.
    :param target: the path of the file; its folder is made.
    :param sha256: of the file on the host, in hexadecimal.
    :raises RasError: ``backup_failed``.
    """

    def check(file: t.BinaryIO) -> None:
        arrived = sha256_of(file)
        if arrived != sha256.casefold():
            raise RasError(
                "backup_failed",
                f"The file that arrived for {target} is not the one on the host: expected sha256 {sha256}, observed "
                f"{arrived}.",
            )

    try:
        _files.fetch(target, download, check)
    except _files.NotWritten as exc:
        raise RasError("backup_failed", f"{target} on the controller cannot be written: {exc}.") from exc


def retain(folder: str, prefix: str, keep: int) -> tuple[list[str], list[str]]:
    """Remove the oldest files of a farm.

    :param keep: how many stay, 1 or more.
    :returns: the paths that were removed, and those that could not be: an old file that is left does no harm.
    """
    removed: list[str] = []
    left: list[str] = []
    for name in sorted(name for name in os.listdir(folder) if _is_ours(name, prefix))[:-keep]:
        path = os.path.join(folder, name)
        try:
            if stat.S_ISREG(os.lstat(path).st_mode):  # nothing else is an export
                os.unlink(path)
                removed.append(path)
                continue
        except OSError:
            pass
        left.append(path)
    return removed, left


def _is_ours(name: str, prefix: str) -> bool:
    return bool(re.fullmatch(re.escape(prefix) + r"\d{8}T\d{6}Z" + re.escape(SUFFIX), name))
