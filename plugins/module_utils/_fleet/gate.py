# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The gate: whether a farm may start when its turn comes, from what is known of the other farms of the run.

Pure, no I/O. What is not known counts against the run: a farm that started and was lost, or one whose turn is over and
of which nothing is recorded, has failed.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.checks import check_observed, CheckedFarm

_MOST_NAMES: t.Final = 5

Step = t.Literal["started", "well", "failed", "held"]


@dataclass(frozen=True)
class Turn:
    """One farm whose turn has come, as it is recorded.

    :param host: its licensing server, by the name of the inventory.
    :param step: ``started``; ``well`` or ``failed`` since it left; ``held`` where it was not let in because of others,
        and nothing of it was tried.
    :param wants: the same text for the same wanted key, and not the key; None for none.
    :param guid: of the farm, as far as it was observed.
    :param key_shown: the key that the farm's license shows, and ``type_name`` the license's type, likewise.
    """

    host: str
    farm: str
    step: Step
    wants: str | None = None
    guid: str | None = None
    key_shown: str | None = None
    type_name: str | None = None


@dataclass(frozen=True)
class Run:
    """What the run knows when a farm's turn comes.

    :param planned: the licensing servers of this wave and of those before it.
    :param playing: the hosts that are still in the play of this wave.
    :param most_failed: how many farms may have failed.
    :param not_after: ``YYYY-MM-DD HH:MM`` by the controller's clock, or empty.
    :param now: by the same clock.
    """

    planned: t.Collection[str]
    playing: t.Collection[str]
    most_failed: int
    not_after: str
    now: dt.datetime


def ask(me: Turn, key: str | None, turns: t.Sequence[Turn], run: Run) -> tuple[str, Step]:
    """Whether a farm may start.

    :param me: the farm. Its step does not count.
    :param key: the key that it wants.
    :param turns: what is recorded of the farms of this run, in any order.
    :returns: why it must not start, empty when it may; and the step to record. A farm that was held back for what it is
        itself counts as failed: it has shown nothing, and the next ones must not rely on it.
    """
    others = [turn for turn in turns if turn.host != me.host]
    held = may_start(failed_farms(others, run), run.most_failed) or too_late(run.not_after, run.now)
    if held:
        return held, "held"
    clash = _clash(me, key, others)
    return (clash, "failed") if clash else ("", "started")


def failed_farms(turns: t.Sequence[Turn], run: Run) -> list[str]:
    """The farms that did not end well, the lost ones among them, by name: who was first is a matter of chance."""
    known = {turn.host for turn in turns}
    said = [
        turn.farm
        for turn in turns
        if turn.step == "failed" or (turn.step == "started" and turn.host not in run.playing)
    ]
    return sorted([*said, *(host for host in run.planned if host not in known and host not in run.playing)])


def may_start(failed: t.Sequence[str], most_failed: int) -> str | None:
    """Why no further farm may start; None when one may.

    :param failed: the farms of this run that did not end well.
    :param most_failed: how many are allowed.
    """
    if len(failed) > most_failed:
        names = ", ".join(failed[:_MOST_NAMES]) + (" and more" if len(failed) > _MOST_NAMES else "")
        found = f"{counted(len(failed), 'farm')} of this run did not end well ({names})"
        return f"{found}; ras_max_failed_farms={most_failed}."
    return None


def too_late(not_after: str, now: dt.datetime) -> str | None:
    """Why no farm may start any more; None when one may.

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


def _clash(me: Turn, key: str | None, others: t.Iterable[Turn]) -> str | None:
    """What the other farms have shown since the plan: that this one is one of them, or that its key is not for many."""

    def checked(turn: Turn) -> CheckedFarm:
        return CheckedFarm(
            host=turn.host,
            farm=turn.farm,
            organization="",
            email=None,
            password=None,
            key=key if me.wants is not None and turn.wants == me.wants else None,
            guid=turn.guid,
            key_shown=turn.key_shown,
            type_name=turn.type_name,
        )

    for problem in check_observed([*map(checked, others), checked(me)]):
        if me.host in problem.hosts:
            return problem.error.message
    return None
