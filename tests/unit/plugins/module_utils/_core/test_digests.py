# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sum of a file, whatever its length."""

from __future__ import annotations

import hashlib
import io

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.digests import sha256_of


@pytest.mark.parametrize("length", [0, 1, 2**20 - 1, 2**20, 3 * 2**20 + 1])
def test_a_file_is_read_to_its_end(length: int) -> None:
    content = bytes(index % 251 for index in range(1009)) * (length // 1009 + 1)
    assert sha256_of(io.BytesIO(content[:length])) == hashlib.sha256(content[:length]).hexdigest()
