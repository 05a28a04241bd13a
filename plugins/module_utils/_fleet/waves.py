# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Waves: which farms change together, and whether the next wave may start. Pure, no I/O.

Not Ansible's ``serial``: that ignores group variables and cannot keep a farm's hosts together.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted

# The playbooks import one wave play for each number, so their count is fixed.
MOST_WAVES: t.Final = 10


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


def may_start(failed: t.Sequence[str], most_failed: int) -> str | None:
    """Why the next wave must not start; None when it may.

    :param failed: the farms of earlier waves that did not end well, those without any outcome (unreachable, crashed)
        too.
    :param most_failed: how many are allowed.
    """
    if len(failed) > most_failed:
        names = ", ".join(failed[:5]) + (" and more" if len(failed) > 5 else "")
        found = f"{counted(len(failed), 'farm')} of earlier waves did not end well ({names})"
        return f"{found}; ras_max_failed_farms={most_failed}."
    return None


def too_late(not_after: str, now: dt.datetime) -> str | None:
    """Why no wave may start any more; None when one may.

    :param not_after: ``YYYY-MM-DD HH:MM`` by the controller's clock, or empty. What cannot be read stops too: it was
        meant to.
    :param now: by the same clock.
    """
    if not not_after.strip():
        return None
    try:
        end = dt.datetime.strptime(not_after.strip(), "%Y-%m-%d %H:%M")
    except ValueError:
        return f"ras_no_new_farm_after is not a time: expected YYYY-MM-DD HH:MM, observed '{not_after}'."
    return f"it is {now:%Y-%m-%d %H:%M}, after ras_no_new_farm_after={not_after}." if now > end else None
