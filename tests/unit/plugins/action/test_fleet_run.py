# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of fleet_run: whose variables a step reads, and no secret in what it returns."""

from __future__ import annotations

import json
import types
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.action import fleet_run
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import fleet_run_spec
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.steps import STEPS
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import ACCOUNT_PASSWORD, make
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import EMAIL, KEY, PRIVATE_EMAIL
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_steps import (
    Fleet,
    HostVars,
    NOWHERE,
    run,
    template,
)


def test_each_step_that_can_be_asked_for_is_there() -> None:
    assert list(STEPS) == fleet_run_spec()["step"]["choices"]


def test_no_option_takes_a_secret() -> None:
    """They are read out of the variables of hosts; an option would be in every log."""
    assert [name for name, option in fleet_run_spec().items() if "no_log" in option or "password" in name] == []


class TestBegin:
    """Secrets that Ansible would evaluate."""

    HOSTS: t.ClassVar = {
        "h1": {"ras_account_password": "pass{{word of mine"},
        "h2": {"ras_account_password": "plain one"},
    }

    def test_one_sentence_for_each_host_without_its_value(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = "ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.templates.is_evaluated"
        monkeypatch.setattr(module, lambda _text: True)
        result = run("begin", self.HOSTS, hosts=["h1", "h2"])
        (sentence,) = result["refused"]
        assert sentence.startswith("ras_account_password of h1 would be evaluated")
        assert sentence.endswith("Nothing was sent.")
        assert "word of mine" not in json.dumps(result)

    def test_nothing_is_worked_out(self) -> None:
        """A look for what must not be evaluated does not evaluate it, not even to hide it."""
        worked_out: list[t.Any] = []
        action = make(fleet_run.ActionModule, {"step": "begin", "hosts": ["h1"]})
        action._templar = types.SimpleNamespace(template=lambda value, **_options: worked_out.append(value))
        own = {"ras_account_password": "{{ lookup('pipe', 'x') }}"}
        assert action.run(None, {**own, "hostvars": HostVars({"h1": own})})["refused"] == []
        assert worked_out == []


class TestVariables:
    """Whether one host is refused, by what its task sees."""

    def test_a_host_that_is_right_is_not(self) -> None:
        for goes_on in (False, True):
            result = run("variables", {"h1": {"ras_farm": "tokyo"}}, seen={"ras_waves": [1]}, goes_on=goes_on)
            assert not {"failed", "failure", "refused_for"} & set(result)

    @pytest.mark.parametrize(
        ("own", "seen", "says"),
        [
            ({"ras_manged": False}, {}, "ras_manged (did you mean ras_managed?)"),
            ({}, {"ras_manged": False}, "ras_manged (did you mean ras_managed?)"),
            ({"ras_farm": 7}, {}, "ras_farm of h1 must be text"),
            ({"ras_farm": "tokyo"}, {"ras_farm": 7}, "ras_farm of h1 must be text"),
            ({}, {"ras_reboot": "sometimes"}, "ras_reboot"),
            ({}, {"ras_farm": NOWHERE}, "ras_farm of h1 cannot be worked out"),
            ({}, {"ras_own_variables": NOWHERE}, "ras_own_variables of h1 cannot be worked out"),
        ],
    )
    def test_a_host_that_is_not_fails_with_the_name_at_fault(
        self, own: dict[str, t.Any], seen: dict[str, t.Any], says: str
    ) -> None:
        result = run("variables", {"h1": own, "h2": {}}, seen=seen)
        assert (result["failed"], result["failure"]["code"]) == (True, "invalid_option")
        assert says in result["msg"]
        planned = run("variables", {"h1": own, "h2": {}}, seen=seen, goes_on=True)
        assert (planned["refused_for"], planned.get("failed", False)) == (result["failure"], False)

    def test_own_variables_are_known(self) -> None:
        assert "failure" not in run("variables", {"h1": {"ras_mine": 1}}, seen={"ras_own_variables": ["ras_mine"]})

    def test_the_hosts_own_variable_is_named_and_not_the_one_that_refers_to_it(self) -> None:
        own = {"ansible_host": NOWHERE}
        result = run("variables", {"h1": own}, seen={"ras_api_url": template("https://{{ ansible_host }}:20443")})
        assert "The variable ansible_host of h1 cannot be worked out" in result["msg"]

    def test_a_misplaced_secret_is_not_shown(self) -> None:
        own = {"ras_account_password": ACCOUNT_PASSWORD, "ras_reboot": ACCOUNT_PASSWORD}
        assert ACCOUNT_PASSWORD not in json.dumps(run("variables", {"h1": own}), ensure_ascii=False)


@pytest.mark.parametrize(("farm", "plays"), [("tokyo", True), ("osaka", False), ("cb2", True), (7, False)])
def test_a_member_plays_where_a_licensing_server_of_its_farm_does(farm: t.Any, plays: bool) -> None:
    hosts = {"rd1": {"ras_farm": farm}, "cb1": {"ras_farm": "tokyo"}, "cb2": {}, "cb3": {"ras_farm": "osaka"}}
    assert run("member", hosts, hosts=["cb1", "cb2"])["plays"] is plays


def test_the_hosts_of_all_farms_are_found_in_one_step() -> None:
    hosts = {
        "cb1": {"ras_farm": "tokyo"},
        "cb2": {"ras_farm": "osaka"},
        "rd1": {"ras_farm": "tokyo", "ras_agents_method": "msi", "ansible_host": "192.0.2.7"},
        "rd2": {"ras_farm": "tokyo"},
    }
    result = run("hosts", hosts, hosts=["cb1", "cb2", "cb1"], members=["rd1", "rd2"])
    installing = {"host": "rd1", "names": ["192.0.2.7", "rd1"]}
    assert result["members"] == {"cb1": [installing], "cb2": []}
    assert [each["host"] for each in result["hosts"]["cb1"]] == ["cb1", "rd1", "rd2"]
    assert result["hosts"]["cb2"] == [{"host": "cb2", "names": ["cb2"]}]


class TestCheck:
    """The fleet as a whole. Deactivation is confirmed for the managed farms of the run."""

    HOSTS: t.ClassVar[dict[str, dict[str, t.Any]]] = {
        "h1": {"ras_farm": "tokyo", "ras_account_email": EMAIL},
        "h2": {"ras_farm": "osaka", "ras_account_email": EMAIL},
        "h3": {"ras_farm": "azure", "ras_managed": False},
    }

    @staticmethod
    def _problems(hosts: Fleet, confirm_hosts: t.Sequence[str] = (), confirm: t.Any = None) -> list[dict[str, t.Any]]:
        seen = {"ras_confirm_deactivate": confirm}
        result = run("check", hosts, seen=seen, hosts=list(hosts), confirm_hosts=list(confirm_hosts))
        return t.cast("list[dict[str, t.Any]]", result["problems"])

    def _codes(self, hosts: list[str], confirm: t.Any) -> list[str]:
        return [each["code"] for each in self._problems(self.HOSTS, hosts, confirm)]

    def test_the_exact_list(self) -> None:
        assert self._codes(["h1", "h2", "h3"], "tokyo,osaka") == []
        assert self._codes(["h1"], ["tokyo"]) == []

    @pytest.mark.parametrize("confirm", [None, "", "tokyo", "tokyo,osaka,azure"])
    def test_any_other(self, confirm: t.Any) -> None:
        assert self._codes(["h1", "h2", "h3"], confirm) == ["not_confirmed_list"]

    def test_where_nothing_is_deactivated_nothing_is_confirmed(self) -> None:
        assert self._codes([], NOWHERE) == []
        assert self._codes(["h3"], None) == []

    def test_a_list_that_cannot_be_worked_out_is_a_failure_of_the_step(self) -> None:
        hosts, seen = ["h1"], {"ras_confirm_deactivate": NOWHERE}
        result = run("check", self.HOSTS, seen=seen, hosts=hosts, confirm_hosts=hosts)
        assert (result["failure"]["code"], "problems" in result) == ("invalid_option", False)

    def test_it_goes_before_the_problems_of_the_fleet_and_names_its_hosts(self) -> None:
        hosts = {**self.HOSTS, "h2": {"ras_account_email": PRIVATE_EMAIL}}
        first, second = self._problems(hosts, ["h1"])
        assert (first["code"], first["hosts"], second["code"]) == ("not_confirmed_list", ["h1"], "account_not_single")

    def test_a_slice_goes_before_all_and_is_allowed_host_by_host(self) -> None:
        slices = {"ras_job_slice_count": 2}
        hosts = {host: {**values, **slices} for host, values in self.HOSTS.items()}
        hosts["h2"]["ras_allow_slicing"] = "yes"
        first, second = self._problems(hosts, ["h1"])
        # h3 is not managed.
        assert (first["code"], first["hosts"]) == ("job_sliced", ["h1"])
        assert second["code"] == "not_confirmed_list"

    def test_what_one_host_allows_concerns_no_other(self) -> None:
        slices = {"ras_job_slice_count": 2}
        hosts: dict[str, dict[str, t.Any]] = {host: dict(slices) for host in ("h1", "h2", "h3")}
        hosts["h2"]["ras_allow_slicing"] = True
        assert self._problems(hosts)[0]["hosts"] == ["h1", "h3"]

    def test_passwords_are_compared_and_not_shown(self) -> None:
        hosts = {
            "h1": {"ras_account_email": EMAIL, "ras_account_password": ACCOUNT_PASSWORD},
            # The password of another host than the task's, where none belongs.
            "h2": {
                "ras_account_email": EMAIL,
                "ras_account_password": "another-password",
                "ras_farm": "another-password",
            },
            "h3": {
                "ras_account_email": EMAIL,
                "ras_account_password": ACCOUNT_PASSWORD,
                "ras_farm": "another-password",
            },
        }
        problems = self._problems(hosts)
        assert [each["code"] for each in problems] == ["account_not_single", "duplicate_farm"]
        assert [each["hosts"] for each in problems] == [["h1", "h2", "h3"], ["h2", "h3"]]
        assert "another-password" not in json.dumps(problems)

    def test_members_count_where_they_are_upgraded(self) -> None:
        hosts = {**self.HOSTS, "rd1": {"ras_farm": "tokyo", "ras_agents_method": "MSI"}}
        servers = list(self.HOSTS)
        (problem,) = run("check", hosts, hosts=servers, members=["rd1"])["problems"]
        assert (problem["code"], problem["hosts"]) == ("invalid_option", ["h1"])
        assert run("check", hosts, hosts=servers)["problems"] == []

    def test_a_secret_that_is_in_the_name_of_a_host_leaves_that_name_alone(self) -> None:
        """A problem of a host that there is not would be nobody's."""
        name = "cb1.tokyo.example.com"
        hosts = {name: {"ras_farm": 7, "ras_api_password": "tokyo.example.com", "ras_license_key": KEY}}
        (problem,) = self._problems(hosts)
        assert problem["hosts"] == [name]
