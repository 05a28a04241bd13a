# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The back ends auto and winrm over real WinRM: when it is asked, what it refuses, and that it is never in the way."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.cases import shown, task
from harness.rhythm import effects
from harness.runner import Run, Runner
from harness.windows import asked, case, NO_REST, NO_WINRM, OPTIONS, SILENT, windows_world
from harness.worlds import ACTIVE, EMAIL, FOREIGN, host_of, NONE, OTHER_EMAIL, PRIVATE
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

# The connection plugin waits that long for the rest of an answer that never comes.
IMPATIENT: t.Final = {"ansible_winrm_operation_timeout_sec": 2, "ansible_winrm_read_timeout_sec": 4}
# A person of the account for this farm alone: an attempt whose outcome is unknown stops the others of that person.
OTHERS: t.Final = {"account_email": OTHER_EMAIL, "account_password": "another person's secret", "settle_timeout": 2}

FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    # auto, REST is well
    "fine": case("auto", ACTIVE),
    "fine-fresh": case("auto", NONE),
    "tls": case("auto", ACTIVE, {"faults": [{"kind": "tls_foreign"}]}),
    # auto, no REST
    "refused": case("auto", NONE, NO_REST),
    "switched-off": case("auto", ACTIVE, {"quirks": {"rest_enabled": False}}),
    "both-down": case("auto", ACTIVE, {**NO_REST, **NO_WINRM}),
    # auto, REST does not report the account
    "silent": case("auto", ACTIVE, SILENT),
    "silent-foreign": case("auto", FOREIGN, SILENT),
    "silent-move": case("auto", FOREIGN, SILENT, on_account_mismatch="reactivate"),
    "silent-down": case("auto", ACTIVE, {**SILENT, **NO_WINRM}),
    "silent-both": case("auto", ACTIVE, {"quirks": {"pa_fields": "absent", "ps_pa_fields": "absent"}}),
    "silent-rest": case("rest", ACTIVE, SILENT),
    # winrm
    "old": case("winrm", ACTIVE, {"hosts": [{"name": host_of("old"), "agent_version": "17.1.2.21790"}]}),
    "missing": case("winrm", ACTIVE, {"windows": {"ras_installed": False}}),
    "down": case("winrm", ACTIVE, NO_WINRM),
    "stopped": case(
        "winrm", ACTIVE, {"windows": {"services": [{"name": "RAS Connection Broker", "state": "Stopped"}]}}
    ),
    "given-back": case("winrm", ACTIVE, state="absent"),
    "pinned": case("winrm", NONE, farm_guid="{11111111-2222-3333-4444-555555555555}"),
    "lost": case("winrm", NONE, {"faults": [{"kind": "reset_after", "on": "ras_license_write"}]}),
    "lost-early": case(
        "winrm",
        NONE,
        {"faults": [{"kind": "reset_before", "on": "ras_license_write"}], "vars": IMPATIENT},
        **OTHERS,
    ),
    "wrong-server": case(
        "winrm",
        NONE,
        {
            "hosts": [
                {"name": "real.wrong-server.example.com", "member": True},
                {"name": host_of("wrong-server"), "member": False, "vars": {"case": {"backend": "winrm"}}},
            ]
        },
    ),
}
FAILED: t.Final = {
    "tls": "tls_untrusted",
    "both-down": "api_unreachable",
    "silent-foreign": "account_mismatch",
    "old": "product_too_old",
    "missing": "product_missing",
    "down": "host_unreachable",
    "stopped": "api_unreachable",
    "pinned": "wrong_farm",
    "wrong-server": "wrong_server",
}
EFFECTS: t.Final = {
    "fine-fresh": ["activated"],
    "refused": ["activated"],
    "silent-move": ["activated"],
    "given-back": ["deactivated"],
    "lost": ["activated"],
}


class Three(t.NamedTuple):
    """A run in check mode, the real one, and one more; the scripts and requests of each farm in each."""

    check: Run
    apply: Run
    again: Run
    seen: list[dict[str, str]]
    lab: Runner

    def result(self, farm: str) -> dict[str, t.Any]:
        """What the real run returned for a farm."""
        return self.apply.license(host_of(farm))

    def rules(self, farm: str) -> list[str]:
        """The findings of the real run."""
        return [finding["rule"] for finding in self.result(farm)["findings"]]


@pytest.fixture(scope="module")
def three(start_lab: StartLab) -> Three:
    runner = start_lab(windows_world(FARMS))
    runs, seen = [], []
    for number, check in enumerate((True, False, False)):
        runner.lab.clear_journal()
        run = runner.play([task(OPTIONS), {"name": "Go on", "ansible.builtin.debug": {"msg": "on"}}], check=check)
        assert run.rc == 0, run.output
        assert effects(runner) == (EFFECTS if number == 1 else {"lost-early": ["activated"]} if number == 2 else {})
        assert runner.lab.problems() == []
        runs.append(run)
        seen.append({farm: asked(runner, farm) for farm in FARMS})
    assert runner.lab.open_sessions() == []
    return Three(*runs, seen, runner)


