# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""host_install: an installer that is judged, held and started by one script, also in the background."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import requests
import winrm.exceptions

from labclient import eventually
from raslab.msi_build import STOCK
from raslab.testing import Lab, LabError
from raslab.windows.command_line import Installation, NotUnderstood, read_command_line
from raslab.windows.files import FileError, FileSystem
from raslab.windows.msi import signer_of
from winclient import Box, INSTALLER_URL, NEW_BUILD, OLD_BUILD, play, script
from winmodule import answer, job_of, put_file, run_module, run_script

_NAME = f"RASInstaller-{NEW_BUILD}.msi"
_MSI, _LOG = r"C:\ProgramData\ras.msi", r"C:\ProgramData\ras.log"
_OLD = OLD_BUILD.replace(".0.", ".")


def given(name: str = _NAME, **changed: Any) -> dict[str, Any]:
    """The parameters for one of the lab's installers, put at ``_MSI``."""
    content = (STOCK / name).read_bytes()
    return {
        "Path": _MSI,
        "Sha256": hashlib.sha256(content).hexdigest(),
        "Thumbprint": hashlib.sha1(signer_of(content) or b"unsigned").hexdigest().upper(),
        "CommandLine": f'/i "{_MSI}" /L*V "{_LOG}" /qn /norestart',
        **changed,
    }


def install(box: Box, parameters: dict[str, Any], job: str = "", name: str = _NAME) -> dict[str, Any]:
    """The module's result, with the installer of that name on the host."""
    put_file(box.session(), _MSI, (STOCK / name).read_bytes())
    return run_script(box.session(), "host_install", parameters, [], job=job)


def ended(box: Box, started: dict[str, Any]) -> dict[str, Any]:
    """What a job left when it had ended."""
    assert eventually(lambda: job_of(box.session(), started)["finished"])
    return job_of(box.session(), started)


def installed(box: Box) -> list[str]:
    return [product["version"] for product in box.windows["products"]]


def test_an_installer_is_judged_held_and_started(box: Box) -> None:
    result = install(box, given())
    assert (answer(result), result["changed"]) == ({"ok": True, "rc": 0, "held": True, "not_held": None}, True)
    assert installed(box) == [NEW_BUILD]
    assert [entry["effect"] for entry in box.journal("install")] == ["installed"]
    (entry,) = box.journal("host_install")
    assert entry["args"] == {"command_line": given()["CommandLine"], "held": True}
    assert _LOG in box.windows["files"]
    box.lab.patch_windows(box.name, box.host, files={_MSI: None})


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        (_NAME, {"Sha256": "0" * 64}, "expected SHA-256 000"),
        (_NAME, {"Thumbprint": "A" * 40}, "expected the certificate AAA"),
        ("foreign-21.2.28000.msi", {"Thumbprint": given()["Thumbprint"]}, "expected the certificate"),
        ("unsigned-21.2.28000.msi", {}, "expected Valid, observed NotSigned"),
    ],
)
def test_another_file_is_not_started(box: Box, name: str, changed: dict[str, Any], said: str) -> None:
    result = install(box, given(name, **changed), name=name)
    error = answer(result)["error"]
    assert (error["code"], said in error["message"], result["changed"]) == ("installer_changed", True, False)
    assert (box.journal("install"), installed(box)) == ([], [_OLD])


@pytest.mark.parametrize("msiexec", ["missing", "blocked"])
def test_a_program_that_windows_does_not_start_changes_nothing(box: Box, msiexec: str) -> None:
    box.lab.patch_windows(box.name, box.host, msiexec=msiexec)
    result = install(box, given())
    assert (answer(result)["error"]["code"], result["changed"]) == ("not_sent", False)
    assert "cannot be run due to the error" in answer(result)["error"]["message"]
    missing = run_script(box.session(), "host_install", given(Path=r"C:\nothing.msi"), [])
    assert answer(missing)["error"] == {"code": "not_sent", "message": r"Could not find file 'C:\nothing.msi'."}
    assert box.journal("install") == []


