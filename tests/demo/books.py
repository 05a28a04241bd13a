# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's journal says about an upgrade: what happened on which host, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from raslab.testing import Lab

HEAD = ("farm", "version before", "version after", "account", "agents", "out of service", "installed", "updated")


@dataclass(frozen=True)
class Event:
    """Something that happened to a RAS host.

    Attributes:
        host: The short name of the host.
        what: ``installed``, ``updated``, ``drained``, ``undrained``, ``activated``, or ``failed`` (an update).
    """

    farm: str
    host: str
    what: str

    def __str__(self) -> str:
        return f"{self.host} {'not updated' if self.what == 'failed' else self.what}"


class Books:
    """Reads the journal of an upgrade through the control API, from now on."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._seen = max((entry["seq"] for entry in lab.journal()), default=0)
        self._versions = {name: farm["version"] for name, farm in lab.state()["farms"].items()}
        self._steps: dict[tuple[str, str], list[str]] = {}

    def look(self, step: int) -> list[Event]:
        """Return what happened since the last look.

        Args:
            step: The step of the demo that it belongs to.
        """
        fresh = [entry for entry in self._lab.journal() if entry["seq"] > self._seen]
        self._seen = max([self._seen, *(entry["seq"] for entry in fresh)])
        found = [event for entry in fresh if (event := _event(entry))]
        for event in found:
            steps = self._steps.setdefault((event.farm, event.what), [])
            if str(step) not in steps:
                steps.append(str(step))
        return found

    def rows(self) -> list[tuple[str, ...]]:
        """Return the summary of all farms, its head first."""
        return [HEAD, *(self._row(name, farm) for name, farm in self._lab.state()["farms"].items())]

    def out_of_service(self) -> list[str]:
        """The hosts that are disabled in their farm."""
        farms = self._lab.state()["farms"].values()
        return [host["name"] for farm in farms for host in farm["hosts"] if not host["enabled"]]

    def _row(self, name: str, farm: Mapping[str, Any]) -> tuple[str, ...]:
        hosts = farm["hosts"]
        current = sum(1 for host in hosts if host["agent_version"] == farm["version"])
        before = self._versions[name]
        return (
            name,
            before,
            farm["version"] if farm["version"] != before else "the same",
            str(farm["license"]["account"]),
            f"{current}/{len(hosts)}",
            str(sum(1 for host in hosts if not host["enabled"]) or "-"),
            self._shown(name, "installed"),
            self._shown(name, "updated"),
        )

    def _shown(self, farm: str, what: str) -> str:
        steps = self._steps.get((farm, what), [])
        return f"step {', '.join(steps)}" if steps else "-"


def _event(entry: Mapping[str, Any]) -> Event | None:
    what = entry["effect"]
    if entry["op"] == "push" and entry["status"] == "failed":
        what = "failed"
    if what not in ("installed", "updated", "failed", "drained", "undrained", "activated"):
        return None
    # RASAdmin drains a host from the broker that it runs on: which one is in the arguments.
    host = (entry.get("args") or {}).get("server", entry["host"]) if what in ("drained", "undrained") else entry["host"]
    return Event(entry["farm"], str(host).partition(".")[0], str(what))


def by_farm(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Group events by farm, each in its order."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.farm, []).append(event)
    return found
