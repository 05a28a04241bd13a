# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""agents_info: machines and logical rows apart, and what of them is worth a finding, from either back end."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible import constants as C
from ansible_collections.fleetops.parallels_ras.plugins.action.agents_info import ActionModule
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import API_PASSWORD, perform, perform_on_host
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_backend import FakeFarm
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import FakeHost, OBSERVED

OLD, NEW = "20.1.0.25000", "20.2.0.26050"
SITE = {"server": "Main", "serverType": 9, "siteId": 1, "agentState": None}


def _row(server: str, version: str | None = NEW, kind: int = 1, state: int | None = 0) -> dict[str, t.Any]:
    return {"server": server, "serverType": kind, "siteId": 1, "agentState": state, "agentVer": version}


class _Agents(FakeFarm):
    """A farm with these rows."""

    def __init__(self, rows: list[dict[str, t.Any]]) -> None:
        super().__init__(None)
        self.rows = rows

    def agents(self) -> list[dict[str, t.Any]]:
        return self.rows


@pytest.fixture(autouse=True)
def _run(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is a run of its own."""
    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path))


@pytest.fixture(name="seen")
def _seen(monkeypatch: pytest.MonkeyPatch) -> t.Callable[..., dict[str, t.Any]]:
    def run(*rows: dict[str, t.Any], version: str | None = None) -> dict[str, t.Any]:
        farm: Backend = _Agents(list(rows))
        monkeypatch.setattr(ActionModule, "_backend", lambda *_args: farm)
        return perform(ActionModule, version=version)

    return run


Seen = t.Callable[..., dict[str, t.Any]]


def _rules(result: dict[str, t.Any]) -> dict[str, t.Any]:
    return {finding["rule"]: finding["observed"] for finding in result["findings"]}


def test_machines_and_logical_rows_are_apart(seen: Seen) -> None:
    result = seen(SITE, _row("cb1", kind=7), _row("rds1"))
    assert [(agent["server"], agent["kind"]) for agent in result["agents"]] == [("cb1", "broker"), ("rds1", "rds_host")]
    assert [row["server"] for row in result["logical"]] == ["Main"]
    assert (result["versions"], result["findings"], result["changed"]) == ([NEW], [], False)
    assert result["farm"]["name"] == "tokyo"


def test_versions_are_in_their_order(seen: Seen) -> None:
    result = seen(
        _row("a", "20.10.0.1"), _row("b", "20.9.0.1"), _row("c", "text"), _row("d", None), _row("e", "20.9.0.1")
    )
    assert result["versions"] == ["20.9.0.1", "20.10.0.1", "text"]
    assert _rules(result) == {"agents_mixed": ["20.9.1", "20.10.1", "text"]}


def test_one_version_in_two_forms_is_not_mixed(seen: Seen) -> None:
    assert _rules(seen(_row("a", "20.2.26050"), _row("b", NEW))) == {}


def test_machines_behind_the_wanted_version_are_named(seen: Seen) -> None:
    result = seen(_row("a", OLD), _row("b", NEW), _row("c", "21.0.0.1"), version="20.2.26050")
    assert result["versions"] == [OLD, NEW, "21.0.0.1"]
    assert _rules(result) == {
        "agents_mixed": ["20.1.25000", "20.2.26050", "21.0.1"],
        "agents_behind": ["a: 20.1.25000"],
    }
    assert any("agents_behind" in warning for warning in result["warnings"])


def test_a_version_that_is_not_reported_is_named_and_not_taken_as_right(seen: Seen) -> None:
    result = seen(_row("a", None), _row("b", "?"), version=NEW)
    assert _rules(result) == {"agents_unknown": ["a: not reported", "b: ?"]}
    assert "agents_unknown" not in _rules(seen(_row("a", None)))


@pytest.mark.parametrize(
    ("state", "is_ill"), [(0, False), (10, False), (14, False), (21, False), (5, True), (999, True)]
)
def test_agents_that_need_attention_are_named(seen: Seen, state: int, is_ill: bool) -> None:
    found = _rules(seen(_row("a"), _row("b", state=state)))
    assert list(found) == (["agents_attention"] if is_ill else [])
    if is_ill:
        assert found["agents_attention"][0].startswith("b: ")


@pytest.mark.parametrize("rows", [[], [SITE]])
def test_a_farm_without_machines_is_not_passed_in_silence(seen: Seen, rows: list[dict[str, t.Any]]) -> None:
    assert list(_rules(seen(*rows, version=NEW))) == ["agents_none"]


@pytest.mark.parametrize("version", ["22.0", "newest", ""])
def test_a_version_that_is_none_is_refused(seen: Seen, version: str) -> None:
    result = seen(_row("a"), version=version)
    assert (result["failed"], result["failure"]["code"]) == (True, "invalid_option")


def test_a_row_that_is_none_fails_the_task(seen: Seen) -> None:
    result = seen({"id": "1"})
    assert result["failure"]["code"] == "bad_answer"
    assert "agents" not in result


def test_over_winrm_the_rows_are_those_of_the_module() -> None:
    row = {"Server": "cb1", "ServerType": "PA", "SiteId": 1, "AgentState": "OK", "AgentVer": NEW}
    host = FakeHost(OBSERVED, {"ok": True, "version": NEW, "agents": [row]})
    user = {"api_username": "svc@example.com", "api_password": API_PASSWORD}
    result = perform_on_host(ActionModule, host, backend="winrm", version=NEW, **user)
    assert (result["agents"][0]["kind"], result["versions"], result["backend_used"]) == ("broker", [NEW], "winrm")
    assert host.names == ["ras_observe", "ras_agents"]
