# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Hooks, the files of the user's own tasks: what none of them may hold, and one that did not end. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

# All others end the play, for this farm or for all of them, or bring failed farms back into it.
_HARMLESS_META: t.Final = frozenset({"noop", "clear_facts", "flush_handlers", "reset_connection"})


def refused_task(meta: t.Any = None, any_errors_fatal: t.Any = False, notify: t.Any = ()) -> str | None:
    """What a task of a hook does to the run of other farms; None when it does nothing to it.

    :param meta: what it asks of ``ansible.builtin.meta``; None for any other task.
    :param any_errors_fatal: and ``notify``, the keywords of the task, with those of the blocks around it.
    """
    if meta is not None and str(meta) not in _HARMLESS_META:
        asked = f"ansible.builtin.meta: {quote(str(meta))}"
        return f"{asked}, which reaches beyond the hook (ansible.builtin.fail ends a farm)"
    # A template that says so later is as good as yes.
    if any_errors_fatal not in (None, False):
        return "any_errors_fatal, which would end the run of all other farms without its table"
    if notify:
        return "notify, and a hook has no handlers that would be found"
    return None


def unfinished_hook(host: str, values: t.Mapping[str, t.Any]) -> RasError | None:
    """The failure of a host whose hook began and did not end, as the role noted; None when there is no such hook."""
    hook = values.get("__ras_hook")
    if not hook:
        return None
    return RasError(
        "hook_failed",
        f"{hook} did not end on {host}: the host, or another one to which one of its tasks is delegated, could not be "
        "reached, or a task left the play.",
    )
