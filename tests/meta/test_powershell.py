# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PowerShell of the collection, by reading alone: it parses, and all that any of its branches calls exists.

The broken snippets show what is caught. What is not: anything that only shows when it runs.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from meta.powershell import INCLUDE, parse, Script
from meta.powershell_rules import codes, problems, windows_cmdlets
from meta.repo import read, tracked
from raslab.journal import SCRIPT_OPS
from raslab.powershell import scripts
from raslab.ras import script_doubles  # noqa: F401  # pylint: disable=unused-import  # registers the doubles

PS = Path("plugins/plugin_utils/_backends/ps")
_FILES = [path for top in ("plugins/", "roles/") for path in tracked(".ps1", under=top)]
_SCRIPTS = [path for path in _FILES if path.parent == PS and path.stem != "common"]
_HEAD = """\
[CmdletBinding()]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password
)
# include: common
"""
_SESSION = "New-RASSession -Username $Username -Password $Password -Server 'localhost'\n"
_CLOSED = "finally { Close-RasSession }\n"


def expanded(text: str) -> Script:
    return parse(INCLUDE.sub(lambda _match: read(PS / "common.ps1"), text))


def in_session(body: str) -> str:
    return f"Invoke-InRasSession -Username $Username -Password $Password -Body {{\n{body}\n}}\n"


def opened(body: str) -> str:
    """The frame of a session, in a function of its own."""
    return f"function Invoke-Own {{\n{_SESSION}try {{\n{body}\n}}\n{_CLOSED}}}\n"


def test_the_scripts_are_found() -> None:
    assert {"ras_observe", "ras_drain", "signature"} <= {path.stem for path in _SCRIPTS}


@pytest.mark.parametrize("path", _FILES, ids=str)
def test_script_keeps_the_rules(path: Path) -> None:
    assert problems(expanded(read(path))) == []


@pytest.mark.parametrize("path", _SCRIPTS, ids=lambda path: path.stem)
def test_script_has_its_form(path: Path) -> None:
    """The mark, the includes, the one way to answer, and that an error ends it."""
    text = read(path)
    assert re.match(rf"# ras-script: {path.stem} v\d+\n", text)
    assert len(INCLUDE.findall(text)) == 1
    before = text.split("# include: common\n")[0]
    assert "\nparam (" in before
    assert "$ErrorActionPreference = 'Stop'\n" in read(PS / "common.ps1")
    called = {name for command in parse(text).commands for name in command.names}
    assert "Write-RasResult" in called
    assert called & {"Write-RasFailure", "Invoke-InRasSession"}


@pytest.mark.parametrize("path", _SCRIPTS, ids=lambda path: path.stem)
def test_script_has_its_double_and_its_schema(path: Path) -> None:
    text = read(path)
    assert path.stem in SCRIPT_OPS
    found = scripts.find(text)
    assert not isinstance(found, str), found
    schema = json.loads(read(PS / f"{path.stem}.schema.json"))
    Draft202012Validator.check_schema(schema)
    success, failure = schema["$defs"]["success"], schema["$defs"]["failure"]
    assert success["additionalProperties"] is failure["additionalProperties"] is False
    assert set(failure["properties"]["error"]["properties"]["code"]["enum"]) == codes(expanded(text))


def test_every_schema_and_op_has_its_script() -> None:
    names = {path.stem for path in _SCRIPTS}
    assert {path.name.removesuffix(".schema.json") for path in tracked(".json", under=f"{PS}/")} == names
    assert set(SCRIPT_OPS) == names


def test_the_list_of_windows_cmdlets_is_no_longer_than_needed() -> None:
    used: dict[str, set[str]] = {}
    for path in _FILES:
        for command in parse(read(path)).commands:
            for name in command.names:
                used.setdefault(name.casefold(), set()).update(one.casefold() for one in command.parameters)
    for name, entry in windows_cmdlets().items():
        assert name in used, f"{entry['name']} is used nowhere"
        assert {one.casefold() for one in entry["parameters"]} <= used[name], entry["name"]
        page = rf"https://learn\.microsoft\.com/powershell/module/[a-z.]+/{name}\?view=powershell-5\.1"
        assert re.fullmatch(page, entry["page"])


