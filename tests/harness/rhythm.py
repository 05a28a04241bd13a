# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rhythm of every scenario: check, apply, apply again, check again; the lab is the witness, not the module."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .runner import Run, Runner
from .worlds import host_of

EFFECTS = frozenset({"activated", "deactivated", "settings_applied"})


@dataclass
class Four:
    """The four runs."""

    check: Run
    apply: Run
    again: Run
    drift: Run

    def each(self) -> tuple[Run, Run, Run, Run]:
        """In order."""
        return (self.check, self.apply, self.again, self.drift)


def effects(runner: Runner) -> dict[str, list[str]]:
    """What took effect in which farm since the journal was cleared."""
    found: dict[str, list[str]] = {}
    for entry in runner.lab.journal():
        if entry["effect"] in EFFECTS:
            found.setdefault(entry["farm"], []).append(entry["effect"])
    return found


def four_times(
    runner: Runner,
    run: t.Callable[..., Run],
    *,
    expected: t.Mapping[str, list[str]],
    rc: int = 0,
    warnings: t.Sequence[str] = (),
) -> Four:
    """Run four times and hold each run to what the lab's journal shows.

    :param run: called with ``check=``; one run of the scenario.
    :param expected: farm -> effects that the apply must have, exactly once, and no others.
    :param rc: the exit code of all four (2 if some farm stays refused).
    :param warnings: parts of the warnings that may be shown; any other fails.
    """
    lab = runner.lab
    runs = []
    for number, check in enumerate((True, False, False, True)):
        lab.clear_journal()
        done = run(check=check)
        runs.append(done)
        assert done.rc == rc, f"run {number + 1}: exit code {done.rc}, expected {rc}\n{done.output}"
        assert effects(runner) == (dict(expected) if number == 1 else {}), (
            f"run {number + 1}: {effects(runner)}\n{done.output}"
        )
        assert {host_of(farm) for farm in expected} == done.changed_hosts if number < 2 else not done.changed_hosts, (
            f"run {number + 1}: {done.stats}"
        )
        unnamed = [text for text in done.warnings if not any(part in text for part in warnings)]
        assert not unnamed, f"run {number + 1}: {unnamed}"
        assert lab.problems() == [], lab.problems()
        assert lab.open_sessions() == [], lab.open_sessions()
    return Four(*runs)
