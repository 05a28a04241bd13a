# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which agents are updated, in which order, and what is said of the others."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent, Kind
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.plan import (
    AgentOptions,
    AgentPlan,
    plan_agents,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Site

NEW: t.Final = "21.2.28000"
NEW_REPORTED: t.Final = "21.2.0.28000"
OLD: t.Final = "20.2.0.26050"
OLD_SHOWN: t.Final = "20.2.26050"
SITES: t.Final = [Site(1, "branch", False), Site(2, "main", True), Site(3, "far", False)]


def agent(server: str, kind: Kind = "rds_host", site: int | None = 2, **changes: t.Any) -> Agent:
    values: dict[str, t.Any] = {"kind_reported": kind, "state": "OK", "version": OLD, "enabled": True}
    return Agent(server, kind, site_id=site, **{**values, **changes})


def broker(server: str, priority: int, site: int = 2, ip: str | None = None) -> Broker:
    return Broker(priority + 1, server, ip, site, priority)


def plan(
    agents: list[Agent],
    brokers: t.Sequence[Broker] = (),
    local: str | None = None,
    version: str = NEW,
    **options: t.Any,
) -> AgentPlan:
    return plan_agents(agents, brokers, SITES, version, local, AgentOptions(**options))


def rounds(made: AgentPlan) -> list[tuple[str, ...]]:
    return [round_.servers for round_ in made.rounds]


def rules(made: AgentPlan) -> dict[str, t.Any]:
    return {finding.rule: finding.observed for finding in made.findings}


def test_a_farm_in_order() -> None:
    agents = [
        agent("rds1", "rds_host"),
        agent("branch-cb", "broker", 1),
        agent("far-cb", "broker", 3),
        agent("es1", "enrollment_server"),
        agent("es2", "enrollment_server"),
        agent("gw1", "gateway"),
        agent("gw2", "gateway"),
        agent("branch-gw", "gateway", 1),
        agent("branch-gw2", "gateway", 1),
        agent("cb2", "broker"),
        agent("cb1", "broker"),
        agent("rds2", "rds_host"),
        agent("nowhere", "rds_host", None),
    ]
    made = plan(agents, [broker("cb1", 0), broker("cb2", 1), broker("branch-cb", 0, 1)])
    assert [(round_.kind, round_.site_id, round_.servers) for round_ in made.rounds] == [
        ("broker", 2, ("cb1",)),
        ("broker", 2, ("cb2",)),
        ("gateway", 2, ("gw1",)),
        ("gateway", 2, ("gw2",)),
        ("enrollment_server", 2, ("es1",)),
        ("enrollment_server", 2, ("es2",)),
        ("rds_host", 2, ("rds1",)),
        ("rds_host", 2, ("rds2",)),
        ("broker", 1, ("branch-cb",)),
        ("gateway", 1, ("branch-gw",)),
        ("gateway", 1, ("branch-gw2",)),
        ("broker", 3, ("far-cb",)),
        ("rds_host", None, ("nowhere",)),
    ]
    assert (made.findings, made.waiting) == ([], [])
    assert made.as_dict()["rounds"][0] == {"kind": "broker", "site_id": 2, "servers": ["cb1"]}


def test_a_broker_that_the_farm_does_not_list_comes_last() -> None:
    agents = [agent("a", "broker"), agent("b", "broker"), agent("c.example.com", "broker")]
    assert rounds(plan(agents, [broker("c", 1), broker("b", 0)])) == [("b",), ("c.example.com",), ("a",)]


@pytest.mark.parametrize(
    ("number", "percent", "sizes"),
    [
        (10, 50, [5, 5]),
        (5, 50, [2, 2, 1]),
        (1, 50, [1]),
        (2, 50, [1, 1]),
        (3, 90, [1, 1, 1]),
        (3, 100, [1, 1, 1]),
        (4, 0, [4]),
        (10, 67, [3, 3, 3, 1]),
    ],
)
@pytest.mark.parametrize(("kind", "option"), [("gateway", "gateways"), ("rds_host", "rds_hosts")])
def test_how_many_at_once(number: int, percent: int, sizes: list[int], kind: Kind, option: str) -> None:
    agents = [agent(f"s{index:02}", kind) for index in range(number)]
    made = plan(agents, **{f"{option}_min_in_service": percent})
    assert [len(round_) for round_ in rounds(made)] == sizes


@pytest.mark.parametrize(
    "out",
    [{"enabled": False}, {"state": "LogonDrain"}, {"state": "ConnectionFailed"}, {"state": "Synchronising"}],
    ids=str,
)
def test_servers_that_are_out_of_service_already_count(out: dict[str, t.Any]) -> None:
    agents = [agent(f"s{index}", "gateway") for index in range(5)]
    agents += [agent("new", "gateway", version=NEW_REPORTED), agent("out", "gateway", version=NEW_REPORTED, **out)]
    assert [len(round_) for round_ in rounds(plan(agents))] == [2, 2, 1]


@pytest.mark.parametrize("state", ["OK", "NeedsUpdate", "11", "RebootPending", None])
def test_servers_that_are_only_behind_are_in_service(state: str | None) -> None:
    agents = [agent(f"s{index}", "gateway", state=state) for index in range(6)]
    assert [len(round_) for round_ in rounds(plan(agents))] == [3, 3]


def test_servers_of_another_site_do_not_keep_this_one_in_service() -> None:
    agents = [agent("a", "gateway", 1), agent("b", "gateway", 2), agent("c", "gateway", 2)]
    assert rounds(plan(agents)) == [("b",), ("c",), ("a",)]


def test_a_gateway_alone_is_updated_and_named() -> None:
    made = plan([agent("gw1", "gateway"), agent("gw2", "gateway", 1, version=NEW_REPORTED)])
    assert rounds(made) == [("gw1",)]
    assert rules(made) == {"gateway_alone": {"gw1": OLD_SHOWN}}
    assert made.findings[0].severity == "info"


def test_a_gateway_alone_that_is_a_broker_too_is_named() -> None:
    made = plan([agent("cb1", "gateway"), agent("cb1", "broker")])
    assert [(round_.kind, round_.servers) for round_ in made.rounds] == [("broker", ("cb1",))]
    assert "gateway_alone" in rules(made)


@pytest.mark.parametrize("other", ["CB1.Tokyo.Example.com.", "cb1", "127.3.0.1"])
def test_a_server_is_updated_once_whatever_its_rows_call_it(other: str) -> None:
    agents = [agent(other, "rds_host"), agent("cb1.tokyo.example.com", "broker", ip="127.3.0.1")]
    assert rounds(plan(agents)) == [("cb1.tokyo.example.com",)]


def test_a_short_name_of_two_servers_is_a_server_of_its_own() -> None:
    agents = [agent("cb1", "rds_host"), agent("cb1.a.example", "broker"), agent("cb1.b.example", "broker")]
    assert sorted(name for round_ in rounds(plan(agents)) for name in round_) == [
        "cb1",
        "cb1.a.example",
        "cb1.b.example",
    ]


@pytest.mark.parametrize("local", ["cb1", "cb1.tokyo.example.com", "127.3.0.1", "CB1.TOKYO.example.com."])
def test_the_server_of_the_installer_is_left_alone(local: str) -> None:
    agents = [agent("cb1.tokyo.example.com", "broker", ip="127.3.0.1"), agent("cb2.tokyo.example.com", "broker")]
    agents += [agent("cb1.tokyo.example.com", "provider")]
    made = plan(agents, local=local)
    assert rounds(made) == [("cb2.tokyo.example.com",)]
    assert made.findings == []


def test_the_server_of_the_installer_is_known_by_the_list_of_brokers() -> None:
    made = plan([agent("cb1", "broker"), agent("cb2", "broker")], [broker("cb1", 0, ip="127.3.0.1")], local="127.3.0.1")
    assert rounds(made) == [("cb2",)]


def test_a_local_name_that_could_be_two_servers_leaves_none_out() -> None:
    agents = [agent("cb1.a.example", "broker"), agent("cb1.b.example", "broker")]
    assert len(rounds(plan(agents, local="cb1"))) == 2


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", ".", ""])
def test_a_server_that_nobody_can_name_is_never_pushed_to(name: str) -> None:
    made = plan([agent("cb1", "broker"), agent(name, listed_as=name or "rd7"), agent("rd1")], local="cb1", force=True)
    assert rounds(made) == [("rd1",)]
    assert rules(made)["agents_unnamed"] == [f"{name or 'rd7'} (rds_host)"]


@pytest.mark.parametrize("option", ["servers", "exclude"])
def test_a_server_may_be_chosen_by_the_name_that_the_farm_lists(option: str) -> None:
    made = plan([agent("cb2", "broker"), agent("cb2", listed_as="localhost")], **{option: ("localhost",)})
    assert rounds(made) == ([("cb2",)] if option == "servers" else [])


@pytest.mark.parametrize("version", [NEW, NEW_REPORTED, f"{NEW_REPORTED} (x64)"])
def test_an_agent_of_the_wanted_version_is_left_alone(version: str) -> None:
    made = plan([agent("rds1", version=version)])
    assert made == AgentPlan()


@pytest.mark.parametrize("version", [OLD, None, "unreadable", "22.0"])
def test_an_older_or_unknown_version_is_updated(version: str | None) -> None:
    assert rounds(plan([agent("rds1", version=version)])) == [("rds1",)]


def test_force_updates_the_wanted_version_too_and_nothing_newer() -> None:
    made = plan([agent("rds1", version=NEW_REPORTED), agent("rds2", version="22.0.0.30000")], force=True)
    assert rounds(made) == [("rds1",)]


@pytest.mark.parametrize(
    "changes", [{"version": "22.0.0.30000"}, {"version": None, "state": "NeedsDowngrade"}], ids=["version", "state"]
)
def test_a_newer_agent_is_never_touched(changes: dict[str, t.Any]) -> None:
    made = plan([agent("rds1", **changes)], force=True)
    assert rounds(made) == []
    assert [(finding.rule, finding.severity) for finding in made.findings] == [("agent_newer", "warning")]
    assert rules(made) == {"agent_newer": {"rds1": changes["version"] and "22.0.30000"}}


def test_an_agent_that_is_newer_than_its_farm_but_not_than_wanted_is_updated() -> None:
    """Before its farm is upgraded, a broker calls such an agent too new: the wanted version decides."""
    assert rounds(plan([agent("rds1", state="NeedsDowngrade")])) == [("rds1",)]
    assert plan([agent("rds1", state="NeedsDowngrade", version=NEW_REPORTED)]) == AgentPlan()


def test_a_restart_that_is_due_is_reported_and_no_update_is_pushed() -> None:
    made = plan([agent("rds1", version=NEW_REPORTED, state="RebootPending")])
    assert rounds(made) == []
    assert [(each.rule, each.severity, each.observed) for each in made.findings] == [
        ("agent_restart_due", "warning", {"rds1": "RebootPending"})
    ]


@pytest.mark.parametrize("force", [False, True])
def test_a_busy_server_is_waited_for_and_never_pushed_again(force: bool) -> None:
    made = plan([agent("rds1", state="Synchronising"), agent("rds2")], force=force)
    assert (made.waiting, rounds(made)) == (["rds1"], [("rds2",)])
    assert rules(made)["agents_busy"] == {"rds1": "Synchronising"}


def test_a_busy_server_of_the_wanted_version_is_nobodys_business() -> None:
    assert plan([agent("rds1", state="Synchronising", version=NEW_REPORTED)]) == AgentPlan()


@pytest.mark.parametrize(
    ("kind", "seen", "word"),
    [
        ("provider", "Provider", "Upgrade all agents"),
        ("guest", "Guest", "auto-upgrade"),
        ("avd_host", "AVDHost", "auto-upgrade"),
        ("vdi_host", "VDIHost", "Upgrade all agents"),
        ("halb", "HALBDevice", "Upgrade all agents"),
        ("tenant_broker", "TenantBroker", "Upgrade all agents"),
        ("unknown", "Toaster", "Upgrade all agents"),
        ("logical", "VDITemplate", "maintenance mode"),
        ("logical", "RDSTemplateVersion", "maintenance mode"),
    ],
)
def test_kinds_that_are_not_upgraded_are_findings_with_a_way(kind: Kind, seen: str, word: str) -> None:
    made = plan([agent("x1", kind, kind_reported=seen), agent("x2", kind, kind_reported=seen)])
    assert rounds(made) == []
    (finding,) = made.findings
    assert (finding.rule, finding.severity) == ("agent_not_upgraded", "warning")
    assert finding.observed["servers"] == {"x1": OLD_SHOWN, "x2": OLD_SHOWN}
    assert word in finding.remedy


def test_other_kinds_that_are_right_or_newer_or_are_no_machines_say_nothing() -> None:
    agents = [agent("p1", "provider", version=NEW_REPORTED), agent("p2", "provider", version="22.0.0.30000")]
    agents += [agent(name, "logical", kind_reported=name, version=None) for name in ("Site", "RDSGroup", "VDITemplate")]
    agents += [agent("pool", "logical", kind_reported="RDSGroup")]
    assert plan(agents) == AgentPlan()


def test_a_guest_without_a_version_is_only_mentioned() -> None:
    (finding,) = plan([agent("vm1", "guest", version=None, state=None)]).findings
    assert (finding.rule, finding.severity) == ("agent_not_upgraded", "info")


def test_what_is_on_a_server_that_is_updated_anyway_is_brought_along() -> None:
    assert plan([agent("rds1"), agent("rds1", "provider")]).findings == []
    made = plan([agent("rds1", version=NEW_REPORTED), agent("rds1", "provider")])
    assert (rounds(made), list(rules(made))) == ([], ["agent_not_upgraded"])


def test_only_chosen_servers_without_the_excluded_ones() -> None:
    agents = [agent(f"rds{number}.example.com") for number in range(4)]
    made = plan(agents, servers=("rds1", "RDS2.example.com", "rds3"), exclude=("rds3",), rds_hosts_min_in_service=0)
    assert rounds(made) == [("rds1.example.com", "rds2.example.com")]
    assert rules(made) == {"agents_left_out": {"rds0.example.com": OLD_SHOWN, "rds3.example.com": OLD_SHOWN}}


def test_no_servers_means_none_and_not_all() -> None:
    made = plan([agent("rds1")], servers=())
    assert (rounds(made), list(rules(made))) == ([], ["agents_left_out"])


def test_a_name_that_means_no_server_is_reported() -> None:
    made = plan([agent("rds1"), agent("rds2")], servers=("rds1", "rds9"), exclude=("rds8",))
    finding = next(each for each in made.findings if each.rule == "server_not_found")
    assert (finding.severity, finding.observed) == ("warning", ["rds9", "rds8"])
    assert rounds(made) == [("rds1",)]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"servers": ("rds8", "rds9")}, "rds8, rds9"),
        ({"version": "latest"}, "latest"),
        ({"version": "21.2"}, "21.2"),
        ({"gateways_min_in_service": 101}, "gateways_min_in_service"),
        ({"rds_hosts_min_in_service": -1}, "rds_hosts_min_in_service"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, t.Any], word: str) -> None:
    with pytest.raises(RasError) as caught:
        plan([agent("rds1")], **options)
    assert caught.value.code == "invalid_option"
    assert word in caught.value.message


