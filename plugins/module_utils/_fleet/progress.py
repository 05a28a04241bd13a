# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""How far a run over a fleet is, from what the role notes about each farm. Pure, no I/O and no clock of its own."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted

_TENTH: t.Final = 10


class Progress:
    """Farms done, failed and at work, the phase, and a rough time to go.

    A farm is done when its plan says that nothing is due or that something blocks it, when the gate held it back, when
    it has left its wave, or when it was lost on the way; in whichever way, it is done once. Farms of a wave go at their
    own pace, so what is noted about one says nothing about the others.

    :param now: seconds of a clock that never goes back.
    """

    def __init__(self, now: float) -> None:
        self._started = now
        self._farms: set[str] = set()
        self._due: set[str] = set()
        self._done: set[str] = set()
        self._failed: set[str] = set()
        self._at_work: set[str] = set()
        # Plans are quick and changes are slow: the time to go comes from the changes alone.
        self._changes_began: float | None = None
        self._changes = 0
        self.phase = "start"

    @property
    def counts(self) -> tuple[int, int, int]:
        """Farms done, failed among them, and all."""
        return len(self._done), len(self._failed), len(self._farms)

    def begin(self, phase: str, farms: t.Iterable[str], now: float) -> None:
        """A play begins.

        :param farms: the licensing servers that it is for; none where it is for something else.
        """
        self.phase = phase
        self._farms |= set(farms)
        if self._due and self._changes_began is None:
            self._changes_began, self._changes = now, len(self._due)

    def note(self, host: str, facts: t.Mapping[str, t.Any]) -> None:
        """What the role has noted about a host (``set_fact``); anything else is ignored."""
        plan = facts.get("ras_preflight")
        if isinstance(plan, t.Mapping) and plan:
            self._farms.add(host)
            # A second playbook of the same run begins with it again.
            self._done.discard(host)
            self._failed.discard(host)
            if plan.get("state") == "due" and not plan.get("failure"):
                self._due.add(host)
            else:
                self._end(host, failed=bool(plan.get("failure")))

    def turn(self, host: str, said: t.Mapping[str, t.Any]) -> None:
        """What the gate said when the turn of a farm began or ended (farm_gate); anything else is ignored."""
        if host not in self._farms:
            return
        if said.get("step") == "leave":
            self._end(host, failed=bool(said.get("problem")))
        elif said.get("step") == "enter" and said.get("stop"):
            self._end(host, failed=True)
        elif said.get("step") == "enter":
            self._at_work.add(host)

    def lost(self, host: str) -> None:
        """A host cannot be reached."""
        if host in self._farms:
            self._end(host, failed=True)

    def _end(self, host: str, failed: bool = False) -> None:
        self._due.discard(host)
        self._at_work.discard(host)
        self._done.add(host)
        if failed:
            self._failed.add(host)

    def line(self, now: float) -> str:
        """The state as one line of plain text."""
        done, failed, farms = self.counts
        parts = [self.phase]
        if farms:
            more = ((failed, "failed"), (len(self._at_work), "at work"))
            said = [f"{done} of {counted(farms, 'farm')} done", *(f"{count} {what}" for count, what in more if count)]
            parts.append(", ".join(said))
        parts.append(f"{_span(now - self._started)} elapsed")
        ended = self._changes - len(self._due)
        if self._changes_began is not None and self._due and ended > 0:
            parts.append(f"about {_span((now - self._changes_began) / ended * len(self._due))} to go")
        return " | ".join(parts)

    def milestone(self) -> tuple[str, int, int]:
        """Changes where a log should hold a line: at a phase, at a failure, and at each tenth of the farms."""
        done, failed, farms = self.counts
        return self.phase, failed, done * _TENTH // farms if farms else 0


def _span(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
