# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Load hooks as Ansible will, with all that they include, before the run depends on them.

A file that cannot be loaded ends the whole run in Ansible: no ``rescue`` sees it, and no play comes after it. So what
can be known is looked at first; what can not, such as the name of a file that only the hook itself knows, is refused.
"""

from __future__ import annotations

import os
import pathlib
import typing as t

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.playbook.block import Block
from ansible.playbook.handler import Handler
from ansible.playbook.play import Play
from ansible.playbook.role_include import IncludeRole
from ansible.plugins.loader import action_loader
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.hooks import (
    HookTask,
    REACHING,
    refused_for_member,
    refused_task,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.named_variables import (
    is_template,
    variables_named,
)

_COLLECTION: t.Final = "fleetops.parallels_ras"
_OUR_TASKS: t.Final = pathlib.Path(__file__).parents[3] / "roles" / "ras" / "tasks"
_MOST_FILES: t.Final = 200
# What only names a task, or a result of it.
_NAMES: t.Final = frozenset({"name", "tags", "register", "listen", "notify", "action", "collections"})


class HookFiles:
    """Looks at the hooks of one host.

    :param loader: of Ansible, with the secrets of its vaults.
    :param variables: the variable manager of the run.
    :param work_out: works a template out with the variables of the host; raises what Ansible raises.
    :param of_members: the variables of which a member has a value that the licensing server has not.
    """

    def __init__(
        self,
        loader: t.Any,
        variables: t.Any,
        work_out: t.Callable[[t.Any], t.Any],
        of_members: t.Collection[str] = (),
    ) -> None:
        self._loader = loader
        self._variables = variables
        self._work_out = work_out
        self._of_members = frozenset(of_members)
        self._seen: set[str] = set()
        self._hook = ""
        self._is_of_member = False

    def check(self, name: str, is_of_member: bool = False) -> str:
        """The path of a hook that can be run. A relative one counts from where ansible-playbook was started.

        :param is_of_member: whether its tasks are delegated to a member, and so see the variables of its licensing
            server.
        :raises RasError: ``hook_failed``.
        """
        if is_of_member != self._is_of_member:
            self._seen.clear()
        self._is_of_member = is_of_member
        self._hook = path = os.path.abspath(os.path.expanduser(name))
        self._load({"ansible.builtin.import_tasks": self._existing(path)}, path)
        return path

    def _existing(self, path: str) -> str:
        if os.path.isdir(path):
            raise self._refusal(path, "a folder")
        if not os.path.exists(path):
            raise self._refusal(path, "no such file")
        return path

    def _load(self, task: dict[str, t.Any], place: str, around: t.Mapping[str, t.Any] | None = None) -> None:
        """Load what a task imports, and what is included from there; each file once.

        :param around: the keywords that the task which includes it gives to all of its tasks.
        """
        key = repr((sorted(task.items(), key=str), around))
        if key in self._seen:
            return
        self._seen.add(key)
        if len(self._seen) > _MOST_FILES:
            raise self._refusal(place, f"more than {_MOST_FILES} files that include each other")
        play = {"name": "Hook", "hosts": "localhost", "gather_facts": False, "any_errors_fatal": False}
        try:
            loaded = Play.load(
                {**play, "collections": [_COLLECTION], "tasks": [{**(around or {}), "block": [task]}]},
                variable_manager=self._variables,
                loader=self._loader,
            )
        except (AnsibleError, OSError, UnicodeError, ValueError, AttributeError, TypeError) as exc:
            # The lines of the file that Ansible adds may hold a secret.
            raise self._refusal(place, quote(str(exc).partition("\n\n")[0])) from exc
        # The handlers are those of the roles that it imports.
        handlers = _named_handlers(loaded.handlers)
        for block in (*loaded.tasks, *loaded.handlers):
            self._walk(block, place, handlers)

    def _walk(self, block: t.Any, place: str, handlers: t.Container[str]) -> None:
        for task in (*block.block, *block.rescue, *block.always):
            if isinstance(task, Block):
                self._walk(task, place, handlers)
                continue
            said = refused_task(self._described(task, place, handlers))
            if self._is_of_member and not said:
                said = refused_for_member(variables_named(_said_by(task)), self._of_members)
            if said:
                raise self._refusal(place, said)
            around = task.args.get("apply")
            if isinstance(task, IncludeRole):
                if not task.statically_loaded:
                    self._load({"ansible.builtin.import_role": self._role(task, place)}, place, around)
            elif task.action in C._ACTION_INCLUDE_TASKS:
                path = self._included(task, place)
                self._load({"ansible.builtin.import_tasks": path}, path, around)

    def _described(self, task: t.Any, place: str, handlers: t.Container[str]) -> HookTask:
        keywords = {name: getattr(task, name) for name in REACHING}
        # A role may have handlers of its own, which its tasks find.
        if task._role:
            keywords["notify"] = [name for name in _listed(task.notify) if name not in handlers]
        is_meta = task.action in C._ACTION_META
        try:
            # What meta asks is done without one.
            module = (
                None if is_meta else action_loader.get(task.action, class_only=True, collection_list=task.collections)
            )
        except Exception as exc:  # whatever the code of a plugin does when it is loaded
            raise self._refusal(place, f"{quote(str(task.action))}, an action that cannot be loaded") from exc
        return HookTask(
            action=str(task.action),
            # The end of a role is such a task, too, which Ansible itself puts there.
            asked=str(task.args.get("_raw_params")) if is_meta and not task.implicit else None,
            is_shared=bool(getattr(module, "BYPASS_HOST_LOOP", False)),
            keywords=keywords,
        )

    def _role(self, task: t.Any, place: str) -> dict[str, t.Any]:
        args = {"name": task._role_name, **{f"{part}_from": name for part, name in task._from_files.items()}}
        return {name: self._named(value, place) for name, value in args.items()}

    def _included(self, task: t.Any, place: str) -> str:
        name = self._named(task.args.get("_raw_params"), place)
        role = task._role
        part = "handlers" if isinstance(task, Handler) else "tasks"
        beside = os.path.join(role._role_path, part) if role else os.path.dirname(place)
        if not role and not os.path.isabs(name) and (_OUR_TASKS / name).exists():
            raise self._refusal(place, f"it includes {quote(name)}, a name that a file of this collection has, too")
        found = (os.path.join(folder, name) for folder in (beside, os.path.dirname(place)))
        return self._existing(next((path for path in found if os.path.exists(path)), os.path.join(beside, name)))

    def _named(self, value: t.Any, place: str) -> str:
        try:
            return str(self._work_out(value))
        except Exception as exc:  # templating fails in many ways, and they differ between releases
            raise self._refusal(
                place, f"it includes {quote(str(value))}, a name that cannot be worked out before it runs"
            ) from exc

    def _refusal(self, place: str, observed: str) -> RasError:
        by = "" if place == self._hook else f" (part of {self._hook})"
        return RasError(
            "hook_failed",
            f"{place}{by} cannot be run as a hook: expected a file of tasks that Ansible can load, "
            f"observed {observed}.",
            remedy="Correct the file, or the variable that names it (ras_before_farm_tasks, ras_after_farm_tasks, "
            "ras_before_host_tasks or ras_after_host_tasks), then run again. Nothing of it was run.",
            observed={"file": place},
        )


def _said_by(task: t.Any) -> list[t.Any]:
    """All that the author of a task wrote about it, also around it and in the role that it is part of."""
    own, role = task.get_ds(), task._role
    given = [own if isinstance(own, t.Mapping) else {}, {name: getattr(task, name) for name in task.fattributes}]
    # A name that is no template is worked out nowhere.
    said = [
        [each for each in _listed(value) if is_template(each)] if name in _NAMES else value
        for part in given
        for name, value in part.items()
    ]
    return [*said, task.get_vars(), *([role.get_default_vars(), role.get_vars()] if role else [])]


def _named_handlers(blocks: t.Iterable[t.Any]) -> set[str]:
    """All names by which these handlers can be notified."""
    handlers = [handler for block in blocks for handler in (*block.block, *block.rescue, *block.always)]
    return {name for each in handlers for name in (each.name, each.get_name(), *_listed(each.listen))}


def _listed(names: t.Any) -> list[t.Any]:
    return list(names) if isinstance(names, (list, tuple)) else [names] if names else []
