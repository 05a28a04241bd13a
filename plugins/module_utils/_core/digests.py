# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Sums by which a file is known. The caller opens the file, and says what it means when that fails."""

from __future__ import annotations

import hashlib
import typing as t

_CHUNK: t.Final = 2**20


def sha256_of(file: t.BinaryIO) -> str:
    """The SHA-256 of what is left in an open file, in lower case; a file of any size takes little memory."""
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
