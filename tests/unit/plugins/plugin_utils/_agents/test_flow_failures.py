# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong while agents are updated: what is said, who comes back into service, and what the next run does."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_agents import (
    FakeAdmin,
    Host,
    NOTE,
    note_of,
    OLD,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.flows import code, rules


def _two_sites(push: str) -> FakeAdmin:
    return FakeAdmin(Host("rd1", push=push), Host("rd2"), Host("rd3", site=2))


@pytest.mark.parametrize(
    ("push", "failure", "seconds"),
    [
        ("fails", "agent_failed", 80),
        ("fails_at_once", "agent_failed", 60),
        ("hangs", "agent_timeout", 1800),
        ("nothing", "agent_timeout", 1800),
        ("stays_down", "agent_timeout", 1800),
    ],
)
def test_an_update_that_does_not_end_well_stops_the_farm(push: str, failure: str, seconds: int) -> None:
    admin = _two_sites(push)
    result = admin.run(rds_hosts_min_in_service=0)
    assert code(result) == failure
    message = result["failure"].message
    assert "rd1 (version" in message
    assert "Rounds not begun: rds_host rd3." in message
    assert "Still out of service, to be brought back by the next run: rd1." in message
    assert set(result["failure"].observed["cause"]["servers"]) == {"rd1"}
    assert result["failure"].observed["still_drained"] == ["rd1"]
    assert admin.changes() == ["disable rd1 rds", "disable rd2 rds", "push rd1", "push rd2", "enable rd2 rds"]
    assert admin.remembered() == ["rd1"]
    assert admin.clock.now == seconds
    assert result["changed"] is True
    assert [(step["action"], step["servers"]) for step in result["steps"]] == [
        ("drain", ["rd1", "rd2"]),
        ("push", ["rd1", "rd2"]),
        ("undrain", ["rd2"]),
    ]


def test_the_run_after_a_failure_goes_on_and_brings_back() -> None:
    admin = _two_sites("fails")
    admin.run()
    admin.hosts["rd1"].push, admin.hosts["rd1"].pushed_at, admin.hosts["rd1"].state = "ok", None, "ConnectionFailed"
    admin.journal.clear()
    check = admin.run(check=True)
    result = admin.run()
    assert check["steps"] == result["steps"]
    assert "failure" not in result
    assert admin.changes()[:2] == ["push rd1", "enable rd1 rds"]
    assert admin.remembered() == []
    assert admin.run()["changed"] is False


def test_a_target_that_is_out_of_reach_for_a_while_has_not_failed() -> None:
    assert "failure" not in FakeAdmin(Host("rd1", push="shaky")).run()


def test_a_refused_push_is_not_repeated_and_the_others_are_seen_to_their_end() -> None:
    admin = FakeAdmin(Host("rd1"), Host("rd2", push="refused"), Host("rd3"))
    result = admin.run(rds_hosts_min_in_service=0)
    assert code(result) == "agent_failed"
    assert "rd2" in result["failure"].message
    assert [entry for entry in admin.changes() if entry.startswith("push")] == ["push rd1", "push rd2"]
    assert admin.changes()[-2:] == ["enable rd1 rds", "enable rd3 rds"]
    assert admin.remembered() == ["rd2"]


# -- lost answers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("effect", [True, False])
def test_a_push_whose_answer_is_lost_is_watched_and_not_repeated(effect: bool) -> None:
    admin = FakeAdmin(Host("rd1"))
    admin.lose["push"] = effect
    result = admin.run()
    assert code(result) == (None if effect else "outcome_unknown")
    assert admin.count("push rd1") == 1
    assert result["changed"] is True
    assert admin.remembered() == ([] if effect else ["rd1"])


@pytest.mark.parametrize(("effect", "failure"), [(True, None), (False, "outcome_unknown")])
def test_a_switch_whose_answer_is_lost_is_read_again_and_not_repeated(effect: bool, failure: str | None) -> None:
    admin = FakeAdmin(Host("rd1"))
    admin.lose["switch"] = effect
    result = admin.run()
    assert code(result) == failure
    assert admin.count("disable rd1 rds") == 1
    assert admin.count("push rd1") == admin.count("enable rd1 rds") == int(effect)
    # It may yet take effect: the note must know it then.
    assert admin.remembered() == ([] if effect else ["rd1"])


