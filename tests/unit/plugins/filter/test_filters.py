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
    waves,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import EMAIL, PRIVATE_EMAIL

MODULES = [
    importlib.import_module(found.name) for found in pkgutil.iter_modules(filters.__path__, f"{filters.__name__}.")
]
DUE = {"state": "due", "failure": None}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[1])
def test_each_file_holds_one_filter_of_its_name_with_documentation(module: t.Any) -> None:
    name = module.__name__.rsplit(".", 1)[1]
    assert list(module.FilterModule().filters()) == [name]
    assert yaml.safe_load(module.DOCUMENTATION)["name"] == name
    assert yaml.safe_load(module.EXAMPLES)
    assert yaml.safe_load(module.RETURN)["_value"]


class TestWaves:
    """Who is in which wave, with sizes as users write them."""

    @staticmethod
    def _waves(hosts: t.Iterable[str], sizes: t.Any, forks: t.Any = 5, **others: dict[str, t.Any]) -> dict[str, t.Any]:
        hostvars = {**{host: {"ras_preflight": DUE} for host in hosts}, **others}
        return waves.waves(list(hostvars), hostvars, sizes, forks)

    def test_a_single_size_needs_no_list(self) -> None:
        seen = self._waves("ab", "50%")
        assert (seen["hosts"], seen["failure"]) == ([["a"], ["b"]], None)

    def test_only_farms_that_are_due_are_in_a_wave(self) -> None:
        """Another host that calls itself the same, one that was forgotten, and one that is not managed are in none."""
        same = {"farm": "tokyo", "failure": None}
        hosts = {
            "h1": {"ras_preflight": {**same, "state": "due"}},
            "h3": {"ras_preflight": {**same, "state": "refused"}},
            "h4": {"ras_preflight": {}},
            "h5": {"ras_preflight": {"farm": "kobe", "state": "unmanaged"}},
            "h2": {"ras_preflight": {"farm": "osaka", "state": "due"}},
        }
        assert waves.waves(list(hosts), hosts, [1, "100%"], 5)["hosts"] == [["h1"], ["h2"]]
        assert waves.waves(["h4"], hosts, [1, "100%"], 5) == {"hosts": [], "pace": "", "failure": None}

    def test_the_pace_counts_the_farms_of_each_wave(self) -> None:
        assert "wave 2: 3 farms, forks 2: 2 at a time" in self._waves("abcd", [1, "100%"], "2")["pace"]

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

    def test_more_waves_than_there_are_plays_are_a_mistake(self) -> None:
        seen = self._waves([f"h{number}" for number in range(11)], [1])
        assert (seen["hosts"], seen["failure"]["code"]) == ([], "invalid_option")


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
