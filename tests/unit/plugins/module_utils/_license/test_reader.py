# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm's License object, normalized."""

from __future__ import annotations

import datetime as dt
import json
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.never_activated import NeverActivated
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.reader import (
    KNOWN_FIELDS,
    read_license,
    TYPE_NAMES,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import answer, EMAIL, KEY_SHOWN, TODAY
from ansible_collections.fleetops.parallels_ras.tests.unit.support.strategies import json_values, license_answers
from hypothesis import example, given

# RAS REST API guide v18-v20, Licensing sample.
SPLA_SAMPLE: dict[str, t.Any] = {
    "licenseType": "Parallels Remote Application Server SPLA",
    "type": 3,
    "licenseKey": KEY_SHOWN,
    "expiryDate": "21/02/2021",
    "installedUsers": "",
    "usersPeak": "0",
    "usersLicenseInfo": "0",
    "gracePeriodState": "",
    "gracePeriodDaysLeft": "",
    "paUserName": "Jane",
    "paCompanyName": "Example",
    "paUserEmail": EMAIL,
    "licenseStatus": "",
    "supportExpireDate": "23/03/2021",
    "licenseFirstActive": "21/02/2018 12:39",
    "usageToday": "0",
    "billingPeriodStart": "03/05/2019 05:30",
}


def _read(fields: t.Any, **options: t.Any) -> License:
    return read_license(fields, **{"today": TODAY, **options})


def _read_or_code(fields: t.Any) -> License | str:
    try:
        return _read(fields)
    except RasError as exc:
        return exc.code


def test_the_vendors_sample() -> None:
    license = _read(SPLA_SAMPLE, today=dt.date(2021, 2, 21))
    assert license.status == "active"
    assert license.as_dict(dt.date(2021, 2, 20)) == {
        "status": "active",
        "type": "PostPaid",
        "type_text": "Parallels Remote Application Server SPLA",
        "key": KEY_SHOWN,
        "account": {"email": EMAIL, "name": "Jane", "company": "Example"},
        "expires": {"raw": "21/02/2021", "date": "2021-02-21", "certain": True, "days_left": 1},
        "support_expires": {"raw": "23/03/2021", "date": "2021-03-23", "certain": True, "days_left": 31},
        "first_activated": {"raw": "21/02/2018 12:39", "date": "2018-02-21", "certain": True, "days_left": -1095},
        "users": {"licensed": None, "peak": 0, "connected": 0},
        "grace": {"state": None, "days_left": None},
        "needs_attention": None,
        "status_message": None,
        "alert_message": None,
    }
    assert _read(SPLA_SAMPLE, today=dt.date(2021, 2, 22)).status == "expired"


@pytest.mark.parametrize("number", TYPE_NAMES)
def test_the_type_may_be_a_number_a_numeric_string_or_a_name(number: int) -> None:
    name = TYPE_NAMES[number]
    forms = (number, str(number), f" {number} ", name, name.upper(), name.lower())
    assert {_read(answer(type=form, licenseType="")).type_name for form in forms} == {name}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Permanent", "Permanent"),
        ("Parallels Remote Application Server Trial", None),
        ("RAS SPLA", "PostPaid"),
        ("RAS Subscription", None),
        ("", None),
    ],
)
def test_without_a_type_the_text_says_it_where_it_can(text: str, name: str | None) -> None:
    assert _read({"licenseType": text, "licenseKey": KEY_SHOWN}).type_name == name


def test_a_farm_that_says_so_was_never_activated() -> None:
    license = _read(NeverActivated.SAID)
    assert license.status == "not_activated"
    assert not license.paid


@pytest.mark.parametrize("kind", [4, 5, 6])
def test_a_trial_type_is_a_trial_and_never_paid(kind: int) -> None:
    license = _read({"type": kind, "expiryDate": "23/12/2026"})
    assert license.status == "trial"
    assert not license.paid


