# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Look at a farm's agents again and again until what was started has ended, or a deadline has passed.

When ``Update-RASAgent`` returns, and what states an agent goes through, is not documented: the farm's list of agents is
the only evidence, and one good look is not enough, because the target restarts after its version has changed.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import (
    Agent,
    read_agents,
    STATE_NAMES,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.servers import Server, servers_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.stages import server_of

Ending = t.Literal["done", "restart_due", "failed", "timeout", "unknown"]

# How often in a row a server must look well, or look failed.
_WELL_LOOKS: t.Final = 2
_FAILED_LOOKS: t.Final = 3
# A target may be out of reach for a while in the middle of an update. With the default time-out of 1800 s this is 60 s.
_FAILED_PART: t.Final = 1 / 30
# Readings that fail like this may be followed by one that does not: the host or its broker may be restarting.
_PASSING: t.Final = frozenset({"host_unreachable", "api_unreachable"})
_BAD_ANSWERS: t.Final = 3
# These say that the broker does not reach the agent; the other states that need attention may be permanent and
# have nothing to do with an update. Names: RAS REST API guide v20, Agents.
_NOT_REACHED: t.Final = frozenset({"ConnectionFailed", "InvalidCredentials", "Unavailable"})
_LISTED: t.Final = frozenset(STATE_NAMES.values())


class AgentSource(t.Protocol):
    """Lists the agents of a farm."""

    def agents(self) -> list[dict[str, t.Any]]:
        """The rows of ``Get-RASAgent``."""


@dataclass
class Subject:
    """A server that is watched.

    :param before: the server as it was when the watch began.
    :param away: whether it may stay in a state of draining: it was out of service before, or we took it out.
    :param sure: whether the update is known to have started.
    :ivar ending: how it ended; None while it goes on.
    :ivar seen: the server as it was seen last.
    """

    before: Server
    away: bool = False
    sure: bool = True
    ending: Ending | None = None
    seen: Server | None = None
    well: int = 0
    failed: int = 0
    failed_since: float = field(default=0.0)

    @property
    def name(self) -> str:
        """Its name."""
        return self.before.name

    @property
    def unsettled_state(self) -> str | None:
        """A state that is not good and is the same as before; None when there is none."""
        agents = (self.seen or self.before).upgradable
        states = [agent.state for agent in agents if agent.health in ("attention", "unknown")]
        return (states[0] or "not reported") if states else None

    def look(self, server: Server | None, version: str, now: float, patience: float) -> None:
        """Judge what a reading shows.

        :param patience: the seconds for which it must look failed before it counts as failed.
        """
        self.seen = server
        is_well = server is not None and server.compared_to(version) == "same" and self._settled(server)
        self.well = self.well + 1 if is_well else 0
        if server is None:
            return
        if server.compared_to(version) == "same" or server.busy:
            self.sure = True
        if not self._looks_failed(server, version):
            self.failed = 0
        elif self.failed == 0:
            self.failed, self.failed_since = 1, now
        else:
            self.failed += 1
        if self.well >= _WELL_LOOKS:
            is_due = any(agent.health == "restart_due" for agent in server.upgradable)
            self.ending = "restart_due" if is_due else "done"
        elif self.failed >= _FAILED_LOOKS and now - self.failed_since >= patience:
            self.ending = "failed"

    def give_up(self) -> None:
        """The deadline has passed."""
        self.ending = "timeout" if self.sure else "unknown"

    def _settled(self, server: Server) -> bool:
        return all(self._agent_settled(agent) for agent in server.upgradable)

    def _agent_settled(self, agent: Agent) -> bool:
        if _is_fine(agent) or (agent.health == "drained" and self.away):
            return True
        # The state of before the update is fine after it too, as long as the farm reaches the agent.
        return agent.health != "busy" and agent.state not in _NOT_REACHED and self._as_before(agent)

    def _looks_failed(self, server: Server, version: str) -> bool:
        if not self.sure or server.busy or server.compared_to(version) == "same":
            return False
        return any(
            agent.health == "attention"
            and (agent.state in _NOT_REACHED or (agent.state in _LISTED and not self._as_before(agent)))
            for agent in server.upgradable
        )

    def _as_before(self, agent: Agent) -> bool:
        return any(agent.kind == other.kind and agent.state == other.state for other in self.before.upgradable)


def _is_fine(agent: Agent) -> bool:
    return agent.health in ("ok", "restart_due")


class AgentWatch:
    """Reads a farm's agents.

    :param version: the wanted version.
    :param interval: seconds between two readings.
    :param timeout: seconds for which an update is waited for.
    :ivar latest: what was read last.
    :ivar said_by: the server that answers, once it is known.
    """

    def __init__(self, source: AgentSource, version: str, clock: Clock, interval: float, timeout: float) -> None:
        self._source = source
        self._version = version
        self._clock = clock
        self._interval = interval
        self._timeout = timeout
        self.latest: list[Agent] = []
        self.said_by: str | None = None

    @property
    def servers(self) -> list[Server]:
        """The machines that were read last."""
        return servers_of(self.latest)

    def read(self) -> list[Agent]:
        """Read once."""
        self.latest = read_agents(self._source.agents(), "winrm", self.said_by)
        return self.latest

    def readings(self, seconds: float) -> t.Iterator[list[Server]]:
        """One reading after the other until the deadline, the last one at it.

        :raises RasError: when the last one failed, or too many answers in a row were unreadable.
        """
        ends_at = self._clock.monotonic() + seconds
        bad = 0
        while True:
            failed: RasError | None = None
            try:
                self.read()
            except RasError as exc:
                failed = exc
                bad = bad + 1 if exc.code == "bad_answer" else 0
                if bad >= _BAD_ANSWERS or exc.code not in (*_PASSING, "bad_answer"):
                    raise
            else:
                bad = 0
                yield self.servers
            left = ends_at - self._clock.monotonic()
            if left <= 0:
                if failed:
                    raise failed
                return
            self._clock.sleep(min(self._interval, left))

    def settle(self, subjects: t.Sequence[Subject]) -> None:
        """Watch until each subject has an ending; the time-out is one."""
        patience = self._timeout * _FAILED_PART
        for servers in self.readings(self._timeout):
            now = self._clock.monotonic()
            for subject in subjects:
                if subject.ending is None:
                    subject.look(server_of(subject.name, servers), self._version, now, patience)
            if all(subject.ending for subject in subjects):
                return
        for subject in subjects:
            if subject.ending is None:
                subject.give_up()
