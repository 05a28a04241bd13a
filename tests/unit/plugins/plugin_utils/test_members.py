# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members that install by themselves: whose turn it is, and who is not done."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._members import installing_members, turns

FAILURE: t.Final = {"code": "install_failed", "message": "1603.", "remedy": "Read the log."}
TOO_OLD: t.Final = {"code": "product_too_old", "message": "RAS 17.", "remedy": "Upgrade."}
DONE: t.Final = {"ras_upgrade_result": {"changed": True}}


def _farm(*waves: list[str], **members: dict[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    """The variables of a licensing server cb1 and of members with ras_agents_method=msi."""
    plan = {"waves": [{"servers": names} for names in waves]}
    hosts = {name: {"ras_farm": "tokyo", "ras_agents_method": "msi", **values} for name, values in members.items()}
    return {"cb1": {"ras_farm": "tokyo", "ras_members_plan": plan}, **hosts}


def test_only_managed_members_of_the_farm_with_the_method_install() -> None:
    hosts: dict[str, dict[str, t.Any]] = {
        "cb2": {"ras_farm": "tokyo", "ras_agents_method": "msi"},
        "gw1": {"ras_farm": "tokyo"},
        "rd1": {"ras_farm": "tokyo", "ras_agents_method": "msi", "ras_managed": False},
        "rd2": {"ras_farm": "osaka", "ras_agents_method": "msi"},
    }
    assert installing_members("tokyo", hosts, hosts) == ["cb2"]


def test_each_wave_is_a_round() -> None:
    hosts = _farm(["cb2"], ["rd1", "rd2"], cb2={}, rd1={}, rd2={})
    told = turns(hosts, hosts)
    assert (told["rounds"], told["turns"]) == (2, {"cb2": 1, "rd1": 2, "rd2": 2})


@pytest.mark.parametrize("broken", ["cb1", "rd1"])
def test_a_farm_in_which_something_failed_has_no_turns(broken: str) -> None:
    hosts = _farm(["rd1"], ["rd2"], rd1={}, rd2={})
    hosts[broken]["ras_failure"] = FAILURE
    assert turns(hosts, hosts)["turns"] == {}


def test_the_failure_of_a_member_is_that_of_its_farm() -> None:
    hosts = _farm(["rd1"], ["rd2"], rd1={"ras_failure": FAILURE}, rd2=DONE)
    failure = turns(hosts, hosts)["failures"]["cb1"]
    assert (failure["code"], failure["remedy"]) == ("agent_failed", "Read the log.")
    assert "rd1 failed: install_failed: 1603." in failure["message"]


def test_a_member_that_is_not_in_the_run_is_named() -> None:
    hosts = _farm(["rd1"], ["rd2"], rd1=DONE, rd2={})
    failure = turns(["cb1", "rd1"], hosts)["failures"]["cb1"]
    assert "not in this run: rd2" in failure["message"]
    assert "--limit" in failure["remedy"]


def test_who_was_not_upgraded_is_named_unless_nothing_is() -> None:
    hosts = _farm(["rd1"], rd1={})
    assert "were not upgraded: rd1" in turns(hosts, hosts)["failures"]["cb1"]["message"]
    assert turns(hosts, hosts, check_mode=True)["failures"] == {}


def test_a_plan_that_the_upgrade_makes_possible_may_fail_in_check_mode() -> None:
    hosts = _farm(rd1={})
    hosts["cb1"] |= {"ras_members_plan": {"failure": TOO_OLD}, "ras_upgrade_plan": {"needed": True}}
    assert turns(hosts, hosts, check_mode=True)["failures"] == {}
    assert turns(hosts, hosts)["failures"] == {"cb1": TOO_OLD}
