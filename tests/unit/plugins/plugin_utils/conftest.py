# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the license flow share."""

from __future__ import annotations

import pathlib

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils import _license_flow
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_backend import Clock
from ansible_collections.fleetops.parallels_ras.tests.unit.support.flows import Run


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The flow's clock, which only its own waits move."""
    made = Clock()
    monkeypatch.setattr(_license_flow, "time", made)
    return made


@pytest.fixture
def run(tmp_path: pathlib.Path, clock: Clock) -> Run:
    """A run of Ansible."""
    return Run(tmp_path / "run")
