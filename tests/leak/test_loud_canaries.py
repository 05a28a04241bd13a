# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes over WinRM is not shown beyond -vvvv either, and nothing is that a farm quotes of what others were sent."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import REPLACEMENT
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.reports import RENDERERS

from harness.upgrades import upgrade_world
from harness.worlds import ADMIN, EMAIL, host_of
from leak.canaries import ACCOUNT, API, KEY, KNOWN_KEY, WINDOWS
from leak.leaks import Leaks
from raslab.testing import Lab

_OPTIONS: t.Final = {
    "backend": "{{ backend }}",
    "api_url": "https://{{ ansible_host }}:20443",
    "api_username": "{{ ras_api_username }}",
    "api_password": "{{ ras_api_password }}",
    "ca_path": "{{ ras_ca_path }}",
    "timeout": 20,
}
_LICENSE: t.Final = {
    **_OPTIONS,
    "account_email": "{{ ras_account_email }}",
    "account_password": "{{ ras_account_password }}",
    "license_key": "{{ ras_license_key }}",
    "settle_timeout": 2,
}
# Nobody's that is known here.
STRANGER: t.Final = "QX12CD-SP34EF-GH56IJ-B978KL-ZZ99YY"
_SAID: t.Final = f"refused: {ACCOUNT.text} of {KEY.text}"


@pytest.fixture(scope="module")
def leaks(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Leaks]:
    """One farm that is activated, and one whose refusal quotes all that it was sent, with an account of its own."""
    folder = tmp_path_factory.mktemp("leak")
    farms = {
        "fine": {"license": {"state": "none"}},
        "echo": {
            "license": {"state": "none"},
            "faults": [{"on": "activate", "kind": "vendor_text", "message": _SAID, "times": -1}],
            "vars": {"ras_account_email": "echo@example.com"},
        },
    }
    # Over REST, to those who only read: in a text of the license, and in a refusal.
    quoted = f"{ACCOUNT.text} {KEY.text.lower()} {json.dumps(KNOWN_KEY.text)} {STRANGER}"
    shown = {
        "type": 3,
        "licenseKey": "****-CV55K2",
        "expiryDate": "31/12/2031",
        "paUserEmail": EMAIL,
        "strange": quoted,
    }
    answers = {
        "quotes": {"status": 200, "body": {**shown, "statusMessage": quoted, "needsAttention": True}},
        "quotes-refusal": {"status": 403, "body": {"title": "No", "detail": quoted}},
    }
    for name, answer in answers.items():
        fault = {"kind": "status", "on": "license", "times": -1, **answer}
        farms[name] = {"license": {"state": "active", "account": EMAIL, "key": KEY.text}, "faults": [fault]}
    made = upgrade_world(farms, [])
    made["vault"] = {
        "ras_account_email": EMAIL,
        "ras_account_password": ACCOUNT.text,
        "ras_account_keys": [KNOWN_KEY.text],
        "ras_api_username": ADMIN,
        "ras_api_password": API.text,
        "ras_license_key": KEY.text,
    }
    made["my_account"]["accounts"][0].update(
        people=[{"email": each, "password": ACCOUNT.text} for each in (EMAIL, "echo@example.com")],
        keys=[{"key": KEY.text, "type": "spla"}],
    )
    made["defaults"].update(
        admins=[{"username": ADMIN, "password": API.text}],
        windows={"users": [{"name": "Administrator", "password": WINDOWS.text}]},
    )
    with Lab(made, folder / "lab") as lab:
        yield Leaks(lab, folder / "runs")


@pytest.mark.parametrize("backend", ["winrm", "rest"])
def test_as_loud_as_it_gets(leaks: Leaks, backend: str) -> None:
    tasks = [
        {"name": "License", "fleetops.parallels_ras.license": _LICENSE, "ignore_errors": True},
        {"name": "Look", "fleetops.parallels_ras.license_info": {**_OPTIONS, "include_raw": True}},
    ]
    run = leaks.play(
        f"as loud as it gets, {backend}",
        tasks,
        more={"ANSIBLE_DEBUG": "1"},
        loud="-vvvvvv",
        hosts=f"{host_of('fine')}:{host_of('echo')}",
        extra={"backend": backend},
    )
    assert "starting run" in run.stdout, "core was not asked to say all"
    assert run.license(host_of("echo"))["failure"]["code"] == "activation_refused"
    assert run.license(host_of("fine"))["license"]["status"] == "active"


def test_what_a_farm_quotes_of_what_other_tasks_were_sent(leaks: Leaks) -> None:
    """These tasks take no account and no key, and yet hide them; a whole key is hidden whoever it belongs to."""
    outputs = {name: f"reports/drift.{name}" for name in RENDERERS}
    options = {**_OPTIONS, "backend": "rest"}
    tasks = [
        {
            "name": "License",
            "fleetops.parallels_ras.license_info": {**options, "include_raw": True},
            "failed_when": False,
        },
        {"name": "Farm", "fleetops.parallels_ras.farm_info": options, "failed_when": False},
        {"name": "Agents", "fleetops.parallels_ras.agents_info": options, "failed_when": False},
        {
            "name": "Scan",
            "fleetops.parallels_ras.fleet_info": {"hosts": "{{ ansible_play_hosts_all }}"},
            "register": "scan",
            "run_once": True,
        },
        {
            "name": "Judge",
            "fleetops.parallels_ras.drift_report": {"scan": "{{ scan }}", "outputs": outputs},
            "run_once": True,
        },
    ]
    run = leaks.play("farms that quote", tasks, hosts=f"{host_of('quotes')}:{host_of('quotes-refusal')}")
    (license_,) = run.results("fleetops.parallels_ras.license_info", host_of("quotes"))
    assert REPLACEMENT in license_["raw"]["strange"]
    assert license_["raw"]["strange"].endswith("****-ZZ99YY")
    written = [path for path in run.files if path.parent.name == "reports"]
    assert len(written) == len(RENDERERS)
    for text in (run.output, *(path.read_text("utf-8") for path in written)):
        assert STRANGER not in text
