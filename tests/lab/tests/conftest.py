# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One lab for all tests of a worker, and a fresh farm of it for each test."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from labclient import Client, SPARE_FARMS, spare_key, Spot, world
from raslab.testing import Lab
from winclient import Box, farm, INSTALLER_URL, windows_world

_BOXES = 90
_WIDE = 40


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    farms: list[dict[str, Any]] = [{"name": f"spare{index}"} for index in range(SPARE_FARMS)]
    for generation in (17, 18, 19, 20, 22):
        farms.append({"name": f"generation{generation}", "generation": generation})
    rds = {"name": "rd1.draining.example.com", "components": ["rds"]}
    farms.append({"name": "draining", "hosts": [{"name": "cb1.draining.example.com"}, rds]})
    farms.append(
        {
            "name": "wide",
            "sites": [{"name": "Main", "licensing": True, "rds_pools": ["Office"]}, {"name": "Branch"}],
            "hosts": [
                {"name": "cb1.wide.example.com", "components": ["broker", "gateway"]},
                {"name": "cb2.wide.example.com", "agent_state": "StandBy", "standby": True},
                {"name": "gw1.wide.example.com", "components": ["gateway"], "agent_version": "21.1.1.26691"},
                {"name": "rd1.wide.example.com", "components": ["rds"], "agent_state": "RebootPending"},
                {"name": "rd2.wide.example.com", "components": ["rds"], "agent_state": None},
                {"name": "cb1.branch.example.com", "site": "Branch"},
                {"name": "gw1.branch.example.com", "site": "Branch", "components": ["gateway"]},
                {"name": "web1.wide.example.com", "components": ["web_admin"]},
            ],
        }
    )
    with Lab(world(farms), tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return itertools.count()


@pytest.fixture
def spot(lab: Lab, _numbers: Iterator[int]) -> Spot:
    """A fresh, never activated farm of generation 21, logged on to."""
    number = next(_numbers)
    client = Client(lab.farms[f"spare{number}"]["url"], str(lab.ca_path))
    assert client.logon().status == 200
    return Spot(lab, f"spare{number}", spare_key(number), client)


@pytest.fixture
def at(lab: Lab) -> Callable[..., Client]:
    """Makes a client for a named farm, or one host of it, logged on unless asked not to."""

    def make(farm: str, host: str | None = None, logged_on: bool = True) -> Client:
        base = f"https://{lab.farms[farm]['hosts'][host]}:20443" if host else lab.farms[farm]["url"]
        client = Client(base, str(lab.ca_path))
        if logged_on:
            assert client.logon().status == 200
        return client

    return make


@pytest.fixture
def world_file(tmp_path: Path) -> Callable[[Any], Path]:
    def write(data: Any) -> Path:
        path = tmp_path / "world.yml"
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def winlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab in which every host has a Windows side; farms are used up one by one.

    One for each file: a file judges what was left behind, and which files share a worker is chance.
    """
    farms = [farm(f"box{index}") for index in range(_BOXES)]
    farms += [
        farm("ntlm", windows={"winrm": {"auth": ["ntlm"]}}),
        farm("tls", windows={"winrm": {"scheme": "https", "auth": ["ntlm", "basic"]}}),
        farm("slow", windows={"durations": {"install": 600}}),
    ]
    brokers = [{"name": "cb1.promoting.example.com"}, {"name": "cb2.promoting.example.com"}]
    farms.append(farm("promoting", promotion_seconds=0.2, hosts=brokers))
    for index in range(_WIDE):
        farms.append(
            farm(
                f"wide{index}",
                sites=[{"name": "Main", "licensing": True, "rds_pools": ["Office"]}, {"name": "Branch"}],
                hosts=[
                    {"name": f"cb1.wide{index}.example.com"},
                    {"name": f"cb2.wide{index}.example.com"},
                    {"name": f"gw1.wide{index}.example.com", "components": ["gateway"]},
                    {"name": f"rd1.wide{index}.example.com", "components": ["rds"], "windows": {"sessions": 3}},
                    {"name": f"gw1.branch{index}.example.com", "site": "Branch", "components": ["gateway"]},
                ],
            )
        )
    downloads = {INSTALLER_URL: "lab:RASInstaller-21.2.28000.msi"}
    with Lab(windows_world(farms, downloads), tmp_path_factory.mktemp("winlab")) as running:
        yield running


@pytest.fixture(scope="module")
def _box_numbers() -> Iterator[int]:
    return itertools.count()


@pytest.fixture
def box(winlab: Lab, _box_numbers: Iterator[int]) -> Box:
    """A fresh farm of generation 20 with one broker."""
    name = f"box{next(_box_numbers)}"
    return Box(winlab, name, f"cb1.{name}.example.com")


@pytest.fixture(scope="module")
def _wide_numbers() -> Iterator[int]:
    return itertools.count()


@pytest.fixture
def wide(winlab: Lab, _wide_numbers: Iterator[int]) -> Box:
    """A fresh farm of generation 20 with two brokers, two gateways and a session host, in two sites."""
    name = f"wide{next(_wide_numbers)}"
    return Box(winlab, name, f"cb1.{name}.example.com")
