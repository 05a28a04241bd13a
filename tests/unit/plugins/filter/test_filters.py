# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters: names, and what they add to the pure functions behind them."""

from __future__ import annotations

import importlib
import pkgutil
import typing as t

import pytest
import yaml
from ansible_collections.fleetops.parallels_ras.plugins import filter as filters
from ansible_collections.fleetops.parallels_ras.plugins.filter import (
    fleet_checks,
    wave_gate,
    waves,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import EMAIL, PRIVATE_EMAIL

MODULES = [
    importlib.import_module(found.name) for found in pkgutil.iter_modules(filters.__path__, f"{filters.__name__}.")
]
DUE = {"state": "due", "failure": None}
FAILED = {"failed": True, "failure": {"code": "key_rejected", "message": "No.", "remedy": "Look."}}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[1])
def test_each_file_holds_one_filter_of_its_name_with_documentation(module: t.Any) -> None:
    name = module.__name__.rsplit(".", 1)[1]
    assert list(module.FilterModule().filters()) == [name]
    assert yaml.safe_load(module.DOCUMENTATION)["name"] == name
    assert yaml.safe_load(module.EXAMPLES)
    assert yaml.safe_load(module.RETURN)["_value"]


class TestWaves:
    """Sizes as users write them."""

    def test_a_single_size_needs_no_list(self) -> None:
        assert waves.waves(["a", "b"], "50%") == {"waves": {"a": 1, "b": 2}, "failure": None}

    def test_names_that_are_numbers(self) -> None:
        assert waves.waves([1, 2], [1, "100%"])["waves"] == {"1": 1, "2": 2}

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
        seen = waves.waves(["a"], sizes)
        assert seen["waves"] == {}
        assert seen["failure"]["code"] == "invalid_option"
        assert sentence in seen["failure"]["message"]
        assert "expected" in seen["failure"]["message"]
        assert seen["failure"]["remedy"].startswith("Correct ras_waves")

    def test_more_waves_than_there_are_plays_are_a_mistake(self) -> None:
        seen = waves.waves(range(11), [1])
        assert (seen["waves"], seen["failure"]["code"]) == ({}, "invalid_option")


class TestConfirmation:
    """Deactivation is confirmed for the managed farms of the run."""

    HOSTS: t.ClassVar = {
        "h1": {"ras_farm": "tokyo", "ras_account_email": EMAIL},
        "h2": {"ras_farm": "osaka", "ras_account_email": EMAIL},
        "h3": {"ras_farm": "azure", "ras_managed": False},
    }

    def _codes(self, hosts: list[str], confirm: t.Any) -> list[str]:
        return [each["code"] for each in fleet_checks.fleet_checks(list(self.HOSTS), self.HOSTS, hosts, confirm)]

    def test_the_exact_list(self) -> None:
        assert self._codes(["h1", "h2", "h3"], "tokyo,osaka") == []
        assert self._codes(["h1"], ["tokyo"]) == []

    @pytest.mark.parametrize("confirm", [None, "", "tokyo", "tokyo,osaka,azure"])
    def test_any_other(self, confirm: t.Any) -> None:
        assert self._codes(["h1", "h2", "h3"], confirm) == ["not_confirmed_list"]

    def test_where_nothing_is_deactivated_nothing_is_confirmed(self) -> None:
        assert self._codes([], None) == []
        assert self._codes(["h3"], None) == []

    def test_it_goes_before_the_problems_of_the_fleet_and_names_its_hosts(self) -> None:
        hosts = {**self.HOSTS, "h2": {"ras_account_email": PRIVATE_EMAIL}}
        first, second = fleet_checks.fleet_checks(list(hosts), hosts, ["h1"], None)
        assert (first["code"], first["hosts"], second["code"]) == ("not_confirmed_list", ["h1"], "account_not_single")

    def test_a_slice_goes_before_all_and_is_allowed_host_by_host(self) -> None:
        slices = {"ras_job_slice_count": 2}
        hosts = {host: {**values, **slices} for host, values in self.HOSTS.items()}
        hosts["h2"]["ras_allow_slicing"] = "yes"
        first, second = fleet_checks.fleet_checks(list(hosts), hosts, ["h1"], None)
        # h3 is not managed.
        assert (first["code"], first["hosts"]) == ("job_sliced", ["h1"])
        assert second["code"] == "not_confirmed_list"

    def test_what_one_host_allows_concerns_no_other(self) -> None:
        slices = {"ras_job_slice_count": 2}
        hosts: dict[str, dict[str, t.Any]] = {host: dict(slices) for host in ("h1", "h2", "h3")}
        hosts["h2"]["ras_allow_slicing"] = True
        assert fleet_checks.fleet_checks(list(hosts), hosts)[0]["hosts"] == ["h1", "h3"]


