# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every plan of agents, whatever a farm looks like."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent, Kind
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.plan import (
    AgentOptions,
    AgentPlan,
    plan_agents,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Site
from hypothesis import event, given, settings
from hypothesis import strategies as st

NEW: t.Final = "21.2.28000"
PUSHED: t.Final = {"broker", "gateway", "enrollment_server", "rds_host"}
_OUT_STATES: t.Final = {"LogonDrain", "ConnectionFailed", "Synchronising"}
_MANY = settings(max_examples=120)
_KINDS: t.Final[list[Kind]] = ["broker", "gateway", "gateway", "enrollment_server", "rds_host", "rds_host", "provider"]


class Given(t.NamedTuple):
    """The arguments of a plan."""

    agents: list[Agent]
    brokers: list[Broker]
    sites: list[Site]
    local: str | None
    options: AgentOptions


@st.composite
def farms(draw: st.DrawFn) -> Given:
    """A farm whose servers have one row a component, and one state and version a server."""
    numbers = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True))
    licensing = draw(st.sampled_from([None, *numbers]))
    agents: list[Agent] = []
    for index in range(draw(st.integers(0, 12))):
        state = draw(st.sampled_from(["OK"] * 6 + [None, "RebootPending", "NeedsUpdate", *sorted(_OUT_STATES)]))
        version = draw(st.sampled_from(["20.2.0.26050"] * 3 + ["21.2.0.28000", "22.0.0.30000", None]))
        site_id = draw(st.sampled_from([*numbers, *numbers, None]))
        kinds = draw(st.sets(st.sampled_from(_KINDS), min_size=1, max_size=3))
        agents += [
            Agent(f"s{index}.example.com", kind, kind, site_id, state, version, draw(st.booleans()) or None)
            for kind in sorted(kinds)
        ]
    agents = draw(st.permutations(agents))
    brokers = [
        Broker(number, row.server, None, row.site_id or 1, draw(st.integers(0, 3)))
        for number, row in enumerate(agents)
        if row.kind == "broker"
    ]
    names = [row.server for row in agents]
    options = AgentOptions(
        gateways_min_in_service=draw(st.integers(0, 100)),
        rds_hosts_min_in_service=draw(st.integers(0, 100)),
        exclude=tuple(draw(st.lists(st.sampled_from(names), max_size=2))) if names else (),
        force=draw(st.booleans()),
    )
    sites = [Site(number, f"site{number}", number == licensing) for number in numbers]
    return Given(agents, brokers, sites, draw(st.sampled_from([None, *names])), options)


def _plan(farm: Given, **changes: t.Any) -> AgentPlan:
    options = dataclasses.replace(farm.options, **changes)
    return plan_agents(farm.agents, farm.brokers, farm.sites, NEW, farm.local, options)


def _of_server(farm: Given) -> dict[str, list[Agent]]:
    rows: dict[str, list[Agent]] = collections.defaultdict(list)
    for row in farm.agents:
        rows[row.server].append(row)
    return rows


def _named(plan: AgentPlan) -> set[str]:
    """The servers that a finding names, apart from what only adds to a round or to waiting."""
    names: set[str] = set()
    for finding in plan.findings:
        if finding.rule not in ("gateway_alone", "agents_busy"):
            observed = finding.observed.get("servers", finding.observed) if isinstance(finding.observed, dict) else {}
            names |= set(observed)
    return names


@_MANY
@given(farms())
def test_every_server_that_is_behind_has_exactly_one_fate(farm: Given) -> None:
    plan = _plan(farm, force=False)
    pushed = collections.Counter(name for round_ in plan.rounds for name in round_.servers)
    named = _named(plan)
    for server, rows in _of_server(farm).items():
        mine = [row for row in rows if row.kind in PUSHED] or rows
        behind = any(row.version in ("20.2.0.26050", None) for row in mine)
        fates = pushed[server] + plan.waiting.count(server) + (server in named)
        if server == farm.local:
            assert fates == 0
        elif behind:
            event("behind")
            assert fates == 1, (server, plan)
        else:
            assert pushed[server] + plan.waiting.count(server) == 0


