# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret anywhere: on the screen at -vvvv, in logs, caches, reports, temporary files, command lines, the lab."""

from __future__ import annotations

import json
import typing as t

import pytest

from harness.rhythm import EFFECTS
from harness.worlds import host_of
from leak.canaries import ACCOUNT, API, CANARIES, FEW, leaky_world
from leak.detector import Detector
from leak.leaks import Leaks
from raslab.testing import Lab

_LICENSE = "fleetops.parallels_ras.license"
_CONNECTION = {
    "api_url": "https://{{ ansible_host }}:20443",
    "api_username": "{{ ras_api_username }}",
    "api_password": "{{ ras_api_password }}",
    "ca_path": "{{ ras_ca_path }}",
    "timeout": 3,
    "settle_timeout": 2,
}
_ACCOUNT = {
    "account_email": "{{ ras_account_email }}",
    "account_password": "{{ ras_account_password }}",
    "account_keys": "{{ ras_account_keys }}",
    "license_key": "{{ ras_license_key }}",
    "previous_account_email": "else@example.com",
    "previous_account_password": "{{ vault_previous_password }}",
}


@pytest.fixture(scope="module")
def leaks(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Leaks]:
    """One fleet for all runs of this file; they follow each other as in life."""
    folder = tmp_path_factory.mktemp("leak")
    with Lab(leaky_world(), folder / "lab") as lab:
        yield Leaks(lab, folder / "runs")


def _limit(farms: t.Iterable[str]) -> str:
    return ":".join(host_of(farm) for farm in farms)


@pytest.mark.full
def test_activate_check(leaks: Leaks) -> None:
    """Check mode with diff."""
    run = leaks.playbook("activate, check", "fleetops.parallels_ras.activate", "--limit", _limit(FEW), check=True)
    assert run.license(host_of("fresh"))["diff"]["after"]["status"] == "active"


def test_activate(leaks: Leaks) -> None:
    """The real thing: farms refuse, echo and break."""
    run = leaks.playbook("activate", "fleetops.parallels_ras.activate", "--limit", _limit(FEW))
    effects = [entry["effect"] for entry in leaks.lab.journal(farm="released") if entry["effect"] in EFFECTS]
    assert effects == ["deactivated", "activated"], run.output[-3000:]
    assert {entry["farm"] for entry in leaks.lab.journal() if entry["fault"] == "vendor_text"} == {
        "echo-account-raw",
        "echo-license-json",
    }


def test_deactivate(leaks: Leaks) -> None:
    """Giving back, with the list that must be confirmed."""
    farms = ["fresh", "released"]
    run = leaks.playbook(
        "deactivate",
        "fleetops.parallels_ras.deactivate",
        "--limit",
        _limit(farms),
        extra={"ras_confirm_deactivate": farms},
    )
    for farm in farms:
        assert leaks.lab.farm(farm)["license"]["state"] == "deactivated", run.output[-3000:]


@pytest.mark.full
def test_activate_all(leaks: Leaks) -> None:
    """The playbook on all farms, so that the table and the preflight see each of them."""
    leaks.playbook("activate, all farms", "fleetops.parallels_ras.activate")


@pytest.mark.parametrize("check", [True, False], ids=["check", "apply"])
def test_module_on_all_farms(leaks: Leaks, check: bool) -> None:
    """Each farm quotes, breaks or behaves; what the gate remembers of it is among what is searched."""
    leaks.lab.clear_journal()
    options = {**_CONNECTION, **_ACCOUNT, "on_account_mismatch": "reactivate"}
    run = leaks.play(f"module, check={check}", [{"name": "License", _LICENSE: options}], check=check)
    echoed = {farm for farm in leaks.lab.farms if farm.startswith(("echo-account", "echo-license"))}
    met = {entry["farm"] for entry in leaks.lab.journal(op="activate") if entry["fault"] == "vendor_text"}
    assert met == (set() if check else echoed), run.output[-3000:]


@pytest.mark.parametrize("check", [True, False], ids=["check", "apply"])
def test_role_alone(leaks: Leaks, check: bool) -> None:
    """The role for a few hosts, with its argument specification."""
    few = _limit(("fresh", "private", "expired", "echo-account-raw", "fault-field"))
    leaks.play(f"role, check={check}", [], hosts=few, play={"roles": ["fleetops.parallels_ras.ras"]}, check=check)


