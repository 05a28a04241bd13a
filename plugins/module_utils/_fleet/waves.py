# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Waves: which farms change together, and how many of them at a time. Pure, no I/O.

Not Ansible's ``serial``: that ignores group variables and cannot keep a farm's hosts together.
"""

from __future__ import annotations

import math
import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted

# The playbooks import one wave play for each number, so their count is fixed.
MOST_WAVES: t.Final = 10
# More are not advised: a fork waits for its farm most of the time, but it is a process that holds memory.
MOST_FORKS: t.Final = 50


def assign_waves(farms: t.Sequence[str], sizes: t.Sequence[t.Any]) -> dict[str, int]:
    """Number the farms' waves, from 1, in the given order.

    :param farms: the farms that need a change.
    :param sizes: such as ``1`` or ``"10%"`` (of these farms, at least one); the last is repeated until all have
        a wave.
    :raises ValueError: one sentence, for invalid sizes and for more than :data:`MOST_WAVES` waves.
    """
    counts = [_size(size, len(farms)) for size in sizes]
    if not counts:
        raise ValueError("ras_waves is empty: expected a list of sizes such as [1, '10%', '100%'].")
    waves: dict[str, int] = {}
    wave = 0
    while len(waves) < len(farms):
        wave += 1
        if wave > MOST_WAVES:
            raise ValueError(
                f"ras_waves makes more than {MOST_WAVES} waves for {counted(len(farms), 'farm')}: expected sizes that "
                f"cover them, such as [1, '10%', '100%'], observed {list(sizes)}."
            )
        count = counts[min(wave, len(counts)) - 1]
        waves.update(dict.fromkeys(farms[len(waves) : len(waves) + count], wave))
    return waves


def _size(size: t.Any, farms: int) -> int:
    text = str(size).strip()
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%", text)
    if found and float(found[1]) > 0:
        return max(1, math.floor(farms * min(float(found[1]), 100.0) / 100))
    if text.isascii() and text.isdecimal() and int(text) > 0 and not isinstance(size, bool):
        return int(text)
    raise ValueError(f"ras_waves holds '{text}': expected a whole number above 0, or a percentage such as '10%'.")


def pace(counts: t.Sequence[int], forks: int) -> str:
    """How long the waves take, in one sentence; empty without waves.

    :param counts: how many farms each wave has, in order.
    :param forks: how many farms Ansible works on at the same time.
    """
    if not counts:
        return ""
    named = f"Waves of {', '.join(map(str, counts[:-1]))} and" if len(counts) > 1 else "One wave of"
    sizes = f"{named} {counted(counts[-1], 'farm')}"
    slow = [number for number, count in enumerate(counts, start=1) if count > forks]
    if not slow:
        return f"{sizes}, forks {forks}: each wave takes as long as its slowest farm."
    most = max(counts)
    some = f"wave {slow[0]}: {counts[slow[0] - 1]}" if len(slow) == 1 else f"waves {_listed(slow)}: up to {most}"
    better = min(most, MOST_FORKS)
    advice = f"; set ANSIBLE_FORKS={better}" if better > forks else ""
    return f"{sizes}; {some} farms, forks {forks}: {forks} at a time{advice}."


def _listed(numbers: t.Sequence[int]) -> str:
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last