@pytest.mark.parametrize(
    "odd",
    [
        {"type": 7},
        {"type": "Unheard"},
        {"paUserEmail": EMAIL},
        {"expiryDate": "21/02/2027"},
        {"type": 0, "licenseKey": ""},
        {"type": None, "licenseKey": None, "expiryDate": ""},
        dict.fromkeys(KNOWN_FIELDS),
        {"type": 0, "licenseType": "Parallels RAS Subscription"},
        {"type": 0, "licenseFirstActive": "21/02/2018 12:39"},
        {"type": "about:blank", "title": "Not Found", "status": 404},
        {"statusMessage": "Not activated"},
        {"licenseType": "No trial is available"},
    ],
)
def test_neither_licensed_nor_free_to_activate_is_unreadable(odd: dict[str, t.Any]) -> None:
    assert _read(odd).status == "unreadable"


def test_a_key_of_an_unknown_type_is_a_license() -> None:
    assert _read({"type": 99, "licenseKey": KEY_SHOWN}).status == "active"
    assert _read({"licenseKey": "****"}).paid


@pytest.mark.parametrize(
    ("expiry", "kind", "status"),
    [
        ("23/11/2026", 2, "expired"),
        ("24/11/2026", 2, "active"),
        ("23/11/2026", 1, "active"),
        ("03/04/2026", 2, "expired"),
        ("12/11/2026", 2, "active"),
        ("unreadable", 2, "active"),
    ],
)
def test_expired_needs_every_reading_to_be_past_and_a_permanent_license_never_is(
    expiry: str, kind: int, status: str
) -> None:
    # 12/11/2026 is past as 12 November, but may also mean 11 December.
    assert _read(answer(type=kind, expiryDate=expiry)).status == status


def test_one_certain_date_settles_the_others_of_the_answer() -> None:
    license = _read(answer(expiryDate="12/11/2026", supportExpireDate="23/03/2027"))
    assert license.status == "expired"
    assert license.expires is not None
    assert license.expires.certain == dt.date(2026, 11, 12)


def test_date_order_decides_the_likelier_reading() -> None:
    license = _read(answer(expiryDate="03/04/2027"), date_order="mdy")
    assert license.expires is not None
    assert license.expires.readings[0] == dt.date(2027, 3, 4)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("50", 50),
        (50, 50),
        (" 7 ", 7),
        ("-1", -1),
        ("", None),
        ("many", None),
        (None, None),
        (True, None),
        (1.5, None),
        ("9" * 30, None),
    ],
)
def test_numbers_may_be_strings(value: t.Any, number: int | None) -> None:
    assert _read(answer(installedUsers=value)).users_licensed == number


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (True, True),
        ("true", True),
        ("1", None),
        (1, None),
        ("False", False),
        (0, None),
        ("", None),
        (None, None),
        ("perhaps", None),
    ],
)
def test_flags_may_be_strings(value: t.Any, flag: bool | None) -> None:
    assert _read(answer(needsAttention=value)).needs_attention is flag


def test_field_names_may_be_written_in_pascal_case() -> None:
    upper = {name[0].upper() + name[1:]: value for name, value in SPLA_SAMPLE.items() if not name.startswith("pa")}
    upper |= {"PAUserName": "Jane", "PACompanyName": "Example", "PAUserEmail": EMAIL}
    assert _read(upper).as_dict(TODAY) == _read(SPLA_SAMPLE).as_dict(TODAY)


def test_known_fields_are_not_among_the_unknown_ones_however_they_are_written() -> None:
    assert _read({"LicenseKey": KEY_SHOWN, "PAUserEmail": EMAIL, "type": 2, "plan": {"a": 1}}).unknown_fields == {
        "plan": {"a": 1}
    }


