# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts have Windows PowerShell 5.1: scripts use only syntax, cmdlets and parameters that it has."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from powershell.twins import script_names, script_text
from raslab.engine.process import powershell

_CHECK = Path(__file__).resolve().with_name("check51.ps1")
# Each is right in PowerShell 7, and an error, or something else, in 5.1.
_NEWER = {
    "ternary": "$a = $true ? 1 : 2",
    "chain": "Get-Date && Get-Item .",
    "coalescing": "$a = $null ?? 1",
    "member": "$a = ${b}?.Length",
    "cmdlet": "'{}' | Test-Json",
    "parameter": "ConvertFrom-Json -InputObject '{}' -AsHashtable",
    "abbreviated parameter": "ConvertFrom-Json -InputObject '{}' -AsHash",
    "parallel": "1..3 | ForEach-Object -Parallel { $_ }",
    "background": "Get-Date &",
    "platform": "if ($IsWindows) { 1 }",
    "number": "$a = 0b101",
    "escape": '$a = "`u{20}"',
    "encoding": "Set-Content -LiteralPath x -Value y -Encoding utf8NoBOM",
    "clean block": "function f { process { 1 } clean { 2 } }",
}


def _check(*paths: Path) -> tuple[int, str]:
    command = [str(powershell()), "-NoLogo", "-NoProfile", "-NonInteractive", "-File", str(_CHECK), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stdout + done.stderr


def test_scripts_need_nothing_newer(tmp_path: Path) -> None:
    paths = []
    for name in script_names():
        paths.append(tmp_path / f"{name}.ps1")
        paths[-1].write_text(script_text(name), encoding="utf-8")
    assert len(paths) >= 12
    assert _check(*paths) == (0, "")


def test_what_is_newer_is_found(tmp_path: Path) -> None:
    paths = {name: tmp_path / f"{name.replace(' ', '_')}.ps1" for name in _NEWER}
    for name, path in paths.items():
        path.write_text(f"{_NEWER[name]}\n", encoding="utf-8")
    code, said = _check(*paths.values())
    assert code == 1
    missed = [name for name, path in paths.items() if f"{path}:1:" not in said]
    assert missed == []


@pytest.mark.parametrize(
    "text", ["Get-Date", "$a = @{ b = 1 }\nif ($a['b'] -eq 1) { 'yes' }", "[int] $n = 5; $n -as [string]"]
)
def test_what_is_older_passes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "older.ps1"
    path.write_text(text + "\n", encoding="utf-8")
    assert _check(path) == (0, "")
