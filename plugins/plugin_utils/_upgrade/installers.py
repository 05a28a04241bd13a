# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Whether the installer on the controller is the wanted one."""

from __future__ import annotations

import os

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import check_given
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.msi import (
    check_installer,
    read_installer,
    sha256_of_installer,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import (
    judge_signature,
    Publisher,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._files import controller_path


def check_on_controller(path: str, version: str, sha256: str, url: str, publisher: Publisher) -> RasError | None:
    """The first thing that is wrong with what is given of an installer, and with the file on the controller.

    :param path: of the file; empty where hosts download it, and nothing is looked at here.
    :param sha256: the pinned one.
    :returns: ``installer_mismatch`` for a file that is no MSI, or has another product, version or SHA-256;
        ``installer_untrusted`` for one that is not signed, or by somebody else; ``invalid_option``.
    """
    pinned = sha256.strip().casefold()
    try:
        check_given(path, url, pinned)
        if not path:
            return None
        file = _file(path)
        found = sha256_of_installer(file)
        if found != pinned:
            raise RasError(
                "installer_mismatch",
                f"The installer is another file: expected the SHA-256 {pinned}, observed {found}.",
                observed={"sha256": found},
            )
        seen = read_installer(file)
        return check_installer(seen.properties, version) or judge_signature(file, seen.signature, publisher)
    except RasError as exc:
        return exc


def _file(path: str) -> str:
    """The path of the file, from the root.

    :raises RasError: ``invalid_option`` for what is no file: a device or a FIFO would never end.
    """
    full = controller_path(path)
    if not os.path.isfile(full):
        raise RasError(
            "invalid_option",
            f"The installer cannot be read on the controller: expected a file at '{quote(full)}', observed "
            f"{'something else' if os.path.exists(full) else 'none'}.",
            remedy="Correct installer_src: a relative path counts from the folder in which ansible-playbook is "
            "started. Nothing was changed.",
        )
    return full