def test_info_modules_and_fact_cache(leaks: Leaks) -> None:
    """What the read-only modules return is stored as facts, the raw part included."""
    run = leaks.play(
        "info modules",
        [
            {
                "name": "License",
                "fleetops.parallels_ras.license_info": {**_CONNECTION, "include_raw": True},
                "register": "a",
                "failed_when": False,
            },
            {"name": "Farm", "fleetops.parallels_ras.farm_info": _CONNECTION, "register": "b", "failed_when": False},
            {
                "name": "Keep",
                "ansible.builtin.set_fact": {"kept_license": "{{ a }}", "kept_farm": "{{ b }}", "cacheable": True},
            },
        ],
    )
    assert (
        run.results("fleetops.parallels_ras.license_info", host_of("shows-strange-key"))[-1]["license"]["status"]
        == "active"
    )


def test_module_in_a_loop_of_mistakes(leaks: Leaks) -> None:
    """Secrets in the wrong options: what core's validation quotes, and what ours does."""
    options = {**_CONNECTION, **_ACCOUNT}
    wrong: list[dict[str, t.Any]] = [
        {"on_account_mismatch": "{{ ras_account_password }}"},
        {"state": "{{ ras_license_key }}"},
        {"timeout": "{{ ras_api_password }}"},
        {"validate_certs": "{{ ras_api_password }}"},
        {"backend": "{{ vault_previous_password }}"},
        {"api_url": "https://user:{{ ras_api_password | urlencode }}@{{ ansible_host }}:20443"},
        {"api_url": "{{ ras_api_password }}"},
        {"proxy": "http://user:{{ ras_api_password | urlencode }}@127.0.0.1:9"},
        {"ca_path": "/nowhere/{{ ras_api_password }}"},
        {"cert_fingerprint": "{{ ras_api_password }}"},
        {"farm_guid": "{{ ras_account_password }}"},
        {"account_email": "{{ ras_account_password }}"},
        {"account_company": "{{ ras_account_password }}"},
        {"account_other_emails": ["{{ ras_account_password }}"]},
        {"api_username": "{{ ras_api_password }}"},
        {"date_order": ["{{ ras_account_keys }}"]},
        {"no_such_option": "{{ ras_account_password }}"},
        {"account_password": ["{{ ras_account_password }}"]},
        {"account_password": {"value": "{{ ras_account_password }}"}},
        {"account_password": "{{ ras_account_password }}\n"},
        {"account_keys": "{{ ras_account_keys[0] }}"},
        {"license_key": {"{{ ras_license_key }}": 1}},
        {"account_password": "{{ ras_account_password | no_such_filter }}"},
        {"account_password": "{{ ras_account_password + 1 }}"},
    ]
    tasks = [
        {"name": f"Mistake {number}", _LICENSE: {**options, **mistake}, "ignore_errors": True}
        for number, mistake in enumerate(wrong)
    ]
    run = leaks.play("mistakes", tasks, hosts=host_of("right"))
    assert len(run.results(_LICENSE)) == len(wrong)


def test_role_with_mistakes(leaks: Leaks) -> None:
    """Core prints what a role's specification rejects: secrets are plain text there, so that no secret is rejected."""
    for number, values in enumerate(
        [
            {"ras_timeout": "soon"},
            {"ras_state": "there"},
            {"ras_account_other_emails": {"a": 1}},
            {"ras_date_order": "ymd"},
        ]
    ):
        run = leaks.play(
            f"role, mistake {number}",
            [],
            hosts=host_of("right"),
            play={"roles": ["fleetops.parallels_ras.ras"], "vars": values},
        )
        assert run.rc == 2


def test_crash(leaks: Leaks) -> None:
    """A defect of ours whose message and traceback are full of secrets."""
    text = leaks.folder / "crash.txt"
    text.write_text(f"{ACCOUNT.text} {API.text!r} {json.dumps(API.text)}", encoding="utf-8")
    try:
        run = leaks.play(
            "crash",
            [{"name": "Crash", _LICENSE: {**_CONNECTION, **_ACCOUNT}}],
            hosts=f"{host_of('right')}:{host_of('fresh')}",
            more={"WITNESS_CRASH": str(text)},
        )
    finally:
        text.unlink()
    failure = run.license(host_of("right"))["failure"]
    assert failure["code"] == "internal_error"
    assert "RuntimeError" in failure["message"]


def test_inventory_holds_no_secret_and_the_vault_is_one(leaks: Leaks) -> None:
    """Where the secrets come from."""
    vault = leaks.lab.dir / "group_vars" / "all" / "vault.yml"
    assert vault.read_text(encoding="utf-8").startswith("$ANSIBLE_VAULT;1.1;AES256")
    assert Detector(CANARIES).search("inventory", leaks.lab.inventory.read_bytes()) == []
