# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members that install by themselves: who they are, and which cannot."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import known_as
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import Hosts
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.members import (
    hosts_of_farms,
    member_problems,
)


def _hosts(**changes: dict[str, t.Any]) -> dict[str, dict[str, t.Any]]:
    farm = {"ras_farm": "tokyo", "ras_agents_method": "msi"}
    hosts: dict[str, dict[str, t.Any]] = {
        "cb1.tokyo.example.com": {"ras_farm": "tokyo"},
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


def _installing(members: list[str], hosts: dict[str, dict[str, t.Any]]) -> list[str]:
    (farm,) = hosts_of_farms(["cb1.tokyo.example.com"], members, Hosts(hosts)).values()
    return [each["host"] for each in farm.installing]


def test_members_are_those_of_the_farm_that_say_so() -> None:
    hosts = _hosts(rd2={"ras_managed": False})
    members = [host for host in hosts if not host.startswith("cb1")]
    assert _installing(members, hosts) == ["cb2.tokyo.example.com", "rd1.tokyo.example.com"]


def test_servers_are_found_by_name_and_address_within_their_farm() -> None:
    servers = ["CB2", "192.0.2.9", "rd1.osaka.example.com", "nobody"]
    (farm,) = hosts_of_farms(["cb1.tokyo.example.com"], [], Hosts(_hosts())).values()
    assert known_as(servers, {each["host"]: each["names"] for each in farm.all}) == {
        "CB2": "cb2.tokyo.example.com",
        "192.0.2.9": "rd2",
    }


class TestHostsOfFarms:
    """One look at all hosts, for all farms."""

    def test_each_farm_has_its_own_hosts_with_all_their_names(self) -> None:
        hosts = {
            **_hosts(rd2={"ras_agents_method": "push"}),
            "cb1.kobe.example.com": {},
            "tunnel": {"ras_farm": "kobe"},
        }
        servers = ["cb1.tokyo.example.com", "cb1.kobe.example.com"]
        found = hosts_of_farms(servers, hosts, Hosts(hosts))
        assert list(found) == servers
        tokyo, kobe = found.values()
        assert [each["host"] for each in tokyo.installing] == ["cb2.tokyo.example.com", "rd1.tokyo.example.com"]
        assert [each["host"] for each in tokyo.all] == [
            host for host in hosts if hosts[host].get("ras_farm") == "tokyo"
        ]
        assert {"host": "rd2", "names": ["192.0.2.9", "rd2"]} in tokyo.all
        # A farm without a name is called as its licensing server is; another one's hosts are not its own.
        assert kobe == ([{"host": "cb1.kobe.example.com", "names": ["cb1.kobe.example.com"]}], [])

    @pytest.mark.parametrize("values", [{"ras_agents_method": "MSI"}, {"ras_managed": "flase"}, {"ras_farm": None}])
    def test_a_member_that_cannot_be_read_installs_nowhere(self, values: dict[str, t.Any]) -> None:
        hosts = _hosts(rd2=values)
        (farm,) = hosts_of_farms(["cb1.tokyo.example.com"], hosts, Hosts(hosts)).values()
        assert "rd2" not in [each["host"] for each in farm.installing]


class TestProblems:
    """A member that cannot be read stops its farm, and no other one."""

    SERVERS: t.ClassVar = ["cb1.tokyo.example.com", "cb1.osaka.example.com"]

    def _problems(self, own: t.Any = (), **values: t.Any) -> list[tuple[str, list[str]]]:
        hosts = _hosts(rd2=values)
        hosts["cb1.osaka.example.com"] = {"ras_farm": "osaka"}
        hosts["cb1.tokyo.example.com"]["__ras_farm_seen"] = {"agents": [{"server": "RD2"}, {"server": None}]}
        found = member_problems([host for host in hosts if host not in self.SERVERS], self.SERVERS, Hosts(hosts), own)
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
        assert [each["hosts"] for each in member_problems(["m"], ["cb1", "cb2"], Hosts(hosts))] == [["cb1"]]

    def test_of_a_farm_that_is_not_known_it_is_all_farms(self) -> None:
        hosts: dict[str, dict[str, t.Any]] = {"cb1": {"ras_farm": "a"}, "cb2": {"ras_farm": "b"}, "m": {"ras_frm": "a"}}
        assert [each["hosts"] for each in member_problems(["m"], ["cb1", "cb2"], Hosts(hosts))] == [["cb1", "cb2"]]

    def test_nothing_is_wrong(self) -> None:
        assert self._problems() == []
        assert self._problems(ras_mine=1, own=["ras_mine"]) == []
        assert self._problems(ras_managed=False) == []

    @pytest.mark.parametrize("values", [{"ras_agents_method": "MSI"}, {"ras_managed": "flase"}, {"ras_farm": None}])
    def test_it_is_no_installing_member(self, values: dict[str, t.Any]) -> None:
        hosts = _hosts(rd2=values)
        assert "rd2" not in _installing(list(hosts), hosts)