@pytest.mark.parametrize("spell", [str.upper, str.lower, str.title])
def test_the_case_of_names_is_no_reason_to_miss_a_license(spell: t.Callable[[str], str]) -> None:
    assert _read({spell(name): value for name, value in SPLA_SAMPLE.items()}).as_dict(TODAY) == _read(
        SPLA_SAMPLE
    ).as_dict(TODAY)


def test_one_field_in_two_spellings_is_a_bad_answer() -> None:
    assert _read_or_code({"licenseKey": None, "LicenseKey": KEY_SHOWN, "type": 0}) == "bad_answer"


@pytest.mark.parametrize("wrong", [None, [], "text", 1, True, [{}]])
def test_what_is_no_object_is_a_bad_answer(wrong: t.Any) -> None:
    with pytest.raises(RasError) as caught:
        _read(wrong)
    assert caught.value.code == "bad_answer"


@pytest.mark.parametrize("answer_", [{}, {"error": "no", "hint": 1}, {"license_key": "A", "license": {}}])
def test_an_object_without_any_license_field_is_a_bad_answer_that_names_its_fields(answer_: dict[str, t.Any]) -> None:
    with pytest.raises(RasError) as caught:
        _read(answer_)
    assert caught.value.code == "bad_answer"
    assert caught.value.observed == {"fields": sorted(answer_)}
    assert "backend=winrm" in caught.value.remedy


@pytest.mark.parametrize("char", ["\u200b", "\ufeff", "\u202e", "\x00", "\u00a0"])
def test_an_address_with_characters_that_are_not_seen_is_not_known(char: str) -> None:
    assert _read(answer(paUserEmail=f"{EMAIL[:3]}{char}{EMAIL[3:]}")).account_email is None


def test_texts_are_one_line_without_control_characters() -> None:
    assert _read(answer(statusMessage="one\n\x1b[31mtwo")).status_message == "one [31mtwo"


@given(json_values)
def test_any_json_gives_a_license_or_a_ras_error(value: t.Any) -> None:
    assert isinstance(_read_or_code(value), License) or _read_or_code(value) == "bad_answer"


@given(license_answers)
@example({"type": "9" * 5000})
@example({"type": "-" + "9" * 5000, "installedUsers": "9" * 5000, "expiryDate": "9" * 5000})
def test_any_license_fields_give_a_license_whose_result_is_json(fields: dict[str, t.Any] | None) -> None:
    license = _read_or_code(fields)
    if isinstance(license, License):
        json.dumps(license.as_dict(TODAY))
    else:
        assert license == "bad_answer"


@given(json_values | license_answers)
def test_no_drawn_answer_means_that_a_farm_was_never_activated(value: t.Any) -> None:
    license = _read_or_code(value)
    assert license == "bad_answer" or (isinstance(license, License) and license.status != "not_activated")


@given(license_answers)
def test_whatever_shows_a_key_or_a_paid_type_has_a_license(fields: dict[str, t.Any] | None) -> None:
    shows_key = isinstance((fields or {}).get("licenseKey"), str) and "CV55K2" in (fields or {})["licenseKey"]
    paid_type = not isinstance((fields or {}).get("type"), bool) and (fields or {}).get("type") in (
        1,
        2,
        3,
        "1",
        "2",
        "3",
        "PrePaid",
        "postpaid",
    )
    if shows_key or paid_type:
        seen = _read_or_code(fields)
        assert seen == "bad_answer" or (isinstance(seen, License) and seen.status in ("active", "expired", "trial"))


@pytest.mark.parametrize("shown", [{"type": 6}, {"type": "4", "status": 404}, {"Type": 5, "title": "Bad gateway"}])
def test_a_type_alone_is_no_trial(shown: dict[str, t.Any]) -> None:
    """Problem details have a type, too, and a trial is activated where a key is given."""
    assert read_license(shown, today=dt.date(2026, 3, 1)).status == "unreadable"
    assert read_license({**shown, "expiryDate": "01/01/2027"}, today=dt.date(2026, 3, 1)).status == "trial"
