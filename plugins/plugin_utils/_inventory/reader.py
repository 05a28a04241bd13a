# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read farms for an inventory: a few at a time, five requests each, and never a write."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import read_agents
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.rest import RestBackend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._inventory import FarmEntry, FarmReading
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.placement import place


class Outcome(t.NamedTuple):
    """The outcome of reading one farm.

    :param left_open: why the session could not be ended, if so.
    """

    result: FarmReading | RasError
    left_open: str | None = None


def read_farms(wanted: t.Sequence[tuple[FarmEntry, RestBackend]], workers: int) -> list[Outcome]:
    """Read farms, ``workers`` of them at a time; the outcomes are in the order of the farms.

    Nothing is shown from here: Ansible's display belongs to the main thread.
    """
    if not wanted:
        return []
    with concurrent.futures.ThreadPoolExecutor(max_workers=min(workers, len(wanted))) as pool:
        return list(pool.map(lambda each: read_farm(*each), wanted))


def read_farm(entry: FarmEntry, backend: RestBackend) -> Outcome:
    """Log on, read, log off. Every failure is data: one farm must not take the others with it."""
    result: FarmReading | RasError
    try:
        result = _read(entry, backend)
    except RasError as exc:
        result = exc
    except Exception as exc:  # a thread's traceback would end the whole inventory
        result = RasError("internal_error", f"Unexpected {type(exc).__name__}: {quote(exc)}")
    return Outcome(result, backend.close())


def _read(entry: FarmEntry, backend: RestBackend) -> FarmReading:
    farm = backend.open()
    sites, brokers = backend.sites(), backend.brokers()
    agents = read_agents(backend.agents(sites), "rest", farm.connected_server)
    if farm.is_licensing_server is None or not farm.licensing_server:
        placed = place(farm, sites, brokers, entry.api_host)
        # What the farm itself says about the server that answers takes precedence over what its lists suggest.
        farm = (
            placed
            if farm.is_licensing_server is None
            else dataclasses.replace(farm, licensing_server=placed.licensing_server)
        )
    return FarmReading(farm, sites, brokers, agents)
