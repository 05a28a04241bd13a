# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Hooks, the files of the user's own tasks: what none of them may hold, and one that did not end. Pure, no I/O."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

# All others end the play for this farm or for all, bring failed farms back into it, or act on all of its hosts.
_HARMLESS_META: t.Final = frozenset({"noop", "flush_handlers", "reset_connection"})
_INSTEAD: t.Final = "leave it out: a hook runs once for each farm, or host, that it is for"
# The keywords of a task, or of a block around it, that reach other hosts than the one whose turn it is. All others
# concern that host, or the one that delegate_to names.
REACHING: t.Final[t.Mapping[str, str]] = {
    "any_errors_fatal": "which would end the run of all other farms without its table",
    "run_once": f"which is for all farms together, and each farm goes at its own pace ({_INSTEAD})",
    "throttle": "which makes other farms wait, and may end the run of all of them when one is lost (to go easy on a "
    "service, run with fewer forks)",
    "debugger": "which stops the run of all farms for a question that nobody may be there to answer",
    "notify": "and a hook has no handlers that would be found",
}
# A variable whose name is only known when the task runs.
ANY: t.Final = "*"
# Magic variables that a delegated task has from the host that delegates it.
_OF_THE_SERVER: t.Final = ("inventory_hostname", "inventory_hostname_short", "group_names")
# Values with which a keyword does nothing.
_NOTHING: t.Final[t.Mapping[str, t.Any]] = {"debugger": "never", "throttle": 0}
# They change the inventory of the whole run.
_INVENTORY: t.Final = frozenset({"add_host", "group_by"})


@dataclass(frozen=True)
class HookTask:
    """A task of a hook, as far as it may reach other hosts than its own.

    :param action: the module, whatever its collection.
    :param asked: what it asks of ``ansible.builtin.meta``; None for any other module.
    :param is_shared: whether Ansible runs the module once for all hosts.
    :param keywords: those of :data:`REACHING`, with what the blocks around the task say.
    """

    action: str = ""
    asked: t.Any = None
    is_shared: bool = False
    keywords: t.Mapping[str, t.Any] = field(default_factory=dict)


def refused_task(task: HookTask) -> str | None:
    """What a task of a hook does to the run of other farms; None when it does nothing to it."""
    if task.asked is not None and str(task.asked) not in _HARMLESS_META:
        asked = f"ansible.builtin.meta: {quote(str(task.asked))}"
        return f"{asked}, which reaches beyond the hook (ansible.builtin.fail ends a farm)"
    action = quote(task.action)
    if "{{" in task.action or "{%" in task.action:
        return f"the module {action}, a name that is only known when it runs (write it out)"
    if task.action.rpartition(".")[2] in _INVENTORY:
        return f"{action}, which changes the inventory of all farms (ansible.builtin.set_fact notes what a host needs)"
    if task.is_shared:
        return (
            f"{action}, which Ansible runs once for all hosts, and which would end the run of all farms (to wait, use "
            "ansible.builtin.wait_for with timeout)"
        )
    for name, why in REACHING.items():
        value = task.keywords.get(name)
        # A template that says so later is as good as yes.
        if not (value is None or value is False or value == [] or (name in _NOTHING and value == _NOTHING[name])):
            return f"{name}, {why}"
    return None


def refused_for_member(named: t.Collection[str], own: t.Collection[str]) -> str | None:
    """What a task says that means another host than its author thought, where it is delegated to a member: such a task
    has the variables of the licensing server. None where it says no such thing.

    :param named: the variables that it names; :data:`ANY` for one whose name is only known when it runs.
    :param own: the variables of which the member has a value that the licensing server has not.
    """
    for name in _OF_THE_SERVER:
        if name in named:
            return (
                f"{name}, which is the licensing server's for a task that is delegated to a member (ras_hook_host is "
                "the member, and hostvars[ras_hook_host] holds its variables)"
            )
    for name in sorted(set(named) & set(own)):
        return (
            f"{quote(name)}, of which the member has a value of its own, and which is the licensing server's for a "
            f"task that is delegated to a member (write hostvars[ras_hook_host].{quote(name)})"
        )
    if ANY in named and own:
        return (
            "a variable whose name is only known when it runs, and which is the licensing server's for a task that is "
            "delegated to a member (write hostvars[ras_hook_host][...])"
        )
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