@pytest.mark.parametrize(
    "body",
    [
        "Get-RASAgent -SiteId 1 -ServerType 'All'",
        "$name = Get-RasName -Names 'Get-RASBroker', 'Get-RASPA'\n& $name -SiteId 1",
        "$given = @{ SiteId = 1 }\nif (Test-RasParameter -Name 'Get-RASAgent' -Parameter 'ServerType') "
        "{ $given['ServerType'] = 'All' }\nGet-RASAgent @given",
        "Write-RasResult @{ ok = $true }",
        "& 'Get-Service'",
        "$said = shutdown.exe /r /t $Delay /c 'a' 2>&1",
    ],
)
def test_what_is_right_is_let_through(body: str) -> None:
    assert problems(expanded(_HEAD + in_session(body))) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        # the parser
        ("if ($x) {", "line"),
        ("$x = @{ a = 1", "line"),
        ("$x = 'text", "line"),
        ("foreach ($p on $x) { }", "line"),
        # names
        ("Get-RASAgents", "Get-RASAgents exists in no version of RAS"),
        ("Get-Itm -LiteralPath 'a'", "Get-Itm is not known"),
        ("Get-ADUser -Filter 'a'", "Get-ADUser is not known"),
        ("Get-PA", "Get-PA is not known"),
        ("Get-RASPA -SiteId 1", "Get-RASPA does not exist in RAS 19, 20, 21: look it up"),
        ("Get-RASRDSHost -SiteId 1", "Get-RASRDSHost does not exist in RAS 18, 19"),
        ("Get-Command -Name 'Get-RASWonder'", "Get-RASWonder is not known"),
        ("Test-RasParameter -Name 'Get-RASWonder' -Parameter 'a'", "Get-RASWonder is not known"),
        ("$name = Get-RasName -Names 'Get-RASBroker', 'Get-RASPB'\n& $name", "Get-RASPB exists in no version"),
        ("$name = Get-RasName -Names 'Get-RASBroker'\n& $name", "none of Get-RASBroker exists in RAS 18"),
        ("$names = 'Get-RASPA'\n$name = Get-RasName -Names $names\n& $name", "cannot be determined"),
        ("$name = 'Get-RASSite'\n& $name", "calls $name, and what that is cannot be determined"),
        ("$name = Get-RasName -Names 'Get-RASSite'\n$name = $Username\n& $name", "cannot be determined"),
        ("& $Username", "cannot be determined"),
        (". 'C:\\other.ps1'", "takes in another file"),
        # aliases and programs
        ("gci -LiteralPath 'a'", "gci is no full name"),
        ("@(1) | % { $_ }", "% is no full name"),
        ("@(1) | ? { $_ }", "? is no full name"),
        ("msiexec /i a.msi", "msiexec is no full name"),
        ("msiexec.exe /i a.msi", "msiexec.exe is not one of the programs that may be called"),
        ("shutdown.exe /a > 'a'", "redirects a stream"),
        ("shutdown.exe /a 2> 'a'", "redirects a stream"),
        ("Get-Service 2>&1", "redirects a stream"),
        # parameters
        ("Get-RASAgent -Site 1", "Get-RASAgent has no parameter Site"),
        ("Get-RASSite -SiteId 1", "Get-RASSite has no parameter SiteId"),
        ("Get-Item -Literal 'a'", "Get-Item has no parameter Literal"),
        ("Write-RasResult -Value 1", "Write-RasResult has no parameter Value"),
        ("Stop-WithCode -Code 'a' -Text 'b'", "Stop-WithCode has no parameter Text"),
        ("Get-RASAgent 1", "without the name of its parameter"),
        ("Get-Item 'a'", "without the name of its parameter"),
        ("Invoke-RASExportSettings -FilePath 'a' -TimeoutInSecs 1", "has the parameter TimeoutInSecs in RAS 21 only"),
        ("$name = Get-RasName -Names 'Get-RASBroker', 'Get-RASPA'\n& $name -Site 1", "Get-RASPA has no parameter Site"),
        # splatting
        ("$given = @{ Site = 1 }\nGet-RASAgent @given", "Get-RASAgent has no parameter Site"),
        ("$given = @{ }\n$given['Site'] = 1\nGet-RASAgent @given", "Get-RASAgent has no parameter Site"),
        ("$given = @{ }\n$given[$Username] = 1\nGet-RASAgent @given", "splats @given, and what that holds cannot"),
        ("$given = Get-Service\nGet-RASAgent @given", "splats @given, and what that holds cannot be determined"),
        ("Get-RASAgent @given", "splats @given, and what that holds cannot be determined"),
        # questions, sessions, text
        ("Read-Host", "Read-Host asks somebody"),
        ("Get-Credential -UserName 'a'", "Get-Credential asks somebody"),
        (_SESSION, "no 'finally' behind New-RASSession closes the session"),
        ("$x = '\u2026'", "is not ASCII"),
        ("Get-Service > 'a'", "redirects a stream"),
    ],
)
def test_what_is_wrong_is_caught(body: str, said: str) -> None:
    found = problems(expanded(_HEAD + in_session(body)))
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{_SESSION}try {{ Get-RASSite }} catch {{ }}", "no 'finally'"),
        (f"{_SESSION}try {{ Get-RASSite }} finally {{ Get-Service }}", "no 'finally'"),
        (f"{_SESSION}Get-RASSite\ntry {{ Get-Service }} {_CLOSED}", "no 'finally'"),
        (f"{_SESSION}Close-RasSession", "no 'finally'"),
        (opened("Get-Service").replace("'localhost'", "'cb1.example.com'"), "without -Server 'localhost'"),
        (opened("Get-Service").replace("'localhost'", "$Username"), "without -Server 'localhost'"),
        (opened("Get-Service").replace("'localhost'", "'localhost' -Force"), "with -Force"),
        (opened("Get-Service").replace("'localhost'", "'localhost' -fo"), "with -Force"),
        (opened("Get-Service").replace("'localhost'", "'localhost' -Force:$false"), "with -Force"),
        (opened("Get-Service").replace(" -Password $Password", ""), "without password"),
        ("Get-RASSite", "Get-RASSite is called outside Invoke-InRasSession"),
        (in_session("Get-Service") + "Get-RASSite", "Get-RASSite is called outside Invoke-InRasSession"),
    ],
)
def test_a_session_is_closed_and_asks_nobody(text: str, said: str) -> None:
    assert problems(expanded(_HEAD + opened("Get-Service"))) == []
    found = problems(expanded(_HEAD + text))
    assert [one for one in found if said in one], found


