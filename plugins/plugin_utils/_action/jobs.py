# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The base of the actions that leave something running on their host, or wait for it."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import RasAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.quiet import quiet


class JobAction(RasAction):
    """The connection of the task's host, as far as jobs concern it. Each method fails as the connection does."""

    _task: t.Any

    def handed_on(self, failure: dict[str, t.Any]) -> dict[str, t.Any]:
        """The upgrade of a host, so that not even a defect loses it: later tasks go on with the upgrades in results."""
        given = self._task.args.get("upgrade")
        return {"upgrade": {**given, "failure": failure}} if isinstance(given, dict) else {}

    def start(self, arguments: dict[str, t.Any], seconds: int) -> dict[str, t.Any]:
        """Run win_powershell in the background; what ansible-core says of its start.

        :param seconds: after which ansible-core ends it.
        """
        task = self._task
        # Whether a module is wrapped for the background is read from the task.
        self._task = task.copy()
        self._task.async_val = seconds
        try:
            with quiet():
                result: dict[str, t.Any] = self._execute_module(
                    module_name="ansible.windows.win_powershell",
                    module_args=arguments,
                    task_vars=self._task_vars,
                    wrap_async=True,
                )
        finally:
            self._task = task
        return result

    def status(self, job: str) -> dict[str, t.Any]:
        """What ansible-core says of a job."""
        task = self._task.copy()
        task.args = {"jid": job}
        action = self._shared_loader_obj.action_loader.get(
            "ansible.builtin.async_status",
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        result: dict[str, t.Any] = action.run(task_vars=self._task_vars)
        return result

    def reset(self) -> None:
        """Open the connection again."""
        self._connection.reset()
