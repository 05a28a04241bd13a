# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real ansible-playbook with real ansible.windows modules against the lab, on both lanes."""

# The task's own name is positional only, so a module's argument "name" is no second one.
# pylint: disable=kwarg-superseded-by-positional-arg

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from raslab.msi_build import STOCK
from raslab.testing import Lab
from raslab.windows.products import product_code, RAS_NAME
from winclient import Box, INSTALLER_URL, NEW_BUILD, play, Playbook, script, USER, WINDOWS_PASSWORD

pytestmark = pytest.mark.floor
_INSTALLER = STOCK / f"RASInstaller-{NEW_BUILD}.msi"
_STAGE, _MSI = r"C:\stage", r"C:\stage\ras.msi"


def task(name: str, module: str, /, **arguments: Any) -> dict[str, Any]:
    return {"name": name, f"ansible.windows.{module}": arguments}


@pytest.fixture(scope="module")
def upgrade(winlab: Lab, tmp_path_factory: pytest.TempPathFactory) -> tuple[Playbook, Box, Path]:
    """One host from copy to restart in a single run; the tests look at its parts."""
    box = Box(winlab, "wide39", "cb1.wide39.example.com")
    folder = tmp_path_factory.mktemp("upgrade")
    (folder / "tree" / "inner").mkdir(parents=True)
    (folder / "tree" / "inner" / "日本.txt").write_text("京都\n", encoding="utf-8")
    (folder / "tree" / "one.txt").write_text("1\n", encoding="utf-8")
    tasks = [
        task("ping", "win_ping", data="hello"),
        {"name": "facts", "ansible.builtin.setup": {}},
        {"name": "raw", "ansible.builtin.raw": "hostname"},
        task("folder", "win_file", path=_STAGE, state="directory"),
        task("folder again", "win_file", path=_STAGE, state="directory"),
        task("copy", "win_copy", src=str(_INSTALLER), dest=_MSI),
        task("copy again", "win_copy", src=str(_INSTALLER), dest=_MSI),
        task("copy tree", "win_copy", src=str(folder / "tree"), dest=_STAGE + "\\"),
        task("copy content", "win_copy", content="hello\n", dest=_STAGE + r"\hello.txt"),
        task("stat", "win_stat", path=_MSI, checksum_algorithm="sha256"),
        task("download", "win_get_url", url=INSTALLER_URL + "?token=secret", dest=_STAGE + r"\down.msi"),
        {**task("install", "win_package", path=_MSI, log_path=_STAGE + r"\msi.log"), "async": 60, "poll": 1},
        task("install again", "win_package", path=_MSI),
        {"name": "fetch", "ansible.builtin.fetch": {"src": _MSI, "dest": f"{folder}/fetched.msi", "flat": True}},
        {"name": "slurp", "ansible.builtin.slurp": {"src": _STAGE + r"\tree\inner\日本.txt"}},
        task("services", "win_service_info", name="RAS*"),
        task("registry", "win_reg_stat", path=r"HKLM:\SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Uninstall"),
        {
            **task("as system", "win_ping"),
            "become": True,
            "become_method": "ansible.builtin.runas",
            "become_user": "SYSTEM",
        },
        {
            **task("as nobody", "win_ping"),
            "become": True,
            "become_method": "ansible.builtin.runas",
            "become_user": USER,
            "vars": {"ansible_become_password": "wrong"},
            "ignore_errors": True,
        },
        {**task("start", "win_package", product_id="{0}", state="absent"), "async": 60, "poll": 0, "register": "job"},
        {
            "name": "poll",
            "ansible.builtin.async_status": {"jid": "{{ job.ansible_job_id }}"},
            "register": "polled",
            "until": "polled is finished",
            "retries": 20,
            "delay": 1,
        },
        {"name": "cleanup", "ansible.builtin.async_status": {"jid": "{{ job.ansible_job_id }}", "mode": "cleanup"}},
        task("restart", "win_reboot"),
        {"name": "wait", "ansible.builtin.wait_for_connection": {"timeout": 20}},
        task("stop", "win_service", name="RAS Web Administration Service", state="stopped"),
        task("start web", "win_service", name="RAS Web Administration Service", state="started"),
        task("port", "win_wait_for", port=20443, timeout=5),
        task("observe", "win_powershell", script=script("host_observe")),
    ]
    return play(winlab, box.host, tasks, folder), box, folder


