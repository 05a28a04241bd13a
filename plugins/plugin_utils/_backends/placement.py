# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Find out whether a session talks to the licensing server, where the farm does not say so itself."""

from __future__ import annotations

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import goes_by


def locate_licensing_server(backend: Backend, farm: Farm, api_host: str) -> Farm:
    """Ask the farm for its sites and brokers and judge by :func:`place`."""
    return place(farm, backend.sites(), backend.brokers(), api_host)


def place(farm: Farm, sites: list[Site] | None, brokers: list[Broker] | None, api_host: str) -> Farm:
    """Complete a farm by its sites and brokers: the licensing server is the broker of priority 0, else of the lowest
    priority, of the licensing site (RAS administrator's guide, terms; vendor sample on broker promotion).

    :param brokers: None where no list of them can be read: nothing is settled then.
    :param api_host: the host of the API's URL, by which the server is recognized when the farm does not name it.
    :param sites: None where they are unknown, as for ``brokers``.
    :returns: the farm; ``is_licensing_server`` stays None where nothing settles it.
    """
    if sites is None or brokers is None:
        return farm
    licensing_sites = [site.id for site in sites if site.licensing]
    if len(licensing_sites) != 1:
        return farm
    candidates = [broker for broker in brokers if broker.site_id == licensing_sites[0] and broker.enabled is not False]
    if not candidates:
        return farm
    primary = min(candidates, key=lambda broker: broker.priority)
    here = {name for name in (farm.connected_server, api_host) if name}
    known: set[str | int] = set()
    for name in here:
        servers = {_server(broker) for broker in brokers if goes_by(name, broker.server, broker.ip)}
        known |= servers if len(servers) == 1 else set()  # a short name that several servers have says nothing
    if _server(primary) in known:
        return farm.placed(True, primary.server)
    # A name that is not of a broker of the farm may be a load balancer or an alias: that settles nothing.
    return farm.placed(False if known else None, primary.server)


def _server(broker: Broker) -> str | int:
    """By what a server is distinguished from others: two of which nobody knows the name are two."""
    return broker.server or broker.id
