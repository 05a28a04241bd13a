# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The folders of ours on a host: all of them are made, and looked at before use, here."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.private_folder import why_not_ours
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import ScriptFailed, ScriptRunner


class PrivateFolder(t.NamedTuple):
    """A folder that was looked at.

    :param was_missing: whether it, or one above it, had to be made.
    :param files: the names of those that are there, of the files that were asked for.
    """

    was_missing: bool
    files: frozenset[str]


def require_private_folder(
    run: ScriptRunner, folder: str, files: t.Sequence[str] = (), *, create: bool
) -> PrivateFolder:
    """Refuse a folder that anybody but administrators and SYSTEM owns or may use, or files in it.

    :param folder: as ``local_path`` returns it.
    :param files: names of files in it, each of which may be missing.
    :param create: make what is missing of the folder, for administrators and SYSTEM only; in check mode this is only
        announced.
    :raises RasError: ``folder_untrusted``; ``bad_answer``.
    :raises HostLost: when no answer came.
    """
    try:
        answer = run("private_folder", {"Path": folder, "Files": "|".join(files), "Create": create})
    except ScriptFailed as exc:
        message = f"{folder} on {run.host} could not be made or looked at: '{exc.text}'."
        raise RasError("folder_untrusted", message, observed=exc.observed) from exc
    why = why_not_ours(folder, answer)
    if why:
        raise RasError(
            "folder_untrusted",
            f"{folder} on {run.host} is not used: expected that only administrators and SYSTEM own and may use it, "
            f"observed that {why}.",
            observed={"folder": folder, "why": why},
        )
    there = {str(row["path"]).removeprefix(f"{folder}\\") for row in answer["files"] if row.get("kind") == "file"}
    return PrivateFolder(answer.get("made") is True, frozenset(there & set(files)))