@pytest.mark.parametrize(("code", "version"), [(1603, _OLD), (1618, _OLD), (3010, NEW_BUILD)])
def test_exit_codes_are_results(box: Box, code: int, version: str) -> None:
    box.lab.add_fault(box.name, on="install", kind="msiexec", code=code)
    assert answer(install(box, given()))["rc"] == code
    assert (installed(box), box.windows["pending_reboot"]) == ([version], code == 3010)


def test_a_file_that_somebody_writes_cannot_be_held(box: Box) -> None:
    put_file(box.session(), _MSI, (STOCK / _NAME).read_bytes())
    box.lab.patch_windows(box.name, box.host, written_to=[_MSI])
    said = answer(run_script(box.session(), "host_install", given(), []))
    assert (said["ok"], said["rc"], said["held"]) == (True, 0, False)
    assert "is being used by another process" in said["not_held"]
    assert box.journal("host_install")[-1]["args"]["held"] is False


def test_it_is_skipped_in_check_mode(box: Box) -> None:
    put_file(box.session(), _MSI, (STOCK / _NAME).read_bytes())
    result = run_script(box.session(), "host_install", given(), [], check=True)
    assert (result["result"], box.journal("install")) == ({}, [])


def test_a_job_answers_as_the_module_does(box: Box) -> None:
    started = install(box, given(), job="123")
    assert (started["started"], started["finished"], "result" in started) == (True, False, False)
    job = ended(box, started)
    assert json.loads(job["result"]) == {"ok": True, "rc": 0, "held": True, "not_held": None}
    assert (job["changed"], job["error"], job["output"]) == (True, [], [])
    (entry,) = box.journal("host_install")
    assert (entry["status"], entry["args"]["held"]) == ("done", True)
    assert installed(box) == [NEW_BUILD]


def test_a_job_without_an_exit_code_leaves_no_result(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="no_exit_code", times=2)
    job = ended(box, install(box, given(), job="123"))
    assert (job["finished"], "result" in job) == (True, False)
    assert installed(box) == [NEW_BUILD]
    error = answer(install(box, given()))["error"]
    assert (error["code"], "does not say with which exit code" in error["message"]) == ("refused", True)


def test_the_file_is_held_until_the_installer_has_ended(winlab: Lab) -> None:
    box = Box(winlab, "slow", "cb1.slow.example.com")
    started = install(box, given(), job="123")
    assert eventually(lambda: bool(box.windows["installing"]))
    with pytest.raises(LabError, match="is being used by another process"):
        box.lab.patch_windows(box.name, box.host, files={_MSI: "something else"})
    denied = run_module(box.session(), "win_file", path=_MSI, state="absent")
    assert (denied["failed"], "is being used by another process" in denied["msg"]) == (True, True)
    assert job_of(box.session(), started)["finished"] is False
    box.lab.patch_windows(box.name, box.host, power="restarting")
    box.lab.wait_for(box.name, "restart", "done")
    assert [entry["status"] for entry in box.journal("host_install")] == ["killed"]
    box.lab.patch_windows(box.name, box.host, files={_MSI: "something else"})


def test_a_job_goes_on_without_its_connection(box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="winrm_lost", seconds=0.3)
    # whether its start was heard is chance, and whether the host is back when the client asks on in its lost shell
    with contextlib.suppress(requests.exceptions.RequestException, winrm.exceptions.WSManFaultError):
        install(box, given(), job="123")
    assert box.lab.wait_for(box.name, "host_install", "done")["args"]["held"] is True
    assert eventually(lambda: bool(box.windows["winrm"]["answers"]))
    assert answer(job_of(box.session(), {"ansible_job_id": "123.4312"}))["rc"] == 0


def test_what_is_swapped_meanwhile_is_not_started_again(winlab: Lab, box: Box) -> None:
    box.lab.add_fault(box.name, on="install", kind="msiexec", code=1618, swapped=INSTALLER_URL)
    put_file(box.session(), _MSI, (STOCK / "foreign-21.2.28000.msi").read_bytes())
    wanted = given("foreign-21.2.28000.msi")
    first, second = (answer(run_script(box.session(), "host_install", wanted, [])) for _time in range(2))
    assert (first["rc"], second["error"]["code"]) == (1618, "installer_changed")


