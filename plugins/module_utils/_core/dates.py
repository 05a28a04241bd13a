# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read the dates of a license without guessing.

Farms send dates as text such as ``21/02/2021`` or ``21/02/2018 12:39`` (RAS REST API guide, Licensing sample); the
format may follow the culture of the server (inferred). ``03/04/2027`` can be two days, so a date is *certain* only when
its own form says which, or another date of the same answer does. Decisions use certain dates, or rest on all readings
agreeing.

A text is a date when all of it is explained: digits in one of the known orders, and a time of day. Names of months,
years of two digits, eras and other signs are not read. A culture also brings its calendar (Buddhist 2569, Persian 1405,
Hijri 1448 for days of 2026), and software its zeros (1601, 1899, 1970, 9999): a day outside the plausible span is none.
"""

from __future__ import annotations

import datetime as dt
import re
import typing as t
from dataclasses import dataclass, replace

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

Order = t.Literal["dmy", "mdy"]

# The one place that says which days a license can have to do with: RAS is younger than the first year, and no calendar
# but the Gregorian one writes a day of our time with a year between the two.
FIRST_PLAUSIBLE: t.Final = dt.date(2000, 1, 1)
LAST_PLAUSIBLE: t.Final = dt.date(2199, 12, 31)
PLAUSIBLE: t.Final = f"one certain day from {FIRST_PLAUSIBLE.year} to {LAST_PLAUSIBLE.year}"

# Digits are ASCII: others come with calendars of their own. A dot may have one blank behind it ("31. 3. 2026").
_BLANK: t.Final = r"[ \u00a0\u202f]"
_GAP: t.Final = rf"(?P<gap>[-/]|\.{_BLANK}?)"
_HALF: t.Final = r"(?:[AaPp]\.?[Mm]\.?|\u5348[\u524d\u5f8c]|[\u4e0a\u4e0b]\u5348|\uc624[\uc804\ud6c4])"
_TIME: t.Final = (
    rf"(?:(?:T|{_BLANK}+)(?:{_HALF}{_BLANK}?)?(?:[01]?[0-9]|2[0-3])(?:[:.][0-5][0-9]){{1,2}}(?:[.,][0-9]{{1,9}})?"
    rf"(?:{_BLANK}?{_HALF})?(?:{_BLANK}?(?:Z|[-+][0-9]{{2}}:?[0-9]{{2}}))?)?"
)
_YMD: t.Final = re.compile(rf"([0-9]{{4}}){_GAP}([0-9]{{1,2}})(?P=gap)([0-9]{{1,2}})\.?{_TIME}")
_XYY: t.Final = re.compile(rf"([0-9]{{1,2}}){_GAP}([0-9]{{1,2}})(?P=gap)([0-9]{{4}})\.?{_TIME}")
# What .NET writes for a date that was never set.
_UNSET: t.Final = (1, 1, 1)


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
    """How a table shows a date that :meth:`DateReading.as_dict` wrote: a farm's own text is marked as not certain."""
    if not date:
        return None
    return str(date["date"]) if date.get("date") else f"{date.get('raw')} (not certain)"


def _day(year: int, month: int, day: int) -> dt.date | None:
    """The day, where there is such a day, and it is a plausible one."""
    try:
        day_ = dt.date(year, month, day)
    except ValueError:
        return None
    return day_ if FIRST_PLAUSIBLE <= day_ <= LAST_PLAUSIBLE else None


def read_date(raw: t.Any, order: Order = "dmy") -> DateReading | None:
    """Read one date; None when there is none. A text that is not a date, or not a plausible one, has no readings.

    :param order: which reading of an ambiguous date is the likelier.
    """
    text = "" if raw is None else str(raw).strip()
    if not text:
        return None
    if found := _YMD.fullmatch(text):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
        only = _day(year, month, day)
        return None if (year, month, day) == _UNSET else DateReading(text, (only,) if only else ())
    found = _XYY.fullmatch(text)
    if not found:
        return DateReading(text)
    first, separator, second, year = int(found[1]), found["gap"], int(found[3]), int(found[4])
    if (year, second, first) == _UNSET:
        return None
    by_order = {"dmy": _day(year, second, first), "mdy": _day(year, first, second)}
    if separator.startswith("."):  # month.day.year is written by no culture of a country where RAS is sold
        by_order["mdy"] = None
    possible = {name: day for name, day in by_order.items() if day}
    if len(possible) == 1:
        name, only = next(iter(possible.items()))
        return DateReading(text, (only,), t.cast(Order, name))
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
