# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic of rollouts: what a list scheduler would need, rows and bars. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.figures import Bar
from bench.schedule import list_schedule, LONGEST

# Farms and forks. The bar of the first is the one that has to be met.
CASES = ((12, 12), (12, 5), (40, 40), (40, 5), (100, 20))
# Of an older commit.
OLDER = (12,)
MAKESPAN, CPU_GROWTH, CPU_SECONDS = 1.15, 1.1, 4.0
_SMALL, _LARGE = CASES[0], CASES[-1]


@dataclass(frozen=True)
class Rollout:
    """One rollout. Times are in seconds, net of the start of the interpreter and of Ansible.

    :ivar checkout: empty for the one at hand, else the commit.
    :ivar durations: what the hosts of each farm take together, in the order of the inventory.
    :ivar cpu: of Ansible and all its processes.
    :ivar lab_cpu: processor time of the lab meanwhile.
    :ivar results: of tasks.
    :ivar until_first: from the first request to the first installer: mostly the plan of all farms.
    :ivar wave: from there to the last request.
    """

    checkout: str
    forks: int
    durations: tuple[float, ...]
    seconds: float
    cpu: float
    lab_cpu: float
    results: int
    until_first: float
    wave: float

    @property
    def farms(self) -> int:
        """How many there were."""
        return len(self.durations)


@dataclass(frozen=True)
class RolloutRow:
    """A rollout beside what was reckoned for it.

    :ivar reckoned: seconds that a list scheduler needs; see :func:`reckoned`.
    """

    rollout: Rollout
    reckoned: float

    @property
    def times(self) -> float:
        """How many times as long it took."""
        return self.rollout.seconds / self.reckoned


def alone(rollouts: Sequence[Rollout], checkout: str) -> Rollout | None:
    """The rollout of the slowest farm alone, in a checkout."""
    return next((each for each in rollouts if each.farms == 1 and each.checkout == checkout), None)


def reckoned(rollout: Rollout, single: Rollout) -> float:
    """Seconds that a list scheduler needs for the same farms, order and forks.

    Each farm takes what its hosts take, and besides what the slowest farm took in a rollout of its own: tasks, looks in
    intervals, the table at the end. With as many forks as farms that is the time of that rollout.
    """
    besides = single.seconds - single.durations[0]
    return list_schedule([each + besides for each in rollout.durations], rollout.forks)


def rollout_rows(rollouts: Sequence[Rollout]) -> list[RolloutRow]:
    """One row for each rollout of several farms, in the order in which they ran."""
    found = []
    for each in rollouts:
        single = alone(rollouts, each.checkout)
        if each.farms > 1 and single:
            found.append(RolloutRow(each, reckoned(each, single)))
    return found


def rollout_bars(rollouts: Sequence[Rollout]) -> list[Bar]:
    """All bars of rollouts of the checkout at hand, each with what was observed and, where it is missed, why.

    They are meant for the whole durations: what was measured in less is shown, and not judged.
    """
    single = alone(rollouts, "")
    whole = single is not None and single.durations[0] == LONGEST
    mine = {
        (row.rollout.farms, row.rollout.forks): row
        for row in rollout_rows(rollouts)
        if not row.rollout.checkout and whole
    }
    return [
        *(_makespan_bar(case, mine.get(case), single) for case in CASES),
        _growth_bar(mine.get(_SMALL), mine.get(_LARGE)),
        _cpu_bar(mine.get(_LARGE)),
    ]


def _makespan_bar(case: tuple[int, int], row: RolloutRow | None, single: Rollout | None) -> Bar:
    farms, forks = case
    name, wanted = (
        f"a rollout of {farms} farms at {forks} forks, against a list scheduler",
        f"at most {MAKESPAN:g} times",
    )
    if row is None or single is None:
        return Bar(name, wanted, "not measured in this run", None)
    it = row.rollout
    observed = f"{row.times:.2f} times ({it.seconds:.0f} s, {row.reckoned:.0f} s reckoned)"
    met = row.times <= MAKESPAN
    why = (
        f"{it.until_first:.0f} s passed until the first installer was started ({single.until_first:.0f} s with the "
        f"slowest farm alone), {it.wave:.0f} s from there to the last request ({single.wave:.0f} s alone; "
        f"{list_schedule(it.durations, forks):.0f} s are those of the hosts), and {_rest(it):.0f} s for the rest "
        f"({_rest(single):.0f} s alone). Ansible kept {it.cpu / it.seconds:.1f} processors busy and the lab "
        f"{it.lab_cpu / it.seconds:.1f}."
    )
    return Bar(name, wanted, observed, met, "" if met else why)


def _rest(rollout: Rollout) -> float:
    return rollout.seconds - rollout.until_first - rollout.wave


def cpu_a_farm(rollout: Rollout) -> float:
    """Processor seconds a farm."""
    return rollout.cpu / rollout.farms


def _growth_bar(small: RolloutRow | None, large: RolloutRow | None) -> Bar:
    name = f"processor time of a rollout, a farm of {_LARGE[0]} against one of {_SMALL[0]}"
    wanted = f"at most {CPU_GROWTH:g} times"
    if small is None or large is None:
        return Bar(name, wanted, "not measured in this run", None)
    times = cpu_a_farm(large.rollout) / cpu_a_farm(small.rollout)
    met = times <= CPU_GROWTH
    why = f"With {_SMALL[0]} farms {_work(small.rollout)}; with {_LARGE[0]} {_work(large.rollout)}."
    return Bar(name, wanted, f"{times:.2f} times", met, "" if met else why)


def _cpu_bar(large: RolloutRow | None) -> Bar:
    name, wanted = f"processor time of a rollout, a farm of {_LARGE[0]}", f"at most {CPU_SECONDS:g} s"
    if large is None:
        return Bar(name, wanted, "not measured in this run", None)
    observed = cpu_a_farm(large.rollout)
    met = observed <= CPU_SECONDS
    return Bar(name, wanted, f"{observed:.1f} s", met, "" if met else f"It is {_work(large.rollout)}.")


def _work(rollout: Rollout) -> str:
    tasks = rollout.results / rollout.farms
    return f"{tasks:.0f} results of tasks a farm, of {cpu_a_farm(rollout) / tasks * 1000:.0f} ms of processor time each"
