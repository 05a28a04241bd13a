# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What concerns a run is worked out in one task, out of the variables of all hosts, and no failure of it is a run
without a table."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.reading import outcomes, overlay, states
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, host_of, NONE, PASSWORD, PRIVATE_PASSWORD, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
FLEET_RUN: t.Final = "fleetops.parallels_ras.fleet_run"
FARMS: t.Final = ("kobe", "osaka", "tokyo")
SERVERS: t.Final = "{{ groups['ras_licensing_servers'] }}"


@pytest.fixture(name="runner", scope="module")
def _runner(start_lab: StartLab) -> Runner:
    return start_lab(
        world(
            {
                "kobe": {"license": ACTIVE},
                "osaka": {
                    "license": ACTIVE,
                    "hosts": [
                        {"name": host_of("osaka")},
                        {"name": "rd1.osaka.example.com", "components": ["rds"]},
                        {"name": "rd2.osaka.example.com", "components": ["rds"]},
                    ],
                },
                "tokyo": {"license": NONE},
            }
        )
    )


def _step(runner: Runner, step: str, *args: str, **options: t.Any) -> dict[str, t.Any]:
    task = {"name": "Look", FLEET_RUN: {"step": step, **options}, "run_once": True, "delegate_to": "localhost"}
    run: Run = runner.play([task], *args)
    assert run.rc == 0, run.output[-4000:]
    assert runner.lab.journal() == []
    (result,) = run.results(FLEET_RUN)
    for secret in (PASSWORD, PRIVATE_PASSWORD):
        assert secret not in str(result)
    return result


def test_hosts_are_compared_by_passwords_that_no_option_takes(runner: Runner) -> None:
    assert _step(runner, "begin", hosts=SERVERS)["refused"] == []
    assert _step(runner, "check", hosts=SERVERS)["problems"] == []
    other = overlay(runner, "other", {host_of("kobe"): {"ras_account_password": PRIVATE_PASSWORD}})
    (problem,) = _step(runner, "check", *other, hosts=SERVERS)["problems"]
    assert (problem["code"], set(problem["hosts"])) == ("account_not_single", {host_of(farm) for farm in FARMS})
    count("scenario", "fleet_run: passwords are compared")


def test_each_farm_gets_its_hosts(runner: Runner) -> None:
    installs = overlay(runner, "installs", {"rd1.osaka.example.com": {"ras_agents_method": "msi"}})
    members = "{{ groups['ras_members'] }}"
    result = _step(runner, "hosts", *installs, hosts=SERVERS, members=members)
    assert [each["host"] for each in result["members"][host_of("osaka")]] == ["rd1.osaka.example.com"]
    assert result["members"][host_of("kobe")] == []
    found = {each["host"]: each["names"] for each in result["hosts"][host_of("osaka")]}
    assert set(found) == {host_of("osaka"), "rd1.osaka.example.com", "rd2.osaka.example.com"}
    # Its name, and the address at which Ansible reaches it.
    assert len(found["rd1.osaka.example.com"]) == 2
    count("scenario", "fleet_run: the hosts of each farm")


def test_waves_that_cannot_be_worked_out_are_said_of_each_farm(runner: Runner) -> None:
    broken = {host_of(farm): {"ras_waves": "{{ nowhere }}"} for farm in FARMS}
    run = runner.playbook(ACTIVATE, *overlay(runner, "broken", broken))
    assert run.rc == 2
    assert states(run) == dict.fromkeys(FARMS, "refused invalid_option")
    assert all("ras_waves of" in row["message"] for row in outcomes(run).values())
    assert runner.lab.journal() == []
    count("scenario", "fleet_run: waves that cannot be worked out end in the table")
