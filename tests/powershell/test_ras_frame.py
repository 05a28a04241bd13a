# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The frame of the scripts that ask RAS: how its module is found, and what is refused before RAS is asked."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent, RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import ScriptRunner

from powershell.host_cases import installing
from powershell.ras_cases import acting, error, FILE, READERS, run, SCRIPTS, session, text_of, WORLD, WRITERS
from powershell.twins import Bench
from raslab.powershell import cmdlets

# -- the module --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "layout",
    [
        "root",
        "root, to the version above",
        "root, to the version",
        "version, to the version above",
        "version and root, to the version above",
    ],
)
def test_the_module_is_found_wherever_it_lies(bench: Bench, layout: str) -> None:
    assert run(bench, "ras_observe", {}, change={"module": layout}).answer["ok"] is True


def test_the_module_is_found_by_its_name(bench: Bench) -> None:
    path = "$env:PSModulePath += ':' + (Get-PSDrive -Name C).Root + '/Elsewhere'"
    said = run(bench, "ras_observe", {}, text=text_of("ras_observe", path), change={"module": "elsewhere"})
    assert said.answer["ok"] is True


@pytest.mark.parametrize("layout", ["no manifest", "version of another number"])
@pytest.mark.parametrize(("script", "given_"), SCRIPTS)
def test_a_module_that_does_not_load_says_why_for_each_way(
    bench: Bench, script: str, given_: dict[str, t.Any], layout: str
) -> None:
    failure = run(bench, script, given_, change={"module": layout}).answer["error"]
    assert failure["code"] == "product_missing"
    ways = ["by its folder: ", "by its name: ", *(["from inside 4.0: "] if layout != "no manifest" else [])]
    assert [way for way in ways if way not in failure["message"]] == []


def test_a_folder_on_a_drive_that_is_gone_is_no_product(bench: Bench) -> None:
    key = "HKLM:\\SOFTWARE\\WOW6432Node\\Parallels\\Setup\\ApplicationServer"
    change = {"module": "no manifest", "registry": {key: {"ProductDir": "Q:\\RAS"}}}
    said = run(bench, "ras_observe", {}, change=change)
    assert said.answer["error"] == {"code": "product_missing", "message": "RAS is not installed on this host."}


def test_a_name_of_another_module_is_not_taken(bench: Bench) -> None:
    """RAS 18 has Get-RASPA, and something else on the host brings a Get-RASBroker."""
    world = {**WORLD, "farms": [{**WORLD["farms"][0], "version": "18.3.1.22953"}]}
    stranger = "function Get-RASBroker { throw 'the wrong one' }\nfunction Invoke-RASLicenseDeactivate { 'done' }"
    said = bench.engine(bench.machine(world), "ras_observe", text=text_of("ras_observe", stranger), **session())
    assert said.answer["unread"] == []
    assert len(said.answer["brokers"]) == 1
    old = {**world, "farms": [{**world["farms"][0], "version": "17.1.0.21785"}]}
    said = bench.engine(bench.machine(old), "ras_observe", **session())
    assert said.answer["error"]["code"] == "product_too_old"


def test_a_cmdlet_that_the_module_lacks_is_not_looked_for_elsewhere(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = cmdlets.names
    monkeypatch.setattr(
        cmdlets, "names", lambda major: [each for each in names(major) if each != "Invoke-RASLicenseDeactivate"]
    )
    script, cmdlet, given_ = WRITERS["deactivate"]
    text = text_of(script, f"function {cmdlet} {{ param ($Email, $Password) 'done' }}")
    said = run(bench, script, given_, text=text)
    expected = f"None of these cmdlets exists: {cmdlet}"
    assert said.answer == {"ok": False, "error": {"code": "product_too_old", "message": expected}}


# -- language, parameters, check mode ----------------------------------------------------------------------------------

ALL: t.Final = [
    *SCRIPTS,
    ("host_observe", {}),
    ("private_folder", {"Path": "C:\\ProgramData\\FleetOps"}),
    ("read_tail", {"Path": FILE}),
    ("signature", {"Path": FILE}),
    ("state_note", {"Path": FILE}),
    ("host_install", installing(FILE)),
    ("host_restart", {"Message": "RAS waits for this restart."}),
]


@pytest.mark.parametrize(("script", "given_"), ALL)
def test_a_constrained_language_is_said_before_anything_else(
    bench: Bench, script: str, given_: dict[str, t.Any]
) -> None:
    policy = "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'"
    line = "# Windows with a policy for applications runs scripts in a constrained language."
    text = text_of(script, policy, line)
    logon = session() if script.startswith("ras_") else {}
    said = bench.engine(bench.machine(WORLD), script, text=text, **{**logon, **given_})
    message = "PowerShell runs scripts on this host in ConstrainedLanguage mode."
    assert said.answer == {"ok": False, "error": {"code": "constrained_language", "message": message}}
    assert (said.changed, said.result["error"], said.result["output"]) == (False, [], [])


@pytest.mark.parametrize(
    "path", ["farm.dat2", "folder\\farm.dat2", "\\farm.dat2", "C:farm.dat2", "C:\\", "C:\\folder\\", ""]
)
def test_an_export_needs_a_full_path(bench: Bench, path: str) -> None:
    """No session is opened: that would fail here."""
    change = acting(New_RASSession=error("no", ends=True))
    result = bench.result(
        bench.machine(WORLD), "ras_export", change, **{**session(), "Path": path, "Prefix": "farm", "Keep": 1}
    )
    if path == "":
        # PowerShell itself refuses an empty text where one is needed.
        assert "Path" in result["error"][0]["exception"]["message"]
        return
    failure = json.loads(result["result"])["error"]
    assert failure["code"] == "invalid_option"
    assert f"'{path}' is not." in failure["message"]


def _heard(bench: Bench, script: str, **given_: t.Any) -> RasError:
    """What becomes of the result on the controller."""
    result = bench.result(bench.machine(WORLD), script, **{**session(), **given_})
    with pytest.raises(RasError) as caught:
        ScriptRunner(lambda _arguments: result, "cb1")(script)
    return caught.value


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"Wrong": 1}, "A parameter cannot be found that matches parameter name 'Wrong'."),
        ({"Server": "a", "SiteId": "one"}, "SiteId"),
        # A mandatory one that is missing is asked for.
        ({}, "NonInteractive"),
    ],
)
def test_a_rejected_parameter_reaches_the_failure(bench: Bench, given_: dict[str, t.Any], said: str) -> None:
    failure = _heard(bench, "ras_agent_update", **given_)
    assert failure.code == "bad_answer"
    assert said in failure.message


@pytest.mark.parametrize("name", WRITERS)
def test_a_write_that_check_mode_skips_is_no_bad_answer(bench: Bench, name: str) -> None:
    script, _cmdlet, given_ = WRITERS[name]
    failure = _heard(bench, script, **given_, check=True)
    assert (type(failure), failure.code) == (NotSent, "internal_error")


@pytest.mark.parametrize("script", READERS)
def test_check_mode_reads(bench: Bench, script: str) -> None:
    said = run(bench, script, READERS[script], check=True)
    assert (said.answer["ok"], said.changed) == (True, False)
