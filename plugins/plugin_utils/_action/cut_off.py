# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What a task is whose time is over (``timeout``, ``ANSIBLE_TASK_TIMEOUT``) while it writes: its outcome is unknown.

Ansible raises an exception in the middle of whatever runs then, of a class that differs between its releases and that
``except Exception`` does not see. The task ends with its message alone, which says nothing about a write.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import WriteOutcomeUnknown

_PYTHONS_OWN: t.Final = (Exception, KeyboardInterrupt, SystemExit, GeneratorExit)


class CutOff(WriteOutcomeUnknown):
    """The time of the task was over after a write had begun."""

    def __init__(self, doing: str) -> None:
        super().__init__(
            f"The time-out of the task (timeout, ANSIBLE_TASK_TIMEOUT) ended it while {doing}: expected time until the "
            "end of what was begun, observed none. The change may or may not have taken effect."
        )


def is_cut_off(exc: BaseException) -> bool:
    """Whether this is how Ansible ends a task whose time is over."""
    return not isinstance(exc, _PYTHONS_OWN)
