# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""agent_upgrade over WinRM, on farms of the new version whose members are behind: in order, and when it goes wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t

import pytest

from counts import count
from harness.reading import secrets_in
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, host_of, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

MODULE: t.Final = "fleetops.parallels_ras.agent_upgrade"
NEW: t.Final = "21.2.1.27306"
WANTED: t.Final = "21.2.27306"
OLD: t.Final = "20.2.0.26050"
NOTE: t.Final = r"C:\ProgramData\FleetOps\parallels_ras\drained.json"
OURS: t.Final = {NOTE.rpartition("\\")[0]: "private"}
WINDOWS: t.Final = {"users": [{"name": "Administrator", "password": "the password of windows"}]}
TASK: t.Final = {
    "name": "Update the agents",
    MODULE: {
        "version": "{{ wanted | default('21.2.27306') }}",
        "agent_timeout": "{{ agent_timeout | default(60) }}",
        "drain_timeout": "{{ drain_timeout | default(60) }}",
        "settings_pending": "{{ pending | default(false) }}",
        "poll_interval": 1,
        "api_username": "{{ ras_api_username }}",
        "api_password": "{{ ras_api_password }}",
    },
}


def _host(name: str, component: str, **keys: t.Any) -> dict[str, t.Any]:
    return {"name": name, "components": [component], "agent_version": OLD, **keys}


def _farm(name: str, *members: dict[str, t.Any], **keys: t.Any) -> dict[str, t.Any]:
    hosts = [{"name": host_of(name)}]
    for member in members:
        hosts.append({**member, "name": f"{member['name']}.{name}.example.com"})
    return {"license": ACTIVE, "hosts": hosts, **keys}


def _note(*servers: tuple[str, str]) -> dict[str, t.Any]:
    """The files of a licensing server on which a run was killed."""
    rows = [
        {"server": server, "kind": kind, "site_id": 1, "since": "2026-01-01T00:00:00+00:00"} for server, kind in servers
    ]
    return {"windows": {"access": OURS, "files": {NOTE: json.dumps({"version": 1, "drained": rows})}}}


def _start(start_lab: StartLab, farms: dict[str, dict[str, t.Any]]) -> Runner:
    made = world(farms)
    made["defaults"]["windows"] = WINDOWS
    return start_lab(made)


def _run(runner: Runner, *args: str, check: bool = False) -> Run:
    runner.lab.clear_journal()
    done = runner.play([TASK], *args, check=check)
    assert secrets_in(done) == []
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []
    return done


def _actions(runner: Runner, farm: str) -> list[str]:
    """What the farm was asked to do to which host, by the journal."""
    found = []
    for entry in runner.lab.journal(farm):
        if entry["op"] == "push":
            found.append(f"push {_short(entry['host'])}")
        elif entry["op"] == "ras_drain":
            word = {"drained": "disable", "undrained": "enable"}.get(entry["effect"], "failed to switch")
            found.append(f"{word} {_short(entry['args']['server'])}")
    return found


def _short(server: str) -> str:
    return server.split(".")[0]


def _announced(result: dict[str, t.Any]) -> list[str]:
    words = {"push": "push", "drain": "disable", "undrain": "enable"}
    return [f"{words[step['action']]} {_short(server)}" for step in result["steps"] for server in step["servers"]]


def _result(run: Run, farm: str) -> dict[str, t.Any]:
    return run.results(MODULE, host_of(farm))[0]


def _truth(runner: Runner, farm: str, host: str) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", runner.lab.host(farm, f"{host}.{farm}.example.com"))


def _notes(runner: Runner, farms: t.Collection[str]) -> dict[str, list[str]]:
    """The servers in the notes of these farms, read from the hosts themselves."""
    task = {"name": "Read the note", "ansible.windows.slurp": {"src": NOTE}}
    done = runner.play([task], "--limit", ",".join(host_of(farm) for farm in farms))
    assert done.rc == 0, done.output
    found = {}
    for farm in farms:
        content = done.results("ansible.windows.slurp", host_of(farm))[0]["content"]
        found[farm] = [_short(row["server"]) for row in json.loads(base64.b64decode(content))["drained"]]
    return found


