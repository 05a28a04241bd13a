# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates are read without guessing."""

from __future__ import annotations

import datetime as dt
import json
import typing as t
from pathlib import Path

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import (
    day_shown,
    FIRST_PLAUSIBLE,
    LAST_PLAUSIBLE,
    Order,
    read_date,
    read_dates,
)
from hypothesis import given
from hypothesis import strategies as st

# Written by .NET (with ICU 72) for each culture and each calendar that it may use, in its short, its long and its
# general form; of texts that differ in digits and letters only, one.
_CULTURES = json.loads((Path(__file__).parents[3] / "data" / "dates_of_cultures.json").read_text(encoding="utf-8"))

_FORMS: dict[str, str] = {
    "dmy": "{d:02d}{s}{m:02d}{s}{y:04d}",
    "mdy": "{m:02d}{s}{d:02d}{s}{y:04d}",
    "ymd": "{y:04d}{s}{m:02d}{s}{d:02d}",
}
_days = st.dates(dt.date(2000, 1, 1), dt.date(2199, 12, 31))
_orders: st.SearchStrategy[Order] = st.sampled_from(["dmy", "mdy"])
_times = st.sampled_from(["", " 12:39", " 00:00:00", "T08:15:00Z", " 1:05 PM", " 13.05", "T00:00:00.0000000+09:00"])
# Month-first dates are not written with dots by any culture.
_writings = st.sampled_from([(order, mark) for order in _FORMS for mark in "/-." if (order, mark) != ("mdy", ".")])


def _written(day: dt.date, writing: tuple[str, str], time: str = "") -> str:
    order, mark = writing
    return _FORMS[order].format(d=day.day, m=day.month, y=day.year, s=mark) + time


@pytest.mark.parametrize(
    ("raw", "order", "day", "proves"),
    [
        pytest.param("21/02/2021", "mdy", dt.date(2021, 2, 21), "dmy", id="day beyond 12"),
        pytest.param("21/02/2018 12:39", "dmy", dt.date(2018, 2, 21), "dmy", id="vendor sample with a time"),
        pytest.param("02/21/2021", "dmy", dt.date(2021, 2, 21), "mdy", id="month-first beyond 12"),
        pytest.param("2/21/2021", "dmy", dt.date(2021, 2, 21), "mdy", id="one digit"),
        pytest.param("03.04.2027", "mdy", dt.date(2027, 4, 3), "dmy", id="dots are day-first"),
        pytest.param("2027-04-03", "dmy", dt.date(2027, 4, 3), None, id="ISO"),
        pytest.param("2027/04/03 00:00:00", "mdy", dt.date(2027, 4, 3), None, id="Japanese culture"),
        pytest.param("05/05/2027", "dmy", dt.date(2027, 5, 5), None, id="both readings are one day"),
        pytest.param("29/02/2028", "dmy", dt.date(2028, 2, 29), "dmy", id="leap day"),
    ],
)
def test_a_certain_date(raw: str, order: Order, day: dt.date, proves: str | None) -> None:
    date = read_date(raw, order)
    assert date is not None
    assert (date.certain, date.order, date.ambiguous, date.raw) == (day, proves, False, raw)


@pytest.mark.parametrize(("order", "first"), [("dmy", dt.date(2027, 4, 3)), ("mdy", dt.date(2027, 3, 4))])
def test_an_ambiguous_date_has_both_readings_and_the_likelier_first(order: Order, first: dt.date) -> None:
    date = read_date("03/04/2027", order)
    assert date is not None
    assert date.ambiguous
    assert date.certain is None
    assert date.readings[0] == first
    assert set(date.readings) == {dt.date(2027, 4, 3), dt.date(2027, 3, 4)}
    assert date.as_dict(dt.date(2027, 1, 1))["date"] is None


@pytest.mark.parametrize("raw", [None, "", "  "])
def test_no_date(raw: t.Any) -> None:
    assert read_date(raw) is None


