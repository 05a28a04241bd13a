# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""win_get_url: what can be downloaded is in the world, for the lab never asks another machine."""

from __future__ import annotations

import hashlib
import ntpath
from typing import Any

from raslab.modules.call import module, ModuleCall, NotModeled
from raslab.windows.files import expand

_HINT = "Ensure download destination folder exists (perhaps using win_file state=directory) before win_get_url runs."


@module(
    "win_get_url",
    "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_get_url.ps1",
    ("url", "dest", "checksum_algorithm"),
)
async def win_get_url(call: ModuleCall) -> dict[str, Any]:
    call.only("url", "dest", "force", "checksum", "checksum_algorithm", "validate_certs", "url_timeout", "headers")
    args, files, url = call.args, call.windows.files, call.args["url"]
    dest = args["dest"]
    if files.is_folder(dest):
        dest = ntpath.join(expand(dest), url.partition("?")[0].rpartition("/")[2])
    elif dest.endswith(("/", "\\")):
        raise call.fail(f"The destination path '{dest}' does not exist, or is not visible to the current user. {_HINT}")
    call.result.update(dest=dest, url=url)
    wanted = args["checksum"].strip().lower() if args["checksum"] else None
    algorithm = args["checksum_algorithm"]
    present = files.find(dest)
    held = _sum(present.content or b"", algorithm) if present else None
    force = args["force"] or (wanted is not None and held is not None and held != wanted)
    changed = False
    if held is None or force:
        changed = _download(call, dest, wanted, held)
    elif held != wanted:
        raise NotModeled("win_get_url with force: false and no checksum (it compares dates) is not modeled")
    node = files.find(dest)
    if node is not None:
        call.result.update(checksum_dest=_sum(node.content or b"", algorithm), size=node.size)
    return {**call.result, "changed": changed, "elapsed": 0.1, "status_code": 200, "msg": "OK"}


def _download(call: ModuleCall, dest: str, wanted: str | None, held: str | None) -> bool:
    """Fetches and compares; says whether the file changed."""
    files, url = call.windows.files, call.args["url"]
    parent = ntpath.dirname(expand(dest))
    if not files.is_folder(parent):
        raise call.fail(
            f"The path '{parent}' does not exist for destination '{dest}', "
            f"or is not visible to the current user. {_HINT}"
        )
    content = call.machine.world.downloads.get(url.partition("?")[0])
    if content is None:
        call.result.update(status_code=404)
        raise call.fail(f"Error downloading '{url}' to '{dest}': The remote server returned an error: (404).")
    found = _sum(content, call.args["checksum_algorithm"])
    call.result["checksum_src"] = found
    if wanted and wanted != found:
        raise call.fail(f"The checksum for {url} did not match '{wanted}', it was '{found}'")
    if held == found:
        return False
    if not call.check:
        files.write(dest, content)
    return True


def _sum(content: bytes, algorithm: str) -> str:
    return hashlib.new(algorithm, content).hexdigest()
