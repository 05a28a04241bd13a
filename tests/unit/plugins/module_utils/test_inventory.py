# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a farm reports becomes hosts, groups and variables."""

from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._inventory import (
    BLANK,
    FarmEntry,
    FarmReading,
    fleet_of,
    hosts_of,
    InventoryHost,
    reading_from_dict,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import json_values
from hypothesis import given

TOKYO: t.Final = FarmEntry("tokyo", "https://cb1.tokyo.example.com:20443", "japan", {"ras_ca_path": "/etc/ca.pem"})
OSAKA: t.Final = FarmEntry("osaka", "https://10.9.0.1:20443")
DOWN: t.Final = RasError("api_unreachable", "Nothing answers.")


def agent(server: str, kind: t.Any = "broker", **changes: t.Any) -> Agent:
    """A healthy agent in site 1."""
    seen = {"site_id": 1, "state": "OK", "version": "20.2.0.26050", "ip": "10.0.0.1", **changes}
    return Agent(server=server, kind=kind, **seen)


def reading(*agents: Agent, brokers: t.Sequence[Broker] | None = None, **farm: t.Any) -> FarmReading:
    """A farm with one site and one broker."""
    primary = Broker(1, "cb1.tokyo.example.com", "10.0.0.1", 1, 0, True)
    identity = {"guid": "{AA-1}", "licensing_server": "cb1.tokyo.example.com", "is_licensing_server": True, **farm}
    return FarmReading(
        Farm(**identity), [Site(1, "Head office", True)], [primary] if brokers is None else brokers, agents
    )


def by_name(hosts: t.Iterable[InventoryHost]) -> dict[str, InventoryHost]:
    """Hosts by their names, which are all different."""
    listed = list(hosts)
    found = {host.name: host for host in listed}
    assert len(found) == len(listed)
    return found


def test_a_farm_of_all_kinds() -> None:
    hosts, warnings = hosts_of(
        TOKYO,
        reading(
            agent("rd1.tokyo.example.com", "rds_host", state="LogonDrain", ip="10.0.0.9"),
            agent("cb1.tokyo.example.com"),
            agent("gw1.tokyo.example.com", "gateway", version=None, state=None, ip=None, site_id=7),
            agent("es1.tokyo.example.com", "enrollment_server"),
        ),
    )
    assert warnings == []
    assert [(host.name, *host.groups) for host in hosts] == [
        ("cb1.tokyo.example.com", "ras_licensing_servers", "ras_farm_tokyo", "ras_brokers"),
        ("rd1.tokyo.example.com", "ras_members", "ras_farm_tokyo", "ras_rds_hosts"),
        ("gw1.tokyo.example.com", "ras_members", "ras_farm_tokyo", "ras_gateways"),
        ("es1.tokyo.example.com", "ras_members", "ras_farm_tokyo", "ras_enrollment_servers"),
    ]
    found = by_name(hosts)
    assert found["cb1.tokyo.example.com"].variables == {
        "ras_farm": "tokyo",
        "ras_organization": "japan",
        "ras_site": "Head office",
        "ras_kinds": ["broker"],
        "ras_priority": 0,
        "ras_agent_version": "20.2.0.26050",
        "ras_agent_state": "OK",
        "ras_agent_health": "ok",
        "ras_ip": "10.0.0.1",
        "ras_api_url": "https://cb1.tokyo.example.com:20443",
        "ras_ca_path": "/etc/ca.pem",
        "ras_farm_guid": "{AA-1}",
    }
    drained, silent = found["rd1.tokyo.example.com"].variables, found["gw1.tokyo.example.com"].variables
    assert (drained["ras_agent_state"], drained["ras_agent_health"]) == ("LogonDrain", "drained")
    assert {name for name in drained if "api" in name or "guid" in name or "ca_path" in name} == set()
    assert (silent["ras_agent_version"], silent["ras_agent_state"], silent["ras_agent_health"]) == (
        None,
        None,
        "unknown",
    )
    assert (silent["ras_site"], silent["ras_ip"], silent["ras_priority"]) == (None, None, None)


@pytest.mark.parametrize("kind", ["provider", "guest", "avd_host", "vdi_host", "halb", "logical", "unknown"])
def test_what_is_no_ras_host_is_no_host(kind: str) -> None:
    hosts, warnings = hosts_of(TOKYO, reading(agent("cb1.tokyo.example.com"), agent("x1.tokyo.example.com", kind)))
    assert ([host.name for host in hosts], warnings) == (["cb1.tokyo.example.com"], [])


@pytest.mark.parametrize("other", ["CB1", "10.0.0.1", "cb1.tokyo.example.com"])
def test_one_server_with_several_agents_is_one_host(other: str) -> None:
    seen = reading(agent(other, "gateway", state="NeedsAttention"), agent("Cb1.Tokyo.example.com.", "rds_host"))
    (host,), _warnings = hosts_of(TOKYO, seen)
    assert host.name == "cb1.tokyo.example.com"
    assert host.groups[2:] == ["ras_brokers", "ras_gateways", "ras_rds_hosts"]
    assert (host.variables["ras_agent_state"], host.variables["ras_agent_health"]) == ("NeedsAttention", "attention")
    assert host.variables["ras_priority"] == 0


def test_a_broker_that_the_agents_leave_out_is_a_host() -> None:
    second = Broker(2, "cb2.tokyo.example.com", "10.0.0.2", 1, 1)
    hosts, _warnings = hosts_of(TOKYO, reading(brokers=[Broker(1, "cb1.tokyo.example.com", None, 1, 0), second]))
    member = by_name(hosts)["cb2.tokyo.example.com"]
    assert member.groups[0] == "ras_members"
    assert (member.variables["ras_priority"], member.variables["ras_ip"]) == (1, "10.0.0.2")
    assert member.variables["ras_agent_version"] is None


@pytest.mark.parametrize(
    ("farm", "name"),
    [
        ({"licensing_server": "CB2"}, "cb2.tokyo.example.com"),
        ({"licensing_server": "10.0.0.2"}, "cb2.tokyo.example.com"),
        ({"licensing_server": None, "connected_server": "cb2"}, "cb2.tokyo.example.com"),
        ({"licensing_server": None}, "cb1.tokyo.example.com"),
    ],
)
def test_the_licensing_server_is_found_by_what_is_known_of_it(farm: dict[str, str | None], name: str) -> None:
    seen = reading(agent("cb1.tokyo.example.com"), agent("cb2.tokyo.example.com", ip="10.0.0.2"), **farm)
    hosts, warnings = hosts_of(TOKYO, seen)
    assert [host.name for host in hosts if "ras_licensing_servers" in host.groups] == [name]
    assert hosts[0].name == name
    assert warnings == []


def test_another_server_than_the_licensing_server_is_warned_of() -> None:
    entry = FarmEntry("tokyo", "https://cb2.tokyo.example.com:20443")
    seen = reading(
        agent("cb1.tokyo.example.com"), agent("cb2.tokyo.example.com", ip="10.0.0.2"), is_licensing_server=False
    )
    hosts, (warning,) = hosts_of(entry, seen)
    assert (hosts[0].name, hosts[0].variables["ras_api_url"]) == ("cb1.tokyo.example.com", entry.api_url)
    assert "expected the address of cb1.tokyo.example.com" in warning


def test_a_licensing_server_that_is_nowhere_is_replaced() -> None:
    seen = reading(
        agent("cb3.tokyo.example.com"), brokers=[], licensing_server="elsewhere.example.com", is_licensing_server=None
    )
    hosts, (warning,) = hosts_of(OSAKA, seen)
    assert [(host.name, host.groups[0]) for host in hosts] == [
        ("10.9.0.1", "ras_licensing_servers"),
        ("cb3.tokyo.example.com", "ras_members"),
    ]
    assert hosts[0].variables["ras_farm_guid"] == "{AA-1}"
    assert "10.9.0.1 is used in its place" in warning
    # Expressions that are written for hosts work for it too.
    assert set(BLANK) < set(hosts[1].variables) < set(hosts[0].variables)


@pytest.mark.parametrize(
    "name", ["gw 1", "gw1,all", "!gw1", "&gw1", "gw[1:3]", "*", "{{ 7 * 7 }}", "../gw1", "@gw1", "-gw1", "gw1:22", ""]
)
def test_a_name_that_means_something_to_ansible_is_left_out(name: str) -> None:
    hosts, warnings = hosts_of(TOKYO, reading(agent("cb1.tokyo.example.com"), agent(name, "gateway", ip=None)))
    assert [host.name for host in hosts] == ["cb1.tokyo.example.com"]
    assert len(warnings) == 1


def test_a_licensing_server_with_such_a_name_is_replaced() -> None:
    seen = reading(agent("cb 1"), brokers=[], licensing_server="cb 1")
    hosts, warnings = hosts_of(OSAKA, seen)
    assert [host.name for host in hosts] == ["10.9.0.1"]
    assert len(warnings) == 2


@pytest.mark.parametrize("name", ["fe80::1", "10.0.0.7", "gw_1", "東京1", "gw-1.example.com"])
def test_unusual_names_are_names(name: str) -> None:
    hosts, warnings = hosts_of(TOKYO, reading(agent("cb1.tokyo.example.com"), agent(name, "gateway", ip=None)))
    assert name in by_name(hosts)
    assert warnings == []


def test_a_server_that_is_known_by_its_address_has_it() -> None:
    hosts, _warnings = hosts_of(TOKYO, reading(agent("cb1.tokyo.example.com"), agent("10.0.0.7", "gateway", ip=None)))
    assert by_name(hosts)["10.0.0.7"].variables["ras_ip"] == "10.0.0.7"


def test_a_farm_that_cannot_be_read_keeps_a_host() -> None:
    fleet = fleet_of([(TOKYO, reading(agent("cb1.tokyo.example.com"))), (OSAKA, DOWN)])
    assert [entry.name for entry, _failure in fleet.failures] == ["osaka"]
    lost = by_name(fleet.hosts)["10.9.0.1"]
    assert lost.groups == ["ras_licensing_servers", "ras_farm_osaka", "ras_unread_farms"]
    assert lost.variables["ras_api_url"] == OSAKA.api_url
    assert lost.variables["ras_inventory_failure"] == {
        "code": "api_unreachable",
        "message": "Nothing answers.",
        "remedy": DOWN.remedy,
    }
    assert (lost.variables["ras_agent_health"], lost.variables["ras_ip"]) == ("unknown", "10.9.0.1")
    assert "ras_farm_guid" not in lost.variables


def test_two_entries_for_one_farm() -> None:
    fleet = fleet_of([(TOKYO, reading(agent("cb1.tokyo.example.com"))), (OSAKA, reading(agent("cb1"), guid="aa-1"))])
    ((entry, failure),) = fleet.failures
    assert (entry, failure.code) == (OSAKA, "duplicate_farm")
    assert "https://cb1.tokyo.example.com:20443 (tokyo) and at https://10.9.0.1:20443 (osaka)" in failure.message
    assert set(by_name(fleet.hosts)) == {"cb1.tokyo.example.com", "10.9.0.1"}


def test_farms_without_a_guid_are_not_duplicates() -> None:
    seen = [(entry, reading(agent("cb1.tokyo.example.com"), guid=None)) for entry in (TOKYO, OSAKA)]
    assert fleet_of(seen).failures == []


def test_servers_of_one_name_in_two_farms_are_distinguished() -> None:
    other = FarmEntry("customer b", "https://cb01:20443")
    seen = [
        (entry, reading(agent("CB01"), brokers=[], guid=entry.name, licensing_server="CB01"))
        for entry in (TOKYO, other)
    ]
    hosts = by_name(fleet_of(seen).hosts)
    assert set(hosts) == {"cb01@tokyo", "cb01@customer_b"}
    assert {host.variables["ansible_host"] for host in hosts.values()} == {"cb01"}
    assert {host.variables["ras_farm"] for host in hosts.values()} == {"tokyo", "customer b"}


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "."])
def test_localhost_of_a_farm_is_no_host(name: str) -> None:
    brokers = [Broker(1, "", None, 1, 0), Broker(2, "cb1.tokyo.example.com", "10.0.0.1", 1, 1)]
    rows = (agent(name, "rds_host"), agent("", "gateway", listed_as="gw1"), agent("cb1.tokyo.example.com"))
    hosts, warnings = hosts_of(TOKYO, reading(*rows, brokers=brokers))
    assert list(by_name(hosts)) == ["cb1.tokyo.example.com"]
    (said,) = [warning for warning in warnings if "which servers they are" in warning]
    assert "gw1" in said
    assert "broker 1" in said