@pytest.mark.parametrize(
    "raw", ["31/02/2027", "00/00/0000", "0000-00-00", "never", "21/02/21", "21/02-2027", "21/02/20271", True, 20270403]
)
def test_what_is_no_date_has_no_reading_and_is_kept_raw(raw: t.Any) -> None:
    date = read_date(raw)
    assert date is not None
    assert (date.readings, date.certain, date.raw) == ((), None, str(raw))
    assert not date.past(dt.date.max)
    assert date.as_dict(dt.date.max) == {"raw": str(raw), "date": None, "certain": False, "days_left": None}


@pytest.mark.parametrize(
    ("raw", "today", "past"),
    [
        ("03/04/2027", dt.date(2027, 4, 4), True),
        ("03/04/2027", dt.date(2027, 4, 3), False),
        ("03/04/2027", dt.date(2027, 3, 20), False),
        ("21/02/2027", dt.date(2027, 2, 21), False),
        ("21/02/2027", dt.date(2027, 2, 22), True),
    ],
)
def test_a_date_is_past_only_when_all_its_readings_are(raw: str, today: dt.date, past: bool) -> None:
    date = read_date(raw)
    assert date is not None
    assert date.past(today) is past


def test_days_left_count_to_the_likeliest_reading() -> None:
    date = read_date("03/04/2027", "dmy")
    assert date is not None
    assert date.as_dict(dt.date(2027, 4, 1))["days_left"] == 2


def test_a_certain_date_of_the_same_answer_settles_the_order_of_the_others() -> None:
    dates = read_dates({"one": "03/04/2027", "two": "12/31/2026"}, "dmy")
    assert dates["one"] is not None
    assert dates["one"].certain == dt.date(2027, 3, 4)


def test_dates_that_prove_different_orders_settle_nothing() -> None:
    dates = read_dates({"one": "03/04/2027", "two": "12/31/2026", "three": "31/12/2026"}, "dmy")
    assert dates["one"] is not None
    assert dates["one"].ambiguous


@given(_days, _writings, _orders, _times)
def test_a_certain_date_is_never_wrong(day: dt.date, writing: tuple[str, str], assumed: Order, time: str) -> None:
    date = read_date(_written(day, writing, time), assumed)
    assert date is not None
    assert day in date.readings
    assert date.certain in (None, day)


@given(st.lists(_days, min_size=1, max_size=4), _writings, _orders)
def test_certain_dates_of_one_answer_are_never_wrong(
    days: list[dt.date], writing: tuple[str, str], assumed: Order
) -> None:
    read = read_dates({str(number): _written(day, writing) for number, day in enumerate(days)}, assumed)
    for number, day in enumerate(days):
        date = read[str(number)]
        assert date is not None
        assert date.certain in (None, day)


