# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""fleet_info: one task for a whole fleet, each farm reported correctly whatever is wrong with its neighbors."""

from __future__ import annotations

import json
import typing as t
from collections import Counter

import pytest

from counts import count
from harness.runner import Run, Runner
from harness.worlds import (
    ACTIVE,
    ACTIVE_BY_OTHER,
    ADMIN_PASSWORD,
    EMAIL,
    EXPIRED,
    FOREIGN,
    host_of,
    NONE,
    OTHER_KEY,
    PASSWORD,
    SPLA_KEY,
    TRIAL,
    world,
)
from scenarios.conftest import StartLab
from scenarios.table.people import CLOCK

pytestmark = pytest.mark.floor_full

FLEET_INFO: t.Final = "fleetops.parallels_ras.fleet_info"
OLD: t.Final = "20.1.0.25000"
THREE: t.Final = "logon license logoff"
FOUR: t.Final = "logon license agent logoff"


def _fault(kind: str, on: str = "any") -> dict[str, t.Any]:
    return {"faults": [{"kind": kind, "on": on, "times": -1}]}


# What each farm is, and its state and rules with the agents read. The rest of a hundred farms is right.
FARMS: t.Final[dict[str, tuple[dict[str, t.Any], str, list[str]]]] = {
    "right": ({"license": ACTIVE}, "ok", []),
    "other-email": ({"license": ACTIVE_BY_OTHER, "vars": {"ras_account_other_emails": "tanaka@example.com"}}, "ok", []),
    "foreign": ({"license": FOREIGN}, "error", ["account_mismatch", "key_mismatch"]),
    "silent": ({"license": OTHER_KEY, "quirks": {"pa_fields": "absent"}}, "error", ["account_unknown", "key_mismatch"]),
    "secret": (
        {
            "license": OTHER_KEY,
            "quirks": {"pa_fields": "absent"},
            "vars": {"ras_on_key_mismatch": "ignore"},
        },
        "error",
        ["account_unknown"],
    ),
    "trial": ({"license": TRIAL}, "error", ["trial"]),
    "none": ({"license": NONE}, "error", ["not_activated"]),
    "expired": ({"license": EXPIRED}, "error", ["expired"]),
    "words": (
        {"license": {**ACTIVE, "status_message": "Suspended", "grace_state": "Over", "grace_days_left": 0}},
        "warning",
        ["field_unknown"],
    ),
    "pending": ({"license": ACTIVE, "settings_pending": True}, "warning", ["settings_waiting"]),
    "old": (
        {"license": ACTIVE, "generation": 19, "version": "19.4.2.24000", "vars": {"ras_version": "21.2.27306"}},
        "warning",
        ["version_behind", "product_out_of_support"],
    ),
    "oldest": ({"license": ACTIVE, "generation": 17}, "warning", ["product_out_of_support", "version_untried"]),
    "behind": (
        {
            "license": ACTIVE,
            "hosts": [
                {"name": host_of("behind")},
                {"name": "gw.behind.example.com", "components": ["gateway"], "agent_version": OLD},
                {"name": "rds.behind.example.com", "components": ["rds"], "agent_state": "ConnectionFailed"},
            ],
        },
        "warning",
        ["agents_behind", "agents_unhealthy"],
    ),
    "down": ({"license": ACTIVE, **_fault("refuse")}, "unreachable", ["unreachable"]),
    "mute": (
        {"license": ACTIVE, "vars": {"ras_timeout": 2}, **_fault("hang", "license")},
        "unreachable",
        ["unreachable"],
    ),
    "html": ({"license": ACTIVE, **_fault("html_200", "license")}, "bad_answer", ["bad_answer"]),
    "forbidden": (
        {"license": ACTIVE, **_fault("http_403", "license")},
        "credentials_rejected",
        ["credentials_rejected"],
    ),
    "azure": (
        {"license": NONE, "vars": {"ras_managed": False, "ras_unmanaged_reason": "pay as you go"}},
        "unmanaged",
        ["unmanaged"],
    ),
    "typo": ({"license": ACTIVE, "vars": {"ras_api_username": "{{ no_such_variable }}"}}, "failed", ["failed"]),
}
SPARE: t.Final = [f"spare{number}" for number in range(100 - len(FARMS))]
NEVER_ASKED: t.Final = {"azure", "typo", "down"}
OLD_ONES: t.Final = {
    "old": "logon version site broker broker license logoff",
    "oldest": "logon version site broker broker broker license logoff",
}


class Reported(t.NamedTuple):
    """A scan of licenses, one with agents in check mode, and the journal of each."""

    plain: Run
    agents: Run
    asked: dict[str, str]
    asked_agents: dict[str, str]

    def farms(self, run: str = "agents") -> dict[str, dict[str, t.Any]]:
        """The records by farm."""
        done: Run = getattr(self, run)
        (result,) = done.results(FLEET_INFO)
        return {record["farm"]: record for record in result["farms"]}


def _task(**options: t.Any) -> list[dict[str, t.Any]]:
    return [{"name": "Scan", FLEET_INFO: {"hosts": "{{ ansible_play_hosts_all }}", **options}, "run_once": True}]


def _asked(runner: Runner) -> dict[str, str]:
    operations: dict[str, list[str]] = {}
    for entry in runner.lab.journal():
        operations.setdefault(entry["farm"], []).append(entry["op"])
    runner.lab.clear_journal()
    return {farm: " ".join(ops) for farm, ops in operations.items()}


