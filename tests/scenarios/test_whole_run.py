# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a playbook is started with: a run in part is refused, and a strategy of the user's does not reach the plays."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.reading import states
from harness.rhythm import effects
from harness.runner import Runner
from harness.worlds import ACTIVE, NONE, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

_NAMES: t.Final = ("activate", "deactivate", "drift", "rollout")
_PARTS: t.Final[tuple[tuple[str, tuple[str, ...], dict[str, str]], ...]] = (
    ("a tag", ("--tags", "activate"), {}),
    ("a tag that always is", ("--tags", "always"), {}),
    ("no tag", ("--tags", "untagged"), {}),
    ("skipped", ("--skip-tags", "x"), {}),
    ("always skipped", ("--skip-tags", "always"), {}),
    ("all skipped", ("--skip-tags", "all,always,untagged,tagged"), {}),
    ("both", ("--tags", "all,x", "--skip-tags", "tagged"), {}),
    ("a later task", ("--start-at-task", "Show all farms"), {}),
    ("a task that is nowhere", ("--start-at-task", "nowhere"), {}),
    ("stepwise", ("--step",), {}),
    ("a tag of the environment", (), {"ANSIBLE_RUN_TAGS": "x"}),
    ("skipped by the environment", (), {"ANSIBLE_SKIP_TAGS": "x"}),
)


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    return start_lab(world({name: {"license": NONE} for name in ("osaka", "tokyo")}))


@pytest.mark.parametrize(("case", "args", "env"), _PARTS, ids=[each[0] for each in _PARTS])
def test_a_run_in_part_is_refused_in_one_sentence(
    runner: Runner, case: str, args: tuple[str, ...], env: dict[str, str]
) -> None:
    runner.lab.clear_journal()
    # Each way with one playbook, and each playbook with some way.
    name = _NAMES[[each[0] for each in _PARTS].index(case) % len(_NAMES)]
    run = runner.playbook(f"fleetops.parallels_ras.{name}", *args, env=env)
    assert run.rc == 2, run.output
    said = " ".join(run.output.split())
    assert "run as a whole or not at all" in said
    assert "observed --" in said
    assert "Traceback" not in said
    assert runner.lab.journal() == []
    count("scenario", f"a run in part is refused: {case}")


@pytest.mark.parametrize("listing", ["--list-hosts", "--list-tasks", "--list-tags", "--syntax-check"])
def test_a_listing_runs_nothing_and_is_not_refused(runner: Runner, listing: str) -> None:
    for name in _NAMES:
        run = runner.playbook(f"fleetops.parallels_ras.{name}", listing, "--tags", "x")
        assert run.rc == 0, run.output
        assert "as a whole" not in run.output


@pytest.mark.parametrize(
    "strategy", ["host_pinned", *(pytest.param(name, marks=pytest.mark.full) for name in ("linear", "free", "debug"))]
)
def test_a_strategy_of_the_user_does_not_reach_the_plays(runner: Runner, strategy: str) -> None:
    """And one farm that fails does not end the run of the others, whatever ansible.cfg says."""
    runner.lab.clear_journal()
    runner.lab.patch_farm("osaka", license=ACTIVE if strategy == "debug" else NONE)
    runner.lab.patch_farm("tokyo", license=NONE)
    env = {"ANSIBLE_STRATEGY": strategy, "ANSIBLE_ANY_ERRORS_FATAL": "true"}
    runner.lab.add_fault("osaka", kind="vendor_unreachable", on="activate", times=1)
    run = runner.playbook(
        "fleetops.parallels_ras.activate", "--tags", "all", env=env, extra={"ras_max_failed_farms": 1}
    )
    runner.lab.clear_faults()
    failed = strategy != "debug"
    assert run.rc == (2 if failed else 0), run.output
    assert states(run) == {"osaka": "failed licensing_unreachable" if failed else "ok", "tokyo": "changed"}
    assert effects(runner) == {"tokyo": ["activated"]}
    count("scenario", f"a strategy of the user does not reach the plays: {strategy}")
