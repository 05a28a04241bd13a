# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The drift playbook: read only, its exit code never a false green, and its files there before the verdict."""

from __future__ import annotations

import json
import os
import stat
import typing as t
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from counts import count
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, ADMIN_PASSWORD, FOREIGN, host_of, NONE, PASSWORD, SPLA_KEY, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

DRIFT: t.Final = "fleetops.parallels_ras.drift"
REPORT: t.Final = "fleetops.parallels_ras.drift_report"
READS: t.Final = {"logon", "license", "agent", "logoff"}
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "tokyo": {"license": ACTIVE},
    "osaka": {"license": FOREIGN},
    "kyoto": {"license": ACTIVE},
    "azure": {"license": NONE, "vars": {"ras_managed": False, "ras_unmanaged_reason": "pay as you go"}},
}


@pytest.fixture(scope="module")
def fleet(start_lab: StartLab) -> Runner:
    """Two farms as wanted, one of a stranger, one that is not managed."""
    return start_lab(world(FARMS))


@pytest.fixture(autouse=True)
def _read_only(request: pytest.FixtureRequest) -> t.Iterator[None]:
    """Whatever the options of a run are, it only reads from the farms of the fleet."""
    runner: Runner = request.getfixturevalue("fleet")
    runner.lab.clear_journal()
    yield
    asked = runner.lab.journal()
    assert {entry["op"] for entry in asked} <= READS
    assert {entry["effect"] for entry in asked if entry["effect"]} <= {"logon", "logoff"}
    assert runner.lab.attempts() == []
    assert runner.lab.open_sessions() == []
    assert runner.lab.problems() == []


def _run(runner: Runner, *args: str, extra: t.Mapping[str, t.Any] | None = None, **more: t.Any) -> Run:
    run = runner.playbook(DRIFT, *args, extra=extra, **more)
    assert run.changed_hosts == set()
    for secret in (ADMIN_PASSWORD, PASSWORD, SPLA_KEY):
        assert secret not in run.output + json.dumps(run.records)
    return run


def _verdict(run: Run) -> str:
    return str(run.custom_stats["ras_drift"]["verdict"])


@pytest.mark.parametrize("check", [False, True])
def test_drift_is_exit_code_2_and_the_files_are_there(fleet: Runner, tmp_path: Path, check: bool) -> None:
    outputs = {name: str(tmp_path / name) for name in ("json", "junit", "markdown", "html", "prometheus")}
    run = _run(fleet, check=check, extra={"ras_drift_outputs": outputs})
    assert (run.rc, _verdict(run)) == (2, "drift"), run.output
    assert run.warnings == []
    report = json.loads(Path(outputs["json"]).read_text("utf-8"))
    assert report["verdict"] == "drift"
    assert {(finding["farm"], finding["rule"]) for finding in report["findings"]} == {
        (None, "account_not_single"),
        ("osaka", "account_mismatch"),
        ("osaka", "key_mismatch"),
        ("azure", "unmanaged"),
    }
    assert {farm["farm"]: farm["state"] for farm in report["farms"]} == {
        "tokyo": "ok",
        "osaka": "error",
        "kyoto": "ok",
        "azure": "unmanaged",
    }
    assert ET.parse(outputs["junit"]).getroot().get("failures") == "3"
    assert Path(outputs["markdown"]).read_text("utf-8").startswith("# Parallels RAS: Drift")
    assert "<h1>Drift</h1>" in Path(outputs["html"]).read_text("utf-8")
    assert 'ras_drift_verdict{report="prometheus",verdict="drift"} 1' in Path(outputs["prometheus"]).read_text("utf-8")
    # Four requests for each farm that is managed.
    assert len(fleet.lab.journal()) == 12
    count("scenario", f"drift: found{' in check mode' if check else ''}")


def test_the_limit_is_honored(fleet: Runner) -> None:
    # At any verbosity no secret is shown: _run looks for them.
    run = _run(fleet, "-vvvvv", "--limit", host_of("osaka"))
    assert (run.rc, _verdict(run)) == (2, "drift")
    right = _run(fleet, "--limit", f"{host_of('tokyo')},{host_of('azure')}")
    assert (right.rc, _verdict(right)) == (0, "ok"), right.output
    assert {entry["farm"] for entry in fleet.lab.journal()} == {"osaka", "tokyo"}
    count("scenario", "drift: limit to one drifted farm, and to one that is right")