def _digest(runner: Runner, farm: str) -> str:
    """Of the note's file."""
    return t.cast("str", runner.lab.host(farm)["windows"]["files"][NOTE]["sha256"])


# -- farms on which all goes well --------------------------------------------------------------------------------------

GOOD: t.Final = {
    "tokyo": _farm(
        "tokyo",
        _host("cb3", "broker", priority=2),
        _host("cb2", "broker", priority=1, standby=True, agent_state="StandBy"),
        _host("gw1", "gateway"),
        _host("gw2", "gateway"),
        _host("rd1", "rds"),
        _host("rd2", "rds", enabled=False),
    ),
    # RAS 18 names the cmdlets otherwise.
    "edo": _farm("edo", _host("gw1", "gateway", agent_version="17.1.2.22000"), generation=18, version="18.3.0.23100"),
    # A run was killed here: gw1 was updated already, rd1 was not pushed yet, and rd2 is in service again.
    "nara": _farm(
        "nara",
        _host("gw1", "gateway", agent_version=NEW, enabled=False),
        _host("rd1", "rds", enabled=False),
        _host("rd2", "rds", agent_version=NEW),
    ),
    "kobe": _farm("kobe", _host("gw1", "gateway", agent_version=NEW)),
}
GOOD["edo"]["vars"] = {"wanted": "18.3.23100"}
GOOD["nara"]["hosts"][0].update(
    _note(
        ("gw1.nara.example.com", "gateway"), ("rd1.nara.example.com", "rds_host"), ("rd2.nara.example.com", "rds_host")
    )
)
DONE: t.Final = {
    "tokyo": [
        *("push cb2", "push cb3"),
        *("disable gw1", "push gw1", "enable gw1"),
        *("disable gw2", "push gw2", "enable gw2"),
        *("disable rd1", "push rd1", "enable rd1", "push rd2"),
    ],
    "edo": ["disable gw1", "push gw1", "enable gw1"],
    "nara": ["enable gw1", "push rd1", "enable rd1"],
    "kobe": [],
}


class Four(t.NamedTuple):
    """Check, apply, apply, check; and what the journal showed of each."""

    runs: list[Run]
    actions: list[dict[str, list[str]]]
    journal: list[dict[str, t.Any]]
    runner: Runner


@pytest.fixture(scope="module")
def four(start_lab: StartLab) -> Four:
    runner = _start(start_lab, GOOD)
    runs, actions, journal = [], [], []
    for number, check in enumerate((True, False, False, True)):
        done = _run(runner, "--diff", check=check)
        assert done.rc == 0, done.output
        assert done.warnings == []
        runs.append(done)
        actions.append({farm: _actions(runner, farm) for farm in GOOD})
        if number == 1:
            journal = runner.lab.journal()
    return Four(runs, actions, journal, runner)


@pytest.mark.parametrize("farm", GOOD)
def test_check_announces_what_apply_does_and_the_rest_is_silent(four: Four, farm: str) -> None:
    assert [actions[farm] for actions in four.actions] == [[], DONE[farm], [], []]
    check, apply, again, drift = (_result(run, farm) for run in four.runs)
    assert _announced(check) == _announced(apply) == DONE[farm]
    assert check["changed"] == apply["changed"] == bool(DONE[farm])
    for result in (again, drift):
        assert (result["changed"], result["steps"], result["rounds"]) == (False, [], [])
    count("scenario", f"agent_upgrade: {farm}, four runs")


def test_the_farm_is_of_one_version_and_nothing_is_out_of_service(four: Four) -> None:
    for farm in ("tokyo", "nara", "kobe"):
        hosts = four.runner.lab.farm(farm)["hosts"]
        assert {host["agent_version"] for host in hosts} == {NEW}
        assert {host["name"] for host in hosts if not host["enabled"]} <= {"rd2.tokyo.example.com"}
        assert {host["agent_state"] for host in hosts} <= {"OK", "StandBy"}
    assert _truth(four.runner, "edo", "gw1")["agent_version"] == "18.3.0.23100"
    assert {row["version"] for row in _result(four.runs[1], "tokyo")["agents"]["after"]} == {NEW}
    count("scenario", "agent_upgrade: one version")