@_MANY
@given(farms())
def test_never_more_out_of_service_than_allowed(farm: Given) -> None:
    plan = _plan(farm)
    servers = _of_server(farm)
    for kind, percent in (
        ("gateway", farm.options.gateways_min_in_service),
        ("rds_host", farm.options.rds_hosts_min_in_service),
    ):
        for site_id in {row.site_id for row in farm.agents}:
            alike = {row.server for row in farm.agents if row.kind == kind and row.site_id == site_id}
            out = {
                server
                for server in alike
                if any(row.kind in PUSHED and row.state in _OUT_STATES for row in servers[server])
            }
            for round_ in plan.rounds:
                hit = alike & set(round_.servers)
                if len(hit) > 1:
                    event("several at once")
                    assert len(alike - hit - out) * 100 >= percent * len(alike)


@_MANY
@given(farms())
def test_brokers_and_enrollment_servers_go_alone_and_a_round_stays_in_its_site(farm: Given) -> None:
    servers = _of_server(farm)
    for round_ in _plan(farm).rounds:
        kinds = {row.kind for name in round_.servers for row in servers[name]}
        if "broker" in kinds or round_.kind == "enrollment_server":
            assert len(round_.servers) == 1
        assert {row.site_id for name in round_.servers for row in servers[name]} == {round_.site_id}
        assert all(round_.kind in {row.kind for row in servers[name]} for name in round_.servers)


@_MANY
@given(farms())
def test_the_order_of_sites_kinds_and_priorities(farm: Given) -> None:
    plan = _plan(farm)
    licensing = {site.id for site in farm.sites if site.licensing}
    order = ["broker", "gateway", "enrollment_server", "rds_host"]
    keys = [
        (round_.site_id not in licensing, round_.site_id is None, round_.site_id or 0, order.index(round_.kind))
        for round_ in plan.rounds
    ]
    assert keys == sorted(keys)
    priorities = {(broker.site_id, broker.server): broker.priority for broker in farm.brokers}
    for site_id in {round_.site_id for round_ in plan.rounds} - {None}:
        turns = [
            priorities[site_id or 0, round_.servers[0]]
            for round_ in plan.rounds
            if round_.kind == "broker" and round_.site_id == site_id
        ]
        assert turns == sorted(turns)


@_MANY
@given(farms())
def test_nothing_newer_busy_local_or_excluded_is_pushed(farm: Given) -> None:
    servers = _of_server(farm)
    for round_ in _plan(farm).rounds:
        for name in round_.servers:
            rows = [row for row in servers[name] if row.kind in PUSHED]
            assert not [row for row in rows if row.version == "22.0.0.30000" or row.state == "Synchronising"]
            assert name != farm.local
            assert name not in farm.options.exclude


@_MANY
@given(farms())
def test_planning_the_result_of_a_finished_plan_is_empty(farm: Given) -> None:
    plan = _plan(farm, force=False)
    done = {name for round_ in plan.rounds for name in round_.servers} | set(plan.waiting)
    event("something done" if done else "nothing done")
    after = [
        dataclasses.replace(row, version="21.2.0.28000", state="OK") if row.server in done else row
        for row in farm.agents
    ]
    again = _plan(farm._replace(agents=after), force=False)
    assert (again.rounds, again.waiting) == ([], [])


@given(farms())
def test_the_order_in_which_a_farm_lists_its_agents_does_not_matter(farm: Given) -> None:
    assert _plan(farm._replace(agents=farm.agents[::-1])).rounds == _plan(farm).rounds


@given(farms())
def test_findings_have_a_remedy_and_the_plan_is_plain_data(farm: Given) -> None:
    plan = _plan(farm)
    assert all(finding.remedy.endswith(".") for finding in plan.findings)
    assert set(plan.as_dict()) == {"rounds", "findings", "waiting"}
