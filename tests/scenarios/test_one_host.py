# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with one host, or with the command, is said of it, and stops nobody else."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from counts import count
from harness.reading import outcomes, states
from harness.runner import Runner
from harness.worlds import ACTIVE, host_of, NONE, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
DRIFT: t.Final = "fleetops.parallels_ras.drift"


@pytest.fixture(name="runner")
def _runner(start_lab: StartLab) -> Runner:
    return start_lab(world({"kobe": {"license": ACTIVE}, "osaka": {"license": ACTIVE}, "tokyo": {"license": NONE}}))


def _with(folder: Path, host: str, **variables: str) -> tuple[str, str]:
    """One more inventory, which gives a host these variables."""
    path = folder / "more.yml"
    lines = [f"      {name}: {value}" for name, value in variables.items()]
    path.write_text("\n".join(["all:", "  hosts:", f"    {host}:", *lines]) + "\n", encoding="utf-8")
    return "-i", str(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("ansible_password", '"{{ vault_kobe_password }}"', marks=pytest.mark.full),
        ("ansible_connection", '"{{ nope }}"'),
    ],
)
def test_a_connection_of_the_first_host_that_cannot_be_worked_out(
    runner: Runner, tmp_path: Path, name: str, value: str
) -> None:
    """Ansible works the connection out for each task of a host, also for one that concerns all."""
    more = _with(tmp_path, host_of("kobe"), **{"ansible_connection": "winrm", name: value})
    run = runner.playbook(ACTIVATE, *more)
    assert run.rc == 2, run.output[-4000:]
    assert states(run) == {"kobe": "refused invalid_option", "osaka": "ok", "tokyo": "changed"}
    assert f"The variable {name} of cb1.kobe.example.com" in outcomes(run)["kobe"]["message"]
    drift = runner.playbook("fleetops.parallels_ras.drift", *more)
    assert drift.rc == 0, drift.output[-4000:]
    count("scenario", f"one host: {name} cannot be worked out")


@pytest.mark.parametrize("host", ["aaa.example.com"])
def test_a_host_that_is_no_ras_host_stops_nobody(runner: Runner, tmp_path: Path, host: str) -> None:
    run = runner.playbook(ACTIVATE, *_with(tmp_path, host, ansible_become='"{{ nope }}"'))
    assert run.rc == 0, run.output[-4000:]
    count("scenario", "one host: a stranger in the inventory")


@pytest.mark.parametrize(("playbook", "state"), [("deactivate", "present"), ("activate", "absent"), ("rollout", "odd")])
def test_an_extra_variable_does_not_turn_a_playbook_round(runner: Runner, playbook: str, state: str) -> None:
    farms = ["kobe", "osaka", "tokyo"]
    extra = {"ras_state": state, "ras_confirm_deactivate": farms, "ras_version": "21.2.28000"}
    run = runner.playbook(f"fleetops.parallels_ras.{playbook}", extra=extra)
    assert run.rc == 2
    assert "ras_state is decided by the playbook" in run.output
    assert runner.lab.journal() == []
    count("scenario", f"one command: {playbook} with ras_state={state}")


def test_what_is_omitted_is_not_set(runner: Runner, tmp_path: Path) -> None:
    """For the plan, the change and the look for drift alike."""
    left_out = '"{{ vault_nowhere | default(omit) }}"'
    names = ("ras_account_company", "ras_organization", "ras_proxy", "ras_farm_guid", "ras_ca_path")
    more = _with(tmp_path, host_of("osaka"), **dict.fromkeys(names[:4], left_out))
    run = runner.playbook(ACTIVATE, *more)
    assert run.rc == 0, run.output[-4000:]
    drift = runner.playbook("fleetops.parallels_ras.drift", *more)
    assert drift.rc == 0, drift.output[-4000:]
    count("scenario", "one host: omitted variables")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ras_drift_outputs", '{json: "{{ nope }}"}'),
        ("ras_drift_fail_when", "\"{{ lookup('file', '/nowhere/policy') }}\""),
        pytest.param("ras_drift_workers", '"{{ nope }}"', marks=pytest.mark.full),
        pytest.param("ras_expiry_warning_days", '"{{ nope }}"', marks=pytest.mark.full),
    ],
)
def test_an_option_of_a_drift_check_that_cannot_be_worked_out_at_the_first_host(
    runner: Runner, tmp_path: Path, name: str, value: str
) -> None:
    report = tmp_path / "drift.json"
    everywhere = tmp_path / "everywhere.yml"
    everywhere.write_text(f"all: {{vars: {{ras_drift_outputs: {{json: {report}}}}}}}\n", encoding="utf-8")
    run = runner.playbook(DRIFT, "-i", str(everywhere), *_with(tmp_path, host_of("kobe"), **{name: value}))
    assert run.rc == 2, run.output[-4000:]
    assert run.custom_stats["ras_drift"]["verdict"] == "error"
    found = {farm["farm"]: farm for farm in json.loads(report.read_text("utf-8"))["farms"]}
    assert {farm: row["state"] for farm, row in found.items()} == {"kobe": "failed", "osaka": "ok", "tokyo": "error"}
    assert f"The variable {name} of cb1.kobe.example.com cannot be worked out" in found["kobe"]["failure"]["message"]
    count("scenario", f"one host: {name} cannot be worked out")


def test_an_option_of_a_whole_drift_check_is_one(runner: Runner, tmp_path: Path) -> None:
    run = runner.playbook(DRIFT, *_with(tmp_path, host_of("osaka"), ras_drift_fail_when="length(farms) > `9`"))
    assert run.rc == 2
    said = " ".join(run.output.split())
    assert "ras_drift_fail_when concerns the whole run: expected one value at all hosts, observed" in said
    assert "at cb1.kobe.example.com and cb1.tokyo.example.com" in said
    assert "length(farms) > `9`" in said
    assert runner.lab.journal() == []
    count("scenario", "one host: another policy than the others")


def test_days_of_warning_are_those_of_each_farm(runner: Runner, tmp_path: Path) -> None:
    run = runner.playbook(DRIFT, *_with(tmp_path, host_of("osaka"), ras_expiry_warning_days="3650"))
    (scan,) = [each for each in run.results("fleetops.parallels_ras.fleet_info") if "farms" in each]
    rules = {farm["farm"]: [finding["rule"] for finding in farm["findings"]] for farm in scan["farms"]}
    assert rules == {"kobe": [], "osaka": ["expiry_soon"], "tokyo": ["not_activated"]}
    count("scenario", "one host: days of warning of its own")
