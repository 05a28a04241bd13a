# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Members that cannot be upgraded: they stop their farm, not the others, and the next run continues from there."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.reading import outcomes, states
from harness.rollouts import Changes, done, FULL_VERSION, ROLLOUT, rollout_world
from harness.runner import Run, Runner
from harness.worlds import host_of
from scenarios.conftest import StartLab

# Minutes of rollouts: in the whole matrices only.
pytestmark = [pytest.mark.full, pytest.mark.floor_full, pytest.mark.long]


def _farm(name: str, *members: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    return {"hosts": [{"name": host_of(name)}, *members], **more}


def _rds(farm: str, number: int = 1, method: str = "msi", **more: t.Any) -> dict[str, t.Any]:
    return {
        "name": f"rd{number}.{farm}.example.com",
        "components": ["rds"],
        "vars": {"ras_agents_method": method},
        **more,
    }


FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "broken": _farm(
        "broken",
        _rds("broken"),
        _rds("broken", 2),
        faults=[{"kind": "msiexec", "on": "install", "host": "rd1.broken.example.com", "log": "Error 1714."}],
    ),
    "busy": _farm("busy", _rds("busy", windows={"sessions": 3})),
    "pushed": _farm("pushed", _rds("pushed", method="push", windows={"sessions": 2}), vars={"ras_drain_timeout": 1}),
    "unseen": _farm(
        "unseen",
        _rds(
            "unseen",
            windows={"unreadable": ["sessions"]},
            vars={"ras_agents_method": "msi", "ras_allow_unknown": ["sessions"]},
        ),
    ),
    "outside": _farm("outside", _rds("outside")),
    "good": _farm("good", _rds("good"), {"name": "gw1.good.example.com", "components": ["gateway"]}),
}
RDS: t.Final = {name: f"rd1.{name}.example.com" for name in FARMS}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    return start_lab(rollout_world(FARMS, ras_waves=["100%"], ras_max_failed_farms=9))


@pytest.fixture(scope="module")
def first(runner: Runner) -> tuple[Run, Changes]:
    run = runner.playbook(ROLLOUT, "--limit", f"all:!{RDS['outside']}")
    return run, done(runner.lab.journal())


@pytest.fixture(scope="module")
def second(runner: Runner, first: tuple[Run, Changes]) -> tuple[Run, Changes]:
    """The same command for all hosts, with the permission to end sessions."""
    runner.lab.clear_journal()
    run = runner.playbook(ROLLOUT, extra={"ras_logoff_sessions": True})
    return run, done(runner.lab.journal())


def test_each_farm_says_what_prevents_its_upgrade(first: tuple[Run, Changes]) -> None:
    run, _changes = first
    assert run.rc == 2
    assert states(run) == {
        "broken": "failed agent_failed",
        "busy": "failed agent_failed",
        "unseen": "failed agent_failed",
        "pushed": "failed sessions_active",
        # Before anything was changed.
        "outside": "refused agent_failed",
        "good": "changed",
    }
    rows = outcomes(run)
    assert "rd1.broken.example.com failed: install_failed" in rows["broken"]["message"]
    assert "1603" in rows["broken"]["message"]
    assert "Error 1714." in rows["broken"]["message"]
    assert "rd1.busy.example.com failed: sessions_active" in rows["busy"]["message"]
    assert "ras_logoff_sessions=true" in rows["busy"]["remedy"]
    assert "rd1.unseen.example.com has an unknown number of sessions" in rows["unseen"]["message"]
    assert "ras_logoff_sessions=true" in rows["unseen"]["remedy"]
    assert "rd1.pushed.example.com (2)" in rows["pushed"]["message"]
    assert "ras_logoff_sessions" in rows["pushed"]["remedy"]
    assert "not in this run: rd1.outside.example.com" in rows["outside"]["message"]
    assert "--limit" in rows["outside"]["remedy"]
    assert rows["broken"]["versions"] == ["20.2.25893", "21.2.28000"]
    count("scenario", "rollout: members that fail")


def test_a_member_that_failed_stops_the_later_rounds_of_its_farm(first: tuple[Run, Changes]) -> None:
    _run, changes = first
    assert changes.installs == {
        "broken": [host_of("broken"), RDS["broken"]],
        "busy": [host_of("busy")],
        "unseen": [host_of("unseen")],
        "pushed": [host_of("pushed")],
        "good": [host_of("good"), RDS["good"]],
    }
    assert changes.pushes == {"good": ["gw1.good.example.com"]}
    count("scenario", "rollout: members, later rounds do not start")


def test_the_next_run_installs_and_pushes_only_what_is_left(runner: Runner, second: tuple[Run, Changes]) -> None:
    run, changes = second
    assert run.rc == 0, run.output[-4000:]
    assert changes.installs == {
        "broken": [RDS["broken"], "rd2.broken.example.com"],
        "busy": [RDS["busy"]],
        "unseen": [RDS["unseen"]],
        "outside": [host_of("outside"), RDS["outside"]],
    }
    assert changes.pushes == {"pushed": [RDS["pushed"]]}
    assert changes.licenses == {}
    for name in FARMS:
        for host in runner.lab.farm(name)["hosts"]:
            shown = (host["agent_version"], host["agent_state"], host["enabled"])
            assert shown == (FULL_VERSION, "OK", True), host["name"]
    assert run.stats[host_of("good")]["changed"] == 0
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []
    count("scenario", "rollout: members, the next run continues")