@pytest.fixture(scope="module")
def reported(start_lab: StartLab) -> Reported:
    made = world(
        {
            **{name: farm for name, (farm, _state, _rules) in FARMS.items()},
            **{name: {"license": ACTIVE} for name in SPARE},
        }
    )
    made["defaults"]["clock"] = CLOCK
    runner = start_lab(made)
    plain = runner.play(_task())
    asked = _asked(runner)
    agents = runner.play(_task(agents="listed"), check=True)
    reported = Reported(plain, agents, asked, _asked(runner))
    assert runner.lab.problems() == []
    # The farm that says nothing was left in time; what a farm with a fault does with its session is its own affair.
    assert {session["farm"] for session in runner.lab.open_sessions()} <= {"mute"}
    return reported


def test_the_scan_itself_succeeds_and_changes_nothing(reported: Reported) -> None:
    for run in (reported.plain, reported.agents):
        assert run.rc == 0, run.output[-3000:]
        assert run.changed_hosts == set()
        assert run.warnings == []
        for secret in (ADMIN_PASSWORD, PASSWORD, SPLA_KEY):
            assert secret not in json.dumps(run.records) + run.output
    count("scenario", "fleet_info: a hundred farms")
    count("scenario", "fleet_info: check mode reads the same")


@pytest.mark.parametrize("name", FARMS)
def test_each_farm_is_reported_correctly(reported: Reported, name: str) -> None:
    _farm, state, rules = FARMS[name]
    record = reported.farms()[name]
    assert (record["state"], [finding["rule"] for finding in record["findings"]]) == (state, rules), record["failure"]
    assert all(record["checks"][rule] == "finding" for rule in rules)
    assert record["host"] == host_of(name)
    count("scenario", f"fleet_info: {name}")


def test_the_neighbors_of_broken_farms_are_right(reported: Reported) -> None:
    farms = reported.farms()
    assert {farms[name]["state"] for name in SPARE} == {"ok"}
    (result,) = reported.agents.results(FLEET_INFO)
    assert {state: number for state, number in result["states"].items() if number} == dict(
        Counter(record["state"] for record in farms.values())
    )
    assert [record["host"] for record in result["farms"]] == [host_of(name) for name in (*FARMS, *SPARE)]


def test_three_requests_a_farm_and_four_with_agents(reported: Reported) -> None:
    whole = [name for name in (*FARMS, *SPARE) if name not in {*NEVER_ASKED, *OLD_ONES, "mute", "html", "forbidden"}]
    assert {reported.asked[name] for name in whole} == {THREE}
    assert {reported.asked_agents[name] for name in whole} == {FOUR}
    assert NEVER_ASKED & set(reported.asked) == set()
    # A farm that refuses is logged off all the same.
    assert reported.asked["forbidden"] == THREE
    # Up to RAS 19 the logon says neither the version nor the place: the farm is asked for both.
    assert {name: reported.asked[name] for name in OLD_ONES} == OLD_ONES
    count("scenario", "fleet_info: three requests a farm, four with agents")


def test_what_was_not_asked_is_not_checked(reported: Reported) -> None:
    record = reported.farms("plain")["old"]
    assert record["agents"] is None
    for rule in ("version_behind", "version_ahead", "agents_behind", "agents_unhealthy", "product_out_of_support"):
        assert record["checks"][rule] == "not_checked"
    assert reported.farms("plain")["down"]["checks"]["trial"] == "not_checked"
    assert record["checks"]["account_mismatch"] == "ok"
    count("scenario", "fleet_info: not asked is not checked")


def test_a_version_that_was_never_tried_is_said_without_agents_too(reported: Reported) -> None:
    for run in ("plain", "agents"):
        said = [each for each in reported.farms(run)["oldest"]["findings"] if each["rule"] == "version_untried"]
        assert [each["observed"] for each in said] == ["RAS 17.0.21289: documented, never tried"]
    count("scenario", "fleet_info: RAS 17 is said to be untried")


def test_failures_are_data_with_codes(reported: Reported) -> None:
    farms = reported.farms()
    codes = {name: farms[name]["failure"]["code"] for name in ("down", "mute", "html", "forbidden", "typo")}
    assert codes == {
        "down": "api_unreachable",
        "mute": "api_unreachable",
        "html": "bad_answer",
        "forbidden": "api_forbidden",
        "typo": "invalid_option",
    }
    assert "ras_api_username" in farms["typo"]["failure"]["message"]
    assert farms["foreign"]["wanted"]["account"] == EMAIL


def test_a_wrong_administrator_password_is_seen_by_two_farms(start_lab: StartLab) -> None:
    farms = {f"f{number}": {"license": ACTIVE} for number in range(100)}
    runner = start_lab(world(farms, vault={"ras_api_password": "not the administrator's"}))
    run = runner.play(_task(workers=64))
    assert run.rc == 0, run.output[-3000:]
    assert len(runner.lab.journal(op="logon")) <= 2
    (result,) = run.results(FLEET_INFO)
    assert {state: number for state, number in result["states"].items() if number} == {
        "credentials_rejected": 2,
        "not_tried": 98,
    }
    count("scenario", "fleet_info: a wrong administrator password, 100 farms")


def test_no_account_is_an_error(start_lab: StartLab) -> None:
    made = world({"tokyo": {"license": FOREIGN}})
    for name in ("ras_account_email", "ras_account_password", "ras_license_key"):
        del made["vault"][name]
    run = start_lab(made).play(_task())
    (record,) = run.results(FLEET_INFO)[0]["farms"]
    assert (record["state"], [each["rule"] for each in record["findings"]]) == ("error", ["account_not_given"])
    assert (record["account_match"], record["key_match"]) == ("not_checked",) * 2
    assert record["license"]["account"]["email"] == FOREIGN["account"]
    count("scenario", "fleet_info: no account is wanted")
