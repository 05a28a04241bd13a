# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret in scans of many farms, in reports, in what the inventory plugin makes, or behind the progress callback."""

from __future__ import annotations

import json
import shutil
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.reports import RENDERERS

from harness.worlds import ADMIN, host_of
from leak.canaries import API, FEW, KEY, leaky_world
from leak.leaks import Leaks
from raslab.testing import Lab

_DRIFT: t.Final = "fleetops.parallels_ras.drift"
_FLEET_INFO: t.Final = "fleetops.parallels_ras.fleet_info"
_REPORT: t.Final = "fleetops.parallels_ras.drift_report"
_PROGRESS: t.Final = {"ANSIBLE_STDOUT_CALLBACK": "fleetops.parallels_ras.progress"}
_ENVIRONMENT: t.Final = {"RAS_API_USERNAME": ADMIN, "RAS_API_PASSWORD": API.text}
# Where the inventory plugin may meet the password in the wrong place.
_PASSWORD: t.Final = "lookup('ansible.builtin.env', 'RAS_API_PASSWORD')"
_MISTAKES: t.Final[dict[str, dict[str, t.Any]]] = {
    "in the certificate's path": {"ca_path": "/nowhere/{{ " + _PASSWORD + " }}"},
    "as the user": {"api_username": "{{ " + _PASSWORD + " }}"},
    "in a filter that is none": {"api_password": "{{ " + _PASSWORD + " | no_such_filter }}"},
    "in a sum": {"api_password": "{{ " + _PASSWORD + " + 1 }}"},
    "as the fingerprint": {"cert_fingerprint": "{{ " + _PASSWORD + " }}"},
    "in the proxy": {"proxy": "http://user:{{ " + _PASSWORD + " | urlencode }}@127.0.0.1:9"},
}


@pytest.fixture(scope="module")
def leaks(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Leaks]:
    """One fleet for all runs of this file."""
    folder = tmp_path_factory.mktemp("leak")
    with Lab(leaky_world(), folder / "lab") as lab:
        yield Leaks(lab, folder / "runs")


@pytest.mark.parametrize("check", [pytest.param(True, marks=pytest.mark.full), False], ids=["check", "apply"])
def test_drift_of_all_farms(leaks: Leaks, check: bool) -> None:
    """Farms that show keys whole, quote the password of the administrator and break: every format reports them."""
    outputs = {name: f"reports/drift.{name}" for name in RENDERERS}
    extra = {"ras_drift_outputs": outputs}
    run = leaks.playbook(f"drift, check={check}", _DRIFT, check=check, extra=extra, more=_PROGRESS)
    assert run.rc == 2, run.output[-3000:]
    # They were among what was searched.
    written = {path.name: path for path in run.files if path.parent.name == "reports"}
    assert set(written) == {Path(path).name for path in outputs.values()}
    report = json.loads(written["drift.json"].read_text("utf-8"))
    states = {farm["farm"]: farm["state"] for farm in report["farms"]}
    assert states["shows-strange-key"] == "error"
    assert states["echo-api-raw"] == "credentials_rejected"
    assert states["fault-html"] in ("unreachable", "bad_answer")
    assert "farms done" in run.stdout


def test_what_the_modules_return_is_stored_and_crashes_are_reported(leaks: Leaks) -> None:
    """A defect in the threads of a scan whose message is full of what the farm's record must not hold."""
    text = leaks.folder / "crash.txt"
    text.write_text(f"{API.text} {API.text!r} {json.dumps(API.text)} {KEY.text}", encoding="utf-8")
    tasks = [
        {"name": "Scan", _FLEET_INFO: {"hosts": "{{ ansible_play_hosts_all }}"}, "register": "scan", "run_once": True},
        {"name": "Judge", _REPORT: {"scan": "{{ scan }}"}, "register": "report", "run_once": True},
        {"name": "Keep", "ansible.builtin.set_fact": {"kept": "{{ [scan, report] }}", "cacheable": True}},
    ]
    crash = {"WITNESS_CRASH": str(text), "WITNESS_CRASH_AT": "plugin_utils._drift.scan.record_of"}
    try:
        run = leaks.play("fleet_info, crash", tasks, hosts=":".join(map(host_of, FEW)), more=crash)
    finally:
        text.unlink()
    (result,) = run.results(_FLEET_INFO)
    failures = {record["farm"]: (record["failure"] or {}).get("code") for record in result["farms"]}
    assert failures["right"] == failures["shows-strange-key"] == "internal_error"
    assert failures["unmanaged"] is None
    (said,) = run.results(_REPORT)
    assert said["verdict"] == "error"


def _inventory(leaks: Leaks, folder: Path, farms: t.Iterable[str], **options: t.Any) -> Path:
    shutil.copy(leaks.lab.ca_path, folder / "ca.pem")
    listed = [{"name": farm, "api_url": f"https://{leaks.lab.host(farm)['address']}:20443"} for farm in farms]
    content = {"plugin": "fleetops.parallels_ras.farms", "ca_path": "ca.pem", "timeout": 3, "farms": listed, **options}
    path = folder / "ras_farms.yml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def test_inventory_of_all_farms_with_its_cache(leaks: Leaks, tmp_path: Path) -> None:
    """What farms say is in variables, warnings and the cache; the faults are met by its own requests, too."""
    for farm in ("fresh", "right"):
        echo = {"title": "No", "detail": f"{API.text} {json.dumps(API.text)}"}
        leaks.lab.add_fault(farm, kind="status", status=403, body=echo, on="broker", times=-1)
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    path = _inventory(leaks, tmp_path, leaks.lab.farms, **cache)
    run = leaks.inventory("inventory", path, env=_ENVIRONMENT)
    assert run.rc == 0, run.output[-3000:]
    assert list((tmp_path / "cache").iterdir())
    assert any("fresh: " in warning for warning in run.warnings)
    assert host_of("trial") in run.stdout


@pytest.mark.full
@pytest.mark.parametrize("mistake", _MISTAKES)
def test_inventory_with_the_password_in_the_wrong_place(leaks: Leaks, tmp_path: Path, mistake: str) -> None:
    """Each ends in one sentence, or in a farm that could not be read."""
    path = _inventory(leaks, tmp_path, ["trial"], strict_farms=True, **_MISTAKES[mistake])
    failing = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
    assert leaks.inventory(f"inventory, {mistake}", path, env={**_ENVIRONMENT, **failing}).rc != 0


@pytest.mark.full
def test_progress_of_an_activation(leaks: Leaks) -> None:
    """The callback shows failures and what debug tasks say by its own means."""
    limit = ":".join(map(host_of, FEW))
    run = leaks.playbook("progress", "fleetops.parallels_ras.activate", "--limit", limit, more=_PROGRESS)
    assert run.rc == 2
    assert "fatal: " in run.stdout
    assert "farms done" in run.stdout