def test_each_farm_ends_as_it_should(three: Three) -> None:
    codes = {farm: (three.result(farm).get("failure") or {}).get("code") for farm in FARMS}
    assert {farm: code for farm, code in codes.items() if code} == {**FAILED, "lost-early": "outcome_unknown"}
    for run in (three.check, three.again):
        codes = {farm: (run.license(host_of(farm)).get("failure") or {}).get("code") for farm in FARMS}
        assert {farm: code for farm, code in codes.items() if code} == FAILED
    count("scenario", "winrm and auto: check, apply, again")


def test_no_host_is_unreachable_and_the_play_goes_on(three: Three) -> None:
    for run in (three.check, three.apply, three.again):
        assert not any(stats["unreachable"] for stats in run.stats.values())
        assert {each["host"] for each in run.records if each.get("task") == "Go on"} == set(map(host_of, FARMS))
    count("scenario", "auto: WinRM that is down makes no host unreachable")


def test_winrm_is_not_used_where_rest_works(three: Three) -> None:
    for farm in ("fine", "fine-fresh", "silent-rest", "tls"):
        assert three.rules(farm) == []
        assert not any("ras_" in each[farm] for each in three.seen)
    assert three.seen[1]["fine"] == "logon license logoff"
    assert three.seen[1]["fine-fresh"] == "logon license activate license logoff"
    assert three.result("fine")["backend_used"] == "rest"
    # The journal is that of the last run: not even a shell was opened.
    assert {each["protocol"] for each in three.lab.lab.journal("fine")} == {"rest"}
    count("scenario", "auto: REST is well, WinRM is not touched")


def test_winrm_is_used_where_nothing_of_rest_answers(three: Three) -> None:
    for farm in ("refused", "switched-off"):
        assert (three.result(farm)["backend_used"], three.rules(farm)) == ("winrm", ["rest_unreachable"])
        assert shown(three.result(farm)) == "match/reported/match"
    assert three.seen[0]["refused"] == "ras_observe"
    assert three.seen[1]["refused"] == "ras_observe ras_license_write ras_observe"
    assert three.rules("both-down") == ["winrm_failed"]
    count("scenario", "auto: REST refused")
    count("scenario", "auto: REST switched off")
    count("scenario", "auto: neither REST nor WinRM")


def test_the_account_that_rest_does_not_report_comes_over_winrm(three: Three) -> None:
    result = three.result("silent")
    assert (shown(result), three.rules("silent")) == ("match/reported/match", ["account_by_winrm"])
    assert (result["backend_used"], result["license"]["account"]["email"]) == ("rest", EMAIL)
    assert three.seen[1]["silent"] == "logon license ras_observe logoff"
    assert PRIVATE in three.result("silent-foreign")["msg"]
    assert three.seen[1]["silent-foreign"] == "logon license ras_observe logoff"
    count("scenario", "auto: account over WinRM")


def test_what_was_read_over_winrm_is_written_over_rest(three: Three) -> None:
    assert three.seen[1]["silent-move"] == "logon license ras_observe activate license logoff"
    assert three.result("silent-move")["backend_used"] == "rest"
    assert three.lab.lab.farm("silent-move")["license"]["account"] == EMAIL
    count("scenario", "auto: no write over WinRM where REST is there, and no reading after the write")


def test_winrm_that_is_no_help_is_a_finding(three: Three) -> None:
    for farm in ("silent-down", "silent-both"):
        assert (shown(three.result(farm)), three.rules(farm)) == ("match/key/match", ["winrm_failed"])
    count("scenario", "auto: WinRM down is a finding")
    count("scenario", "auto: the account is reported nowhere")


def test_a_lost_answer_is_read_again_and_nothing_is_sent_twice(three: Three) -> None:
    assert three.seen[1]["lost"].split().count("ras_license_write") == 1
    assert three.seen[1]["lost"].endswith("ras_license_write ras_observe ras_observe")
    assert (shown(three.result("lost")), three.rules("lost")) == ("match/reported/match", ["answer_lost"])
    assert three.seen[1]["lost-early"].split().count("ras_license_write") == 1
    assert three.result("lost-early")["failure"]["code"] == "outcome_unknown"
    assert three.seen[2]["lost-early"] == "ras_observe ras_license_write ras_observe"
    count("scenario", "winrm: lost answer, confirmed")
    count("scenario", "winrm: lost request, unknown, and fixed by the next run")


def test_what_winrm_alone_can_refuse(three: Three) -> None:
    assert "RAS 15-17" in three.result("old")["msg"]
    assert "not installed" in three.result("missing")["msg"]
    assert "Connection Broker" in three.result("stopped")["msg"]
    assert "the farm does not report" in three.result("pinned")["msg"]
    for farm in ("old", "missing", "down", "stopped", "pinned", "wrong-server"):
        assert not any("ras_license_write" in each[farm] for each in three.seen)
        count("scenario", f"winrm: {FAILED[farm]} ({farm})")
    assert three.lab.lab.farm("given-back")["license"]["state"] == "deactivated"
    count("scenario", "winrm: deactivated")
