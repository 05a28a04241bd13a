# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of a farm's hosts over both methods: pushed agents, and members that install by themselves."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Kind
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.plan import Round
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.turns import turns_of
from hypothesis import given
from hypothesis import strategies as st

KINDS: t.Final[tuple[Kind, ...]] = ("broker", "gateway", "rds_host")


def _rounds(*rounds: tuple[t.Any, str], site: int = 1) -> list[Round]:
    return [Round(kind, site, tuple(servers.split())) for kind, servers in rounds]


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
    found = turns_of(_rounds(*installs), _rounds(*order))
    assert [f"{'msi ' if each.installs else ''}{' '.join(each.servers)}" for each in found] == rounds


def test_the_licensing_site_is_done_with_before_the_next_begins() -> None:
    order = [
        *_rounds(("gateway", "gw1"), ("rds_host", "rd1")),
        *_rounds(("broker", "cb2"), ("rds_host", "rd2"), site=2),
    ]
    installs = [*_rounds(("rds_host", "rd1")), *_rounds(("broker", "cb2"), site=2)]
    assert [each.servers for each in turns_of(installs, order)] == [("gw1",), ("rd1",), ("cb2",)]
    assert [each.servers for each in turns_of(installs[1:], order)] == [("gw1", "rd1"), ("cb2",)]


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 3)), max_size=12),
    st.sets(st.integers(0, 11)),
)
def test_each_member_has_one_turn_and_nobody_overtakes_another_kind(
    servers: list[tuple[Kind, int]], chosen: set[int]
) -> None:
    """Any farm, and any of its hosts that install by themselves, each in a round of its own."""
    ordered = sorted(enumerate(servers), key=lambda row: (row[1][1], KINDS.index(row[1][0])))
    order = [Round(kind, site, (f"h{number}",)) for number, (kind, site) in ordered]
    installs = [each for each in order if int(each.servers[0][1:]) in chosen]
    turns = turns_of(installs, order)
    members = [name for turn in turns if turn.installs for name in turn.servers]
    pushed = [name for turn in turns if not turn.installs for name in turn.servers]
    assert sorted(members) == sorted(each.servers[0] for each in installs)
    assert len(set(pushed)) == len(pushed)
    assert not set(pushed) & set(members)
    assert not turns or turns[-1].installs
    place = {each.servers[0]: (each.site_id, KINDS.index(each.kind)) for each in order}
    went = [place[name] for turn in turns for name in turn.servers]
    assert went == sorted(went)