class TestWaveGate:
    """Whether the next wave may start."""

    WAVES: t.ClassVar = {"1": ["a"], "2": ["b", "member"], "3": ["c"]}

    def _gate(self, wave: t.Any, most: t.Any = 0, **hosts: dict[str, t.Any]) -> dict[str, t.Any]:
        return wave_gate.wave_gate(self.WAVES, wave, list(hosts), hosts, most)

    def test_after_a_good_wave_the_next_starts(self) -> None:
        good = {"ras_preflight": DUE, "ras_license_result": {"changed": True}}
        assert self._gate(2, a=good, b={"ras_preflight": DUE}) == {"stop": "", "hosts": {}}

    @pytest.mark.parametrize(
        "bad",
        [{"ras_preflight": DUE, "ras_license_result": FAILED}, {"ras_preflight": DUE}, {}],
        ids=["failed", "lost in its wave", "lost before"],
    )
    def test_after_a_bad_one_it_does_not(self, bad: dict[str, t.Any]) -> None:
        assert "1 farm of" in self._gate(2, a=bad, b={"ras_preflight": DUE})["stop"]
        assert self._gate("2", "1", a=bad, b={"ras_preflight": DUE})["stop"] == ""

    def test_a_host_that_is_in_no_wave_does_not_count_by_its_name(self) -> None:
        """Refused by the plan, or of an earlier playbook of the run: two hosts may have the name of one farm."""
        good = {"ras_preflight": DUE, "ras_license_result": {"changed": True}, "ras_farm": "tokyo"}
        other = {"ras_preflight": DUE, "ras_license_result": FAILED, "ras_farm": "tokyo"}
        assert self._gate(2, a=good, x=other, b={})["stop"] == ""

    def test_a_farm_counts_that_is_called_otherwise_since_the_plan(self) -> None:
        bad = {"ras_preflight": DUE, "ras_license_result": FAILED, "ras_farm": "of another wave"}
        assert "1 farm of" in self._gate(2, a=bad, b={})["stop"]

    def test_members_are_no_farms(self) -> None:
        good = {"ras_preflight": DUE, "ras_license_result": {"changed": True}}
        assert self._gate(3, a=good, b=good, c={})["stop"] == ""

    def test_farms_of_this_and_later_waves_and_of_none_do_not_count(self) -> None:
        assert self._gate(1, a={}, b={}, c={}, z={})["stop"] == ""
        assert "1 farm of" in self._gate(2, a={}, b={}, c={}, z={})["stop"]

    def test_farms_of_a_wave_that_was_not_started_are_not_further_failures(self) -> None:
        stopped = {"stop": "1 farm of earlier waves did not end well (a); ras_max_failed_farms=0.", "hosts": {}}
        bad = {"ras_preflight": DUE, "ras_license_result": FAILED, "__ras_wave_gate": {"stop": "", "hosts": {}}}
        held = {"ras_preflight": DUE, "__ras_wave_stopped": stopped["stop"], "__ras_wave_gate": stopped}
        gate = self._gate(3, a=bad, b=held, c={"ras_preflight": DUE})
        assert gate["stop"] == stopped["stop"]

    def test_a_single_host_that_was_held_back_counts(self) -> None:
        """A canary that was not tried has shown nothing."""
        why = {"a": "One farm answers for several inventory hosts."}
        held = {"ras_preflight": DUE, "__ras_wave_stopped": why["a"], "__ras_wave_gate": {"stop": "", "hosts": why}}
        assert "(a)" in self._gate(2, a=held, b={"ras_preflight": DUE})["stop"]

    def test_what_the_earlier_waves_showed_stops_single_hosts(self) -> None:
        same = {"license": {}, "farm": {"guid": "x"}}
        good = {"ras_preflight": DUE, "ras_license_result": {"changed": True, **same}}
        gate = self._gate(2, a=good, b={"ras_preflight": DUE, "__ras_plan_result": same})
        assert gate["stop"] == ""
        assert set(gate["hosts"]) == {"a", "b"}
        assert "One farm answers for several" in gate["hosts"]["b"]
