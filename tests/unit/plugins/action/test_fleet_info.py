# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of fleet_info: its options, and whose variables it reads."""

from __future__ import annotations

import pathlib
import types
import typing as t

import pytest
from ansible import constants as C
from ansible_collections.fleetops.parallels_ras.plugins.action import fleet_info
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import Target
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.scan import Settings
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.run_options import RUN_OPTIONS
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import API_PASSWORD, make
from jinja2 import Undefined

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
    assert {target.warning_days for target in targets} == {30}
    assert (settings.agents, settings.workers) == ("all", 64)
    assert (result["format"], result["version"]) == ("fleetops.parallels_ras.scan", 3)
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


def _options(hosts: dict[str, t.Any], **variables: t.Any) -> dict[str, t.Any]:
    action = make(fleet_info.ActionModule, {"hosts": list(hosts), "options_only": True})
    action._templar = types.SimpleNamespace(template=lambda value: value)
    return action.run(None, {"hostvars": hosts, **variables})


def test_what_concerns_the_run_comes_from_all_hosts(scanned: list[t.Any]) -> None:
    broken = {**HOSTS["h1"], "ras_drift_workers": Undefined()}
    hosts = {"h1": broken, "h2": {**HOSTS["h2"], "ras_drift_workers": 4}, "h3": {"ras_drift_workers": 4}}
    options = _options(hosts, inventory_hostname="h1", ras_drift_agents="all", ras_drift_workers=9)["options"]
    assert set(options) == set(RUN_OPTIONS)
    assert (options["ras_drift_workers"], options["ras_drift_agents"], options["ras_drift_outputs"]) == (4, "all", {})
    assert scanned == []
    # In the scan, it is the failure of the host.
    make(fleet_info.ActionModule, {"hosts": list(hosts)}).run(None, {"hostvars": hosts})
    ((targets, _settings),) = scanned
    assert "The variable ras_drift_workers of h1 cannot be worked out" in targets[0].problem.message


def test_hosts_that_differ_are_refused_by_name_without_a_secret(scanned: list[t.Any]) -> None:
    other = {**HOSTS["h2"], "ras_drift_waivers": [{"reason": f"as {API_PASSWORD} says"}]}
    result = _options({**HOSTS, "h2": other})
    assert result["msg"].startswith("ras_drift_waivers concerns the whole run: expected one value at all hosts")
    assert "[] at h1 and h3" in result["msg"]
    assert " at h2." in result["msg"]
    assert API_PASSWORD not in result["msg"]
    everywhere = {host: {**values, "ras_drift_select": Undefined()} for host, values in HOSTS.items()}
    said = _options(everywhere)["msg"]
    assert "cannot be worked out at any of its hosts: The variable ras_drift_select of h1" in said
    assert scanned == []
