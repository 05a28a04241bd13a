# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scripts that ask RAS, in PowerShell: whatever its cmdlets say, print, ask or leave out."""

from __future__ import annotations

import json
import typing as t

import pytest
from hypothesis import example, given, HealthCheck, settings
from hypothesis import strategies as st

from harness.windows import windows_world
from harness.worlds import ACTIVE, ADMIN_PASSWORD, PASSWORD, SPLA_KEY
from powershell.ras_cases import acting, CANARIES, error, READERS, run, SCRIPTS, WRITERS
from powershell.twins import Bench, SECRETS, SESSION

# One engine for all, and no machine is used twice.
drawn = settings(
    max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# Without surrogates, which are no text; JSON that PowerShell reads makes dates of what looks like one.
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(lambda each: "T" not in each)
forged = st.builds(str.__add__, st.sampled_from(["ras:not_sent:", "ras:product_missing:", '{"ok": true}\n']), texts)


# -- errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [True, False], ids=["terminating", "not terminating"])
@pytest.mark.parametrize("name", WRITERS)
@given(text=forged | texts)
@example("first line\nsecond line")
@example("ras:not_sent:the vendor's own words")
@drawn
def test_a_refused_write_is_a_refusal_in_the_vendors_words(bench: Bench, name: str, ends: bool, text: str) -> None:
    script, cmdlet, given_ = WRITERS[name]
    said = run(bench, script, given_, change=acting(**{cmdlet: error(text, ends=ends)}))
    assert said.answer == {"ok": False, "error": {"code": "refused", "message": text}}


@pytest.mark.parametrize("ends", [True, False], ids=["terminating", "not terminating"])
@pytest.mark.parametrize(("script", "given_"), SCRIPTS)
def test_a_refused_logon_is_one_in_the_vendors_words(
    bench: Bench, script: str, given_: dict[str, t.Any], ends: bool
) -> None:
    text = "ras:refused:no\nnot at all"
    said = run(bench, script, given_, change=acting(New_RASSession=error(text, ends=ends)))
    assert said.answer == {"ok": False, "error": {"code": "logon_failed", "message": text}}


@pytest.mark.parametrize("ends", [True, False], ids=["terminating", "not terminating"])
@pytest.mark.parametrize("cmdlet", ["Get_RASSite", "Get_RASAgent"])
def test_agents_are_read_in_full_or_not_at_all(bench: Bench, cmdlet: str, ends: bool) -> None:
    said = run(bench, "ras_agents", {}, change=acting(**{cmdlet: error("no\npermission", ends=ends)}))
    assert said.answer == {"ok": False, "error": {"code": "refused", "message": "no\npermission"}}


@pytest.mark.parametrize(("script", "given_"), SCRIPTS)
def test_a_logoff_that_fails_is_a_warning(bench: Bench, script: str, given_: dict[str, t.Any]) -> None:
    said = run(bench, script, given_, change=acting(Remove_RASSession=error("no session", ends=False)))
    assert said.answer["ok"] is True
    assert said.result["warning"] == ["The RAS session could not be closed: no session"]
    assert said.result["error"] == []


@pytest.mark.parametrize(("script", "given_"), SCRIPTS)
def test_a_question_is_an_error(bench: Bench, script: str, given_: dict[str, t.Any]) -> None:
    said = run(bench, script, given_, change=acting(New_RASSession={"ask": "Continue?"}))
    assert said.answer["error"]["code"] == "logon_failed"
    assert "NonInteractive" in said.answer["error"]["message"]


@pytest.mark.parametrize("name", WRITERS)
def test_a_question_of_a_write_is_a_refusal(bench: Bench, name: str) -> None:
    script, cmdlet, given_ = WRITERS[name]
    said = run(bench, script, given_, change=acting(**{cmdlet: {"ask": "Continue?"}}))
    assert said.answer["error"]["code"] == "refused"


# -- nothing leaks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fails", [False, True], ids=["done", "refused"])
@pytest.mark.parametrize("name", [*READERS, *WRITERS])
def test_nothing_travels_back_but_the_answer(bench: Bench, name: str, fails: bool) -> None:
    """Cmdlets print, and warn; their answers to the script are not what they print."""
    script, cmdlet, given_ = WRITERS[name] if name in WRITERS else (name, "New-RASSession", READERS[name])
    prints = {"print": [{"LicenseKey": SPLA_KEY, "Password": PASSWORD}, ADMIN_PASSWORD], "warning": "slow"}
    printing = dict.fromkeys(("New-RASSession", "Remove-RASSession", "Invoke-RASApply", cmdlet), prints)
    if fails:
        printing[cmdlet] = {**prints, **error("no", ends=False)}
    said = run(bench, script, given_, change={"cmdlets": printing})
    assert said.answer["ok"] is not fails
    assert said.result["output"] == []
    assert "slow" in said.result["warning"]
    shown = json.dumps({key: value for key, value in said.result.items() if key != "invocation"})
    assert [secret for secret in CANARIES if secret in shown] == []


# -- sources apart -----------------------------------------------------------------------------------------------------

SITE: t.Final = {"Id": {"$type": "uint32", "value": 1}, "Name": "Main", "LicensingSite": True}
READ: t.Final = {
    "version": "Get_RASVersion",
    "license": "Get_RASLicenseDetails",
    "sites": "Get_RASSite",
    "brokers": "Get_RASBroker",
}


@pytest.mark.parametrize("ends", [True, False], ids=["terminating", "not terminating"])
@pytest.mark.parametrize("source", READ)
@given(text=texts)
@example("License is not activated.")
@example("first line\nsecond line")
@settings(parent=drawn, max_examples=3)
def test_a_source_that_cannot_be_read_is_unknown_and_hides_no_other(
    bench: Bench, source: str, ends: bool, text: str
) -> None:
    said = run(bench, "ras_observe", {}, change=acting(**{READ[source]: error(text, ends=ends)})).answer
    expected = [{"source": source, "why": text}]
    if source == "sites":
        expected.append({"source": "brokers", "why": "Brokers are listed by site, and the sites could not be read."})
    assert said["unread"] == expected
    unknown = {row["source"] for row in expected}
    assert {name for name in READ if said[name] is None} == unknown


@pytest.mark.parametrize("source", ["version", "license"])
def test_of_several_objects_none_is_chosen(bench: Bench, source: str) -> None:
    two = {"output": [{"Type": "PostPaid"}, {"Type": "PrePaid"}]}
    said = run(bench, "ras_observe", {}, change=acting(**{READ[source]: two})).answer
    assert said[source] is None
    assert said["unread"] == [{"source": source, "why": "2 objects came back where one was expected."}]


@pytest.mark.parametrize("nothing", [[], [{"$type": "null"}]], ids=["none", "null"])
def test_a_cmdlet_that_returns_nothing_is_read(bench: Bench, nothing: list[t.Any]) -> None:
    empty = {"output": nothing}
    said = run(bench, "ras_observe", {}, change=acting(Get_RASLicenseDetails=empty, Get_RASBroker=empty)).answer
    assert (said["license"], said["brokers"], said["unread"]) == (None, [], [])
    said = run(bench, "ras_observe", {}, change=acting(Get_RASSite=empty)).answer
    assert (said["sites"], said["brokers"], said["unread"]) == ([], [], [])
    assert run(bench, "ras_agents", {}, change=acting(Get_RASAgent=empty)).answer["agents"] == []


def test_one_row_is_a_list_and_many_are_all_there(bench: Bench) -> None:
    rows = [{**SITE, "Id": {"$type": "uint32", "value": number}} for number in range(1, 4)]
    for count in (1, 3):
        said = run(bench, "ras_observe", {}, change=acting(Get_RASSite={"output": rows[:count]})).answer
        assert [row["Id"] for row in said["sites"]] == [1, 2, 3][:count]


# -- rows --------------------------------------------------------------------------------------------------------------

WHOLE: t.Final = {
    "byte": 255,
    "sbyte": -128,
    "int16": -32768,
    "uint16": 65535,
    "int": -(2**31),
    "uint32": 2**32 - 1,
    "long": -(2**63),
    "uint64": 2**64 - 1,
}
STATES: t.Final = {"$type": "enum", "name": "AgentStates", "members": ["OK", "RebootPending"], "value": "RebootPending"}


@pytest.mark.parametrize("culture", ["", "de-DE", "th-TH", "fa-IR", "ar-SA"])
def test_values_are_read_alike_in_all_cultures(bench: Bench, culture: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "culture", culture)
    row: dict[str, t.Any] = {kind: {"$type": kind, "value": number} for kind, number in WHOLE.items()}
    row |= {"State": STATES, "Enabled": True, "IP": None, "Name": "cb1", "Load": {"$type": "double", "value": 1234.5}}
    row |= {"Since": {"$type": "datetime", "value": "2027-01-31T03:04:05"}}
    said = run(bench, "ras_agents", {}, change=acting(Get_RASAgent={"output": [row]})).answer
    assert said["agents"] == [
        {
            **WHOLE,
            "State": "RebootPending",
            "Enabled": True,
            "IP": None,
            "Name": "cb1",
            "Load": "1234.5",
            "Since": "2027-01-31 03:04:05",
        }
    ]


def test_a_sick_row_hides_no_other(bench: Bench) -> None:
    sick = {"Server": "rd1", "AgentState": {"$type": "throws", "value": "lost"}, "AgentVer": "21.2"}
    rows = [{"$type": "null"}, sick, {"Server": "rd2", "AgentState": "OK", "AgentVer": "21.2"}]
    said = run(bench, "ras_agents", {}, change=acting(Get_RASAgent={"output": rows})).answer
    assert said["agents"] == [{"Server": "rd1", "AgentState": None, "AgentVer": "21.2"}, rows[2]]


@pytest.mark.parametrize("change", [{}, {"cim_broken": {"Win32_ComputerSystem": "Access denied"}}])
def test_a_host_with_a_long_name_is_known_by_it(bench: Bench, change: dict[str, t.Any]) -> None:
    """The environment has 15 characters of it; that is what is left where Windows does not say the whole name."""
    name = "connection-broker-of-tokyo-001"
    world = windows_world({"alpha": {"license": ACTIVE, "hosts": [{"name": f"{name}.alpha.example.com"}]}})
    said = bench.engine(bench.machine(world), "ras_observe", change=change, **SESSION, secrets=SECRETS)
    assert said.answer["computer"] == ("CONNECTION-BROK" if change else name)
