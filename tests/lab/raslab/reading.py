# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict reading of mappings: every key is known and typed, or the mistake is named with its place in the world."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
_REQUIRED: Any = object()
_RELATIVE_DAYS = re.compile(r"([+-]\d+)d")


class WorldError(ValueError):
    """A world (or a change to it) that cannot be meant as written."""


class Reader:
    """Takes the keys of one mapping one by one; :meth:`done` refuses what nobody asked for."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, Mapping):
            raise WorldError(f"{place}: a mapping is needed, not {type(data).__name__}")
        self._rest = {str(key): value for key, value in data.items()}
        self.place = place

    def __contains__(self, key: str) -> bool:
        return key in self._rest

    def take(self, key: str, convert: Callable[[Any, str], T], default: Any = _REQUIRED) -> T:
        """The converted value of ``key``. Raises WorldError if it is missing without default, or ill-typed."""
        if key not in self._rest:
            if default is _REQUIRED:
                raise WorldError(f"{self.place}: {key} is missing")
            return default  # type: ignore[no-any-return]
        return convert(self._rest.pop(key), f"{self.place}.{key}")

    def done(self) -> None:
        """Raises WorldError for keys that nobody took."""
        if self._rest:
            raise WorldError(f"{self.place}: unknown key {', '.join(sorted(self._rest))}")


def text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise WorldError(f"{place}: a non-empty string is needed")
    return value


def optional_text(value: Any, place: str) -> str | None:
    return None if value is None else text(value, place)


def flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise WorldError(f"{place}: true or false is needed")
    return value


def whole(value: Any, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise WorldError(f"{place}: a whole number is needed")
    return value


def optional_whole(value: Any, place: str) -> int | None:
    return None if value is None else whole(value, place)


def number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WorldError(f"{place}: a number is needed")
    return float(value)


def mapping(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise WorldError(f"{place}: a mapping is needed")
    return {str(key): item for key, item in value.items()}


def sequence(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise WorldError(f"{place}: a list is needed")
    return value


def texts(value: Any, place: str) -> tuple[str, ...]:
    return tuple(text(item, f"{place}[{index}]") for index, item in enumerate(sequence(value, place)))


def one_of(*choices: Any) -> Callable[[Any, str], Any]:
    """A converter that admits exactly these values (and distinguishes 1 from true)."""

    def convert(value: Any, place: str) -> Any:
        for choice in choices:
            if value == choice and isinstance(value, bool) == isinstance(choice, bool):
                return choice
        raise WorldError(f"{place}: one of {', '.join(map(str, choices))} is needed")

    return convert


def moment(value: Any, place: str) -> datetime:
    """A local date and time: ISO text, a YAML timestamp, or days from now such as ``+30d`` and ``-1d``."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        if relative := _RELATIVE_DAYS.fullmatch(value):
            return datetime.now().replace(microsecond=0) + timedelta(days=int(relative[1]))
        try:
            return datetime.fromisoformat(value).replace(tzinfo=None)
        except ValueError:
            pass
    raise WorldError(f"{place}: an ISO date, or days from now such as +30d, is needed")


def day(value: Any, place: str) -> date:
    """The date part of :func:`moment`."""
    return moment(value, place).date()


def optional_day(value: Any, place: str) -> date | None:
    return None if value is None else day(value, place)


def optional_moment(value: Any, place: str) -> datetime | None:
    return None if value is None else moment(value, place)
