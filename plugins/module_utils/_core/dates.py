# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read the dates of a license without guessing.

Farms send dates as text such as ``21/02/2021`` or ``21/02/2018 12:39`` (RAS REST API guide, Licensing sample); the
format may follow the culture of the server (inferred). ``03/04/2027`` can be two days, so a date is *certain* only when
its own form says which, or another date of the same answer does. Decisions use certain dates, or rest on all readings
agreeing.
"""

from __future__ import annotations

import datetime as dt
import re
import typing as t
from dataclasses import dataclass, replace

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

Order = t.Literal["dmy", "mdy"]

_YMD: t.Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
# What .NET writes for a date that was never set.
_UNSET: t.Final = re.compile(r"^0001[-/.]|^\d{1,2}[-/.]\d{1,2}[-/.]0001(?!\d)")
_XYY: t.Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")


@dataclass(frozen=True)
class DateReading:
    """One date as a farm sent it.

    ``readings`` holds every day that the text can mean, the likeliest first; ``order`` what a day-first or month-first
    text proves about its own order.
    """

    raw: str
    readings: tuple[dt.date, ...] = ()
    order: Order | None = None

    @property
    def certain(self) -> dt.date | None:
        """The day, when the text can mean only one."""
        return self.readings[0] if len(self.readings) == 1 else None

    @property
    def ambiguous(self) -> bool:
        """True when the text can mean more than one day."""
        return len(self.readings) > 1

    @property
    def shown(self) -> str:
        """The date as messages show it: ISO 8601 when certain, else the farm's own text."""
        return self.certain.isoformat() if self.certain else self.raw

    def past(self, today: dt.date) -> bool:
        """True when every reading of the date lies before today. A date that cannot be read is not past."""
        return bool(self.readings) and all(day < today for day in self.readings)

    def as_dict(self, today: dt.date) -> dict[str, t.Any]:
        """``raw`` always; ``date`` (ISO 8601) only when certain; ``days_left`` by the likeliest reading."""
        likeliest = self.readings[0] if self.readings else None
        return {
            "raw": self.raw,
            "date": self.certain.isoformat() if self.certain else None,
            "certain": self.certain is not None,
            "days_left": (likeliest - today).days if likeliest else None,
        }


def day_shown(date: t.Mapping[str, t.Any] | None) -> str | None:
    """:attr:`DateReading.shown` of a date that :meth:`DateReading.as_dict` wrote; None when there is none."""
    return (date.get("date") or date.get("raw")) if date else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_date(raw: t.Any, order: Order = "dmy") -> DateReading | None:
    """Read one date; None when there is none. A text that is not a date has no readings.

    :param order: which reading of an ambiguous date is the likelier.
    """
    text = "" if raw is None else str(raw).strip()
    if not text or _UNSET.search(text):
        return None
    if found := _YMD.match(text):
        only = _day(*(int(part) for part in found.groups()))
        return DateReading(text, (only,) if only else ())
    found = _XYY.match(text)
    if not found:
        return DateReading(text)
    first, separator, second, year = int(found[1]), found[2], int(found[3]), int(found[4])
    by_order = {"dmy": _day(year, second, first), "mdy": _day(year, first, second)}
    if separator == ".":  # no culture writes month.day.year
        by_order["mdy"] = None
    possible = {name: day for name, day in by_order.items() if day}
    if len(possible) == 1:
        name, day = next(iter(possible.items()))
        return DateReading(text, (day,), t.cast(Order, name))
    likely_first = sorted(possible, key=lambda name: name != order)
    return DateReading(text, tuple(dict.fromkeys(possible[name] for name in likely_first)))


def read_dates(values: t.Mapping[str, t.Any], order: Order = "dmy") -> dict[str, DateReading | None]:
    """Read the dates of one answer together: a date that proves the order settles the others.

    When two dates prove different orders, none settles another.
    """
    dates = {name: read_date(None if raw is None else quote(raw), order) for name, raw in values.items()}
    proven = {date.order for date in dates.values() if date and date.order}
    if len(proven) != 1:
        return dates
    (settled,) = proven
    return {
        name: replace(date, readings=read_in_order(date.raw, settled)) if date and date.ambiguous else date
        for name, date in dates.items()
    }


def read_in_order(raw: str, order: Order) -> tuple[dt.date, ...]:
    """The single reading of an ambiguous date under a known order."""
    date = read_date(raw, order)
    return date.readings[:1] if date else ()
