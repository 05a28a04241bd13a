# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run an action that starts jobs or asks about them, on a host that answers scripts, with a core that is made up."""

from __future__ import annotations

import json
import types
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.jobs import JobAction
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import make, WinRm
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import FakeHost, HOST

SESSION_HOST: t.Final = {**HOST, "services": [{**HOST["services"][0], "display_name": "RAS RD Session Host Agent"}]}


class Core:
    """What ansible-core says of jobs.

    :param started: of the start of one.
    :param status: of one that is asked about.
    :ivar began: the options of win_powershell and the seconds of each start.
    """

    def __init__(self, started: t.Any = None, status: t.Any = None) -> None:
        self.started = {"ansible_job_id": "j1", "started": 1, "finished": 0} if started is None else started
        self.of_job = status
        self.began: list[tuple[dict[str, t.Any], int]] = []

    def start(self, action: JobAction) -> t.Callable[..., dict[str, t.Any]]:
        """In place of core's ``_execute_module``."""

        def execute(**given: t.Any) -> dict[str, t.Any]:
            assert (given["module_name"], given["wrap_async"]) == ("ansible.windows.win_powershell", True)
            self.began.append((given["module_args"], t.cast("t.Any", action)._task.async_val))
            if isinstance(self.started, Exception):
                raise self.started
            return t.cast("dict[str, t.Any]", self.started)

        return execute

    def get(self, name: str, **given: t.Any) -> Core:
        """The action of a name."""
        assert name == "ansible.builtin.async_status"
        self.asked = given["task"].args
        return self

    def run(self, **_given: t.Any) -> dict[str, t.Any]:
        """Ask about a job."""
        if isinstance(self.of_job, Exception):
            raise self.of_job
        return t.cast("dict[str, t.Any]", self.of_job)


def perform_job(
    kind: type[JobAction], machine: FakeHost, core: Core | None = None, *, check: bool = False, **args: t.Any
) -> dict[str, t.Any]:
    """The result of an action; what it hands on can be taken, and a failure in it is the one that the task shows.

    :param machine: answers its scripts.
    """
    core = core or Core()
    action = t.cast("t.Any", make(kind, args, check=check))
    action._connection = WinRm()
    action._run_powershell = machine.execute
    action._execute_module = core.start(action)
    action._shared_loader_obj = types.SimpleNamespace(action_loader=core)
    action._play_context = types.SimpleNamespace(remote_addr="192.0.2.1")
    result: dict[str, t.Any] = action.run(None, {})
    assert "exception" not in result
    if "upgrade" in result:
        record = HostUpgrade.read(json.loads(json.dumps(result["upgrade"])), "upgrade")
        assert record.failure == result.get("failure", record.failure)
    return result
