# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scripts that start programs of the host, in PowerShell: whatever Windows says, and in whatever order."""

from __future__ import annotations

import typing as t

import pytest

from harness.windows import windows_world
from harness.worlds import ACTIVE
from powershell.host_cases import content_of, installing, MSI, MSI_NAME
from powershell.ras_cases import text_of
from powershell.twins import Bench, Said, script_text
from raslab.windows.machine import Machine

_INSTALL: t.Final = installing(MSI)
_RESTART: t.Final = {"Delay": 60, "Message": "RAS waits for this restart."}


def _machine(bench: Bench, **windows: t.Any) -> Machine:
    machine = bench.machine(windows_world({"alpha": {"license": ACTIVE, "windows": windows}}))
    machine.windows.files.write(MSI, content_of(MSI_NAME))
    return machine


def _install(bench: Bench, machine: Machine | None = None, text: str = "") -> Said:
    return bench.engine(machine or _machine(bench), "host_install", text=text, **_INSTALL)


def _restart(bench: Bench, shutdown: str, after: str = "", **given: t.Any) -> Said:
    """The answer where shutdown.exe is this body of a function."""
    text = text_of("host_restart", f"function shutdown.exe {{ {shutdown} }}") + after
    return bench.engine(_machine(bench), "host_restart", text=text, **{**_RESTART, **given})


def _starting(body: str) -> str:
    """A Start-Process with this body: an alias, because the module of the pretended cmdlets brings a function later."""
    return f"function Start-Nothing {{ {body} }}\nSet-Alias -Name Start-Process -Value Start-Nothing"


def _without(name: str, line: str, instead: str = "") -> str:
    """A script in which a line says something else."""
    text = script_text(name)
    assert text.count(line) == 1
    return text.replace(line, instead)


# -- the installer -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instead", "held"),
    [
        ("$process.WaitForExit()", True),
        ("$opened['stream'].Dispose(); $process.WaitForExit()", False),
    ],
)
def test_the_file_is_held_to_the_end_of_the_installer(bench: Bench, instead: str, held: bool) -> None:
    """The second one shows that this world would see it."""
    machine = _machine(bench)
    said = _install(bench, machine, _without("host_install", "$process.WaitForExit()", instead))
    assert said.answer["rc"] == 0
    (entry,) = [each for each in machine.journal.entries if each.op == "host_install"]
    assert (entry.args or {})["held"] is held
    machine.windows.files.write(MSI, b"free again")


@pytest.mark.parametrize("given", [{}, {"Sha256": "0" * 64}], ids=["started", "not started"])
def test_the_file_is_let_go_of_at_the_end(bench: Bench, given: dict[str, t.Any]) -> None:
    text = script_text("host_install") + "\nWrite-Warning -Message ([string][FakeWindows.Sharing]::Held().Count)\n"
    said = bench.engine(_machine(bench), "host_install", text=text, **{**_INSTALL, **given})
    assert (said.answer["ok"], said.result["warning"]) == (not given, ["0"])


def test_the_handle_of_the_process_is_asked_for_in_time(bench: Bench) -> None:
    """Without it Windows PowerShell 5.1 has no exit code, which is never taken for 0."""
    said = _install(bench, text=_without("host_install", "    $null = $process.Handle\n"))
    message = "msiexec.exe has ended, and Windows does not say with which exit code."
    assert said.answer == {"ok": False, "error": {"code": "refused", "message": message}}
    assert said.changed


@pytest.mark.parametrize("body", ["", "$null", "throw 'no'"])
def test_a_process_that_is_not_there_was_not_started(bench: Bench, body: str) -> None:
    said = _install(bench, text=text_of("host_install", _starting(body)))
    assert (said.answer["error"]["code"], said.changed) == ("not_sent", False)


def test_what_fails_after_the_start_is_no_failure_to_start(bench: Bench) -> None:
    lost = (
        "New-Object -TypeName PSObject | "
        "Add-Member -MemberType ScriptMethod -Name WaitForExit -Value { throw 'lost' } -PassThru"
    )
    said = _install(bench, text=text_of("host_install", _starting(lost)))
    assert (said.answer["error"]["code"], said.changed) == ("refused", True)
    assert "lost" in said.answer["error"]["message"]


