# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which server is the licensing server, where the farm does not say so."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.placement import (
    locate_licensing_server,
    place,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_backend import FakeFarm

SITES = [Site(1, "Tokyo", False), Site(2, "Osaka", True)]
BROKERS = [
    Broker(1, "cb1.tokyo.example.com", "10.1.0.1", 1, 0),
    Broker(2, "cb1.osaka.example.com", "10.2.0.1", 2, 0),
    Broker(3, "cb2.osaka.example.com", "10.2.0.2", 2, 1),
]


@pytest.mark.parametrize(
    ("connected", "host", "verdict"),
    [
        pytest.param("cb1.osaka.example.com", "x", True, id="full name"),
        pytest.param("CB1.OSAKA.EXAMPLE.COM.", "x", True, id="case and final dot"),
        pytest.param("10.2.0.1", "x", True, id="address"),
        pytest.param(None, "10.2.0.1", True, id="address of the URL"),
        pytest.param(None, "cb1.osaka.example.com", True, id="name of the URL"),
        pytest.param("cb2.osaka.example.com", "ras.example.com", False, id="second broker of the licensing site"),
        pytest.param("cb1.tokyo.example.com", "ras.example.com", False, id="primary of another site"),
        pytest.param(None, "ras.example.com", None, id="a load balancer settles nothing"),
        pytest.param("unheard", "", None, id="a name that nobody has"),
        pytest.param("10.2.0.9", "", None, id="an address that nobody has"),
        pytest.param("cb1.kyoto.example.com", "", None, id="another domain is another server"),
    ],
)
def test_the_primary_broker_of_the_licensing_site(connected: str | None, host: str, verdict: bool | None) -> None:
    placed = place(Farm(connected_server=connected), SITES, BROKERS, host)
    assert placed.is_licensing_server is verdict
    assert placed.licensing_server == "cb1.osaka.example.com"


@pytest.mark.parametrize("farm", [Farm(), Farm(connected_server="cb1.osaka.example.com")])
def test_brokers_that_the_farm_does_not_show_settle_nothing(farm: Farm) -> None:
    assert place(farm, SITES, None, "cb1.osaka.example.com") == farm


def test_a_short_name_means_a_full_one() -> None:
    brokers = [Broker(1, "CB1", None, 2, 0)]
    assert place(Farm(connected_server="cb1.osaka.example.com"), SITES, brokers, "").is_licensing_server is True
    full = [Broker(1, "cb9.osaka.example.com", None, 2, 0)]
    assert place(Farm(connected_server="cb9"), SITES, full, "").is_licensing_server is True


def test_brokers_that_nobody_can_name_are_not_taken_for_one_another() -> None:
    brokers = [Broker(1, "", "10.2.0.1", 2, 0), Broker(2, "", "10.2.0.2", 2, 1)]
    assert place(Farm(), SITES, brokers, "10.2.0.1").is_licensing_server is True
    assert place(Farm(), SITES, brokers, "10.2.0.2").is_licensing_server is False
    assert place(Farm(), SITES, brokers, "cb1.osaka.example.com").is_licensing_server is None


def test_the_lowest_priority_wins_where_there_is_no_zero() -> None:
    brokers = [Broker(2, "second", None, 2, 2), Broker(1, "first", None, 2, 1)]
    assert place(Farm(connected_server="first"), SITES, brokers, "").is_licensing_server is True
    assert place(Farm(connected_server="second"), SITES, brokers, "").is_licensing_server is False


def test_a_disabled_broker_is_not_a_candidate() -> None:
    brokers = [Broker(1, "first", None, 2, 0, enabled=False), Broker(2, "second", None, 2, 1, enabled=True)]
    assert place(Farm(connected_server="second"), SITES, brokers, "").is_licensing_server is True
    assert place(Farm(connected_server="first"), SITES, brokers, "").is_licensing_server is False


@pytest.mark.parametrize(
    "sites",
    [[], [Site(1, None, False)], [Site(1, None, True), Site(2, None, True)]],
    ids=["none", "no licensing site", "two"],
)
def test_without_exactly_one_licensing_site_nothing_is_known(sites: list[Site]) -> None:
    farm = Farm(connected_server="cb1.osaka.example.com")
    assert place(farm, sites, BROKERS, "") == farm


@pytest.mark.parametrize("brokers", [[], [Broker(1, "x", None, 1, 0)], [Broker(1, "x", None, 2, 0, enabled=False)]])
def test_without_a_broker_in_the_licensing_site_nothing_is_known(brokers: list[Broker]) -> None:
    farm = Farm(connected_server="x")
    assert place(farm, SITES, brokers, "x") == farm


@pytest.mark.parametrize(("sites", "brokers"), [(None, BROKERS), (SITES, None), (None, None)])
def test_without_sites_or_brokers_nothing_is_known(sites: list[Site] | None, brokers: list[Broker] | None) -> None:
    farm = Farm(connected_server="cb1.osaka.example.com")
    assert place(farm, sites, brokers, "") == farm


def test_a_broker_without_a_name_is_not_every_server() -> None:
    assert place(Farm(connected_server=None), SITES, [Broker(1, "", None, 2, 0)], "").is_licensing_server is None


def test_sites_and_brokers_are_asked_of_the_farm() -> None:
    farm = FakeFarm(None)
    placed = locate_licensing_server(farm, Farm(), "cb1")
    assert placed.is_licensing_server is True
    assert farm.journal == ["sites", "brokers"]
