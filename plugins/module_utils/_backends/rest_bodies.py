# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read what the REST API puts into the bodies of its answers."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http import Answer
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError, VendorRefused
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import flag, text, whole_number
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote, recognize


def words_of(answer: Answer) -> str:
    """What a refusal says: ``msg`` of a product failure, ``title`` and ``detail`` of a ProblemDetails, else nothing."""
    try:
        body = answer.json()
    except ValueError:
        return "no readable text"
    if not isinstance(body, dict):
        return "no text"
    parts = [
        str(body[name])
        for name in ("msg", "title", "detail", "message")
        if isinstance(body.get(name), str) and body[name].strip()
    ]
    return f"'{quote(' - '.join(parts))}'" if parts else "no text"


def refusal_of(answer: Answer, what: str) -> RasError:
    """A refusal that the farm understood, with what its words mean."""
    words = words_of(answer)
    meaning = recognize(words)
    try:
        body = answer.json()
    except ValueError:
        body = None
    code = body.get("code") if isinstance(body, dict) else None
    return VendorRefused(
        meaning.code,
        f"The request to {what} was refused: {words}.",
        farm_fault=meaning.farm_fault,
        observed={
            "status": answer.status,
            "vendor_code": whole_number(code),
            "vendor_text": words.strip("'"),
        },
    )


def farm_of(session: dict[str, t.Any]) -> Farm:
    """The farm as the answer to a logon shows it (RAS REST API guide v20, v21, logon); every field may be missing."""
    return Farm(
        guid=text_of(session, "farmGUID"),
        name=text_of(session, "farmName"),
        connected_server=text_of(session, "connectedServer"),
        licensing_server=text_of(session, "licensingServer"),
        is_licensing_server=flag_of(session, "licensingServerConnection"),
        is_primary_broker=flag_of(session, "primaryBrokerConnection"),
        settings_pending=flag_of(session, "applySettingsEnabled"),
    )


def text_of(row: dict[str, t.Any], name: str) -> str | None:
    """A text of one line, or None."""
    return text(row.get(name))


def flag_of(row: dict[str, t.Any], name: str) -> bool | None:
    """A boolean, or None."""
    return flag(row.get(name))


def number_of(row: dict[str, t.Any], name: str) -> int:
    """A whole number, also one that was sent as text.

    :raises RasError: ``bad_answer``.
    """
    number = whole_number(row.get(name))
    if number is None:
        raise RasError(
            "bad_answer",
            f"A row of the farm's answer has no number '{name}'.",
            observed={"fields": sorted(map(quote, row))[:10]},
        )
    return number
