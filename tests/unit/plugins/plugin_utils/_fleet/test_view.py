# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet as the hosts' variables show it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import known_as
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import (
    Hosts,
    HostVariables,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import (
    farm_name,
    fleet_problems,
    is_managed,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import EMAIL, KEY, KEY_SHOWN, PRIVATE_EMAIL


def _host(**changes: t.Any) -> dict[str, t.Any]:
    return {"ras_account_email": EMAIL, "ras_account_password": "account-password", **changes}


def _seen(guid: str = "{aa}", **changes: t.Any) -> dict[str, t.Any]:
    license = {"key": KEY_SHOWN, "type": "PrePaid", "status": "active"}
    return {
        "license": license,
        "farm": {"guid": guid},
        "account_match": "match",
        "account_evidence": "reported",
        **changes,
    }


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST.", "127.0.0.1", "127.8.8.8", "::1", "0:0:0:0:0:0:0:1", ".", "", "[::1]"]
)
def test_localhost_of_a_farm_is_no_inventory_host(name: str) -> None:
    hosts = {"localhost": ["localhost"], "tunnel": ["tunnel", name], name: [name], "rd1": ["rd1"]}
    assert known_as([name, "rd1"], hosts) == {"rd1": "rd1"}


def test_a_farm_is_named_by_its_variable_or_its_host() -> None:
    hosts: dict[str, dict[str, t.Any]] = {
        "h1": {"ras_farm": "tokyo"},
        "h2": {},
        "h3": {"ras_farm": ""},
        "h4": {"ras_farm": 7},
        "h5": {"ras_farm": None},
        "h6": {"ras_farm": ["tokyo"]},
        "h7": {"ras_farm": "tokyo "},
        "h8": {"ras_farm": "to\u200bkyo"},
        "h9": {"ras_farm": "Mu\u0308nchen"},
    }
    assert [farm_name(each) for each in Hosts(hosts).values()] == [
        "tokyo",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "h7",
        "h8",
        "h9",
    ]


@pytest.mark.parametrize(
    ("value", "managed"), [(True, True), ("yes", True), (False, False), ("false", False), ("no", False), (0, False)]
)
def test_managed_is_a_boolean_however_it_is_written(value: t.Any, managed: bool) -> None:
    assert is_managed(HostVariables({"h": {"ras_managed": value}}, "h")) is managed


def test_farms_are_managed_unless_said_otherwise() -> None:
    assert is_managed(HostVariables({"h": {}}, "h"))


class TestProblems:
    """What blocks the fleet as a whole."""

    @pytest.mark.parametrize("name", ["ras_farm", "ras_organization", "ras_account_email", "ras_license_key"])
    @pytest.mark.parametrize("value", [12345678, True, None, ["12345678"]])
    def test_a_name_or_a_secret_that_is_no_text_concerns_its_host_alone(self, name: str, value: t.Any) -> None:
        (problem,) = fleet_problems(["h1", "h2"], Hosts({"h1": _host(), "h2": _host(**{name: value})}))
        assert (problem["code"], problem["hosts"]) == ("invalid_option", ["h2"])
        assert f"{name} of h2 must be text" in problem["message"]
        assert "12345678" not in str(problem)

    def test_the_newest_observation_counts(self) -> None:
        hosts = {
            "h1": _host(__ras_plan_result=_seen("{aa}")),
            "h2": _host(__ras_plan_result=_seen("{aa}"), ras_license_result=_seen("{bb}")),
        }
        assert fleet_problems(hosts, Hosts(hosts)) == []
        hosts["h2"]["ras_license_result"] = {"failed": True}
        assert [each["code"] for each in fleet_problems(hosts, Hosts(hosts))] == ["duplicate_farm"]

    def test_unmanaged_farms_are_left_out(self) -> None:
        hosts = {"h1": _host(), "h2": _host(ras_account_email=PRIVATE_EMAIL, ras_managed=False)}
        assert fleet_problems(hosts, Hosts(hosts)) == []

    def test_organizations_are_apart(self) -> None:
        hosts = {"h1": _host(), "h2": _host(ras_account_email=PRIVATE_EMAIL, ras_organization="other")}
        assert fleet_problems(hosts, Hosts(hosts)) == []
        del hosts["h2"]["ras_organization"]
        (problem,) = fleet_problems(hosts, Hosts(hosts))
        assert (problem["code"], problem["hosts"]) == ("account_not_single", ["h1", "h2"])

    def test_a_prepaid_key_that_two_farms_want(self) -> None:
        hosts = {"h1": _host(ras_license_key=KEY, __ras_plan_result=_seen("{aa}")), "h2": _host(ras_license_key=KEY)}
        (problem,) = fleet_problems(hosts, Hosts(hosts))
        assert problem["code"] == "key_not_shared"
        assert KEY not in str(problem)

    def test_no_secret_is_in_a_problem(self) -> None:
        hosts = {"h1": _host(), "h2": _host(ras_account_password="another-password")}
        assert "password" not in str([each["observed"] for each in fleet_problems(hosts, Hosts(hosts))])
        assert "another-password" not in str(fleet_problems(hosts, Hosts(hosts)))
