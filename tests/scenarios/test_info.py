# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""license_info and farm_info: what they report, from every generation, and how little they ask for it."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.cases import shown
from harness.runner import Run, Runner
from harness.worlds import (
    ACTIVE,
    ADMIN,
    ADMIN_PASSWORD,
    EMAIL,
    EXPIRED,
    host_of,
    NONE,
    OTHER_KEY,
    PREPAID_KEY,
    SPLA_KEY,
    TRIAL,
    world,
)
from raslab.secrecy import mask_key
from scenarios.conftest import StartLab
from scenarios.table.people import CLOCK

pytestmark = pytest.mark.floor_full

LICENSE_INFO: t.Final = "fleetops.parallels_ras.license_info"
FARM_INFO: t.Final = "fleetops.parallels_ras.farm_info"
# What each generation is asked for. Up to 19 the logon names no farm, so that the version comes right after it; each
# older name of the brokers' resource costs one more request.
GENERATIONS: t.Final = {
    17: "logon version license logoff logon version site broker broker broker logoff",
    18: "logon version license logoff logon version site broker broker broker logoff",
    19: "logon version license logoff logon version site broker broker logoff",
    20: "logon license logoff logon site broker broker version logoff",
    21: "logon license logoff logon site broker version logoff",
    22: "logon license logoff logon site broker version logoff",
}
NAMES_ITSELF: t.Final = 20
SILENT: t.Final = {"licensing_server_fields": "absent"}


def _sites(name: str) -> dict[str, t.Any]:
    """Two sites; the licensing one is the second, and its brokers are not in the order of their priority."""
    return {
        "sites": [{"name": "Branch"}, {"name": "Head office", "licensing": True, "rds_pools": ["Pool"]}],
        "hosts": [
            {"name": f"branch1.{name}.example.com", "site": "Branch"},
            {"name": f"cb2.{name}.example.com", "priority": 1, "standby": True},
            {"name": host_of(name), "priority": 0},
            {"name": f"gw.{name}.example.com", "components": ["gateway"]},
        ],
    }


def _wrong_server(name: str) -> dict[str, t.Any]:
    """The inventory takes the second broker for the licensing server."""
    return {
        "hosts": [{"name": f"real.{name}.example.com", "member": True}, {"name": host_of(name), "member": False}],
    }


FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    **{f"v{number}": {"generation": number, "license": ACTIVE} for number in GENERATIONS},
    "prepaid": {"license": {**OTHER_KEY, "users_peak": 12, "users_now": 7}},
    "trial": {"license": TRIAL},
    "none": {"license": NONE},
    "nulls": {"license": NONE, "quirks": {"never_activated": "null_fields"}},
    "expired": {"license": EXPIRED},
    "silent": {"license": ACTIVE, "quirks": {"pa_fields": "absent"}},
    "ambiguous": {"license": {**OTHER_KEY, "expires": "2031-04-03"}},
    "token": {"license": ACTIVE, "quirks": {"logon_answer": "token_only"}},
    "sites": {"license": ACTIVE, **_sites("sites")},
    "sites-silent": {"license": ACTIVE, "quirks": SILENT, **_sites("sites-silent")},
    "wrong": {"license": ACTIVE, **_wrong_server("wrong")},
    "wrong-silent": {"license": ACTIVE, "quirks": SILENT, **_wrong_server("wrong-silent")},
    "pending": {"license": ACTIVE, "settings_pending": True},
    "nobroker": {"license": ACTIVE, "generation": 17, "quirks": {"broker_path": "none"}},
}


class Reported(t.NamedTuple):
    """Two runs, one of them in check mode, and the journal of the first."""

    run: Run
    check: Run
    journal: list[dict[str, t.Any]]
    lab: Runner

    def license(self, farm: str) -> dict[str, t.Any]:
        """What license_info returned."""
        return self.run.results(LICENSE_INFO, host_of(farm))[0]

    def farm(self, farm: str) -> dict[str, t.Any]:
        """What farm_info returned."""
        return self.run.results(FARM_INFO, host_of(farm))[0]


@pytest.fixture(scope="module")
def reported(start_lab: StartLab) -> Reported:
    made = world(FARMS)
    made["defaults"]["clock"] = CLOCK
    runner = start_lab(made)
    # Names and secrets come from the environment, as a controller's credential store would hand them over.
    env = {
        "RAS_API_USERNAME": ADMIN,
        "RAS_API_PASSWORD": ADMIN_PASSWORD,
        "RAS_CA_PATH": str(runner.lab.ca_path),
    }
    url = {"api_url": "https://{{ ansible_host }}:20443"}
    tasks = [
        {"name": "License", LICENSE_INFO: {**url, "include_raw": True}},
        {"name": "Farm", FARM_INFO: url},
    ]
    run = runner.play(tasks, env=env)
    journal = runner.lab.journal()
    check = runner.play(tasks, env=env, check=True)
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []
    return Reported(run, check, journal, runner)


def test_nothing_fails_and_nothing_is_changed(reported: Reported) -> None:
    for run in (reported.run, reported.check):
        assert run.rc == 0, run.output[-3000:]
        assert run.changed_hosts == set()
        # Of all these farms, one has a license of no known type.
        assert len(run.warnings) == 1
        assert "field_unknown" in run.warnings[0]
        assert f"//{reported.lab.lab.host('nulls')['address']}:" in run.warnings[0]
        assert ADMIN_PASSWORD not in run.output
    for name in FARMS:
        for action in (LICENSE_INFO, FARM_INFO):
            first, second = (run.results(action, host_of(name))[0] for run in (reported.run, reported.check))
            assert first == second
    count("scenario", "info: user, password and authority from the environment")
    count("scenario", "info: check mode reads the same")


