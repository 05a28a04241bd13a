# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switches for what is not known about the product. The README's table gives the reason for each default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from raslab.reading import flag, number, one_of, optional_text, Reader, text, whole, WorldError


@dataclass(frozen=True)
class RateLimit:
    """``requests`` in each fixed window of ``window`` seconds, counted per web administration service.

    Others are refused with ``status``: 503 is the default of .NET's limiter, 429 what it may be set to.
    """

    requests: int = 50
    window: float = 10.0
    retry_after: bool = False
    status: int = 429


def _rate_limit(value: Any, place: str) -> RateLimit | None:
    if value is False:
        return None
    reader = Reader(value, place)
    limit = RateLimit(
        reader.take("requests", whole, 50),
        reader.take("window", number, 10.0),
        reader.take("retry_after", flag, False),
        reader.take("status", one_of(429, 503), 429),
    )
    reader.done()
    return limit


@dataclass(frozen=True)
class Quirks:
    """How one farm behaves where the contract is open; field names are the world's keys."""

    pa_fields: str = "present"
    logon_answer: str = "full"
    write_success: int = 200
    never_activated: str = "404"
    type_as: str = "number"
    numbers_as: str = "string"
    language: str = "en"
    date_order: str = "dmy"
    date_separator: str = "/"
    date_calendar: str = "gregorian"
    direct_account_change: bool = True
    deactivate_check_first: str = "license"
    licensing_server_fields: str = "present"
    on_licensing_server: bool | None = None
    broker_path: str = "connection_broker"
    version_path: str = "present"
    missing_path: str = "problem"
    agent_enum: str = "number"
    list_scope: str = "farm"
    logical_rows: str = "server"
    settle_seconds: float = 0.0
    rate_limit: RateLimit | None = field(default_factory=RateLimit)
    session_idle_seconds: float = 900.0
    unknown_fields: bool = False
    rest_enabled: bool = True
    message: str | None = None
    ps_pa_fields: str = "present"
    push_returns: str = "at_once"


_CONVERT: dict[str, Any] = {
    "pa_fields": one_of("present", "absent"),
    "logon_answer": one_of("full", "token_only"),
    "write_success": one_of(200, 204),
    "never_activated": lambda value, place: one_of("404", "empty", "null_fields")(
        "404" if value == 404 else value, place
    ),
    "type_as": one_of("number", "string", "name"),
    "numbers_as": one_of("string", "number"),
    "language": one_of("en", "ja"),
    "date_order": one_of("dmy", "mdy", "ymd"),
    "date_separator": text,
    "date_calendar": one_of("gregorian", "buddhist"),
    "direct_account_change": flag,
    "deactivate_check_first": one_of("license", "account"),
    "licensing_server_fields": one_of("present", "absent"),
    "on_licensing_server": flag,
    "broker_path": one_of("pa", "broker", "connection_broker", "both", "none"),
    "version_path": one_of("present", "absent"),
    "missing_path": one_of("problem", "bare"),
    "agent_enum": one_of("number", "name"),
    "list_scope": one_of("farm", "licensing_site"),
    "logical_rows": one_of("server", "name", "nameless"),
    "settle_seconds": number,
    "rate_limit": _rate_limit,
    "session_idle_seconds": number,
    "unknown_fields": flag,
    "rest_enabled": flag,
    "message": optional_text,
    "ps_pa_fields": one_of("present", "absent"),
    "push_returns": one_of("at_once", "when_done"),
}


def read_quirks(data: Mapping[str, Any], generation: int, place: str) -> Quirks:
    """The quirks of a farm of ``generation``: its defaults overlaid by ``data``. Raises WorldError."""
    values: dict[str, Any] = {
        # Every page of the guides of 17 to 19 shows the token alone; the schema of 20 and 21 has all of it.
        "logon_answer": "full" if generation >= 20 else "token_only",
        "broker_path": "connection_broker" if generation >= 21 else "broker" if generation >= 19 else "pa",
        "rate_limit": RateLimit() if generation >= 21 else None,
        "unknown_fields": generation >= 22,
    }
    for key, value in data.items():
        if key not in _CONVERT:
            raise WorldError(f"{place}: unknown quirk {key}")
        values[key] = _CONVERT[key](value, f"{place}.{key}")
    return Quirks(**values)


QUIRK_NAMES = tuple(item.name for item in fields(Quirks))
