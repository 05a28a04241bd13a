# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trials in a fleet: allowed for some farms, and announced so that nobody can miss which ones."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.reading import preflight_lines, states
from harness.rhythm import four_times
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, EMAIL, host_of, NONE, SPLA_KEY, world
from scenarios.conftest import StartLab

pytestmark = [pytest.mark.full, pytest.mark.floor_full]

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
ALLOWED: t.Final = {"ras_allow_trial": True}
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "with-key": {"license": NONE, "vars": {**ALLOWED, "ras_license_key": SPLA_KEY}},
    "spare-a": {"license": NONE, "vars": ALLOWED},
    # What it held was given back, and nothing of that is left to be read.
    "spare-b": {"license": {"state": "deactivated"}, "vars": ALLOWED},
    "right": {"license": ACTIVE, "vars": ALLOWED},
}
TRIALS: t.Final = {"spare-a", "spare-b"}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    made = world(FARMS)
    del made["vault"]["ras_license_key"]
    return start_lab(made)


def test_each_farm_that_becomes_a_trial_is_announced_as_one(runner: Runner) -> None:
    def run(check: bool) -> Run:
        return runner.playbook(ACTIVATE, check=check)

    due = [*sorted(TRIALS), "with-key"]
    four = four_times(runner, run, expected={farm: ["activated"] for farm in due}, warnings=("trial_history_unknown",))
    for each in (four.check, four.apply):
        lines = preflight_lines(each)
        assert {farm for farm in FARMS if "as a trial" in lines[host_of(farm)]} == TRIALS
        assert lines[host_of("spare-b")].startswith("spare-b: activate as a trial (no key is given")
        assert lines[host_of("with-key")].startswith("with-key: activate is due")
        for farm in FARMS:
            warned = [f"https://{runner.lab.farms[farm]['address']}" in text for text in each.warnings]
            assert any(warned) == (farm in TRIALS), farm
    assert (four.again.warnings, four.drift.warnings) == ([], [])
    assert states(four.apply) == {**dict.fromkeys(due, "changed"), "right": "ok"}
    for farm in TRIALS:
        held = runner.lab.farm(farm)["license"]
        assert (held["state"], held["account"]) == ("trial", EMAIL)
    count("scenario", "trials: announced in a fleet")
