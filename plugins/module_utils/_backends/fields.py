# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read fields of a farm's answers: refusals and the logon as REST gives them, sites and brokers of either back end."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import Answer
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError, VendorRefused
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import text_of_failure
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.said import said_in
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import (
    goes_by,
    means_itself,
    named_by,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import flag, text, whole_number
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote, recognize


def words_of(answer: Answer) -> str:
    """All that a refusal says, in quotes; nothing of a body that is neither JSON nor plain text."""
    try:
        body = answer.json()
    except ValueError:
        if not answer.content_type.casefold().startswith("text/plain"):
            return "no readable text"
        body = answer.body.decode("utf-8", "replace")
    said = said_in(body)
    return f"'{said}'" if said else "no text"


def refusal_of(answer: Answer, what: str) -> RasError:
    """A refusal that the farm understood, with what its words mean."""
    words = words_of(answer)
    said = text_of_failure(answer.status, answer.body)
    meaning = recognize(words if said is None else said)
    try:
        body = answer.json()
    except ValueError:
        body = None
    code = body.get("code") if isinstance(body, dict) else None
    return VendorRefused(
        meaning.code,
        f"The request to {what} was refused: {words}.",
        farm_fault=said is not None and meaning.farm_fault,
        observed={
            "status": answer.status,
            "vendor_code": whole_number(code),
            "vendor_text": words.strip("'"),
        },
    )


def farm_of(session: dict[str, t.Any]) -> Farm:
    """The farm as the answer to a logon shows it (RAS REST API guide v20, v21, logon); every field may be missing.

    A server that calls itself ``localhost`` has said no name; a licensing server of that name is the one that says so.
    """
    connected, licensing = text(session.get("connectedServer")), text(session.get("licensingServer"))
    connected = None if means_itself(connected or "") else connected
    return Farm(
        guid=text(session.get("farmGUID")),
        name=text(session.get("farmName")),
        connected_server=connected,
        licensing_server=named_by(licensing, connected) or None if licensing else None,
        is_licensing_server=flag(session.get("licensingServerConnection")),
        is_primary_broker=flag(session.get("primaryBrokerConnection")),
        settings_pending=flag(session.get("applySettingsEnabled")),
    )


def sites_of(rows: t.Iterable[t.Mapping[str, t.Any]]) -> list[Site]:
    """The sites of a farm.

    :param rows: as REST (``siteId``) or PowerShell (``SiteId``) writes them; names of fields count without their case.
    :raises RasError: ``bad_answer``.
    """
    return [
        Site(_number(row, "id"), text(_value(row, "name")), flag(_value(row, "licensingSite")) is True) for row in rows
    ]


def brokers_of(rows: t.Iterable[t.Mapping[str, t.Any]], said_by: str | None) -> list[Broker]:
    """The Connection Brokers of a farm by site and priority, which makes the primary of each site the first of it.

    :param rows: as for :func:`sites_of`.
    :param said_by: the broker that answered: the one row that calls its server ``localhost`` or the like means it,
        unless another row has its name already. A broker that nobody can name has an empty ``server``.
    :raises RasError: ``bad_answer``.
    """
    brokers = [
        Broker(
            id=_number(row, "id"),
            server=text(_value(row, "server")) or "",
            ip=text(_value(row, "ip")),
            site_id=_number(row, "siteId"),
            priority=_number(row, "priority"),
            enabled=flag(_value(row, "enabled")),
            standby=flag(_value(row, "standby")),
        )
        for row in rows
    ]
    said_of = [broker for broker in brokers if means_itself(broker.server)]
    is_listed = any(goes_by(said_by or "", broker.server, broker.ip) for broker in brokers)
    itself = said_by if len(said_of) == 1 and not is_listed else None
    brokers = [replace(each, server=named_by(each.server, itself)) for each in brokers]
    return sorted(brokers, key=lambda broker: (broker.site_id, broker.priority, broker.server))


def _value(row: t.Mapping[str, t.Any], name: str) -> t.Any:
    return {str(each).casefold(): value for each, value in row.items()}.get(name.casefold())


def _number(row: t.Mapping[str, t.Any], name: str) -> int:
    number = whole_number(_value(row, name))
    if number is None:
        raise RasError(
            "bad_answer",
            f"A row of the farm's answer has no number '{name}'.",
            observed={"fields": sorted(map(quote, row))[:10]},
        )
    return number