@pytest.mark.parametrize("generation", list(GENERATIONS))
def test_each_generation(reported: Reported, generation: int) -> None:
    name = f"v{generation}"
    license_, farm = reported.license(name)["license"], reported.farm(name)
    truth = reported.lab.lab.farm(name)
    assert (license_["status"], license_["type"], license_["key"]) == ("active", "PostPaid", mask_key(SPLA_KEY))
    assert license_["account"] == {"email": EMAIL, "name": "Licensing", "company": "Example Holdings"}
    assert license_["expires"]["date"] == "2031-12-31"
    expected = (truth["guid"], name) if generation >= NAMES_ITSELF else (None, None)
    assert (farm["farm"]["guid"], farm["farm"]["name"]) == expected
    assert farm["service_version"] == truth["version"]
    assert farm["farm"]["is_licensing_server"] is True
    assert [site["licensing"] for site in farm["sites"]] == [True]
    asked = " ".join(entry["op"] for entry in reported.journal if entry["farm"] == name)
    assert asked == GENERATIONS[generation]
    untried = {17: "RAS 17.0.21289: documented, never tried", 22: "RAS 22.0.28102: a technical preview, never tried"}
    said = [each["observed"] for each in farm["findings"] if each["rule"] == "version_untried"]
    assert said == ([untried[generation]] if generation in untried else [])
    assert bool(reported.license(name)["raw"]) is (generation == 22)
    count("scenario", f"info: generation {generation}")


def test_unknown_fields_are_shown_when_asked_for(reported: Reported) -> None:
    assert reported.license("v22")["raw"]["subscriptionPlan"] == "preview"
    assert "subscriptionPlan" not in reported.license("v22")["license"]
    count("scenario", "license_info: include_raw")


def test_numbers_of_a_prepaid_license(reported: Reported) -> None:
    license_ = reported.license("prepaid")["license"]
    assert license_["users"] == {"licensed": 50, "peak": 12, "connected": 7}
    assert (license_["type"], license_["key"]) == ("PrePaid", mask_key(PREPAID_KEY))
    count("scenario", "license_info: prepaid")


@pytest.mark.parametrize(
    ("name", "status", "email"),
    [
        ("trial", "trial", EMAIL),
        ("none", "not_activated", None),
        ("nulls", "unreadable", None),
        ("expired", "expired", EMAIL),
        ("silent", "active", None),
    ],
)
def test_states(reported: Reported, name: str, status: str, email: str | None) -> None:
    result = reported.license(name)
    assert (result["license"]["status"], result["license"]["account"]["email"]) == (status, email)
    # The inventory declares WinRM, and nobody listens there: what REST does not report stays unknown, and that is said.
    rules = {"silent": ["winrm_failed"], "nulls": ["field_unknown"]}.get(name, [])
    assert [finding["rule"] for finding in result["findings"]] == rules
    assert shown(result | {"account_match": 0, "account_evidence": 0, "key_match": 0}) == "0/0/0"
    count("scenario", f"license_info: {name}")


def test_an_ambiguous_date_is_a_finding(reported: Reported) -> None:
    result = reported.license("ambiguous")
    assert result["license"]["expires"]["raw"] == "03/04/2031"
    assert result["license"]["expires"]["date"] is None
    (finding,) = result["findings"]
    assert finding["rule"] == "date_ambiguous"
    assert finding["observed"] == ["2031-04-03", "2031-03-04"]
    count("scenario", "license_info: ambiguous date")


def test_a_logon_that_returns_a_token_only(reported: Reported) -> None:
    result = reported.farm("token")
    assert result["farm"]["guid"] is None
    assert result["farm"]["is_licensing_server"] is True
    assert result["farm"]["licensing_server"] == host_of("token")
    count("scenario", "farm_info: token only")


@pytest.mark.parametrize("name", ["sites", "sites-silent"])
def test_sites_and_brokers_by_priority(reported: Reported, name: str) -> None:
    result = reported.farm(name)
    assert [(site["name"], site["licensing"]) for site in result["sites"]] == [("Branch", False), ("Head office", True)]
    assert [(broker["server"].split(".")[0], broker["priority"]) for broker in result["brokers"]] == [
        ("branch1", 0),
        ("cb1", 0),
        ("cb2", 1),
    ]
    assert [broker["standby"] for broker in result["brokers"]] == [False, False, True]
    assert result["farm"]["is_licensing_server"] is True
    assert result["farm"]["licensing_server"] == host_of(name)
    count("scenario", f"farm_info: {name}")


@pytest.mark.parametrize("name", ["wrong", "wrong-silent"])
def test_another_broker_says_that_it_is_the_wrong_server(reported: Reported, name: str) -> None:
    farm = reported.farm(name)["farm"]
    assert farm["is_licensing_server"] is False
    assert farm["licensing_server"] == f"real.{name}.example.com"
    assert farm["connected_server"] == host_of(name)
    count("scenario", f"farm_info: {name} server")


def test_brokers_that_the_farm_does_not_show_are_unknown(reported: Reported) -> None:
    result = reported.farm("nobroker")
    assert result["brokers"] is None
    assert (result["farm"]["is_licensing_server"], result["farm"]["licensing_server"]) == (None, None)
    assert [each["rule"] for each in result["findings"]] == ["version_untried", "brokers_unknown"]
    assert [each["rule"] for each in reported.license("nobroker")["findings"]] == ["version_untried"]
    count("scenario", "farm_info: brokers unknown")


def test_staged_settings_are_reported(reported: Reported) -> None:
    assert reported.farm("pending")["farm"]["settings_pending"] is True
    assert reported.farm("prepaid")["farm"]["settings_pending"] is False
    count("scenario", "farm_info: staged settings")