@pytest.mark.parametrize("lost", [None, False])
def test_a_host_that_does_not_come_back_into_service_stays_in_the_note(lost: bool | None) -> None:
    admin = FakeAdmin(Host("rd1", off={"rds_host": False}), Host("rd2", off={"rds_host": False}))
    admin.notes = note_of(("rd1", "rds_host"), ("rd2", "rds_host"))
    for host in admin.hosts.values():
        host.version = "21.2.0.28000"
    if lost is None:
        admin.refuse_switch = {("rd1", True)}
    else:
        admin.lose["switch"] = lost
    result = admin.run()
    assert code(result) == ("bad_answer" if lost is None else "outcome_unknown")
    assert admin.count("enable rd1 rds") == admin.count("enable rd2 rds") == 1
    assert admin.remembered() == (["rd1"] if lost is None else ["rd1", "rd2"])


# -- draining ----------------------------------------------------------------------------------------------------------


def test_a_farm_that_cannot_drain_is_refused_before_the_push() -> None:
    admin = FakeAdmin(Host("rd1"))
    admin.unsupported = {"rds_host"}
    result = admin.run()
    assert code(result) == "drain_unsupported"
    assert "rd1" in result["failure"].message
    assert not [entry for entry in admin.journal if entry.startswith("push")]
    assert admin.remembered() == []
    assert result["changed"] is False


def test_a_farm_that_cannot_drain_goes_on_when_that_is_allowed() -> None:
    admin = FakeAdmin(Host("rd1"), Host("rd2"), Host("gw1", ("gateway",)))
    admin.unsupported = {"rds_host"}
    result = admin.run(allow_undrained=True)
    assert "failure" not in result
    assert admin.count("disable rd1 rds") == 1
    assert [entry for entry in admin.changes() if "rd2" in entry] == ["push rd2"]
    assert admin.count("enable gw1 gateway") == 1
    assert [(each.rule, each.observed) for each in result["findings"] if each.rule == "not_drained"] == [
        ("not_drained", ["rd1", "rd2"])
    ]
    assert admin.remembered() == []


@pytest.mark.parametrize("allowed", [True, False])
def test_a_host_of_which_it_is_not_known_whether_it_is_enabled_is_not_touched(allowed: bool) -> None:
    admin = FakeAdmin(Host("rd1", enabled=None))
    result = admin.run(allow_undrained=allowed)
    assert code(result) == (None if allowed else "drain_unsupported")
    assert admin.changes() == (["push rd1"] if allowed else [])


def test_a_refused_drain_may_be_staged_so_it_stays_in_the_note_and_the_others_come_back() -> None:
    admin = FakeAdmin(Host("rd1"), Host("rd2"))
    admin.refuse_switch = {("rd2", False)}
    result = admin.run(rds_hosts_min_in_service=0)
    assert code(result) == "bad_answer"
    assert admin.changes() == ["disable rd1 rds", "disable rd2 rds", "enable rd1 rds"]
    assert admin.remembered() == ["rd2"]


# -- a host that is away -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["host_unreachable", "api_unreachable"])
def test_a_host_that_is_away_for_a_while_is_waited_for(lost: str) -> None:
    admin = FakeAdmin(Host("rd1", push="ok"))
    admin.away = [None, None, *[lost] * 20]
    assert "failure" not in admin.run()


def test_a_host_that_stays_away_is_unreachable_and_the_note_remembers() -> None:
    admin = FakeAdmin(Host("rd1"), Host("rd2", site=2))
    admin.away = [None, None, *["host_unreachable"] * 500]
    result = admin.run(agent_timeout=600)
    assert code(result) == "host_unreachable"
    assert admin.clock.now == 600
    assert admin.changes() == ["disable rd1 rds", "push rd1"]
    assert admin.remembered() == ["rd1"]
    assert result["failure"].observed["still_drained"] == ["rd1"]


def test_answers_that_are_none_are_not_waited_for_without_end() -> None:
    admin = FakeAdmin(Host("rd1"))
    admin.away = [None, None, *["bad_answer"] * 500]
    assert code(admin.run()) == "bad_answer"
    assert admin.clock.now == 20


def test_a_rejected_administrator_is_not_tried_again() -> None:
    admin = FakeAdmin(Host("rd1"))
    admin.away = [None, None, "api_credentials_rejected"]
    assert code(admin.run()) == "api_credentials_rejected"
    assert admin.clock.now == 0