@pytest.mark.parametrize(("kind", "installs"), [("reset_before", 0), ("reset_after", 1)])
def test_the_answer_to_a_start_is_lost(box: Box, kind: str, installs: int) -> None:
    box.lab.add_fault(box.name, on="host_install", kind=kind)
    with pytest.raises(requests.exceptions.RequestException):
        install(box, given(), job="123")
    if installs:
        box.lab.wait_for(box.name, "install")
    assert len(box.journal("install")) == installs


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f'/i "{_MSI}" /norestart', "asks somebody"),
        (f'/i "{_MSI}" /qn', "restarts the host as it likes"),
        ("/qn /norestart", "install nothing"),
        (r'/i "C:\ProgramData\other.msi" /qn /norestart', "ras.msi was judged, and other.msi is to be installed"),
    ],
)
def test_a_command_line_that_is_not_modeled_is_a_problem(box: Box, line: str, said: str) -> None:
    result = install(box, given(CommandLine=line))
    assert (result["failed"], said in result["msg"]) == (True, True)
    assert [said in problem for problem in box.problems] == [True]
    assert box.journal("install") == []


@pytest.mark.parametrize(
    ("line", "path", "log"),
    [
        (r"/i C:\a.msi /qn /norestart", r"C:\a.msi", None),
        (r'/I "C:\a b.msi" /L*V "C:\a b.log" /quiet /norestart ADDLOCAL=F_A,F_B X="a b"', r"C:\a b.msi", r"C:\a b.log"),
        (r"-package C:\a.msi -q REBOOT=ReallySuppress /log C:\a.log", r"C:\a.msi", r"C:\a.log"),
    ],
)
def test_command_lines_are_read(line: str, path: str, log: str | None) -> None:
    assert read_command_line(line) == Installation(path, log)


@pytest.mark.parametrize("line", ["", "/i", "/x C:\\a.msi /qn /norestart", '/i "C:\\a.msi /qn /norestart', "/i a /l*v"])
def test_other_command_lines_are_refused(line: str) -> None:
    with pytest.raises(NotUnderstood):
        read_command_line(line)


def test_a_held_file_stays_as_it_is() -> None:
    files = FileSystem()
    files.write(_MSI, b"1")
    with files.hold(_MSI), files.hold(_MSI.upper()) as why_not:
        assert why_not is None
        for change in (lambda: files.write(_MSI, b"2"), lambda: files.remove(r"C:\ProgramData")):
            with pytest.raises(FileError, match="being used by another process"):
                change()
        files.write_when_free(_MSI, b"3")
        assert files.read(_MSI) == b"1"
    assert files.read(_MSI) == b"3"
    assert files.remove(_MSI)


@pytest.mark.floor
def test_real_ansible_installs_in_the_background_and_orders_a_restart(winlab: Lab, box: Box, tmp_path: Path) -> None:
    windows = "ansible.windows"
    job = {"jid": "{{ job.ansible_job_id }}"}
    ordered = {"Delay": 3600, "Message": "RAS waits."}
    tasks: list[dict[str, Any]] = [
        {"name": "copy", f"{windows}.win_copy": {"src": str(STOCK / _NAME), "dest": _MSI}},
        {
            "name": "start",
            f"{windows}.win_powershell": {"script": script("host_install"), "parameters": given()},
            "async": 60,
            "poll": 0,
            "register": "job",
        },
        {
            "name": "poll",
            "ansible.builtin.async_status": job,
            "register": "polled",
            "until": "polled is finished",
            "retries": 20,
            "delay": 1,
        },
        {
            "name": "restart",
            f"{windows}.win_powershell": {"script": script("host_restart"), "parameters": ordered},
        },
    ]
    run = play(winlab, box.host, tasks, tmp_path)
    assert run.rc == 0, run.output
    assert json.loads(run.results["poll"]["result"]) == {"ok": True, "rc": 0, "held": True, "not_held": None}
    assert json.loads(run.results["restart"]["result"]) == {"ok": True, "ordered": True, "replaced": False}
    assert (installed(box), box.windows["shutdown_scheduled"], box.problems) == ([NEW_BUILD], True, [])