def test_what_an_administrator_disabled_stays_disabled(four: Four) -> None:
    assert _truth(four.runner, "tokyo", "rd2")["enabled"] is False
    assert _truth(four.runner, "tokyo", "rd1")["enabled"] is True
    count("scenario", "agent_upgrade: a disabled host stays disabled")


def test_the_note_of_a_killed_run_is_settled(four: Four) -> None:
    assert _notes(four.runner, ("nara", "tokyo", "edo")) == {"nara": [], "tokyo": [], "edo": []}
    assert _result(four.runs[1], "nara")["undrained"] == ["gw1.nara.example.com", "rd1.nara.example.com"]
    assert [each["rule"] for each in _result(four.runs[1], "nara")["findings"]] == [
        "note_corrected",
        "brought_back_by_note",
    ]
    count("scenario", "agent_upgrade: note of a killed run")


def test_brokers_go_one_at_a_time_and_a_gateway_always_serves(four: Four) -> None:
    """Each restart has ended before the next push begins."""
    events = [entry for entry in four.journal if entry["farm"] == "tokyo" and entry["op"] in ("push", "restart")]
    seen = [(entry["op"], _short(entry["host"])) for entry in events]
    for first, second in (("cb2", "cb3"), ("cb3", "gw1"), ("gw1", "gw2"), ("gw2", "rd1")):
        assert seen.index(("restart", first)) < seen.index(("push", second))
    count("scenario", "agent_upgrade: order of a farm")


# -- farms on which something goes wrong -------------------------------------------------------------------------------


def _fault(kind: str, host: str, **keys: t.Any) -> dict[str, t.Any]:
    return {"on": "push", "kind": kind, "host": host, **keys}


HALF: t.Final = "half a no"
BAD: t.Final = {
    "fails": _farm("fails", _host("gw1", "gateway"), _host("rd1", "rds"), vars={"agent_timeout": 30}),
    "hangs": _farm("hangs", _host("gw1", "gateway"), _host("rd1", "rds"), vars={"agent_timeout": 5}),
    "restart": _farm("restart", _host("gw1", "gateway"), _host("rd1", "rds")),
    "sessions": _farm("sessions", _host("rd1", "rds", windows={"sessions": 4}), vars={"drain_timeout": 2}),
    "lost": _farm("lost", _host("gw1", "gateway"), faults=[{"on": "ras_agent_update", "kind": "reset_after"}]),
    "bounces": _farm(
        "bounces", _host("gw1", "gateway"), faults=[{"on": "ras_agents", "kind": "reset_before", "after": 2}]
    ),
    "unreadable": _farm("unreadable", _host("gw1", "gateway")),
    "behind": _farm("behind", _host("gw1", "gateway"), vars={"wanted": "21.9.99999"}),
    "staged": _farm("staged", _host("gw1", "gateway"), vars={"pending": True}),
}
# The licensing server loses the connection in the middle of waiting.
BAD["bounces"]["faults"] = [{"on": "ras_agents", "kind": "reset_before", "after": 2}]
BAD["fails"]["faults"] = [_fault("push_fails", "gw1.fails.example.com")]
BAD["hangs"]["faults"] = [_fault("push_hangs", "gw1.hangs.example.com")]
BAD["restart"]["faults"] = [_fault("push_needs_restart", "gw1.restart.example.com")]
BAD["unreadable"]["hosts"][0]["windows"] = {"access": OURS, "files": {NOTE: HALF}}
CODES: t.Final = {
    "fails": "agent_failed",
    "hangs": "agent_timeout",
    "restart": None,
    "sessions": "sessions_active",
    "lost": None,
    "bounces": None,
    "unreadable": "bad_answer",
    "behind": "upgrade_blocked",
    "staged": "settings_staged",
}
TRIED: t.Final = {
    "fails": ["disable gw1", "push gw1"],
    "hangs": ["disable gw1", "push gw1"],
    "restart": ["disable gw1", "push gw1", "disable rd1", "push rd1", "enable rd1"],
    "sessions": ["disable rd1", "enable rd1"],
    "lost": ["disable gw1", "push gw1", "enable gw1"],
    "bounces": ["disable gw1", "push gw1", "enable gw1"],
    "unreadable": [],
    "behind": [],
    "staged": [],
}
DRAINING: t.Final = [farm for farm, actions in TRIED.items() if actions]
# What the next run does, once the faults are gone and the users have left.
NEXT: t.Final = {
    "fails": ["push gw1", "enable gw1", "disable rd1", "push rd1", "enable rd1"],
    "hangs": [],  # it is never pushed a second time
    "restart": ["enable gw1"],  # it was restarted in between
    "sessions": ["disable rd1", "push rd1", "enable rd1"],
}


