# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""One RAS host, as its upgrade needs it: looked at, given an installer, restarted. Everything else is decided above."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.host import (
    describe_host,
    describe_signature,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import (
    End,
    end_of_failed_job,
    end_of_job,
    NO_END,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import (
    HostLost,
    ScriptFailed,
    ScriptRunner,
)

Row = t.Mapping[str, t.Any]


class Host(t.Protocol):
    """What a flow asks of a host. A lost connection is :class:`HostLost`, whatever is asked."""

    name: str

    def look(self) -> dict[str, t.Any]:
        """The host, as ``host_info`` describes it."""

    def signature(self, path: str) -> dict[str, t.Any]:
        """The signature of a file, as ``host_info`` describes it.

        :raises ScriptFailed: when there is no such file, or Windows refused.
        """

    def tail(self, path: str, lines: int) -> list[str]:
        """The last lines of a text file; none when it cannot be read."""

    def start(self, parameters: Row, seconds: int) -> str:
        """Start an installer in the background, once.

        :param parameters: of the script.
        :param seconds: after which Ansible ends the job.
        :returns: the job.
        :raises HostLost: when no answer came: whether it was started is not known then.
        """

    def ended(self, job: str) -> End | None:
        """How a job has ended; None while it runs."""

    def order_restart(self, message: str) -> None:
        """Order a restart and return.

        :raises HostLost: when no answer came: whether it was ordered is not known then.
        """

    def reconnect(self) -> None:
        """Open the connection again; never raises."""


class Connection(t.Protocol):
    """Ansible's own connection to the host, as far as jobs and lost connections concern it."""

    def start(self, arguments: dict[str, t.Any], seconds: int) -> dict[str, t.Any]:
        """Run win_powershell in the background; what core says of its start."""

    def status(self, job: str) -> dict[str, t.Any]:
        """What core says of a job."""

    def reset(self) -> None:
        """Open it again."""


class WindowsHost:
    """A host behind scripts.

    :param run: runs scripts on it.
    :param name: what it is called in the inventory; by default its address.
    """

    def __init__(self, run: ScriptRunner, connection: Connection, name: str | None) -> None:
        self.name = name or run.host
        self._run = run
        self._connection = connection

    def look(self) -> dict[str, t.Any]:
        return describe_host(self._run("host_observe"))

    def signature(self, path: str) -> dict[str, t.Any]:
        return describe_signature(path, self._run("signature", {"Path": path}))

    def tail(self, path: str, lines: int) -> list[str]:
        try:
            found = self._run("read_tail", {"Path": path, "Lines": lines}).get("lines")
        except HostLost:
            raise
        except RasError:
            return []
        return [log_line(line) for line in found] if isinstance(found, list) else []

    def start(self, parameters: Row, seconds: int) -> str:
        said = self._run.begin("host_install", parameters, lambda arguments: self._connection.start(arguments, seconds))
        job = said.get("ansible_job_id")
        # Without a job nobody can say what became of it: the host shows it.
        return str(job) if job and not said.get("failed") else ""

    def ended(self, job: str) -> End | None:
        said = self._run.of_job(lambda: self._connection.status(job))
        if said is None:
            return None
        try:
            return end_of_job(self._run.read("host_install", said), said.get("failed") not in (None, False))
        except ScriptFailed as exc:
            return end_of_failed_job(exc.script_code, exc.text)
        except RasError as exc:
            # What the job left is no answer of the script, such as that of a job which core has ended.
            return End(NO_END, f"it ended without an exit code ({exc.message})")

    def order_restart(self, message: str) -> None:
        self._run("host_restart", {"Message": message})

    def reconnect(self) -> None:
        # What is not there yet is tried again by the next question.
        with contextlib.suppress(Exception):
            self._connection.reset()
