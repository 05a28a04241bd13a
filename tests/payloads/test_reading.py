# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every text of every answer of the REST API is a template, in turn: inventory plugin, drift check and its baseline."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import typing as t
from pathlib import Path

import pytest
import yaml

from counts import count
from harness.payloads import arrived, payload
from harness.runner import Runner
from harness.worlds import ACTIVE, ADMIN, ADMIN_PASSWORD, EMAIL, PASSWORD, SPLA_KEY, world
from payloads.conftest import Attempt, Try
from raslab.rest.routes import _BY_PATH

FULL: t.Final = os.environ.get("RAS_FULL") == "1"
# Without it no session is open, and nothing else is read.
_TOKEN: t.Final = "authToken"
_ALL: t.Final = "logon license site broker agent".split()
_VARIABLES: t.Final = {"ras_api_username": ADMIN, "ras_api_password": ADMIN_PASSWORD, "ras_account_email": EMAIL}
_SECRETS: t.Final = {"ras_account_password": PASSWORD, "ras_license_key": SPLA_KEY}


def _answers(runner: Runner, farm: str) -> t.Iterator[t.Any]:
    """What the farm answers to the log-on and to every path that can be read."""
    context = ssl.create_default_context(cafile=str(runner.lab.ca_path))
    context.check_hostname = False
    connection = http.client.HTTPSConnection(runner.lab.farms[farm]["address"], 20443, context=context, timeout=30)
    headers = {"Content-Type": "application/json; api-version=1.0"}
    body = json.dumps({"username": ADMIN, "password": ADMIN_PASSWORD})
    reads = [("GET", path, None) for path, methods in _BY_PATH.items() if "GET" in methods]
    for method, path, sent in [("POST", "/api/session/logon", body), *reads]:
        connection.request(method, path, sent, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status == 200:
            found = json.loads(content)
            headers.setdefault("auth_token", found.get(_TOKEN, "") if isinstance(found, dict) else "")
            yield found


def _keys(value: t.Any) -> set[str]:
    """The keys under which there is text, at any depth."""
    if isinstance(value, list):
        return {key for item in value for key in _keys(item)}
    if not isinstance(value, dict):
        return set()
    direct = {key for key, item in value.items() if isinstance(item, str)}
    return direct | {key for item in value.values() for key in _keys(item)}


@pytest.fixture
def fleet(attack: Try) -> tuple[Attempt, list[str]]:
    """A fleet in which each text is a template at one farm: in few farms that share them, in the matrices in many."""
    farms = [f"farm{number}" for number in range(60 if FULL else 8)]
    site = [{"name": "Main", "licensing": True, "rds_pools": ["Pool"]}]
    members = {"components": ["rds", "gateway"]}
    hosts = {
        farm: [{"name": f"cb1.{farm}.example.com"}, {"name": f"rd1.{farm}.example.com", **members}] for farm in farms
    }
    tried = attack(world({farm: {"license": ACTIVE, "sites": site, "hosts": hosts[farm]} for farm in farms}))
    keys = sorted({key for answer in _answers(tried.runner, "farm0") for key in _keys(answer)} - {_TOKEN})
    assert {"farmGUID", "paUserEmail", "server", "name", "agentVersion"} & set(keys)
    tried.runner.lab.patch_farm("farm0", drop_sessions=True)
    for number, farm in enumerate(farms):
        mine = keys[number :: len(farms)]
        for nested, part in enumerate((mine[::2], mine[1::2])):
            fault = {"kind": "add_text", "on": _ALL, "times": -1, "text": payload(farm, nested=bool(nested))}
            tried.runner.lab.add_fault(farm, **fault, only=part)
    return tried, farms


def _inventory(tried: Attempt, farms: list[str]) -> Path:
    path = tried.runner.folder.parent / "ras_farms.yml"
    listed = [{"name": farm, "api_url": f"https://{tried.runner.lab.farms[farm]['address']}:20443"} for farm in farms]
    content = {
        "plugin": "fleetops.parallels_ras.farms",
        "ca_path": str(tried.runner.lab.ca_path),
        "farms": listed,
        "compose": {"composed": "'at ' ~ ras_site ~ ' ' ~ ras_agent_state"},
        "keyed_groups": [{"key": "ras_agent_state", "prefix": "state"}, {"key": "ras_site", "parent_group": "sites"}],
    }
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def test_what_farms_report_becomes_an_inventory_and_a_drift_report(fleet: tuple[Attempt, list[str]]) -> None:
    tried, farms = fleet
    path = _inventory(tried, farms)
    report = tried.runner.folder.parent / "report.json"
    facts = {"said": "{{ hostvars[inventory_hostname].composed | default('-') | fleetops.parallels_ras.as_data }}"}
    run = tried.play(
        [
            {"name": "Keep", "ansible.builtin.set_fact": facts},
            {
                "name": "Show",
                "ansible.builtin.debug": {"msg": "{{ said }} {{ hostvars[inventory_hostname] }} {{ groups }}"},
            },
        ],
        hosts="all",
        inventory=path,
        extra=_VARIABLES,
    )
    assert run.rc == 0
    seen = arrived(run)
    outputs = {"ras_drift_outputs": {"json": str(report)}}
    drift = tried.playbook("fleetops.parallels_ras.drift", inventory=path, extra={**_VARIABLES, **_SECRETS, **outputs})
    assert drift.rc == 2
    # Some hold nothing that the collection shows: of many farms, each has one text or two.
    assert len(seen | arrived(drift)) >= min(len(farms), 32) // 2
    baseline = tried.runner.folder.parent / "baseline.json"
    baseline.write_text(json.dumps(_with_templates(json.loads(report.read_text("utf-8")))), encoding="utf-8")
    again = tried.playbook(
        "fleetops.parallels_ras.drift",
        inventory=path,
        extra={**_VARIABLES, **_SECRETS, "ras_drift_baseline": str(baseline)},
    )
    assert again.rc == 2
    count("scenario", "payloads: inventory and drift")


def _with_templates(report: t.Any, key: str = "") -> t.Any:
    """The report with a template in each text that may be any text."""
    if isinstance(report, dict):
        return {name: _with_templates(value, name) for name, value in report.items()}
    if isinstance(report, list):
        return [_with_templates(value, key) for value in report]
    free = ("message", "remedy", "observed", "expected", "email", "company", "farm", "host", "guid", "name", "text")
    return report + payload("baseline") if isinstance(report, str) and key in free else report
