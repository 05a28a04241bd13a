# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a run that end in one farm's preflight, in waves, and in a table."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import marked
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import ACCOUNT_PASSWORD
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import EMAIL
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_steps import NOWHERE, run

DUE: t.Final = {"state": "due", "failure": None}


class TestPreflight:
    """What is known of one farm, as its task sees it."""

    PLAN: t.ClassVar = {
        "license": {"status": "active"},
        "steps": [],
        "account_match": "match",
        "account_evidence": "key",
    }
    CHECKED: t.ClassVar = {"problems": []}

    def _one(self, **noted: t.Any) -> dict[str, t.Any]:
        noted = {"__ras_plan_result": self.PLAN, "__ras_fleet_checked": self.CHECKED, **noted}
        result = run("preflight", {"h1": {"ras_farm": "tokyo", "ras_account_email": EMAIL, **noted}})
        return t.cast("dict[str, t.Any]", result["preflight"])

    def test_a_farm_that_is_right(self) -> None:
        seen = self._one()
        assert (seen["farm"], seen["state"], seen["failure"]) == ("tokyo", "ok", None)

    def test_an_account_that_is_not_set_or_cannot_be_worked_out_is_none(self) -> None:
        for email in ("", NOWHERE):
            assert "account is not defined" in self._one(ras_account_email=email)["failure"]["message"]

    def test_only_problems_of_the_host_count(self) -> None:
        problem = {"code": "account_not_single", "message": "Two.", "remedy": "One.", "observed": None}
        others = {"problems": [{**problem, "hosts": ["h2"]}]}
        assert self._one(__ras_fleet_checked=others)["state"] == "ok"
        own = {"problems": [{**problem, "hosts": ["h2", "h1"]}]}
        assert self._one(__ras_fleet_checked=own)["failure"]["code"] == "account_not_single"

    @pytest.mark.parametrize(
        ("checked", "code"),
        [
            (
                {"failed": True, "failure": {"code": "invalid_option", "message": "No.", "remedy": "x"}},
                "invalid_option",
            ),
            ({"failed": True, "msg": "It broke."}, "internal_error"),
            ({}, "internal_error"),
        ],
    )
    def test_a_fleet_that_could_not_be_checked_is_a_failure_of_every_farm(
        self, checked: dict[str, t.Any], code: str
    ) -> None:
        seen = self._one(__ras_fleet_checked=checked)
        assert (seen["state"], seen["failure"]["code"]) == ("refused", code)

    def test_a_hook_that_cannot_be_run_refuses_the_farm(self) -> None:
        failure = {"code": "hook_failed", "message": "No such file.", "remedy": "x", "observed": None}
        assert self._one(__ras_hooks_checked={"failure": failure})["failure"]["code"] == "hook_failed"
        assert self._one(__ras_hooks_checked={"skipped": True})["state"] == "ok"

    def test_the_password_is_read_and_not_shown(self) -> None:
        finding = {"rule": "password_missing", "expected": "account_password"}
        plan = {**self.PLAN, "account_match": "unknown"}
        upgrade = {"needed": True, "installed": "20.2.26050", "wanted": "21.2.28000", "failure": None, "checks": {}}
        upgraded = {"__ras_plan_result": plan, "ras_upgrade_plan": upgrade}
        assert "ras_account_password is missing" in self._one(**upgraded)["failure"]["message"]
        seen = self._one(**upgraded, ras_account_password=ACCOUNT_PASSWORD)
        assert (seen["state"], ACCOUNT_PASSWORD in json.dumps(seen, ensure_ascii=False)) == ("due", False)
        assert self._one(__ras_plan_result={**plan, "findings": [finding]})["state"] == "refused"

    def test_members_and_agents_count(self) -> None:
        failure = {"code": "agent_failed", "message": "rd1 is lost.", "remedy": "x", "observed": None}
        upgrade = {"needed": False, "installed": "1", "wanted": "1", "failure": None, "checks": {}}
        seen = self._one(ras_upgrade_plan=upgrade, __ras_members_due={"hosts": ["rd1"], "failure": failure})
        assert seen["failure"]["code"] == "agent_failed"
        agents = {"restart_due": ["rd1"]}
        assert "restart 1 host" in self._one(ras_upgrade_plan=upgrade, __ras_agents_plan=agents)["line"]

    def test_what_a_farm_said_is_not_evaluated(self) -> None:
        plan = marked({**self.PLAN, "license": {"status": "{{ 7 * 7 }}"}})
        assert "{{ 7 * 7 }}" in self._one(__ras_plan_result=plan)["line"]


class TestRefused:
    """A farm that could not be planned."""

    def test_the_variable_at_fault_is_named(self) -> None:
        seen = run("refused", {"h1": {"ras_farm": 7, "ras_account_email": EMAIL}}, result={"msg": "It broke."})
        assert (seen["preflight"]["state"], seen["preflight"]["farm"]) == ("refused", "h1")
        assert "ras_farm of h1 must be text" in seen["preflight"]["line"]

    def test_otherwise_what_the_task_said(self) -> None:
        seen = run("refused", {"h1": {"ras_farm": "tokyo", "ras_account_email": EMAIL}}, result={"msg": "It broke."})
        assert (seen["preflight"]["farm"], seen["preflight"]["failure"]["code"]) == ("tokyo", "internal_error")
        assert "It broke." in seen["preflight"]["line"]