@pytest.mark.parametrize(("seconds", "failure"), [(50, "bad_answer"), (60, "agent_timeout")])
def test_a_server_that_vanishes_is_not_a_success(seconds: int, failure: str) -> None:
    admin = FakeAdmin(Host("rd1"), Host("rd2", site=2))

    def vanish(farm: FakeAdmin) -> None:
        if farm.clock.now >= seconds:
            farm.hosts.pop("rd2", None)

    admin.on_reading = vanish
    result = admin.run()
    assert code(result) == failure
    assert "rd2" in result["failure"].message
    assert admin.count("push rd2") == int(seconds == 60)


# -- the note ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "words",
        "[]",
        '{"version": 2, "drained": []}',
        '{"version": 1}',
        '{"version": 1, "drained": [1]}',
        '{"version": 1, "drained": [{"server": "rd1", "kind": "broker", "site_id": 1, "since": ""}]}',
        '{"version": 1, "drained": [{"server": "rd1", "kind": "rds_host", "site_id": true, "since": ""}]}',
        '{"version": 1, "drained": [{"server": "rd1", "kind": "rds_host", "since": ""}]}',
    ],
)
def test_an_unreadable_note_stops_and_is_left_as_it_is(text: str, check: bool) -> None:
    admin = FakeAdmin(Host("rd1"))
    admin.notes = {NOTE: text}
    result = admin.run(check=check)
    assert code(result) == "bad_answer"
    assert NOTE in result["failure"].message
    assert rules(result) == ["note_unreadable"]
    assert (admin.notes, admin.journal) == ({NOTE: text}, [])


def test_a_note_that_was_saved_by_an_editor_of_windows_is_read() -> None:
    admin = FakeAdmin(Host("rd1", version="21.2.0.28000", off={"rds_host": False}))
    admin.notes = {NOTE: "\ufeff" + note_of(("rd1", "rds_host"))[NOTE]}
    assert admin.run()["undrained"] == ["rd1"]
    assert admin.hosts["rd1"].off == {"rds_host": True}


def test_hosts_that_a_killed_run_left_out_of_service_come_back_though_nothing_else_is_due() -> None:
    admin = FakeAdmin(
        Host("gw1", ("gateway",), version="21.2.0.28000", off={"gateway": False}),
        Host("rd1", version="21.2.0.28000", enabled=False),
    )
    admin.notes = note_of(("gw1", "gateway"))
    check = admin.run(check=True)
    assert check["steps"] == [
        {
            "action": "undrain",
            "servers": ["gw1"],
            "kind": "gateway",
            "reason": "an earlier run took it out of service and ended before it was brought back",
        }
    ]
    assert check["changed"] is True
    result = admin.run()
    assert (result["steps"], result["undrained"]) == (check["steps"], ["gw1"])
    assert admin.changes() == ["enable gw1 gateway"]
    assert admin.remembered() == []


@pytest.mark.parametrize("state", ["Synchronising", "ConnectionFailed"])
def test_a_host_of_a_killed_run_comes_back_when_it_is_well(state: str) -> None:
    admin = FakeAdmin(Host("rd1", version="21.2.0.28000", state=state, enabled=False))
    admin.notes = note_of(("rd1", "rds_host"))

    def recover(farm: FakeAdmin) -> None:
        if farm.clock.now >= 50:
            farm.hosts["rd1"].state = "OK"

    admin.on_reading = recover
    check = admin.run(check=True)
    result = admin.run()
    assert check["steps"] == result["steps"]
    assert admin.changes() == ["enable rd1 rds"]
    assert admin.clock.now >= 60


def test_what_is_in_service_again_is_only_struck_off_the_note() -> None:
    admin = FakeAdmin(Host("rd1", version="21.2.0.28000"))
    admin.notes = note_of(("rd1", "rds_host"), ("gone", "rds_host"))
    assert admin.run(check=True)["changed"] is False
    assert admin.remembered() == ["rd1", "gone"]
    result = admin.run()
    assert (result["changed"], result["steps"], rules(result)) == (False, [], ["note_corrected"])
    assert admin.journal == ["note"]


def test_a_host_that_is_left_alone_stays_in_the_note_and_is_named() -> None:
    admin = FakeAdmin(Host("rd1", enabled=False), Host("rd2"))
    admin.notes = note_of(("rd1", "rds_host"))
    result = admin.run(exclude=["rd1"])
    assert [(each.observed, each.severity) for each in result["findings"] if each.rule == "still_drained"] == [
        (["rd1"], "warning")
    ]
    assert admin.remembered() == ["rd1"]
    assert admin.hosts["rd1"].shown(admin.clock.now)[0] == OLD
