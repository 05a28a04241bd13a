# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action agent_upgrade: what it refuses before anything runs, and which scripts it runs."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible import constants as C
from ansible_collections.fleetops.parallels_ras.plugins.action import agent_upgrade
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import API_PASSWORD, perform_on_host
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import FakeHost, OBSERVED, unread

USER = {"api_username": "svc@example.com", "api_password": API_PASSWORD, "version": "20.2.26050"}
BEHIND = {"Server": "cb2.example.com", "ServerType": "PA", "SiteId": 1, "AgentVer": "19.4.0.25800", "AgentState": "OK"}
DONE = {**BEHIND, "AgentVer": "20.2.0.26050"}
NO_NOTE = {"ok": True, "content": None}


@pytest.fixture(autouse=True)
def _run(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is a run of its own, in which nobody waits."""
    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def _agents(*rows: dict[str, t.Any]) -> dict[str, t.Any]:
    return {"ok": True, "agents": list(rows)}


def _perform(*answers: t.Any, check: bool = False, **args: t.Any) -> tuple[dict[str, t.Any], FakeHost]:
    host = FakeHost(*(answers or (OBSERVED,)))
    return perform_on_host(agent_upgrade.ActionModule, host, check=check, **{**USER, **args}), host


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ({"backend": "rest"}, "backend"),
        ({"version": "latest"}, "version"),
        ({"poll_interval": 0}, "poll_interval"),
        ({"gateways_min_in_service": 101}, "gateways_min_in_service"),
        ({"note_path": "drained.json"}, "note_path"),
    ],
)
def test_refuses_options_before_anything_runs(args: dict[str, t.Any], word: str) -> None:
    result, host = _perform(**args)
    assert (result["failed"], result["failure"]["code"]) == (True, "invalid_option")
    assert result["failure"]["message"].startswith(word)
    assert host.sent == []


@pytest.mark.parametrize(
    ("source", "code"), [("sites", "bad_answer"), ("brokers", "bad_answer"), ("version", "upgrade_blocked")]
)
def test_an_unknown_order_or_version_updates_nothing(source: str, code: str) -> None:
    result, host = _perform(unread(**{source: "no permission"}), _agents(BEHIND), NO_NOTE)
    assert (result["changed"], result["failure"]["code"]) == (False, code)
    assert "ras_agent_update" not in host.names
    assert [(each["rule"], each["observed"]) for each in result["findings"]] == [("not_read", "no permission")]
    if code == "bad_answer":
        assert f"The {source} of the farm are unknown" in result["failure"]["message"]
        assert "'no permission'" in result["failure"]["message"]


def test_plans_with_three_scripts_that_only_read_in_check_mode() -> None:
    result, host = _perform(OBSERVED, _agents(BEHIND), NO_NOTE, check=True)
    assert host.names == ["ras_observe", "ras_agents", "state_note"]
    assert host.sent[2][1] == {"Path": "C:\\ProgramData\\FleetOps\\parallels_ras\\drained.json"}
    assert (result["changed"], result["backend_used"]) == (True, "winrm")
    assert result["rounds"] == [{"kind": "broker", "site_id": 1, "servers": ["cb2.example.com"]}]
    assert API_PASSWORD not in str(result)


def test_pushes_once_and_reads_until_the_agent_is_well_twice() -> None:
    result, host = _perform(OBSERVED, _agents(BEHIND), NO_NOTE, {"ok": True}, _agents(DONE))
    assert host.names == ["ras_observe", "ras_agents", "state_note", "ras_agent_update", *["ras_agents"] * 3]
    assert host.sent[3][1] == {
        "Username": "svc@example.com",
        "Server": "cb2.example.com",
        "SiteId": 1,
        "Force": False,
    }
    assert "failed" not in result
    assert result["diff"] == {
        "before": {"cb2.example.com": "19.4.0.25800"},
        "after": {"cb2.example.com": "20.2.0.26050"},
    }


def test_an_unreadable_list_of_agents_is_a_failure() -> None:
    result, _host = _perform(OBSERVED, {"ok": True, "agents": "none"})
    assert (result["failure"]["code"], result["changed"]) == ("bad_answer", False)
