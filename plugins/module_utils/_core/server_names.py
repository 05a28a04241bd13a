# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Whether a server goes by a name: farms, inventories and people write the same server in different forms. Pure."""

from __future__ import annotations


def goes_by(name: str, server: str, ip: str | None = None) -> bool:
    """Whether ``name`` means this server: its full name, its address, or its short name against a full one.

    :param name: what somebody calls it.
    :param server: what the farm calls it.
    :param ip: its address as the farm reports it.
    """
    wanted, known = name.strip().casefold().rstrip("."), server.strip().casefold().rstrip(".")
    if not wanted:
        return False
    if wanted in (known, (ip or "").casefold()):
        return True
    if is_address(wanted) or is_address(known):
        return False
    return ("." in wanted) != ("." in known) and wanted.split(".")[0] == known.split(".")[0]


def is_address(name: str) -> bool:
    """Whether this is an IP address: such a name has no short form."""
    return name.replace(".", "").isdecimal() or ":" in name
