# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which path means what, in which generation, and what a request to it may carry."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from raslab.farm import Farm
from raslab.rest import infrastructure, licensing, session
from raslab.rest.call import Handler


@dataclass(frozen=True)
class Route:
    """One method on one path (lower case: the product's routes ignore case).

    ``needs`` is what the administrator must be allowed: ``read``, ``license`` (read license information) or ``write``;
    None for the log-on, which needs no session. ``served`` says whether the farm knows the path: one that was renamed
    in another generation is an honest 404, not a question that the lab does not model.
    """

    method: str
    path: str
    op: str
    handler: Handler
    needs: str | None = "read"
    query: frozenset[str] = frozenset()
    body: frozenset[str] = frozenset()
    served: Callable[[Farm], bool] = lambda farm: True


def _old_rds(farm: Farm) -> bool:
    return farm.generation <= 19


def _new_rds(farm: Farm) -> bool:
    return farm.generation >= 20


def _drains(farm: Farm) -> bool:
    """The verbs are in a catalog of 21.2's writes (third party); whether older ones have them is unknown."""
    return farm.generation >= 21


def _pa(farm: Farm) -> bool:
    return farm.quirks.broker_path == "pa"


def _broker(farm: Farm) -> bool:
    return farm.quirks.broker_path in ("broker", "both")


def _connection_broker(farm: Farm) -> bool:
    return farm.quirks.broker_path in ("connection_broker", "both")


def _version(farm: Farm) -> bool:
    return farm.quirks.version_path == "present"


_ACCOUNT = frozenset({"email", "password"})
_SERVERS = frozenset({"siteid", "server"})

_ROUTES = (
    Route(
        "POST",
        "/api/session/logon",
        "logon",
        session.logon,
        needs=None,
        query=frozenset({"localauth"}),
        body=frozenset({"username", "password"}),
    ),
    Route("POST", "/api/session/logoff", "logoff", session.logoff),
    Route("GET", "/api/license", "license", licensing.read_license, "license", frozenset({"usecache"})),
    Route("POST", "/api/license/activate", "activate", licensing.activate, "write", body=_ACCOUNT | {"key"}),
    Route("POST", "/api/license/deactivate", "deactivate", licensing.deactivate, "write", body=_ACCOUNT),
    Route("POST", "/api/settings/apply", "apply", infrastructure.apply_settings, "write"),
    Route("GET", "/api/site", "site", infrastructure.list_sites, query=frozenset({"name"})),
    Route("GET", "/api/site/status", "site_status", infrastructure.list_site_status),
    Route("GET", "/api/pa", "broker", infrastructure.list_brokers, query=_SERVERS, served=_pa),
    Route("GET", "/api/broker", "broker", infrastructure.list_brokers, query=_SERVERS, served=_broker),
    Route(
        "GET", "/api/connectionbroker", "broker", infrastructure.list_brokers, query=_SERVERS, served=_connection_broker
    ),
    Route("GET", "/api/agent", "agent", infrastructure.list_agents, query=frozenset({"siteid", "servertype"})),
    Route("GET", "/api/gateway", "gateway", infrastructure.list_gateways, query=_SERVERS),
    Route("GET", "/api/gateway/status", "gateway_status", infrastructure.list_gateway_status, query=_SERVERS),
    Route("GET", "/api/rds", "rds", infrastructure.list_rds_hosts, query=_SERVERS, served=_old_rds),
    Route("GET", "/api/rds/host", "rds", infrastructure.list_rds_hosts, query=_SERVERS, served=_new_rds),
    Route("GET", "/api/rds/status", "rds_status", infrastructure.list_rds_status, query=_SERVERS, served=_old_rds),
    Route("GET", "/api/rds/host/status", "rds_status", infrastructure.list_rds_status, query=_SERVERS, served=_new_rds),
    Route("GET", "/api/webservice/version", "version", infrastructure.read_version, served=_version),
    *(
        Route(
            "POST", f"/api/rds/host/{{id}}/{verb}", "rds_drain", infrastructure.drain_rds_host, "write", served=_drains
        )
        for verb in infrastructure.DRAIN_STATES
    ),
)
# the number of an object between the resource and a verb
_OBJECT = re.compile(r"/\d+/")
_BY_PATH: dict[str, dict[str, Route]] = {}
for _route in _ROUTES:
    _BY_PATH.setdefault(_route.path, {})[_route.method] = _route


def methods_of(path: str) -> dict[str, Route]:
    """The routes of a path by HTTP method; empty for a path that the lab does not know."""
    return _BY_PATH.get(_OBJECT.sub("/{id}/", path.rstrip("/").lower()), {})
