# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the HTTP client share."""

from __future__ import annotations

import pytest
from ansible_collections.fleetops.parallels_ras.tests.unit.support.http_client import Naps


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> Naps:
    """The waits of the HTTP client, which are not slept."""
    return Naps(monkeypatch)