def test_waivers_and_severities_come_from_the_inventory(fleet: Runner) -> None:
    until = {"until": "2099-12-31", "reason": "moves in spring"}
    waivers = [{"farm": "osaka", "rule": "account_mismatch", **until}]
    waivers.append({"organization": "default", "rule": "account_not_single", **until})
    changes = {"ras_drift_waivers": waivers, "ras_drift_severities": {"key_mismatch": "warning"}}
    run = _run(fleet, extra=changes)
    assert (run.rc, _verdict(run)) == (0, "warning"), run.output
    # Of the other account, its key is left, which is only a warning here.
    assert run.custom_stats["ras_drift"]["summary"]["waived"] == 2
    assert run.output.count("warning: 4 farms (2 ok, 1 warning, 1 unmanaged)") >= 1
    count("scenario", "drift: waived, and with another severity")


def test_a_missing_account_is_an_error_unless_it_is_a_survey(fleet: Runner, tmp_path: Path) -> None:
    nothing: dict[str, t.Any] = {"ras_account_email": "", "ras_drift_outputs": {"markdown": str(tmp_path / "drift.md")}}
    limit = ("--limit", f"{host_of('tokyo')},{host_of('kyoto')}")
    run = _run(fleet, *limit, extra=nothing)
    assert (run.rc, _verdict(run)) == (2, "error"), run.output
    assert run.output.count("account_not_given: expected ras_account_email, observed nothing") >= 2
    assert "No drift" not in Path(nothing["ras_drift_outputs"]["markdown"]).read_text("utf-8")
    survey = _run(fleet, *limit, extra={**nothing, "ras_drift_survey": True})
    assert (survey.rc, _verdict(survey)) == (0, "warning"), survey.output
    assert Path(nothing["ras_drift_outputs"]["markdown"]).read_text("utf-8").startswith("# Parallels RAS: Warnings")
    severity = {**nothing, "ras_drift_severities": {"account_not_given": "info"}}
    fleet.lab.clear_journal()
    refused = _run(fleet, *limit, extra=severity)
    assert (refused.rc, fleet.lab.journal()) == (2, [])
    assert "always an error" in refused.output
    count("scenario", "drift: no wanted account, a survey, and a policy that cannot allow it")


def test_what_is_new_since_the_last_time(fleet: Runner, tmp_path: Path) -> None:
    path = str(tmp_path / "drift.json")
    variables = {
        "ras_drift_outputs": {"json": path},
        "ras_drift_baseline": path,
        "ras_drift_fail_when": "length(changes.new) > `0`",
    }
    first = _run(fleet, "--limit", host_of("tokyo"), extra=variables)
    # There is no earlier report yet: that is no green, and it is said.
    assert (first.rc, _verdict(first)) == (2, "error")
    again = _run(fleet, "--limit", host_of("tokyo"), extra=variables)
    assert (again.rc, _verdict(again)) == (0, "ok"), again.output
    later = _run(fleet, extra=variables)
    assert (later.rc, _verdict(later)) == (2, "drift")
    count("scenario", "drift: compared with an earlier report")


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"ras_drift_fail_when": "length(findings[?severity == 'eror']) > `0`"}, "at position 29"),
        ({"ras_drift_fail_when": "findings[?"}, "is not a JMESPath expression"),
        ({"ras_drift_outputs": {"pdf": "drift.pdf"}}, "expected one of json"),
    ],
)
def test_a_typo_is_never_green(fleet: Runner, variables: dict[str, t.Any], says: str) -> None:
    run = _run(fleet, "--limit", host_of("tokyo"), extra=variables)
    assert run.rc == 2
    assert says in run.output
    count("scenario", f"drift: refused, {says}")


