# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chance with a seed, and a list of what it brought."""

from __future__ import annotations

import random
import typing as t


class Dice:
    """What is drawn for one history.

    Attributes:
        random: The chance.
        seed: Of the history.
        notes: What was drawn, in words, for the count of what never is.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(f"history {seed}")
        self.seed = seed
        self.notes: list[str] = []

    def note(self, *words: t.Any) -> None:
        self.notes.append(" ".join(str(word) for word in words))

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def one(self, among: t.Sequence[t.Any]) -> t.Any:
        """One of them; what is listed twice comes twice as often."""
        return self.random.choice(among)