@pytest.mark.parametrize(
    ("why", "message"),
    [
        ("[System.UnauthorizedAccessException]::new('Not yours.')", "Not yours."),
        ("[System.IO.IOException]::new('In use.', -2147024864)", "Asked again."),
    ],
)
def test_a_file_that_cannot_be_opened_is_not_started(bench: Bench, why: str, message: str) -> None:
    """Only where somebody writes the file it is opened a second time, and shared."""
    opening = f"if ($ArgumentList[3] -eq 'Read') {{ throw {why} }}; throw 'Asked again.'"
    stranger = f"function New-Object {{ param ($TypeName, $ArgumentList) {opening} }}"
    said = _install(bench, text=text_of("host_install", stranger))
    assert said.answer == {"ok": False, "error": {"code": "not_sent", "message": message}}


def test_the_content_is_read_through_the_handle_that_is_held(bench: Bench) -> None:
    other = "function Get-FileHash { param ($InputStream, $Algorithm) @{ Hash = [string]$InputStream.Name.Length } }"
    said = _install(bench, text=text_of("host_install", other))
    assert said.answer["error"]["code"] == "installer_changed"
    assert said.answer["error"]["message"].endswith(f"observed {len(MSI)}.")


# -- the restart -------------------------------------------------------------------------------------------------------


def test_what_shutdown_says_does_not_end_the_script(bench: Bench) -> None:
    """With the preference of all scripts, Windows PowerShell 5.1 ends at what a program says on standard error."""
    machine = _machine(bench)
    machine.shutdown_scheduled = True
    said = bench.engine(machine, "host_restart", **_RESTART)
    assert said.answer == {"ok": True, "ordered": True, "replaced": True}
    machine.stop()
    machine = _machine(bench)
    machine.shutdown_scheduled = True
    text = _without("host_restart", "    $ErrorActionPreference = 'Continue'\n")
    failed = bench.engine(machine, "host_restart", text=text, **_RESTART).answer["error"]
    assert failed == {"code": "refused", "message": "A system shutdown has already been scheduled.(1190)"}


@pytest.mark.parametrize(
    ("shutdown", "message", "changed"),
    [
        ("", "shutdown.exe ended with no exit code", False),
        ("$global:LASTEXITCODE = 53; 'The network', 'path'", "shutdown.exe ended with 53: The network path", False),
        ("throw 'none'", "none", False),
        (
            "$global:LASTEXITCODE = 1190; if ($args[0] -eq '/a') { $global:LASTEXITCODE = 5 }",
            "shutdown.exe ended with 1190",
            False,
        ),
        (
            "$global:LASTEXITCODE = 1190; if ($args[0] -eq '/a') { $global:LASTEXITCODE = 0 }",
            "shutdown.exe ended with 1190 (The restart that was scheduled before was called off.)",
            True,
        ),
    ],
)
def test_a_restart_that_is_not_ordered(bench: Bench, shutdown: str, message: str, changed: bool) -> None:
    said = _restart(bench, shutdown)
    assert said.answer == {"ok": False, "error": {"code": "refused", "message": message}}
    assert said.changed is changed


def test_a_host_that_goes_down_after_all_is_as_ordered(bench: Bench) -> None:
    """Somebody's order was called off, and the next one came first: nothing of ours took its place."""
    shutdown = (
        "$global:LASTEXITCODE = 1190; if ($called_off) { $global:LASTEXITCODE = 1115 }; "
        "if ($args[0] -eq '/a') { $global:LASTEXITCODE = 0 }"
    )
    assert _restart(bench, shutdown).answer == {"ok": True, "ordered": True, "replaced": False}


def test_the_program_is_that_of_windows_and_its_message_is_one_argument(bench: Bench) -> None:
    shutdown = "Write-Warning -Message ($env:PATH + '|' + ($args -join '|')); $global:LASTEXITCODE = 0"
    after = "\nWrite-Warning -Message ($env:PATH -eq 'C:\\Windows\\System32')\n"
    said = _restart(bench, shutdown, after, Message='Is it "this" one? C:\\')
    assert said.answer["ok"] is True
    called, later = said.result["warning"]
    assert called == "C:\\Windows\\System32|/r|/t|60|/c|Is it 'this' one? C:'"
    assert later == "False"


# -- check mode --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("script", "given"), [("host_install", _INSTALL), ("host_restart", _RESTART)])
def test_check_mode_does_not_run_it(bench: Bench, script: str, given: dict[str, t.Any]) -> None:
    result = bench.result(_machine(bench), script, check=True, **given)
    assert (result["result"], result["msg"]) == ({}, "skipped, running in check mode")
