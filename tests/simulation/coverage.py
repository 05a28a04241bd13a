# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was drawn in histories, what of it struck, and what never did."""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from simulation.events import LISTENING
from simulation.play import Played, Seen


@dataclass
class Coverage:
    """Counts, each by words.

    Attributes:
        drawn: What the generator chose.
        struck: Faults that met something: their kind, and what they met.
        states: The license of a farm before and after a command.
        ends: What a row of a table said.
    """

    drawn: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    kills: int = 0

    def add(self, other: Coverage) -> None:
        """Count what another one has counted."""
        for name in ("drawn", "struck", "states", "ends"):
            getattr(self, name).update(getattr(other, name))
        self.kills += other.kills

    def never(self) -> list[str]:
        """The kinds of faults that were drawn and met nothing."""
        drawn = {words.split()[1] for words in self.drawn if words.startswith("fault ")}
        return sorted(drawn - {words.split()[0] for words in self.struck})

    def lines(self) -> list[str]:
        """As they are printed, the rarest first."""
        found = []
        for title, counter in (
            ("drawn", self.drawn),
            ("struck", self.struck),
            ("states", self.states),
            ("rows", self.ends),
        ):
            found += [f"{title}:", *_sorted(counter)]
        return [*found, f"never struck: {', '.join(self.never()) or 'nothing'}"]


def of(played: Played) -> Coverage:
    """What a history that was played covers."""
    found = Coverage(Counter(played.history.drawn))
    for seen in played.seen:
        found.kills += seen.is_killed
        found.struck.update(_struck(seen, seen.scope(played.history)))
        for farm, before in seen.before["farms"].items():
            after = seen.after["farms"][farm]["license"]
            found.states[f"{before['license']['state']} -> {after['state']}, {seen.move['playbook']}"] += 1
        found.ends.update(f"{row['state']} {row['code'] or ''}".strip() for row in seen.ran.rows)
    return found


def _struck(seen: Seen, scope: t.Sequence[str]) -> Iterable[str]:
    for entry in seen.journal:
        for kind in str(entry["fault"] or "").split(","):
            if kind:
                yield f"{kind} on {entry['op']}"
    # No entry of the journal names what kept a request from coming.
    for farm in scope:
        for fault in seen.before["farms"][farm]["faults"]:
            if fault["kind"] in LISTENING and fault["due"]:
                yield f"{fault['kind']} on connecting"


def _sorted(counter: Counter[str]) -> list[str]:
    return [f"{count:>9}  {words}" for words, count in sorted(counter.items(), key=lambda pair: (pair[1], pair[0]))]
