# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents that ask for a restart: their hosts stay out of service, and in the note, until they were restarted."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_agents import (
    FakeAdmin,
    Host,
    NEW,
    note_of,
    TIMELINES,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.flows import code, rules


def _gateways(**of_the_first: t.Any) -> FakeAdmin:
    return FakeAdmin(
        Host("gw1", ("gateway",), **of_the_first), Host("gw2", ("gateway",)), Host("gw3", ("gateway",), site=2)
    )


def _waiting(**changes: t.Any) -> FakeAdmin:
    """A farm in which a killed run left a gateway out of service: updated, and waiting for its restart."""
    first = {"version": NEW, "state": "RebootPending", "off": {"gateway": False}, **changes}
    admin = _gateways(**first)
    admin.notes = note_of(("gw1", "gateway"))
    return admin


def test_a_host_stays_out_of_service_until_it_was_restarted() -> None:
    admin = FakeAdmin(Host("rd1", push="needs_restart"))
    result = admin.run()
    assert "failure" not in result
    assert (result["restart_due"], result["undrained"]) == (["rd1"], [])
    assert admin.changes() == ["disable rd1 rds", "push rd1"]
    assert admin.remembered() == ["rd1"]
    again = admin.run()
    assert (again["changed"], again["restart_due"], admin.remembered()) == (False, ["rd1"], ["rd1"])
    admin.restart("rd1")
    after = admin.run()
    assert (after["restart_due"], after["undrained"]) == ([], ["rd1"])
    assert admin.changes() == ["disable rd1 rds", "push rd1", "enable rd1 rds"]
    assert admin.remembered() == []


def test_a_host_that_comes_back_slowly_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TIMELINES, "boots", [(0, NEW, "ConnectionFailed"), (50, NEW, "OK")])
    admin = _waiting()
    admin.restart("gw1", "boots")
    began = admin.clock.now
    assert "failure" not in admin.run()
    assert admin.changes()[0] == "enable gw1 gateway"
    assert admin.clock.now - began >= 50
    assert admin.hosts["gw1"].off == {"gateway": True}


def test_others_of_the_site_and_kind_wait_for_the_restart() -> None:
    admin = _gateways(push="needs_restart")
    result = admin.run()
    assert "failure" not in result
    assert admin.changes() == ["disable gw1 gateway", "push gw1"]
    (finding,) = [each for each in result["findings"] if each.rule == "rounds_wait_for_restart"]
    assert finding.severity == "warning"
    assert finding.observed["restart_due"] == ["gw1"]
    assert [round_["servers"] for round_ in finding.observed["rounds"]] == [["gw2"], ["gw3"]]
    admin.restart("gw1")
    admin.journal.clear()
    assert rules(admin.run()) == ["gateway_alone", "brought_back_by_note"]
    switched = [["disable {} gateway", "push {}", "enable {} gateway"]] * 2
    expected = [each.format(name) for name, row in zip(("gw2", "gw3"), switched, strict=True) for each in row]
    assert admin.changes() == ["enable gw1 gateway", *expected]
    assert admin.remembered() == []


def test_other_kinds_and_sites_do_not_wait() -> None:
    admin = FakeAdmin(Host("gw1", ("gateway",), push="needs_restart"), Host("gw2", ("gateway",), site=2), Host("rd1"))
    result = admin.run()
    assert result["restart_due"] == ["gw1"]
    assert [entry for entry in admin.changes() if entry.startswith("push")] == ["push gw1", "push rd1", "push gw2"]
    assert admin.remembered() == ["gw1"]


def test_what_a_killed_run_left_waiting_is_reported_and_not_touched() -> None:
    admin = _waiting()
    check = admin.run(check=True)
    assert check["restart_due"] == ["gw1"]
    # Once it was restarted the others follow: that much is announced.
    assert [round_["servers"] for round_ in check["rounds"]] == [["gw2"], ["gw3"]]
    assert {"agent_restart_due", "gateway_alone"} <= set(rules(check))
    result = admin.run()
    assert (result["restart_due"], admin.journal) == (["gw1"], [])
    assert "rounds_wait_for_restart" in rules(result)
    assert admin.remembered() == ["gw1"]


def test_what_an_administrator_enabled_meanwhile_is_not_held() -> None:
    admin = _waiting(off={})
    result = admin.run()
    assert result["restart_due"] == []
    assert admin.hosts["gw1"].off == {}
    assert admin.count("push gw2") == 1
    assert admin.remembered() == []


def test_hosts_that_serve_nobody_or_are_not_drained_are_only_reported() -> None:
    admin = FakeAdmin(
        Host("cb2", ("broker",), priority=1, push="needs_restart"), Host("cb3", ("broker",), priority=2), Host("rd1")
    )
    result = admin.run()
    assert result["restart_due"] == ["cb2"]
    assert admin.count("push cb3") == admin.count("push rd1") == 1
    undrained = _gateways(push="needs_restart")
    assert undrained.run(drain=False)["restart_due"] == ["gw1"]
    assert undrained.journal == ["push gw1", "push gw2", "push gw3"]


def test_after_a_failure_what_waits_for_a_restart_stays_out_and_is_named() -> None:
    admin = FakeAdmin(Host("rd1", push="needs_restart"), Host("rd2", push="fails"), Host("rd3"))
    result = admin.run(rds_hosts_min_in_service=0)
    assert code(result) == "agent_failed"
    assert result["failure"].observed["still_drained"] == ["rd1", "rd2"]
    assert admin.remembered() == ["rd1", "rd2"]
    assert result["restart_due"] == ["rd1"]
    later = FakeAdmin(Host("gw1", ("gateway",), push="needs_restart"), Host("rd1", push="fails"))
    assert later.run()["failure"].observed["still_drained"] == ["gw1", "rd1"]