_UNSENT = "$step['code'] = 'not_sent'\n"
_SENT = "$step['code'] = 'refused'\n"
_APPLY = "$null = Invoke-RASApply"
_LATE = "$name = Get-RasName -Names 'Set-RASBroker', 'Set-RASPA'\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_UNSENT + in_session(_SENT + _APPLY), None),
        (_UNSENT + in_session(_SENT + _APPLY + "\n" + _APPLY), None),
        (_UNSENT + in_session(f"{_LATE}{_SENT}& $name -Server 'a' -Enabled $true"), None),
        (in_session("$null = Get-RASSite"), None),
        (in_session(_SENT + _APPLY), "no line says 'not_sent'"),
        (in_session(_UNSENT + _SENT + _APPLY), "no line says 'not_sent'"),
        (_UNSENT + in_session(_APPLY), "no line says 'refused'"),
        (_UNSENT + in_session(_APPLY + "\n" + _SENT), "no line says 'refused'"),
        (_UNSENT + in_session(f"{_LATE}& $name -Server 'a' -Enabled $true"), "no line says 'refused'"),
    ],
)
def test_a_write_says_from_when_on_it_may_have_been_sent(text: str, said: str | None) -> None:
    found = problems(expanded(_HEAD + text))
    assert (found == []) if said is None else any(said in one for one in found), found


_CHECKED = _HEAD.replace("CmdletBinding()", "CmdletBinding(SupportsShouldProcess)")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (in_session("Get-RASSite"), None),
        (in_session("Invoke-RASApply"), "Invoke-RASApply would run in check mode"),
        ("Remove-Item -LiteralPath 'a' -Force", "Remove-Item writes in check mode"),
        ("if ($PSCmdlet.ShouldProcess('a')) { Remove-Item -LiteralPath 'a' -Force }", None),
    ],
)
def test_what_runs_in_check_mode_reads_only(text: str, said: str | None) -> None:
    found = problems(expanded(_CHECKED + text))
    assert (found == []) if said is None else any(said in one for one in found), found


def test_the_codes_of_a_script_are_read() -> None:
    text = (
        _HEAD + "Import-RasModule\n$x = @{ error = @{ code = 'not_sent'; message = 'a' } }\nStop-WithCode -Code 'own'\n"
    )
    own = {"constrained_language", "product_missing", "product_too_old", "not_sent", "own", "refused"}
    assert codes(expanded(text)) == own
    assert codes(expanded(text + "$step['code'] = 'other'\n")) == {*own, "other"}
    assert codes(expanded(_HEAD + "Get-Service\n")) == {"constrained_language", "refused"}
