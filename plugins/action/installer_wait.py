# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the installer_wait module: see its documentation."""

from __future__ import annotations

import contextlib
import time
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import installer_wait_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.connection_causes import lost_connection
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import check_ranges, Range
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.host import describe_host
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import (
    HostLost,
    over_connection,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.installation import (
    InstallerWait,
    Patience,
    Start,
)

_SECONDS: t.Final = Range(0, 86400)


class ActionModule(RasAction):
    """Wait for an installer that runs in the background."""

    SPEC = installer_wait_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Ask again and again; :class:`InstallerWait` decides."""
        check_ranges(options, dict.fromkeys(("install_timeout", "restart_timeout", "poll_interval"), _SECONDS))
        run = self.powershell()
        wait = InstallerWait(
            lambda: describe_host(run("host_observe")),
            self._reconnect,
            time.monotonic,
            time.sleep,
            # One clock for all processes of the controller, which nobody sets.
            Start(max(0.0, time.monotonic() - options["started_at"]), options["uptime"], options["version"]),
            Patience(options["install_timeout"], options["restart_timeout"], max(options["poll_interval"], 0.05)),
        )
        jid = options["job"]
        end = wait.for_job(lambda: self._job(jid)) if jid else wait.without_job()
        return {"end": {"code": end.code, "message": end.message}}

    def _job(self, jid: str) -> dict[str, t.Any]:
        """What ansible.builtin.async_status says of a job.

        :raises HostLost: when no answer came.
        """
        task = self._task.copy()
        task.args = {"jid": jid}
        action = self._shared_loader_obj.action_loader.get(
            "ansible.builtin.async_status",
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        return over_connection(
            lambda: action.run(task_vars=self._task_vars),
            lambda said: HostLost(*lost_connection(self._task_host(), said)),
        )

    def _reconnect(self) -> None:
        # What is not there yet is tried again by the next question.
        with contextlib.suppress(Exception):
            self._connection.reset()