def test_a_reading_survives_a_cache() -> None:
    seen = reading(agent("cb1.tokyo.example.com"), agent("rd1.tokyo.example.com", "rds_host", sessions=3, enabled=True))
    again = reading_from_dict(json.loads(json.dumps(seen.as_dict())))
    assert again is not None
    assert (again.farm, again.sites, again.brokers) == (seen.farm, seen.sites, seen.brokers)
    assert [each.as_dict() for each in again.agents] == [each.as_dict() for each in seen.agents]


def test_brokers_that_the_farm_does_not_show_come_from_its_agents_and_are_warned_of() -> None:
    seen = dataclasses.replace(reading(agent("cb1.tokyo.example.com"), agent("cb2.tokyo.example.com")), brokers=None)
    again = reading_from_dict(json.loads(json.dumps(seen.as_dict())))
    assert again is not None
    assert again.brokers is None
    hosts, (warning,) = hosts_of(TOKYO, again)
    assert {name: host.variables["ras_priority"] for name, host in by_name(hosts).items()} == {
        "cb1.tokyo.example.com": None,
        "cb2.tokyo.example.com": None,
    }
    assert "shows no list of its Connection Brokers" in warning


@pytest.mark.parametrize(
    "change", [{"format": 1}, {"farm": {"name": 1, "color": 2}}, {"agents": [{}]}, {"sites": None}]
)
def test_what_another_release_cached_is_not_used(change: dict[str, t.Any]) -> None:
    assert reading_from_dict({**reading().as_dict(), **change}) is None


@given(json_values)
def test_anything_in_a_cache_is_survived(value: t.Any) -> None:
    assert reading_from_dict(value) is None
