# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The turns of the farms of one run, in a ledger that its parallel workers share.

A farm's turn costs the same however many farms there are: no variables of other hosts are worked out for it.
"""

from __future__ import annotations

import dataclasses
import hashlib

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.gate import ask, Run, Turn
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.keys import normalize_key
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.ledger import Ledger


class Turns:
    """Records whose turn came and how it ended.

    :param folder: a folder of this run of Ansible, readable by its owner only.
    :param run: one of the playbooks of that run: a later one begins anew.
    """

    def __init__(self, folder: str, run: str) -> None:
        self._folder = folder
        self._ledger = Ledger(folder, "farms", run)

    def enter(self, me: Turn, key: str | None, run: Run) -> str:
        """Decide and record whether a farm may start, with no other farm in between.

        :param key: the key that it wants.
        :returns: why it must not start; empty when it may.
        :raises NotSent: ``not_tried``, when the ledger could not be had.
        """
        me = dataclasses.replace(me, wants=self._digest(key) if key else None)
        with self._ledger as ledger:
            stop, step = ask(me, key, [Turn(**values) for values in ledger.state.values()], run)
            ledger.state[me.host] = dataclasses.asdict(dataclasses.replace(me, step=step))
        return stop

    def leave(self, me: Turn) -> None:
        """Record how a farm ended, and what it shows now; what it shows no more stays as it was.

        :raises NotSent: ``not_tried``, when the ledger could not be had.
        """
        said = {name: value for name, value in dataclasses.asdict(me).items() if value is not None}
        with self._ledger as ledger:
            ledger.state[me.host] = {**ledger.state.get(me.host, {}), **said}

    def _digest(self, key: str) -> str:
        # The folder's random name salts it: two runs have nothing in common.
        return hashlib.sha256(f"{self._folder}\0{normalize_key(key)}".encode("utf-8", "surrogatepass")).hexdigest()
