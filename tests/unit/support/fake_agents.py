# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm of agents in memory behind RASAdmin's door: pushes that take time, hosts that are disabled, a note, a kill."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass, field

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError, WriteOutcomeUnknown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.flow import AgentFlow

OLD = "20.2.0.26050"
NEW = "21.2.0.28000"
WANTED = "21.2.28000"
NOTE = r"C:\ProgramData\FleetOps\parallels_ras\drained.json"
TYPES = {
    "broker": "PA",
    "gateway": "Gateway",
    "rds_host": "RDSHost",
    "enrollment_server": "Enrollment",
    "guest": "Guest",
}
SWITCHES = {"gateway": "gateway", "rds": "rds_host"}

# What an agent shows after a push: seconds since, version, state. The last entry stays.
TIMELINES: dict[str, list[tuple[float, str, str | None]]] = {
    "ok": [(0, OLD, "Synchronising"), (20, NEW, "OK"), (21, NEW, "ConnectionFailed"), (35, NEW, "OK")],
    "fails": [(0, OLD, "Synchronising"), (20, OLD, "ConnectionFailed")],
    "fails_at_once": [(0, OLD, "ConnectionFailed")],
    "shaky": [(0, OLD, "Synchronising"), (20, OLD, "ConnectionFailed"), (70, NEW, "OK")],
    "hangs": [(0, OLD, "Synchronising")],
    "nothing": [(0, OLD, "OK")],
    "needs_restart": [(0, OLD, "Synchronising"), (20, NEW, "RebootPending")],
    "stays_down": [(0, OLD, "Synchronising"), (20, NEW, "ConnectionFailed")],
    "drained": [(0, OLD, "Synchronising"), (20, NEW, "LogonDrainUntilRestart")],
}


class Killed(BaseException):
    """The controller is gone."""


class FakeClock(Clock):
    """A clock that only a sleep moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move on."""
        assert seconds > 0
        self.now += seconds

    def utc(self) -> str:
        """Always the same."""
        return "2026-01-01T00:00:00+00:00"


@dataclass
class Host:
    """A server of the farm.

    :param push: a key of :data:`TIMELINES`, or ``refused``.
    :param users_leave: seconds after which no session is left.
    """

    name: str
    kinds: tuple[str, ...] = ("rds_host",)
    version: str | None = OLD
    state: str | None = "OK"
    site: int = 1
    priority: int = 0
    push: str = "ok"
    sessions: int | None = 0
    users_leave: float | None = None
    enabled: bool | None = True
    pushed_at: float | None = None
    off: dict[str, bool | None] = field(default_factory=dict)

    def shown(self, now: float) -> tuple[str | None, str | None]:
        """Version and state."""
        if self.pushed_at is None:
            return self.version, self.state
        rows = [row for row in TIMELINES[self.push] if row[0] <= now - self.pushed_at]
        return rows[-1][1:]

    def rows(self, now: float) -> list[dict[str, t.Any]]:
        """What ``Get-RASAgent`` says of it."""
        version, state = self.shown(now)
        gone = self.users_leave is not None and now >= self.users_leave
        return [
            {
                "Server": self.name,
                "ServerType": TYPES[kind],
                "SiteId": self.site,
                "AgentVer": version,
                "AgentState": state,
                "Enabled": self.off.get(kind, self.enabled),
                "ActiveSessions": (0 if gone else self.sessions) if kind == "rds_host" else 0,
            }
            for kind in self.kinds
        ]


