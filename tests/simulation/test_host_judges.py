# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each judge of hosts sees what it is for, and nothing in a rollout that went well."""

from __future__ import annotations

import copy
import typing as t

from harness.rollouts import FULL_VERSION, sha256_of, VERSION
from simulation.history import History, Wanted
from simulation.host_judges import behind, HOST_JUDGES
from simulation.people import OURS, SPLA
from simulation.play import Seen
from simulation.stage import Ran

_BROKER, _SESSIONS = "cb1.tokyo.example.com", "rd1.tokyo.example.com"


def _host(name: str, version: str, component: str = "broker", **windows: t.Any) -> dict[str, t.Any]:
    truth = {"sessions": 0, "installer_busy": False, **windows}
    return {"name": name, "components": [component], "agent_version": version, "enabled": True, "windows": truth}


def _history(**variables: t.Any) -> History:
    given = {"ras_version": VERSION, "ras_installer_sha256": sha256_of(), "ras_reboot": "auto", **variables}
    return History(1, {"farms": [{"name": "tokyo"}], "inventory_vars": given}, {"tokyo": Wanted([OURS], SPLA)}, [])


def _entry(op: str, host: str = _BROKER, **more: t.Any) -> dict[str, t.Any]:
    entry = {"farm": "tokyo", "host": host, "op": op, "status": 0, "protocol": "winrm", "check": False}
    return {**entry, "effect": None, "fault": None, **more}


def _seen(playbook: str = "rollout") -> Seen:
    """A rollout that installed on the licensing server, pushed to a session host and restarted both."""
    before = {"farms": {"tokyo": {"hosts": [_host(_BROKER, "20.0.0.1"), _host(_SESSIONS, "20.0.0.1", "rds")]}}}
    after = copy.deepcopy(before)
    for host in after["farms"]["tokyo"]["hosts"]:
        host["agent_version"] = FULL_VERSION
    journal = [
        _entry("host_install"),
        _entry("install", effect="installed", protocol="host"),
        _entry("host_restart"),
        _entry("ras_drain"),
        _entry("push", _SESSIONS, effect="updated", protocol="host"),
        _entry("host_restart", _SESSIONS),
    ]
    rows = [{"farm": "tokyo", "state": "changed", "code": None, "changed": True}]
    ran = Ran(0, "PLAY RECAP", [{"kind": "stats", "custom": {"ras_farms": rows}}], 1.0)
    move = {"do": "run", "playbook": playbook, "check": False, "limit": []}
    return Seen(move, ran, before, after, journal, [], [], set(), False)


def _judges(seen: Seen, **variables: t.Any) -> set[str]:
    return {rule.__name__ for rule in HOST_JUDGES if list(rule(_history(**variables), seen))}


def _before(seen: Seen, name: str) -> dict[str, t.Any]:
    hosts: list[dict[str, t.Any]] = seen.before["farms"]["tokyo"]["hosts"]
    return next(host for host in hosts if host["name"] == name)


def test_a_rollout_that_went_well_breaks_no_rule() -> None:
    assert _judges(_seen()) == set()


def test_a_host_that_is_installed_twice() -> None:
    seen = _seen()
    seen.journal.append(_entry("install", effect="installed", protocol="host"))
    assert _judges(seen) == {"one_installer"}


def test_a_second_installer_beside_the_first() -> None:
    seen = _seen()
    seen.journal.append(_entry("install", status=1618, protocol="host"))
    assert _judges(seen) == {"one_installer"}
    _before(seen, _BROKER)["windows"]["installer_busy"] = True
    assert _judges(seen) == set()


def test_an_installer_that_nobody_wanted() -> None:
    assert _judges(_seen(), ras_installer_sha256="0" * 64) == {"one_installer"}
    assert _judges(_seen("activate")) == {"one_installer"}


def test_a_restart_that_is_not_allowed() -> None:
    assert _judges(_seen(), ras_reboot="never") == {"restarts"}


def test_a_restart_under_users() -> None:
    seen = _seen()
    _before(seen, _SESSIONS)["windows"]["sessions"] = 3
    assert _judges(seen) == {"restarts"}
    assert _judges(seen, ras_logoff_sessions=True) == set()
    seen = _seen()
    _before(seen, _BROKER)["windows"]["sessions"] = 1
    assert _judges(seen) == set()


def test_what_check_mode_asks_for_is_no_restart() -> None:
    seen = _seen()
    for entry in seen.journal:
        entry["check"] = entry["op"] == "host_restart"
    assert _judges(seen, ras_reboot="never") == set()


def test_a_host_that_stays_out_of_service() -> None:
    seen = _seen()
    seen.after["farms"]["tokyo"]["hosts"][1]["enabled"] = False
    assert _judges(seen) == {"out_of_service"}
    seen.ran.rows[0]["state"] = "failed"
    assert _judges(seen) == set()


def test_a_host_of_an_administrator_that_is_taken_back() -> None:
    seen = _seen()
    _before(seen, _SESSIONS)["enabled"] = False
    seen.journal = [entry for entry in seen.journal if entry["op"] != "ras_drain"]
    assert _judges(seen) == {"out_of_service"}


def test_a_windows_user_who_is_rejected_three_times() -> None:
    seen = _seen()
    seen.journal += [_entry("winrm_refused", f"cb1.{farm}.example.com") for farm in ("tokyo", "osaka", "kobe")]
    assert _judges(seen) == {"one_wrong_windows_user"}
    seen.journal = [_entry("winrm_refused"), _entry("winrm_refused")]
    assert _judges(seen) == {"one_wrong_windows_user"}


def test_a_host_that_is_behind() -> None:
    seen = _seen()
    assert behind(_history(), seen.after["farms"]["tokyo"]) is None
    assert behind(_history(), seen.before["farms"]["tokyo"]) == f"{_BROKER}, {_SESSIONS} are of an older version"
    assert behind(_history(ras_version=""), seen.before["farms"]["tokyo"]) is None
