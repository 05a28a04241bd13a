# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A history: a world, an inventory, and what happens in it. A file of it is played again without its seed."""

from __future__ import annotations

import json
import typing as t
from dataclasses import asdict, dataclass, field

from harness.worlds import host_of

# Of the files. A history of another version is refused, not guessed at.
VERSION: t.Final = 1

Move = dict[str, t.Any]


@dataclass
class Wanted:
    """What whoever wrote the inventory wants of a farm.

    Attributes:
        emails: Of the people of the one business account; the first signs farms in.
        key: The license key; None where none is wanted.
        managed: Whether the farm is the collection's business.
        readable: Whether its variables can be understood; if not, it is to be refused.
    """

    emails: list[str]
    key: str | None = None
    managed: bool = True
    readable: bool = True


@dataclass
class History:
    """Everything that is needed to play it.

    Attributes:
        seed: By which it was drawn; of what is drawn while it is played, too.
        world: As the lab reads it.
        over: Host, or ``all`` -> variables over those of the world.
        wanted: Farm -> what is wanted of it.
        moves: In their order. ``do`` says what: ``run``, ``farm``, ``host``, ``account``, ``fault``, ``clear``.
        drawn: What was drawn, in words, for the count of what never is.
    """

    seed: int
    world: dict[str, t.Any]
    wanted: dict[str, Wanted]
    moves: list[Move]
    over: dict[str, dict[str, t.Any]] = field(default_factory=dict)
    drawn: list[str] = field(default_factory=list)

    def text(self) -> str:
        """As a file holds it."""
        return json.dumps({"version": VERSION, **asdict(self)}, indent=1, ensure_ascii=False, default=str) + "\n"

    @classmethod
    def read(cls, text: str) -> History:
        """Read what a file holds.

        Raises:
            ValueError: It is no history, or one of another version.
        """
        data = json.loads(text)
        if not isinstance(data, dict) or data.pop("version", None) != VERSION:
            raise ValueError(f"This is no history of version {VERSION}")
        data["wanted"] = {farm: Wanted(**wanted) for farm, wanted in data["wanted"].items()}
        return cls(**data)

    def called(self, farm: str) -> str:
        """By which name the table knows a farm: one whose name is no text is called as its host."""
        return called(self.over, farm)

    def farms(self) -> list[str]:
        """The names of all farms."""
        return [farm["name"] for farm in self.world["farms"]]


def called(over: t.Mapping[str, t.Mapping[str, t.Any]], farm: str) -> str:
    """By which name the inventory calls a farm; its host where the name is no text.

    Args:
        over: Host -> its own variables.
    """
    own = over.get(host_of(farm), {}).get("ras_farm", farm)
    return own if isinstance(own, str) else host_of(farm)