def test_the_run_ends_well(upgrade: tuple[Playbook, Box, Path]) -> None:
    run, box, _folder = upgrade
    assert run.rc == 0, run.output
    assert box.problems == []
    # deprecations are ansible-core's own affair; a warning would mean that a module's answer was odd
    assert "[WARNING]" not in run.output, run.output


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("ping", False),
        ("folder", True),
        ("folder again", False),
        ("copy", True),
        ("copy again", False),
        ("copy tree", True),
        ("download", True),
        ("install", True),
        ("install again", False),
        ("fetch", True),
        ("as system", False),
        ("restart", True),
        ("stop", True),
        ("start web", True),
    ],
)
def test_what_each_task_says(upgrade: tuple[Playbook, Box, Path], name: str, changed: bool) -> None:
    result = upgrade[0].results[name]
    assert (result["changed"], result["failed"]) == (changed, False), result


def test_files_arrive_whole(upgrade: tuple[Playbook, Box, Path]) -> None:
    run, box, folder = upgrade
    content = _INSTALLER.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    files = box.windows["files"]
    assert files[_MSI]["sha256"] == files[_STAGE + r"\down.msi"]["sha256"] == digest
    assert run.results["stat"]["stat"]["checksum"] == digest
    assert (folder / "fetched.msi").read_bytes() == content
    assert base64.b64decode(run.results["slurp"]["content"]).decode() == "京都\n"
    assert _STAGE + r"\tree\one.txt" in files
    assert _STAGE + r"\hello.txt" in files
    leftovers = [path for path in files if r"\Temp" in path]
    assert leftovers == []


def test_one_model_is_behind_winrm_and_rest(upgrade: tuple[Playbook, Box, Path], at: Any) -> None:
    _run, box, _folder = upgrade
    farm = box.lab.farm(box.name)
    assert (farm["version"], farm["generation"]) == ("21.2.0.28000", 21)
    assert box.truth["agent_version"] == "21.2.0.28000"
    assert [product["version"] for product in box.windows["products"]] == [NEW_BUILD]
    installs = [entry["effect"] for entry in box.journal("install") if entry["args"]["verb"] == "install"]
    assert installs == ["installed"]


def test_facts_and_registry(upgrade: tuple[Playbook, Box, Path]) -> None:
    run, _box, _folder = upgrade
    facts = run.results["facts"]["ansible_facts"]
    assert facts["ansible_os_family"] == "Windows"
    assert facts["ansible_hostname"] == "CB1"
    assert product_code(RAS_NAME, NEW_BUILD) in run.results["registry"]["sub_keys"]
    names = [service["name"] for service in run.results["services"]["services"]]
    assert names == ["RAS Connection Broker", "RAS Web Administration Service"]


def test_become_checks_the_password(upgrade: tuple[Playbook, Box, Path]) -> None:
    refused = upgrade[0].results["as nobody"]
    assert refused["failed"]
    assert "1326" in refused["msg"]


def test_a_job_runs_in_the_background(upgrade: tuple[Playbook, Box, Path]) -> None:
    run, box, _folder = upgrade
    assert run.results["start"]["ansible_job_id"]
    assert not run.results["start"]["finished"]
    assert run.results["poll"]["finished"]
    assert run.results["poll"]["changed"] is False
    assert run.results["cleanup"]["erased"].endswith(run.results["start"]["ansible_job_id"])
    assert not [path for path in box.windows["files"] if ".ansible_async" in path]


def test_a_restart_took_everything_away_and_brought_it_back(upgrade: tuple[Playbook, Box, Path]) -> None:
    run, box, _folder = upgrade
    assert run.results["restart"]["rebooted"] is True
    assert [entry["status"] for entry in box.journal("restart")] == ["done"]
    assert box.windows["shells"] == 0
    assert box.truth["listening"] is True


def test_the_journal_holds_no_secret(upgrade: tuple[Playbook, Box, Path]) -> None:
    _run, box, _folder = upgrade
    journal = str(box.journal())
    assert WINDOWS_PASSWORD not in journal
    assert "token=secret" not in journal
    assert "京都" not in journal


