# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the farms of a rollout take by themselves, and what a list scheduler makes of them. Pure."""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence

LONGEST, MEAN = 120.0, 60.0
_SEED = 17


def durations(farms: int) -> list[float]:
    """Seconds that each farm takes: the longest :data:`LONGEST`, on average :data:`MEAN`, and most of them less.

    The same for a number of farms whenever it is asked for; the order is a random one.

    Raises:
        ValueError: One farm alone cannot take both.
    """
    if farms < 2:
        raise ValueError(f"the longest and the mean need at least two farms: observed {farms}")
    # Squares of evenly spread numbers: many quick farms, few slow ones.
    shares = [(number / (farms - 1)) ** 2 for number in range(farms)]
    spread = (LONGEST - MEAN) / (1 - sum(shares) / farms)
    found = [LONGEST - spread * (1 - share) for share in shares]
    random.Random(f"{_SEED}/{farms}").shuffle(found)
    return found


def list_schedule(seconds: Sequence[float], forks: int) -> float:
    """When the last one ends, if each begins in this order as soon as one of the forks is free.

    Args:
        seconds: How long each takes.
        forks: How many may go on at the same time, at least one.
    """
    free = [0.0] * forks
    ends = 0.0
    for each in seconds:
        end = heapq.heappop(free) + each
        heapq.heappush(free, end)
        ends = max(ends, end)
    return ends
