# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of fleet_info: its options, and whose variables it reads."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
from ansible import constants as C
from ansible_collections.fleetops.parallels_ras.plugins.action import fleet_info
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import Target
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.scan import Settings
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import API_PASSWORD, make

HOSTS: t.Final = {
    name: {"ras_farm": name.upper(), "ras_api_username": "svc@example.com", "ras_api_password": API_PASSWORD}
    for name in ("h1", "h2", "h3")
}


@pytest.fixture(name="scanned")
def _scanned(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[Target], Settings]]:
    """What was handed to the scan, which finds every farm as wanted."""
    calls: list[tuple[list[Target], Settings]] = []

    def scan(targets: list[Target], settings: Settings, _scrubber: Scrubber) -> list[dict[str, t.Any]]:
        calls.append((targets, settings))
        return [{"farm": target.farm, "state": "ok"} for target in targets]

    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path))
    monkeypatch.setattr(fleet_info, "scan", scan)
    return calls


def _run(check: bool = False, **args: t.Any) -> dict[str, t.Any]:
    action = make(fleet_info.ActionModule, args, check=check)
    return action.run(None, {"hostvars": HOSTS, "ras_farm": "{{ a raw template }}"})


@pytest.mark.parametrize("check", [False, True])
def test_each_host_is_read_by_its_own_variables(scanned: list[t.Any], check: bool) -> None:
    result = _run(check, hosts=["h2", "h1", "h2"], agents="all", timeout=5)
    ((targets, settings),) = scanned
    assert [target.farm for target in targets] == ["H2", "H1"]
    assert {target.timeout for target in targets} == {5}
    assert (settings.agents, settings.workers, settings.warning_days) == ("all", 16, 30)
    assert [farm["farm"] for farm in result["farms"]] == ["H2", "H1"]
    assert (result["states"]["ok"], result["states"]["error"], result["changed"]) == (2, 0, False)
    assert "findings" not in result


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({"hosts": []}, "hosts is empty"),
        ({"hosts": ["h1", "h9"]}, "observed h9"),
        ({"hosts": ["h1"], "workers": 0}, "workers is out of range: expected 1 to 256, observed 0"),
        ({"hosts": ["h1"], "timeout": 0}, "timeout is out of range"),
        ({"hosts": ["h1"], "total_timeout": 86401}, "total_timeout is out of range"),
        ({"hosts": ["h1"], "expiry_warning_days": -1}, "expiry_warning_days is out of range"),
        ({"hosts": ["h1"], "agents": "some"}, "agents"),
        ({}, "hosts"),
    ],
)
def test_a_scan_that_cannot_be_carried_out_is_refused(scanned: list[t.Any], args: dict[str, t.Any], says: str) -> None:
    result = _run(**args)
    assert (result["failed"], result["failure"]["code"]) == (True, "invalid_option")
    assert says in result["msg"]
    assert scanned == []