def test_check_mode_changes_nothing(winlab: Lab, box: Box, tmp_path: Path) -> None:
    tasks = [
        task("folder", "win_file", path=_STAGE, state="directory"),
        task("copy", "win_copy", src=str(_INSTALLER), dest=r"C:\ras.msi"),
        task("install", "win_package", path=r"C:\ras.msi", product_id="{12345678-0000-0000-0000-000000000000}"),
        task("service", "win_service", name="RAS Connection Broker", state="stopped"),
        task("download", "win_get_url", url=INSTALLER_URL, dest=r"C:\down.msi"),
        task("restart", "win_reboot"),
        task("skipped", "win_powershell", script="# ras-script: ras_apply v1\n[CmdletBinding()]\nparam ()\n"),
        task("observe", "win_powershell", script=script("host_observe")),
    ]
    before = box.windows
    run = play(winlab, box.host, tasks, tmp_path, "--check")
    assert run.rc == 0, run.output
    announced = {name for name, result in run.results.items() if result["changed"]}
    assert announced == {"folder", "copy", "install", "service", "download", "restart", "skipped"}
    after = box.windows
    assert {**after, "disk_free_gb": 0} == {**before, "disk_free_gb": 0}
    assert (box.journal("restart"), box.journal("install"), box.problems) == ([], [], [])


_MISTAKES: dict[str, tuple[str, dict[str, Any], str]] = {
    "typo": ("win_ping", {"dta": "x"}, "Unsupported parameters for (win_ping) module: dta"),
    "choice": ("win_package", {"path": "C:\\a", "state": "there"}, "value of state must be one of: absent, present"),
    "type": ("win_wait_for", {"port": "many"}, "unable to convert to int"),
    "missing": ("win_stat", {}, "missing required arguments: path"),
    "no file": ("win_package", {"path": "C:\\no.msi"}, "the file at the path 'C:\\no.msi' cannot be reached"),
    "no service": ("win_service", {"name": "spooler", "state": "started"}, "Service 'spooler' is not installed"),
    "no answer": ("win_get_url", {"url": "https://nowhere.example/a", "dest": "C:\\a"}, "(404)"),
    "parameter": (
        "win_powershell",
        {"script": script("host_observe"), "parameters": {"Color": "red"}},
        "A parameter cannot be found that matches parameter name 'color'",
    ),
    "mandatory": ("win_powershell", {"script": script("ras_observe")}, "mandatory parameters: Username Password"),
}
_UNMODELED: dict[str, tuple[str, dict[str, Any], str]] = {
    "module": ("win_user", {"name": "eve"}, "the module ansible.windows.win_user is not modeled"),
    "script": ("win_powershell", {"script": "Get-Date"}, "without the mark"),
    "version": ("win_powershell", {"script": "# ras-script: ras_observe v99\n"}, "version 99 of the script"),
    "option": ("win_package", {"path": "C:\\a.msi", "chdir": "C:\\"}, "the option chdir of win_package"),
    "port": ("win_wait_for", {"port": 8080}, "win_wait_for port 8080"),
}


@pytest.fixture(scope="module")
def refusals(winlab: Lab, tmp_path_factory: pytest.TempPathFactory) -> tuple[Playbook, Box]:
    box = Box(winlab, "wide38", "cb1.wide38.example.com")
    cases = {**_MISTAKES, **_UNMODELED}
    tasks = [
        {**task(name, module, **arguments), "ignore_errors": True}
        for name, (module, arguments, _words) in cases.items()
    ]
    return play(winlab, box.host, tasks, tmp_path_factory.mktemp("refusals")), box


@pytest.mark.parametrize("name", _MISTAKES)
def test_mistakes_fail_as_on_windows(refusals: tuple[Playbook, Box], name: str) -> None:
    result = refusals[0].results[name]
    assert result["failed"]
    assert _MISTAKES[name][2] in str(result.get("msg", "")) + str(result.get("error", "")), result


@pytest.mark.parametrize("name", _UNMODELED)
def test_what_is_not_modeled_fails_loudly(refusals: tuple[Playbook, Box], name: str) -> None:
    run, box = refusals
    result = run.results[name]
    assert result["failed"]
    assert "not modeled" in result["msg"]
    assert _UNMODELED[name][2] in result["msg"]
    assert sum(_UNMODELED[name][2] in problem for problem in box.problems) == 1


def test_only_what_is_not_modeled_is_a_problem(refusals: tuple[Playbook, Box]) -> None:
    assert len(refusals[1].problems) == len(_UNMODELED)
