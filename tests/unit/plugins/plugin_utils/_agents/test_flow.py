# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One farm's agents: order, draining, waiting, and what check mode announces."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import agent_upgrade_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.flow import check_options
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_agents import (
    agent_options,
    FakeAdmin,
    Host,
    NEW,
    OLD,
    TIMELINES,
    WANTED,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.flows import code, rules


def _farm() -> FakeAdmin:
    return FakeAdmin(
        Host("cb2", ("broker",), state="StandBy", priority=1),
        Host("gw1", ("gateway",)),
        Host("gw2", ("gateway",)),
        Host("rd1"),
        Host("rd2", site=2),
    )


ORDER = [
    *("push cb2",),
    *("disable gw1 gateway", "push gw1", "enable gw1 gateway"),
    *("disable gw2 gateway", "push gw2", "enable gw2 gateway"),
    *("disable rd1 rds", "push rd1", "enable rd1 rds"),
    *("disable rd2 rds", "push rd2", "enable rd2 rds"),
]


def test_the_defaults_of_these_tests_are_those_of_the_module() -> None:
    defaults = {name: option.get("default") for name, option in agent_upgrade_spec().items()}
    ours = {**agent_options(), "version": None, "settings_pending": None}
    assert {name: defaults[name] for name in ours} == ours


def test_a_farm_is_brought_to_its_version_in_order() -> None:
    admin = _farm()
    result = admin.run()
    assert "failure" not in result
    assert admin.changes() == ORDER
    assert {row["version"] for row in result["agents"]["after"]} == {NEW}
    assert result["diff"]["before"]["gw1"] == OLD
    assert set(result["diff"]["after"].values()) == {NEW}
    assert (result["changed"], result["restart_due"], result["undrained"]) == (True, [], ["gw1", "gw2", "rd1", "rd2"])
    assert [round_["servers"] for round_ in result["rounds"]] == [["cb2"], ["gw1"], ["gw2"], ["rd1"], ["rd2"]]
    assert rules(result) == []


def test_each_host_is_in_the_note_while_it_is_out_of_service() -> None:
    admin = _farm()
    admin.run()
    at = admin.journal.index("disable gw1 gateway")
    assert admin.journal[at - 1 : at + 4] == [
        "note gw1",
        "disable gw1 gateway",
        "push gw1",
        "enable gw1 gateway",
        "note",
    ]
    assert admin.remembered() == []


def test_check_mode_announces_what_a_run_does_and_writes_nothing() -> None:
    admin = _farm()
    check = admin.run(check=True)
    assert admin.journal == []
    done = admin.run()
    assert check["changed"] is True
    assert check["steps"] == done["steps"]
    assert check["rounds"] == done["rounds"]
    assert check["diff"]["before"] == done["diff"]["before"]
    assert check["diff"]["after"] == {**dict.fromkeys(("cb2", "gw1", "gw2", "rd1", "rd2"), WANTED), "cb1": NEW}
    assert done["steps"][:3] == [
        {"action": "push", "servers": ["cb2"], "kind": "broker", "reason": f"its agent is not of version {WANTED}"},
        {"action": "drain", "servers": ["gw1"], "kind": "gateway", "reason": "the update restarts it"},
        {"action": "push", "servers": ["gw1"], "kind": "gateway", "reason": f"its agent is not of version {WANTED}"},
    ]


def test_a_second_run_does_nothing() -> None:
    admin = _farm()
    admin.run()
    admin.journal.clear()
    for check in (False, True):
        result = admin.run(check=check)
        assert (result["changed"], result["steps"], result["rounds"]) == (False, [], [])
        assert "failure" not in result
    assert admin.journal == []


def test_the_next_round_waits_until_the_last_is_back() -> None:
    """The target restarts after its version has changed: being right once is not enough."""
    admin = FakeAdmin(Host("gw1", ("gateway",)), Host("gw2", ("gateway",)))
    serving: list[int] = []

    def look(farm: FakeAdmin) -> None:
        hosts = [farm.hosts["gw1"], farm.hosts["gw2"]]
        serving.append(
            sum(host.shown(farm.clock.now)[1] == "OK" and host.off.get("gateway", True) is not False for host in hosts)
        )

    admin.on_reading = look
    assert "failure" not in admin.run(poll_interval=1)
    assert min(serving) == 1


def test_hosts_of_one_round_go_together() -> None:
    admin = FakeAdmin(*(Host(f"rd{number}") for number in range(1, 5)))
    result = admin.run()
    assert admin.changes()[:4] == ["disable rd1 rds", "disable rd2 rds", "push rd1", "push rd2"]
    assert [step["servers"] for step in result["steps"]] == [["rd1", "rd2"]] * 3 + [["rd3", "rd4"]] * 3


def test_a_server_that_is_gateway_and_session_host_leaves_service_as_both() -> None:
    admin = FakeAdmin(Host("both", ("gateway", "rds_host"), sessions=2, users_leave=60))
    assert "failure" not in admin.run()
    assert admin.changes() == [
        "disable both gateway",
        "disable both rds",
        "push both",
        "enable both gateway",
        "enable both rds",
    ]


def test_what_an_administrator_disabled_is_updated_and_stays_disabled() -> None:
    admin = FakeAdmin(Host("rd1", enabled=False), Host("gw1", ("gateway",), enabled=False))
    assert admin.run()["undrained"] == []
    assert admin.journal == ["push gw1", "push rd1"]


def test_what_an_administrator_disables_meanwhile_stays_disabled() -> None:
    admin = FakeAdmin(Host("gw1", ("gateway",)), Host("rd1"))

    def disable(farm: FakeAdmin) -> None:
        if farm.clock.now > 15:
            farm.hosts["rd1"].off["rds_host"] = False

    admin.on_reading = disable
    result = admin.run()
    assert "failure" not in result
    assert [entry for entry in admin.changes() if "rd1" in entry] == ["push rd1"]


def test_without_draining_hosts_are_only_pushed() -> None:
    admin = _farm()
    assert "failure" not in admin.run(drain=False, settings_pending=True)
    assert admin.journal == ["push cb2", "push gw1", "push gw2", "push rd1", "push rd2"]


def test_only_some_servers() -> None:
    admin = _farm()
    result = admin.run(servers=["gw1", "rd1"], exclude=["rd1"])
    assert admin.changes() == ["disable gw1 gateway", "push gw1", "enable gw1 gateway"]
    assert "agents_left_out" in rules(result)


def test_force_updates_agents_of_the_right_version_too() -> None:
    admin = FakeAdmin(Host("rd1", version=NEW))
    result = admin.run(force=True)
    assert "push rd1 force" in admin.changes()
    assert result["steps"][1]["reason"] == "force is set"


def test_a_state_of_draining_that_follows_an_update_is_not_a_failure() -> None:
    admin = FakeAdmin(Host("rd1", push="drained"), Host("rd2", site=2))
    result = admin.run()
    assert "failure" not in result
    assert result["restart_due"] == []
    assert admin.changes()[-4:] == ["enable rd1 rds", "disable rd2 rds", "push rd2", "enable rd2 rds"]


@pytest.mark.parametrize("state", ["FSLogixNotAvail", None])
def test_a_state_that_has_nothing_to_do_with_the_update_is_kept(
    state: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TIMELINES, "kept", [(0, OLD, state), (100, NEW, state)])
    result = FakeAdmin(Host("rd1", state=state, push="kept")).run()
    assert "failure" not in result
    assert rules(result) == ["agent_state_kept"]
    assert result["findings"][0].observed == {"rd1": state or "not reported"}


def test_what_is_busy_already_is_waited_for_and_not_pushed() -> None:
    admin = FakeAdmin(Host("gw1", ("gateway",)), Host("gw2", ("gateway",)))
    admin.hosts["gw1"].pushed_at = 0.0
    assert admin.run(check=True)["waiting"] == ["gw1"]
    result = admin.run()
    assert admin.changes() == ["disable gw2 gateway", "push gw2", "enable gw2 gateway"]
    assert admin.clock.now >= 35
    assert "failure" not in result


# -- versions and settings ---------------------------------------------------------------------------------------------


def test_check_mode_announces_the_rounds_of_the_version_to_come() -> None:
    admin = _farm()
    admin.hosts["cb1"].version = OLD
    admin.version = f"{OLD} (x64)"
    result = admin.run(check=True)
    assert [round_["servers"] for round_ in result["rounds"]] == [["cb2"], ["gw1"], ["gw2"], ["rd1"], ["rd2"]]
    assert rules(result) == ["farm_behind"]
    assert admin.run()["failure"].code == "upgrade_blocked"
    assert admin.journal == []


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("version", ["22.0.0.30000 (x64)", "words", None])
def test_a_farm_pushes_no_version_but_its_own(version: str | None, check: bool) -> None:
    admin = _farm()
    admin.version = version
    result = admin.run(check=check)
    assert code(result) == "upgrade_blocked"
    assert WANTED in result["failure"].message
    assert (result["changed"], result["steps"], admin.journal) == (False, [], [])


@pytest.mark.parametrize("check", [True, False])
def test_staged_settings_are_not_applied_unless_that_is_allowed(check: bool) -> None:
    admin = FakeAdmin(Host("rd1"))
    result = admin.run(check=check, settings_pending=True)
    assert code(result) == "settings_staged"
    assert (result["changed"], admin.journal) == (False, [])
    allowed = admin.run(check=check, settings_pending=True, allow_pending_settings=True)
    assert "failure" not in allowed


def test_staged_settings_matter_only_where_something_is_applied() -> None:
    admin = FakeAdmin(Host("cb2", ("broker",), priority=1))
    assert "failure" not in admin.run(settings_pending=True)


def test_not_knowing_of_staged_settings_is_said() -> None:
    result = FakeAdmin(Host("rd1")).run(settings_pending=None)
    assert rules(result) == ["settings_unknown"]
    assert "failure" not in result


# -- sessions ----------------------------------------------------------------------------------------------------------


def test_sessions_are_waited_for() -> None:
    admin = FakeAdmin(Host("rd1", sessions=3, users_leave=300))
    pushed: list[float] = []
    admin.on_reading = lambda farm: pushed.append(farm.hosts["rd1"].pushed_at or 0.0)
    assert "failure" not in admin.run()
    assert max(pushed) == 300


@pytest.mark.parametrize(("sessions", "drain", "waited"), [(3, True, 1800), (3, False, 1800), (None, True, 0)])
def test_sessions_that_are_left_stop_the_round_before_anything_is_pushed(
    sessions: int | None, drain: bool, waited: int
) -> None:
    admin = FakeAdmin(Host("gw1", ("gateway",), NEW), Host("rd1", sessions=sessions), Host("rd2"), Host("rd3", site=2))
    result = admin.run(drain=drain, rds_hosts_min_in_service=0)
    assert code(result) == "sessions_active"
    assert "rd1" in result["failure"].message
    assert result["failure"].observed["rounds_not_begun"] == [{"kind": "rds_host", "site_id": 2, "servers": ["rd3"]}]
    switched = ["disable rd1 rds", "disable rd2 rds", "enable rd1 rds", "enable rd2 rds"]
    assert admin.changes() == (switched if drain else [])
    assert admin.remembered() == []
    assert admin.clock.now == waited


def test_sessions_that_are_left_may_be_cut_off() -> None:
    admin = FakeAdmin(Host("rd1", sessions=3))
    result = admin.run(logoff_sessions=True, drain_timeout=60)
    assert "failure" not in result
    assert rules(result) == ["sessions_cut_off"]
    assert result["findings"][0].observed == {"rd1": 3}


# -- options -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"gateways_min_in_service": 101},
        {"rds_hosts_min_in_service": -1},
        {"drain_timeout": -1},
        {"agent_timeout": 0},
        {"poll_interval": 0},
        {"poll_interval": 301},
        {"version": "21.2"},
        {"note_path": "drained.json"},
        {"note_path": r"\drained.json"},
    ],
)
def test_options_out_of_range_are_refused_with_one_sentence(changes: dict[str, t.Any]) -> None:
    with pytest.raises(RasError) as caught:
        check_options(agent_options(**changes))
    assert caught.value.code == "invalid_option"
    (name,) = changes
    assert caught.value.message.startswith(name)
    assert caught.value.message.count(". ") == 0


def test_the_defaults_are_in_range() -> None:
    check_options(agent_options())
