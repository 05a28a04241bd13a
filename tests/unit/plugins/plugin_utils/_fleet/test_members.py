# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members that install by themselves: who they are, whose turn it is, what blocks going on."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.members import (
    installing_members,
    member_problems,
    rounds_of,
    turns,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import inventory_hosts_of

PLAN = {"rounds": [{"servers": ["cb2"]}, {"servers": ["rd1.tokyo.example.com", "192.0.2.9"]}]}
DONE = {"changed": True}
BROKEN = {"code": "install_failed", "message": "1603.", "remedy": "Read the log."}


def _hosts(**changes: dict[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    farm = {"ras_farm": "tokyo", "ras_agents_method": "msi"}
    hosts: dict[str, dict[str, t.Any]] = {
        "cb1.tokyo.example.com": {"ras_farm": "tokyo", "__ras_members_plan": PLAN},
        "cb2.tokyo.example.com": dict(farm),
        "rd1.tokyo.example.com": dict(farm),
        "rd2": {**farm, "ansible_host": "192.0.2.9"},
        "rd1.osaka.example.com": {"ras_farm": "osaka", "ras_agents_method": "msi"},
        "gw1.tokyo.example.com": {"ras_farm": "tokyo"},
    }
    for name, values in changes.items():
        host = next(each for each in hosts if each.split(".")[0] == name)
        hosts[host].update(values)
    return hosts


def test_members_are_those_of_the_farm_that_say_so() -> None:
    hosts = _hosts(rd2={"ras_managed": False})
    members = [host for host in hosts if not host.startswith("cb1")]
    assert installing_members("tokyo", members, hosts) == ["cb2.tokyo.example.com", "rd1.tokyo.example.com"]


def test_servers_are_found_by_name_and_address_within_their_farm() -> None:
    servers = ["CB2", "192.0.2.9", "rd1.osaka.example.com", "nobody"]
    assert inventory_hosts_of(servers, _hosts(), "tokyo") == {"CB2": "cb2.tokyo.example.com", "192.0.2.9": "rd2"}


def test_turns_follow_the_rounds() -> None:
    hosts = _hosts()
    found = turns(hosts, hosts)
    assert found["rounds"] == 2
    assert found["turns"] == {"cb2.tokyo.example.com": 1, "rd1.tokyo.example.com": 2, "rd2": 2}


def test_nothing_blocks_a_farm_whose_members_are_done() -> None:
    hosts = _hosts(cb2={"ras_upgrade_result": DONE}, rd1={"ras_upgrade_result": DONE}, rd2={"ras_upgrade_result": DONE})
    assert turns(hosts, hosts)["failures"] == {}


@pytest.mark.parametrize("check_mode", [True, False])
def test_members_are_not_upgraded_in_check_mode(check_mode: bool) -> None:
    hosts = _hosts()
    assert bool(turns(hosts, hosts, check_mode)["failures"]) is not check_mode


def test_a_failed_member_ends_the_turns_of_its_farm() -> None:
    hosts = _hosts(cb2={"ras_failure": BROKEN})
    found = turns(hosts, hosts)
    assert (found["rounds"], found["turns"]) == (0, {})
    failure = found["failures"]["cb1.tokyo.example.com"]
    assert (failure["code"], failure["remedy"]) == ("agent_failed", "Read the log.")
    assert "cb2.tokyo.example.com failed: install_failed: 1603." in failure["message"]


def test_a_failed_licensing_server_too() -> None:
    hosts = _hosts(cb1={"ras_failure": BROKEN})
    assert turns(hosts, hosts)["turns"] == {}


def test_a_member_outside_the_run_is_reported() -> None:
    hosts = _hosts()
    failure = turns([host for host in hosts if host != "rd2"], hosts)["failures"]["cb1.tokyo.example.com"]
    assert "not in this run: rd2" in failure["message"]
    assert "--limit" in failure["remedy"]


def test_nobody_of_its_farm_is_upgraded_while_one_is_outside_the_run() -> None:
    hosts = _hosts(cb1={"__ras_order_plan": ORDER})
    found = turns([host for host in hosts if host != "rd2"], hosts)
    assert (found["turns"], found["pushes"]) == ({}, {})


def _rounds(*rounds: tuple[str, str], site: int = 1) -> list[dict[str, t.Any]]:
    return [{"kind": kind, "site_id": site, "servers": servers.split()} for kind, servers in rounds]


ORDER: t.Final = {
    "rounds": _rounds(("broker", "cb2"), ("gateway", "gw1"), ("rds_host", "rd1.tokyo.example.com 192.0.2.9")),
}


def test_pushes_to_those_that_come_before_a_member_have_their_turn() -> None:
    rounds = _rounds(("broker", "cb2"), ("rds_host", "rd1.tokyo.example.com 192.0.2.9"))
    hosts = _hosts(cb1={"__ras_members_plan": {"rounds": rounds}, "__ras_order_plan": ORDER})
    found = turns(hosts, hosts)
    assert found["rounds"] == 3
    assert found["turns"] == {"cb2.tokyo.example.com": 1, "rd1.tokyo.example.com": 3, "rd2": 3}
    assert found["pushes"] == {"cb1.tokyo.example.com": [[], ["gw1"], []]}
    hosts["cb2.tokyo.example.com"]["ras_failure"] = BROKEN
    assert turns(hosts, hosts)["pushes"] == {}


def test_an_order_that_could_not_be_planned_stops_the_farm() -> None:
    hosts = _hosts(cb1={"__ras_order_plan": {"failure": BROKEN}})
    assert turns(hosts, hosts)["failures"] == {"cb1.tokyo.example.com": BROKEN}


@pytest.mark.parametrize(
    ("installs", "order", "rounds"),
    [
        ((), (("gateway", "gw1"),), []),
        ((("rds_host", "rd1"),), (), ["msi rd1"]),
        ((("broker", "cb2"),), (("broker", "cb2"), ("gateway", "gw1")), ["msi cb2"]),
        ((("rds_host", "rd1"),), (("broker", "cb2"), ("gateway", "gw1"), ("rds_host", "rd1")), ["cb2 gw1", "msi rd1"]),
        # By priority, whatever the method.
        ((("broker", "cb3"),), (("broker", "cb2"), ("broker", "cb3"), ("broker", "cb4")), ["cb2", "msi cb3"]),
        # Of one kind members first: the others wait once and not twice.
        (
            (("gateway", "gw2"), ("rds_host", "rd1")),
            (("gateway", "gw1 gw2"), ("gateway", "gw3"), ("rds_host", "rd1 rd2")),
            ["msi gw2", "gw1 gw3", "msi rd1"],
        ),
        # A member that became due after the order was planned.
        ((("rds_host", "rd1"), ("rds_host", "rd9")), (("rds_host", "rd1"),), ["msi rd1", "msi rd9"]),
    ],
)
def test_the_order_of_a_site_holds_over_both_methods(
    installs: tuple[tuple[str, str], ...], order: tuple[tuple[str, str], ...], rounds: list[str]
) -> None:
    found = rounds_of(_rounds(*installs), _rounds(*order))
    assert [f"{'msi ' if each.installs else ''}{' '.join(each.servers)}" for each in found] == rounds


def test_the_licensing_site_is_done_with_before_the_next_begins() -> None:
    order = [
        *_rounds(("gateway", "gw1"), ("rds_host", "rd1")),
        *_rounds(("broker", "cb2"), ("rds_host", "rd2"), site=2),
    ]
    installs = [*_rounds(("rds_host", "rd1")), *_rounds(("broker", "cb2"), site=2)]
    assert [each.servers for each in rounds_of(installs, order)] == [("gw1",), ("rd1",), ("cb2",)]
    assert [each.servers for each in rounds_of(installs[1:], order)] == [("gw1", "rd1"), ("cb2",)]


def test_a_plan_that_failed_is_handed_on() -> None:
    hosts = _hosts(cb1={"__ras_members_plan": {"failure": BROKEN}})
    assert turns(hosts, hosts)["failures"] == {"cb1.tokyo.example.com": BROKEN}


def test_a_plan_that_the_upgrade_makes_possible_may_fail_in_check_mode() -> None:
    too_old = {"code": "product_too_old", "message": "RAS 17.", "remedy": "Upgrade."}
    hosts: dict[str, dict[str, t.Any]] = {
        "cb1": {"ras_farm": "tokyo", "__ras_members_plan": {"failure": too_old}, "ras_upgrade_plan": {"needed": True}}
    }
    assert turns(hosts, hosts, check_mode=True)["failures"] == {}
    assert turns(hosts, hosts)["failures"] == {"cb1": too_old}


class TestProblems:
    """A member that cannot be read stops its farm, and no other one."""

    SERVERS: t.ClassVar = ["cb1.tokyo.example.com", "cb1.osaka.example.com"]

    def _problems(self, own: t.Any = (), **values: t.Any) -> list[tuple[str, list[str]]]:
        hosts = _hosts(rd2=values)
        hosts["cb1.osaka.example.com"] = {"ras_farm": "osaka"}
        hosts["cb1.tokyo.example.com"]["__ras_agents_seen"] = {"agents": [{"server": "RD2"}, {"server": None}]}
        found = member_problems([host for host in hosts if host not in self.SERVERS], self.SERVERS, hosts, own)
        assert all(each["code"] == "invalid_option" for each in found)
        return [(each["message"], each["hosts"]) for each in found]

    @pytest.mark.parametrize(
        ("values", "says"),
        [
            ({"ras_agents_method": "MSI"}, "ras_agents_method of rd2 is not one of push, msi"),
            ({"ras_agents_method": None}, "ras_agents_method of rd2 is not one of push, msi"),
            ({"ras_managed": "flase"}, "ras_managed of rd2 is not a boolean"),
            ({"ras_manged": False}, "ras_manged (did you mean ras_managed?)"),
            ({"ras_farm": 101}, "ras_farm of rd2 must be text"),
            ({"ras_farm": None}, "ras_farm of rd2 must be text"),
            ({"ras_organization": False}, "ras_organization of rd2 must be text"),
        ],
    )
    def test_it_is_its_farms(self, values: dict[str, t.Any], says: str) -> None:
        ((message, hosts),) = self._problems(**values)
        assert says in message
        assert hosts == ["cb1.tokyo.example.com"]

    def test_a_number_that_looks_like_the_name_of_a_farm_is_that_farm(self) -> None:
        hosts: dict[str, dict[str, t.Any]] = {
            "cb1": {"ras_farm": "101"},
            "cb2": {"ras_farm": "b"},
            "m": {"ras_farm": 101},
        }
        assert [each["hosts"] for each in member_problems(["m"], ["cb1", "cb2"], hosts)] == [["cb1"]]

    def test_of_a_farm_that_is_not_known_it_is_all_farms(self) -> None:
        hosts: dict[str, dict[str, t.Any]] = {"cb1": {"ras_farm": "a"}, "cb2": {"ras_farm": "b"}, "m": {"ras_frm": "a"}}
        assert [each["hosts"] for each in member_problems(["m"], ["cb1", "cb2"], hosts)] == [["cb1", "cb2"]]

    def test_nothing_is_wrong(self) -> None:
        assert self._problems() == []
        assert self._problems(ras_mine=1, own=["ras_mine"]) == []
        assert self._problems(ras_managed=False) == []

    @pytest.mark.parametrize("values", [{"ras_agents_method": "MSI"}, {"ras_managed": "flase"}, {"ras_farm": None}])
    def test_it_is_no_installing_member(self, values: dict[str, t.Any]) -> None:
        hosts = _hosts(rd2=values)
        assert "rd2" not in installing_members("tokyo", hosts, hosts)