class TestWaves:
    """Who is in which wave, with sizes as users write them."""

    @staticmethod
    def _waves(
        names: t.Iterable[str], sizes: t.Any, *, forks: t.Any = 5, **others: dict[str, t.Any]
    ) -> dict[str, t.Any]:
        hosts = {**{host: {"ras_preflight": DUE} for host in names}, **others}
        result = run("waves", hosts, seen={"ras_waves": sizes}, hosts=list(hosts), forks=forks)
        return t.cast("dict[str, t.Any]", result["waves"])

    def test_a_single_size_needs_no_list(self) -> None:
        seen = self._waves("ab", "50%")
        assert (seen["hosts"], seen["failure"]) == ([["a"], ["b"]], None)

    def test_without_sizes_one_goes_first(self) -> None:
        hosts = {host: {"ras_preflight": DUE} for host in "abc"}
        assert run("waves", hosts, hosts=list(hosts))["waves"]["hosts"] == [["a"], ["b"], ["c"]]

    def test_only_farms_that_are_due_are_in_a_wave(self) -> None:
        """Another host that calls itself the same, one that was forgotten, and one that is not managed are in none."""
        same = {"farm": "tokyo", "failure": None}
        hosts: dict[str, dict[str, t.Any]] = {
            "h1": {"ras_preflight": {**same, "state": "due"}},
            "h3": {"ras_preflight": {**same, "state": "refused"}},
            "h4": {"ras_preflight": {}},
            "h5": {"ras_preflight": {"farm": "kobe", "state": "unmanaged"}},
            "h2": {"ras_preflight": {"farm": "osaka", "state": "due"}},
        }
        assert self._waves((), [1, "100%"], **hosts)["hosts"] == [["h1"], ["h2"]]
        assert self._waves((), [1, "100%"], h4={"ras_preflight": {}}) == {"hosts": [], "pace": "", "failure": None}

    def test_the_pace_counts_the_farms_of_each_wave(self) -> None:
        assert "wave 2: 3 farms, forks 2: 2 at a time" in self._waves("abcd", [1, "100%"], forks="2")["pace"]

    @pytest.mark.parametrize(
        ("sizes", "sentence"),
        [
            (["many"], "ras_waves holds 'many'"),
            ([], "ras_waves is empty"),
            ({"a": 1}, "ras_waves holds"),
            (None, "holds"),
        ],
    )
    def test_a_mistake_is_data_with_a_sentence_and_a_remedy(self, sizes: t.Any, sentence: str) -> None:
        seen = self._waves("a", sizes)
        assert (seen["hosts"], seen["pace"]) == ([], "")
        assert seen["failure"]["code"] == "invalid_option"
        assert sentence in seen["failure"]["message"]
        assert "expected" in seen["failure"]["message"]
        assert seen["failure"]["remedy"].startswith("Correct ras_waves")

    def test_sizes_that_cannot_be_worked_out_are_data_too(self) -> None:
        seen = self._waves("a", NOWHERE)
        assert (seen["hosts"], seen["failure"]["code"]) == ([], "invalid_option")
        assert "ras_waves of a cannot be worked out" in seen["failure"]["message"]

    def test_more_waves_than_there_are_plays_are_a_mistake(self) -> None:
        seen = self._waves([f"h{number}" for number in range(11)], [1])
        assert (seen["hosts"], seen["failure"]["code"]) == ([], "invalid_option")


class TestOutcomes:
    """How farms ended, and their table."""

    HOSTS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "h1": {
            "ras_farm": "tokyo",
            "ras_preflight": DUE,
            "ras_license_result": {"changed": True, "license": {"status": "active", "type": "PostPaid"}},
        },
        "h2": {"ras_farm": "osaka"},
    }

    @pytest.mark.parametrize(("check", "state"), [(False, "changed"), (True, "due")])
    def test_each_farm_has_a_row_and_a_line(self, check: bool, state: str) -> None:
        result = run("outcomes", self.HOSTS, hosts=["h1", "h2"], check=check)
        assert [(row["farm"], row["host"], row["state"]) for row in result["outcomes"]] == [
            ("tokyo", "h1", state),
            ("osaka", "h2", "failed"),
        ]
        assert [line.split()[0] for line in result["table"][:3]] == ["farm", "tokyo", "osaka"]

    def test_hosts_that_were_not_planned_are_not_believed(self) -> None:
        for planned, state in ([], "failed"), (["h1"], "changed"), (None, "changed"):
            given = {} if planned is None else {"planned": planned}
            assert run("outcomes", self.HOSTS, hosts=["h1"], **given)["outcomes"][0]["state"] == state

    def test_a_secret_that_is_in_the_name_of_a_host_leaves_that_name_alone(self) -> None:
        """Its failure would be nobody's, and the exit code 0."""
        name = "cb1.tokyo.example.com"
        hosts = {name: {"ras_farm": "tokyo", "ras_api_password": "tokyo.example.com"}}
        (row,) = run("outcomes", hosts, hosts=[name], planned=[name])["outcomes"]
        assert (row["host"], row["state"]) == (name, "failed")
