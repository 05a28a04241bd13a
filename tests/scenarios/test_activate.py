# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The activate playbook on a mixed fleet: four runs, limits, and empty fleets."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.reading import inventory, outcomes, overlay, preflight_lines, secrets_in, states, waves
from harness.rhythm import effects, Four, four_times
from harness.runner import Run, Runner
from harness.worlds import (
    ACTIVE,
    ACTIVE_BY_OTHER,
    EMAIL,
    EXPIRED,
    FOREIGN,
    host_of,
    NONE,
    OTHER_EMAIL,
    OTHER_KEY,
    PRIVATE,
    PRIVATE_PASSWORD,
    SPLA_KEY,
    TRIAL,
    world,
)
from raslab.secrecy import mask_key
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
# A port where nothing listens: opening a connection would make the host unreachable.
CLOSED: t.Final = {"ansible_port": 1, "ansible_user": "nobody", "ansible_password": "no password at all"}
OTHERS_KEY: t.Final = "PS12CD-ME34EF-GH56IJ-B978KL-MN90CV-88K2SS"
OTHERS: t.Final = {
    "ras_organization": "private",
    "ras_account_email": PRIVATE,
    "ras_account_password": PRIVATE_PASSWORD,
    "ras_license_key": OTHERS_KEY,
}
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "tokyo": {"license": NONE, "vars": {"ansible_connection": "winrm", **CLOSED}},
    "osaka": {"license": TRIAL, "vars": {"ansible_connection": "ssh", **CLOSED}},
    "nagoya": {"license": ACTIVE, "vars": {"ansible_connection": "psrp", **CLOSED}},
    "kobe": {"license": FOREIGN, "vars": {"ansible_connection": "local"}},
    "kyoto": {"license": ACTIVE_BY_OTHER, "vars": {"ras_account_other_emails": [OTHER_EMAIL], **CLOSED}},
    "sendai": {"license": OTHER_KEY, "vars": CLOSED},
    "sapporo": {"license": ACTIVE, "quirks": {"pa_fields": "absent"}, "vars": CLOSED},
    "fukuoka": {"license": EXPIRED, "vars": CLOSED},
    "nara": {
        "license": {"state": "active", "account": PRIVATE},
        "vars": {"ras_managed": False, "ras_unmanaged_reason": "Azure Marketplace, pay as you go"},
    },
    "hiroshima": {"license": NONE, "vars": OTHERS},
    "okayama": {
        "license": {**FOREIGN, "key": OTHERS_KEY},
        "vars": OTHERS,
        "hosts": [
            {"name": host_of("okayama")},
            {"name": "rds1.okayama.example.com", "components": ["rds"], "vars": CLOSED},
        ],
    },
}
DUE: t.Final = {"tokyo", "osaka", "hiroshima"}
AS_BEFORE: t.Final = {
    "nagoya": "ok",
    "kobe": "refused account_mismatch",
    "kyoto": "ok",
    "sendai": "refused key_mismatch",
    "sapporo": "ok",
    "fukuoka": "refused license_expired",
    "nara": "unmanaged",
    "okayama": "ok",
}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    made = world(FARMS)
    made["my_account"]["accounts"][1]["keys"].append(
        {"key": OTHERS_KEY, "type": "spla", "users": 0, "expires": "2031-12-31"}
    )
    return start_lab(made)


@pytest.fixture(scope="module")
def four(runner: Runner) -> Four:
    def run(check: bool) -> Run:
        return runner.playbook(ACTIVATE, "--diff", check=check)

    return four_times(runner, run, expected={farm: ["activated"] for farm in DUE}, rc=2)


def test_each_farm_is_in_the_table(four: Four) -> None:
    assert states(four.check) == {**AS_BEFORE, **dict.fromkeys(DUE, "due")}
    assert states(four.apply) == {**AS_BEFORE, **dict.fromkeys(DUE, "changed")}
    assert states(four.again) == states(four.drift) == {**AS_BEFORE, **dict.fromkeys(DUE, "ok")}
    assert outcomes(four.apply)["nara"]["reason"] == "Azure Marketplace, pay as you go"
    count("scenario", "activate: mixed fleet, four runs")


def test_the_lab_holds_each_farm_under_the_account_of_its_organization(four: Four, runner: Runner) -> None:
    farms = runner.lab.state()["farms"]
    held = {name: (farm["license"]["account"], farm["license"]["key"]) for name, farm in farms.items()}
    assert held["tokyo"] == held["osaka"] == held["nagoya"] == (EMAIL, mask_key(SPLA_KEY))
    assert held["hiroshima"] == held["okayama"] == (PRIVATE, mask_key(OTHERS_KEY))
    assert held["kyoto"] == (OTHER_EMAIL, mask_key(SPLA_KEY))
    count("scenario", "activate: two organizations")


def test_no_connection_is_opened(four: Four) -> None:
    for run in four.each():
        assert not any(stats["unreachable"] for stats in run.stats.values())
        assert "UNREACHABLE" not in run.output
    for connection in ("winrm", "ssh", "psrp", "local"):
        count("scenario", f"activate: ansible_connection {connection} is not opened")