@given(st.text(max_size=20) | st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*"), _orders)
def test_any_text_is_read_without_an_error(raw: str, assumed: Order) -> None:
    date = read_date(raw, assumed)
    assert date is None or date.raw == raw.strip()


@given(_days, _writings, _orders, _times)
def test_a_date_is_shown_in_iso_8601_when_certain_else_as_it_was_written(
    day: dt.date, writing: tuple[str, str], assumed: Order, time: str
) -> None:
    date = read_date(_written(day, writing, time), assumed)
    assert date is not None
    assert date.shown == (day.isoformat() if date.certain else date.raw)
    assert day_shown(date.as_dict(day)) == (date.shown if date.certain else f"{date.raw} (not certain)")


def test_no_date_is_shown_as_none() -> None:
    assert day_shown(None) is None


@pytest.mark.parametrize("raw", ["01/01/0001", "1/1/0001 00:00:00", "0001-01-01T00:00:00"])
def test_a_date_that_dot_net_never_set_is_no_date(raw: str) -> None:
    assert read_date(raw) is None


def _by_calendar(calendar: str) -> list[tuple[dt.date, str]]:
    return [(dt.date.fromisoformat(day), text) for day, name, text in _CULTURES if name.endswith(f" {calendar}")]


@pytest.mark.parametrize("calendar", sorted({name.rsplit(" ", 1)[1] for _day, name, _text in _CULTURES}))
def test_no_culture_and_no_calendar_makes_a_certain_date_wrong(calendar: str) -> None:
    written = _by_calendar(calendar)
    assert written
    for day, text in written:
        date = read_dates({"expires": text})["expires"]
        assert date is not None, text
        assert date.certain in (None, day), text
        assert not date.readings or day in date.readings, text


@pytest.mark.parametrize("calendar", ["ThaiBuddhist", "Persian", "Hijri", "UmAlQura", "Hebrew", "Japanese"])
def test_a_day_of_another_calendar_is_none_of_ours(calendar: str) -> None:
    assert {read_dates({"expires": text})["expires"].readings for _day, text in _by_calendar(calendar)} == {()}  # type: ignore[union-attr]


@given(st.dates(), _writings, _orders, _times)
def test_a_day_that_cannot_be_true_has_no_reading(
    day: dt.date, writing: tuple[str, str], assumed: Order, time: str
) -> None:
    date = read_date(_written(day, writing, time), assumed)
    readings = date.readings if date else ()
    assert all(FIRST_PLAUSIBLE <= each <= LAST_PLAUSIBLE for each in readings)
    assert bool(readings) == (FIRST_PLAUSIBLE <= day <= LAST_PLAUSIBLE)


@pytest.mark.parametrize(
    "raw",
    [
        *("31/12/2569", "2569-12-31", "31/12/1453", "1405/10/10", "1448-07-20", "10/10/1405"),
        *("31/12/26", "12/31/26", "26-12-31", "31.12.26", "115/12/31", "0008/12/31", "8/12/31"),
        *(
            "\u4ee4\u548c8\u5e7412\u670831\u65e5",
            "R8/12/31",
            "R8.12.31",
            "Heisei 38/12/31",
            "2026\u5e7412\u670831\u65e5",
        ),
        *(
            "31 Dec 2026",
            "31-Dec-2026",
            "December 31, 2026",
            "31 d\u00e9cembre 2026",
            "31. prosince 2026",
            "Thu, 31 Dec 2026",
        ),
        *(
            "1970-01-01",
            "01/01/1970 00:00:00",
            "1601-01-01T00:00:00Z",
            "30/12/1899",
            "1999-12-31",
            "9999-12-31",
            "2200-01-01",
        ),
        *(
            "31 12 2026",
            "31/ 12/ 2026",
            "31 /12/2026",
            "31//12/2026",
            "31/12-2026",
            "2026-12/31",
            "20261231",
            "2026-12",
        ),
        *(
            "31/12/2026 BE",
            "31/12/2026 AH",
            "BE 31/12/2569",
            "31/12/2026 B.C.",
            "~31/12/2026",
            "31/12/2026?",
            "31/12/2026-",
        ),
        *(
            "31/12/2026 25:00",
            "31/12/2026 12:60",
            "31/12/2026 noon",
            "2026-W53-4",
            "2026-366",
            "-2026-12-31",
            "+31/12/2026",
        ),
        *(
            "\u0663\u0661/\u0661\u0662/\u0662\u0660\u0662\u0666",
            "\uff13\uff11/\uff11\uff12/\uff12\uff10\uff12\uff16",
        ),
        *(
            "1798675200",
            "/Date(1798675200000)/",
            "0",
            "0001-01-02",
            "0001/12/31",
            "01/12/0001",
            "never",
            "unlimited",
            "N/A",
            "-",
        ),
    ],
)
def test_what_is_not_wholly_explained_or_cannot_be_true_has_no_reading(raw: str) -> None:
    date = read_dates({"expires": raw})["expires"]
    assert date is not None
    assert (date.readings, date.certain, date.order) == ((), None, None)
    assert day_shown(date.as_dict(dt.date(2026, 1, 1))) == f"{date.raw} (not certain)"


@pytest.mark.parametrize(
    "raw",
    [
        *(
            "31. 12. 2026",
            "31.12.2026.",
            "2026. 12. 31.",
            "2026.12.31",
            "31/12/2026 1:05\u202fPM",
            "12/31/2026 12:00:00 AM",
        ),
        *(
            "2026/12/31 \u5348\u5f8c 1:05",
            "2026-12-31T13:05:00.0000000Z",
            "2026-12-31 13:05:00 +01:00",
            "31-12-2026 13.05",
        ),
    ],
)
def test_forms_that_are_read(raw: str) -> None:
    date = read_dates({"expires": raw})["expires"]
    assert date is not None
    assert date.certain == dt.date(2026, 12, 31)