class FakeAdmin:
    """RASAdmin on the licensing server ``cb1``.

    :ivar journal: the calls that write, as texts.
    :ivar kill_at: the number of the call during which the controller is killed.
    :ivar kill_after: whether that call has taken effect by then.
    :ivar lose: calls whose answer is lost: ``push`` or ``switch`` -> whether they take effect.
    :ivar away: readings that find no host, from the front: a code each, None to succeed.
    """

    name = "winrm"

    def __init__(self, *hosts: Host, version: str = NEW) -> None:
        self.clock = FakeClock()
        self.hosts = {host.name: host for host in (Host("cb1", ("broker",), NEW), *hosts)}
        self.version: str | None = f"{version} (x64)"
        self.notes: dict[str, str] = {}
        self.journal: list[str] = []
        self.kill_at: int | None = None
        self.kill_after = False
        self.lose: dict[str, bool] = {}
        self.away: list[str | None] = []
        self.unsupported: set[str] = set()
        self.refuse_switch: set[tuple[str, bool]] = set()
        self.on_reading: t.Callable[[FakeAdmin], None] = lambda admin: None
        self._calls = 0

    # -- reads -----------------------------------------------------------------------------------------------------

    def open(self) -> Farm:
        """Log on."""
        return Farm(connected_server="CB1")

    def service_version(self) -> str | None:
        """``Get-RASVersion``."""
        return self.version

    def sites(self) -> list[Site]:
        """All sites."""
        return [Site(number, None, number == 1) for number in sorted({host.site for host in self.hosts.values()})]

    def brokers(self) -> list[Broker]:
        """All brokers."""
        found = [host for host in self.hosts.values() if "broker" in host.kinds]
        return [Broker(number, each.name, None, each.site, each.priority) for number, each in enumerate(found)]

    def agents(self) -> list[dict[str, t.Any]]:
        """All rows."""
        code = self.away.pop(0) if self.away else None
        if code:
            raise RasError(code, "away")
        self.on_reading(self)
        return [row for host in self.hosts.values() for row in host.rows(self.clock.now)]

    # -- writes ----------------------------------------------------------------------------------------------------

    def update_agent(self, server: str, site_id: int | None, force: bool) -> None:
        """``Update-RASAgent``."""
        host = self.hosts[server]
        assert site_id == host.site

        def push() -> None:
            if host.push == "refused":
                raise RasError("agent_failed", f"RAS refused to update the agent of {server}: 'no'.")
            host.pushed_at = self.clock.now

        self._write(f"push {server}{' force' if force else ''}", push, "push")

    def set_enabled(self, server: str, kind: str, enabled: bool, site_id: int | None = None) -> None:
        """``Set-RASRDSHost`` and its like."""
        host, own = self.hosts[server], SWITCHES[kind]
        assert site_id == host.site

        def switch() -> None:
            if own in self.unsupported:
                raise RasError("drain_unsupported", f"cb1: no cmdlet for {kind}")
            if (server, enabled) in self.refuse_switch:
                raise RasError("bad_answer", f"RAS refused to switch {server}.")
            host.off[own] = enabled

        self._write(f"{'enable' if enabled else 'disable'} {server} {kind}", switch, "switch")

    def read_note(self, path: str) -> str | None:
        """The note."""
        return self.notes.get(path)

    def write_note(self, path: str, content: str) -> None:
        """Replace the note."""

        def write() -> None:
            self.notes[path] = content

        self._write(f"note {' '.join(noted(content))}".strip(), write)

    def _write(self, entry: str, effect: t.Callable[[], None], family: str = "") -> None:
        self._calls += 1
        is_killed = self._calls == self.kill_at
        if is_killed and not self.kill_after:
            raise Killed
        self.journal.append(entry)
        if self.lose.get(family, True):
            effect()
        if is_killed:
            raise Killed
        if family in self.lose:
            raise WriteOutcomeUnknown(f"The answer to {entry} was lost.")

    # -- what tests ask --------------------------------------------------------------------------------------------

    def count(self, entry: str) -> int:
        """How often a call was made."""
        return self.journal.count(entry)

    def restart(self, name: str, timeline: str | None = None) -> None:
        """Restart a server that has the new version; it is well at once, or goes by a timeline of its own."""
        host = self.hosts[name]
        host.version, host.state, host.pushed_at = NEW, "OK", None
        if timeline:
            host.push, host.pushed_at = timeline, self.clock.now

    def changes(self) -> list[str]:
        """The calls that change the farm, without notes."""
        return [entry for entry in self.journal if not entry.startswith("note")]

    def remembered(self) -> list[str]:
        """The servers in the note."""
        return noted(self.notes[NOTE]) if NOTE in self.notes else []

    def run(self, *, check: bool = False, **options: t.Any) -> dict[str, t.Any]:
        """One run of the module."""
        return AgentFlow(t.cast("t.Any", self), agent_options(**options), self.clock).run(check)


def noted(content: str) -> list[str]:
    """The servers that a note names."""
    return [row["server"] for row in json.loads(content)["drained"]]


def note_of(*components: tuple[str, str], site: int = 1) -> dict[str, str]:
    """A note that an earlier run left, as :attr:`FakeAdmin.notes`."""
    rows = [
        {"server": server, "kind": kind, "site_id": site, "since": "2025-12-31T23:00:00+00:00"}
        for server, kind in components
    ]
    return {NOTE: json.dumps({"version": 1, "drained": rows})}


def agent_options(**changes: t.Any) -> dict[str, t.Any]:
    """The options of the module, with its defaults."""
    defaults = {
        "version": WANTED,
        "servers": None,
        "exclude": [],
        "installing": [],
        "hosts": [],
        "reboot": "never",
        "restarted": [],
        "force": False,
        "gateways_min_in_service": 50,
        "rds_hosts_min_in_service": 50,
        "drain": True,
        "drain_timeout": 1800,
        "logoff_sessions": False,
        "allow_undrained": False,
        "settings_pending": False,
        "allow_pending_settings": False,
        "agent_timeout": 1800,
        "poll_interval": 10,
        "note_path": NOTE,
    }
    assert set(changes) <= set(defaults)
    return {**defaults, **changes}