def test_the_unmanaged_farm_is_not_asked_anything(four: Four, runner: Runner) -> None:
    # The journal is that of the last run; what is read there is read in each.
    asked = {entry["farm"] for entry in runner.lab.journal()}
    assert "nara" not in asked
    assert {"tokyo", "kobe", "okayama"} <= asked
    assert {entry["host"] for entry in runner.lab.journal("okayama")} == {host_of("okayama")}
    count("scenario", "activate: ras_managed false")


def test_check_and_diff_announce_what_apply_does(four: Four) -> None:
    announced = {host for host, line in preflight_lines(four.check).items() if "activate is due" in line}
    assert announced == {host_of(farm) for farm in DUE} == four.apply.changed_hosts == four.check.changed_hosts
    assert waves(four.check) == waves(four.apply)
    for run in (four.check, four.apply):
        assert '+    "status": "active"' in run.stdout
        assert f'+    "account": "{EMAIL}"' in run.stdout
    assert f'+    "key": "****-{SPLA_KEY[-6:]}"' in four.check.stdout
    assert f'+    "key": "{mask_key(SPLA_KEY)}"' in four.apply.stdout
    count("scenario", "activate: check and diff announce")


def test_no_secret_is_shown(four: Four) -> None:
    for run in four.each():
        assert secrets_in(run) == []
    count("scenario", "activate: masked")


def test_the_failures_come_after_the_table(four: Four) -> None:
    for run in four.each():
        assert run.stdout.index("Show all farms") < run.output.index("kobe: account_mismatch")
        failed = {host for host, stats in run.stats.items() if stats["failures"]}
        assert failed == {host_of(farm) for farm in ("kobe", "sendai", "fukuoka")}
    count("scenario", "activate: table first, failure last")


def test_limit_touches_no_other_farm(runner: Runner, four: Four) -> None:
    runner.lab.patch_farm("tokyo", license={"state": "none"})
    runner.lab.patch_farm("osaka", license={"state": "none"})
    runner.lab.clear_journal()
    run = runner.playbook(ACTIVATE, "--limit", host_of("tokyo"))
    assert run.rc == 0
    assert states(run) == {"tokyo": "changed"}
    assert effects(runner) == {"tokyo": ["activated"]}
    assert {entry["farm"] for entry in runner.lab.journal()} == {"tokyo"}
    assert runner.lab.farm("osaka")["license"]["state"] == "none"
    assert not run.warnings
    count("scenario", "activate: --limit")


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("emails", {"ras_account_email": "someone.else@example.com"}, "someone.else@example.com"),
        ("passwords", {"ras_account_password": "quite another password"}, "different passwords for one account"),
    ],
)
def test_limit_does_not_narrow_the_check_for_one_account(
    runner: Runner, four: Four, name: str, changes: dict[str, str], message: str
) -> None:
    runner.lab.patch_farm("tokyo", license={"state": "none"})
    runner.lab.clear_journal()
    extra = overlay(runner, f"not-single-{name}", {host_of("sapporo"): changes})
    run = runner.playbook(ACTIVATE, *extra, "--limit", host_of("tokyo"))
    assert run.rc == 2
    assert states(run) == {"tokyo": "refused account_not_single"}
    assert message in outcomes(run)["tokyo"]["message"]
    assert "ras_organization" in outcomes(run)["tokyo"]["remedy"]
    assert "quite another password" not in run.output
    assert effects(runner) == {}
    assert runner.lab.attempts() == []
    count("scenario", f"activate: account_not_single, different {name}")


def test_a_wanted_version_does_not_affect_the_activation(runner: Runner) -> None:
    """verify once compared with a snapshot that only a rollout takes."""
    runner.lab.patch_farm("tokyo", license={"state": "none"})
    runner.lab.clear_journal()
    run = runner.playbook(ACTIVATE, "--limit", host_of("tokyo"), extra={"ras_version": "21.2.28000"})
    assert run.rc == 0, run.output
    assert states(run) == {"tokyo": "changed"}
    assert effects(runner) == {"tokyo": ["activated"]}
    count("scenario", "activate: ras_version is set")


_NO_FARM: t.Final = "There is no farm to work on"


def test_a_limit_without_a_farm_is_a_failure(runner: Runner) -> None:
    run = runner.playbook(ACTIVATE, "--limit", "rds1.okayama.example.com")
    assert run.rc != 0
    assert f"{_NO_FARM}: expected at least one host in the group ras_licensing_servers" in " ".join(run.output.split())
    count("scenario", "activate: a limit that hits no farm")


@pytest.mark.parametrize(
    ("name", "content", "playbook"),
    [
        ("group-empty", {"all": {"children": {"ras_licensing_servers": {"hosts": {}}}}}, "activate"),
        (
            "group-typo",
            {"all": {"children": {"ras_licensing_servrs": {"hosts": {host_of("a"): {}}}}}},
            "activate",
        ),
        ("group-other-name", {"all": {"children": {"ras_servers": {"hosts": {host_of("a"): {}}}}}}, "deactivate"),
        ("inventory-empty", None, "activate"),
    ],
)
def test_an_empty_fleet_is_a_failure(
    runner: Runner, name: str, content: dict[str, t.Any] | None, playbook: str
) -> None:
    run = runner.playbook(f"fleetops.parallels_ras.{playbook}", inventory=inventory(runner, name, content))
    assert run.rc != 0
    assert f"{_NO_FARM}: expected at least one host in the group ras_licensing_servers" in " ".join(run.output.split())
    count("scenario", f"{playbook}: {name}")
