# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same server under its different names."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import goes_by


@pytest.mark.parametrize(
    "name", ["cb1.tokyo.example.com", "CB1.Tokyo.Example.Com.", "cb1", "CB1", " cb1 ", "127.3.0.1"]
)
def test_a_server_goes_by_its_full_name_its_short_name_and_its_address(name: str) -> None:
    assert goes_by(name, "cb1.tokyo.example.com", "127.3.0.1")


def test_a_short_name_that_the_farm_reports_means_any_full_one() -> None:
    assert goes_by("cb1.tokyo.example.com", "cb1")


@pytest.mark.parametrize(
    ("name", "server", "ip"),
    [
        pytest.param("cb1.osaka.example.com", "cb1.tokyo.example.com", None, id="another domain"),
        pytest.param("cb", "cb1.tokyo.example.com", None, id="a beginning"),
        pytest.param("127", "127.3.0.1", None, id="a piece of an address"),
        pytest.param("10.0.0.1", "10", None, id="an address has no short name"),
        pytest.param("fe80::1", "fe80::2", None, id="addresses of version 6"),
        pytest.param("", "", "", id="nothing"),
        pytest.param(" ", "cb1", None, id="blank"),
    ],
)
def test_another_server(name: str, server: str, ip: str | None) -> None:
    assert not goes_by(name, server, ip)
