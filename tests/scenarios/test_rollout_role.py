# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role alone with ras_version: one farm is upgraded, activated and proven, as by the playbook."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from counts import count
from harness.rollouts import done, four_rollouts, FULL_VERSION, rollout_world
from harness.runner import Run, Runner
from harness.worlds import EMAIL, host_of, NONE
from scenarios.conftest import StartLab

pytestmark = pytest.mark.long

_MSI: t.Final[dict[str, t.Any]] = {"vars": {"ras_agents_method": "msi"}}
ROLE: t.Final = "fleetops.parallels_ras.ras"
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "alone": {
        "license": NONE,
        "hosts": [{"name": host_of("alone")}, {"name": "gw1.alone.example.com", "components": ["gateway"]}],
    },
    # Both methods in one farm: brokers, then gateways, then session hosts, whoever installs by itself.
    "mixed": {
        "hosts": [
            {"name": host_of("mixed")},
            {"name": "rd1.mixed.example.com", "components": ["rds"], **_MSI},
            {"name": "rd2.mixed.example.com", "components": ["rds"]},
            {"name": "gw1.mixed.example.com", "components": ["gateway"]},
            {"name": "cb2.mixed.example.com", "components": ["broker"], "priority": 1, **_MSI},
        ],
    },
    "partial": {
        "hosts": [{"name": host_of("partial")}, {"name": "rd1.partial.example.com", "components": ["rds"], **_MSI}]
    },
}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    return start_lab(rollout_world(FARMS))


@pytest.mark.floor
def test_the_role_alone_upgrades_activates_and_pushes(runner: Runner, tmp_path: Path) -> None:
    hook = tmp_path / "site.yml"
    hook.write_text("- name: Site\n  ansible.builtin.debug:\n    msg: after the farm\n", encoding="utf-8")
    extra = {"ras_after_farm_tasks": str(hook)}

    def run(check: bool) -> Run:
        return runner.play([], "--limit", "*.alone.example.com", play={"roles": [ROLE]}, check=check, extra=extra)

    four = four_rollouts(runner, run)
    changes = done(four.applied)
    assert changes.installs == {"alone": [host_of("alone")]}
    assert changes.licenses == {"alone": ["activated"]}
    assert changes.pushes == {"alone": ["gw1.alone.example.com"]}
    farm = runner.lab.farm("alone")
    assert {host["agent_version"] for host in farm["hosts"]} == {FULL_VERSION}
    assert farm["license"]["account"] == EMAIL
    times = [sum(str(each.get("task")).endswith("Site") for each in ended.records) for ended in four.each()]
    assert times == [0, 1, 0, 0]
    count("scenario", "rollout: the role alone, four runs")


@pytest.mark.full
@pytest.mark.floor_full
def test_the_role_alone_upgrades_members_that_install_by_themselves_in_the_order_of_their_site(runner: Runner) -> None:
    def run(check: bool) -> Run:
        # Members first: what is done once for all hosts must be done by a licensing server.
        hosts = "ras_members:ras_licensing_servers"
        return runner.play([], "--limit", "*.mixed.example.com", hosts=hosts, play={"roles": [ROLE]}, check=check)

    four = four_rollouts(runner, run)
    order = [(entry["op"], entry["host"].split(".")[0]) for entry in four.applied if entry["op"] in ("install", "push")]
    assert order == [("install", "cb1"), ("install", "cb2"), ("push", "gw1"), ("install", "rd1"), ("push", "rd2")]
    for host in runner.lab.farm("mixed")["hosts"]:
        assert (host["agent_version"], host["enabled"]) == (FULL_VERSION, True), host["name"]
    count("scenario", "rollout: the role alone, members that install by themselves, four runs")


def test_the_role_alone_says_what_to_run_for_members_outside_its_play(runner: Runner) -> None:
    limit = ("--limit", "*.partial.example.com")
    server = runner.play([], *limit, play={"roles": [ROLE]})
    member = runner.play([], *limit, hosts="ras_members", play={"roles": [ROLE]})
    for run, host, words in (
        (server, host_of("partial"), "into the hosts of its play (ras_licensing_servers:ras_members)"),
        (member, "rd1.partial.example.com", "no licensing server of that farm is in this play"),
    ):
        assert run.rc == 2
        messages = " ".join(str(each["result"].get("msg")) for each in run.records if each.get("host") == host)
        assert words in messages
    assert runner.lab.farm("partial")["hosts"][1]["agent_version"] != FULL_VERSION
    count("scenario", "rollout: the role alone, members outside the play")