def test_an_empty_farm_needs_nothing() -> None:
    assert plan([]).as_dict() == {"rounds": [], "findings": [], "waiting": []}


def test_the_input_is_not_changed() -> None:
    agents = [agent("rds1"), agent("cb1", "broker")]
    before = [dataclasses.replace(each) for each in agents]
    plan(agents, local="cb1")
    assert agents == before


def test_a_server_with_two_components_counts_for_both() -> None:
    agents = [row for number in range(4) for row in (agent(f"s{number}", "gateway"), agent(f"s{number}", "rds_host"))]
    assert [len(round_) for round_ in rounds(plan(agents))] == [2, 2]
    assert [len(round_) for round_ in rounds(plan(agents, gateways_min_in_service=0))] == [2, 2]
    assert [len(round_) for round_ in rounds(plan(agents, rds_hosts_min_in_service=75))] == [1, 1, 1, 1]


def test_gateways_that_are_enrollment_servers_too_go_one_by_one() -> None:
    agents = [row for name in "ab" for row in (agent(name, "gateway"), agent(name, "enrollment_server"))]
    assert rounds(plan(agents, gateways_min_in_service=0)) == [("a",), ("b",)]


def test_a_broker_without_an_address_does_not_make_others_local() -> None:
    agents = [agent("cb1", "broker"), agent("cb2", "broker")]
    assert rounds(plan(agents, [broker("cb1", 0), broker("cb2", 1)], local="cb1")) == [("cb2",)]


def test_a_blank_name_means_no_server() -> None:
    made = plan([agent("rds1"), agent("rds2")], exclude=("", " "))
    assert rounds(made) == [("rds1",), ("rds2",)]
    assert rules(made)["server_not_found"] == ["", " "]