class Bad(t.NamedTuple):
    """The first run and the one after it."""

    first: Run
    second: Run
    tried: dict[str, list[str]]
    next: dict[str, list[str]]
    notes: list[dict[str, list[str]]]
    runner: Runner


@pytest.fixture(scope="module")
def bad(start_lab: StartLab) -> Bad:
    runner = _start(start_lab, BAD)
    first = _run(runner)
    tried = {farm: _actions(runner, farm) for farm in BAD}
    remembered = _notes(runner, DRAINING)
    runner.lab.clear_faults()
    runner.lab.patch_windows("sessions", "rd1.sessions.example.com", sessions=0)
    runner.lab.patch_windows("restart", "gw1.restart.example.com", power="restarting")
    runner.lab.wait_for("restart", "restart", "done")
    second = _run(runner)
    actions = {farm: _actions(runner, farm) for farm in BAD}
    return Bad(first, second, tried, actions, [remembered, _notes(runner, DRAINING)], runner)


@pytest.mark.parametrize("farm", BAD)
def test_how_each_farm_ends(bad: Bad, farm: str) -> None:
    result = _result(bad.first, farm)
    assert result.get("failure", {}).get("code") == CODES[farm], result
    assert bad.tried[farm] == TRIED[farm]
    assert _announced(result) == TRIED[farm]
    assert result["changed"] == bool(TRIED[farm])
    count("scenario", f"agent_upgrade: {farm}")


@pytest.mark.parametrize("farm", BAD)
def test_the_next_run_goes_on_where_that_one_stopped(bad: Bad, farm: str) -> None:
    assert bad.next[farm] == NEXT.get(farm, [])
    is_still_bad = farm in ("hangs", "unreadable", "behind", "staged")
    result = _result(bad.second, farm)
    assert result.get("failure", {}).get("code") == (CODES[farm] if is_still_bad else None)
    if not is_still_bad:
        hosts = bad.runner.lab.farm(farm)["hosts"]
        assert {host["agent_version"] for host in hosts} == {NEW}
        assert all(host["enabled"] for host in hosts)
        assert bad.notes[1][farm] == []
    count("scenario", f"agent_upgrade: {farm}, the next run")


def test_hosts_out_of_service_are_recorded_and_named(bad: Bad) -> None:
    left = {"fails": ["gw1"], "hangs": ["gw1"], "restart": ["gw1"]}
    assert bad.notes[0] == {farm: left.get(farm, []) for farm in DRAINING}
    failure = _result(bad.first, "fails")["failure"]
    assert failure["observed"]["still_drained"] == ["gw1.fails.example.com"]
    assert failure["observed"]["rounds_not_begun"] == [
        {"kind": "rds_host", "site_id": 1, "servers": ["rd1.fails.example.com"]}
    ]
    assert failure["observed"]["cause"]["servers"]["gw1.fails.example.com"] == {
        "version": OLD,
        "state": "ConnectionFailed",
    }
    assert _digest(bad.runner, "unreadable") == hashlib.sha256(HALF.encode()).hexdigest()


def test_a_restart_that_is_due_is_reported_and_not_a_failure(bad: Bad) -> None:
    assert _result(bad.first, "restart")["restart_due"] == ["gw1.restart.example.com"]
    assert _result(bad.second, "restart")["restart_due"] == []
    assert _result(bad.second, "restart")["undrained"] == ["gw1.restart.example.com"]


def test_a_failed_farm_does_not_make_its_host_unreachable(bad: Bad) -> None:
    for run in (bad.first, bad.second):
        assert not any(stats["unreachable"] for stats in run.stats.values())
        assert run.rc == 2