def test_options_that_are_wrong_cost_no_request(fleet: Runner, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("drift.json")
    outputs = {"json": str(tmp_path / "drift.json"), "html": str(tmp_path / "link")}
    for variables in ({"ras_drift_outputs": outputs}, {"ras_drift_fail_when": "findings[?"}):
        run = _run(fleet, extra=variables)
        assert run.rc == 2
        assert run.custom_stats == {}
    assert fleet.lab.journal() == []
    assert [path.name for path in tmp_path.iterdir()] == ["link"]
    count("scenario", "drift: refused before the scan")


@pytest.mark.parametrize("limit", ["osaka", "tokyo"])
def test_a_report_that_cannot_be_written_is_said_when_all_else_is_there(
    fleet: Runner, tmp_path: Path, limit: str
) -> None:
    outputs = {name: str(tmp_path / name) for name in ("json", "junit", "markdown")}
    os.mkfifo(outputs["junit"])  # nobody reads it
    run = _run(fleet, "--limit", host_of(limit), extra={"ras_drift_outputs": outputs})
    # Where there is no drift, the run is red for the report alone.
    verdict = {"osaka": "drift", "tokyo": "ok"}[limit]
    assert (run.rc, _verdict(run)) == (2, verdict), run.output
    said = " ".join(run.output.split())
    assert f"{outputs['junit']} (junit) cannot be written: expected a FIFO that somebody reads" in said
    assert said.index(f"{verdict}: 1 farm (") < said.index("cannot be written")
    assert run.custom_stats["ras_drift"]["outputs"] == {name: outputs[name] for name in ("json", "markdown")}
    assert json.loads(Path(outputs["json"]).read_text("utf-8"))["verdict"] == verdict
    assert stat.S_ISFIFO(os.lstat(outputs["junit"]).st_mode)
    count("scenario", f"drift: a report that cannot be written, {verdict}")


def test_a_typo_in_the_group_is_not_0(fleet: Runner, tmp_path: Path) -> None:
    inventory = yaml.safe_load(fleet.lab.inventory.read_text("utf-8"))
    children = inventory["all"]["children"]
    children["ras_licensing_servrs"] = children.pop("ras_licensing_servers")
    path = tmp_path / "inventory.yml"
    path.write_text(yaml.safe_dump(inventory), encoding="utf-8")
    run = _run(fleet, inventory=path)
    assert run.rc == 2
    assert "There is no farm to look at" in run.output
    count("scenario", "drift: a typo in the group")


@pytest.mark.parametrize("limit", ["localhost", "nowhere", f"{host_of('tokyo')},!{host_of('tokyo')}"])
def test_zero_farms_are_not_0(fleet: Runner, limit: str) -> None:
    assert _run(fleet, "--limit", limit).rc != 0
    count("scenario", f"drift: limit to {limit}")


def test_only_unmanaged_farms_are_not_0(fleet: Runner) -> None:
    run = _run(fleet, "--limit", host_of("azure"))
    assert (run.rc, _verdict(run)) == (2, "error")
    assert "No farm was read" in run.output
    count("scenario", "drift: only farms that are not managed")


def test_a_farm_that_is_down_is_an_error(fleet: Runner) -> None:
    fleet.lab.add_fault("kyoto", kind="refuse", on="any", times=-1)
    try:
        run = _run(fleet, extra={"ras_drift_fail_when": "length(findings[?rule == 'trial']) > `0`"})
    finally:
        fleet.lab.clear_faults()
    assert (run.rc, _verdict(run)) == (2, "error")
    assert run.custom_stats["ras_drift"]["summary"]["states"]["unreachable"] == 1
    count("scenario", "drift: a farm that is down")


def test_two_slices_give_one_report(fleet: Runner, tmp_path: Path) -> None:
    slices = []
    for name, limit in (
        ("one", f"{host_of('tokyo')},{host_of('osaka')}"),
        ("two", f"{host_of('kyoto')},{host_of('azure')}"),
    ):
        path = str(tmp_path / f"{name}.json")
        slices.append(path)
        # As AWX names both in a slice: what only reads is not refused there.
        awx = {"awx_job_template_name": "Drift", "awx_workflow_job_name": "Drift"}
        _run(fleet, "--limit", limit, extra={"ras_drift_outputs": {"json": path}, **awx})
        assert Path(path).exists()
    task = {"name": "Merge", REPORT: {"scans": slices, "outputs": {"json": str(tmp_path / "all.json")}}}
    run = fleet.play([task], hosts="localhost")
    assert run.rc == 0, run.output
    (result,) = run.results(REPORT)
    assert (result["verdict"], result["summary"]["farms"]) == ("drift", 4)
    count("scenario", "drift_report: two slices")
