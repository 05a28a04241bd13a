# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent is what it looks like, out of the whole of Unicode."""

from __future__ import annotations

import typing as t
import unicodedata

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec, secret_names
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.spelling import (
    comparable,
    email,
    is_unseen,
    key,
    secret,
    spelled,
    user,
)
from hypothesis import assume, example, given
from hypothesis import strategies as st

ADDRESS = "licensing@example.com"
KEY = "A1B2C3-MED4E5-F6G7H8"
VALUES = {email: ADDRESS, key: KEY, secret: "correct horse", user: "svc@example.com"}
_EVERY = st.integers(0, 0x10FFFF).map(chr)
_INVISIBLE = [
    *"\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u115f\u180e\u3164\uffa0\u2800\ufe0f\U000e0100\U000e0041",
    *"\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\n\r\t\v\f\x00\x1b\x7f\x85\u2028\u2029\u00a0\u2003\u202f\u3000\ud800\udfff\ue000\uffff",
]
_LATIN_MARKED = "äöüéèñçåøßœłőşžÄÉ"
_WORDS = st.text("abcxyz019", min_size=1, max_size=6)


def _refused(speller: t.Callable[[str, str], str], value: str) -> RasError:
    with pytest.raises(RasError) as caught:
        speller("the_option", value)
    assert caught.value.code == "invalid_option"
    assert "the_option" in caught.value.message
    assert value not in str(caught.value.as_dict())
    return caught.value


def _put(value: str, at: int, char: str) -> str:
    at %= len(value) + 1
    return value[:at] + char + value[at:]


@pytest.mark.parametrize("speller", VALUES)
@pytest.mark.parametrize("char", _INVISIBLE, ids=lambda char: f"{ord(char):04X}")
@pytest.mark.parametrize("at", [0, 4, -1])
def test_what_is_not_seen_is_refused_by_code_point_and_place(
    speller: t.Callable[[str, str], str], char: str, at: int
) -> None:
    value = VALUES[speller]
    at = len(value) if at < 0 else at
    error = _refused(speller, _put(value, at, char))
    assert f"holds U+{ord(char):04X} " in error.message
    assert f"as character {at + 1}:" in error.message


@given(_EVERY, st.integers(0, 30))
def test_every_character_of_a_password_is_kept_or_refused(char: str, at: int) -> None:
    value = _put(VALUES[secret], at, char)
    if is_unseen(char):
        assert f"U+{ord(char):04X}" in _refused(secret, value).message
    else:
        assert secret("the_option", value) == value


@given(_EVERY, st.integers(0, 30))
@example("\u2010", 6)
@example("\u0410", 0)
@example("\uff21", 3)
@example("\u212a", 3)
@example("\u2212", 3)
@example("\u0660", 3)
def test_a_key_is_ascii(char: str, at: int) -> None:
    value = _put(KEY, at, char)
    if char.isascii() and char.isprintable() and char != " ":
        assert key("the_option", value) == value
    elif char == " " and at % (len(KEY) + 1) in (0, len(KEY)):
        assert key("the_option", value) == KEY
    else:
        assert f"U+{ord(char):04X}" in _refused(key, value).message


@given(_EVERY, st.integers(0, 30))
def test_no_character_that_is_not_ascii_or_marked_latin_gets_into_an_ascii_address(char: str, at: int) -> None:
    assume(not char.isascii())
    value = _put(ADDRESS, at, char)
    # A mark may compose with the letter before it, which makes a marked letter of it.
    composed = unicodedata.normalize("NFC", value)
    is_marked = all(
        each.isascii() or each in _LATIN_MARKED or unicodedata.normalize("NFD", each)[0].isascii() for each in composed
    )
    if not is_marked and char not in "ßẞæÆœŒøØðÐþÞłŁđĐ":
        assert f"U+{ord(char):04X}" in _refused(email, value).message


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("licensing", "exactly one @, observed 0"),
        ("a@b@example.com", "exactly one @, observed 2"),
        ("@example.com", "an empty part"),
        ("a@", "an empty part"),
        ("a@example..com", "an empty part"),
        ("a\u2013b@example.com", "U+2013 EN DASH as character 2: expected a hyphen"),
        ("a\u2212b@example.com", "U+2212 MINUS SIGN"),
        ("a\u30fcb@example.com", "U+30FC"),
        ("a\u4e00b@example.com", "U+4E00"),
        ("12\u30fc34@example.com", "U+30FC"),
        ("12\u4e0034@example.com", "U+4E00"),
        ("\u7528.\u4e00@example.com", "U+4E00"),
        ("\u4e00\u30fc@example.com", "U+4E00"),
        ("\u65e5\u672cabc@example.com", "U+65E5"),
        ("\u057d\u057d@example.com", "U+057D ARMENIAN"),
        ("\uff41b@example.com", "U+FF41 FULLWIDTH LATIN SMALL LETTER A"),
        ("ab\uff20example.com", "U+FF20 FULLWIDTH COMMERCIAL AT"),
        ("ab@example\u3002com", "U+3002 IDEOGRAPHIC FULL STOP"),
        ("\ufb01@example.com", "U+FB01"),
        ("\u212a@example.com", "U+212A KELVIN SIGN"),
        ("l\u0456censing@example.com", "U+0456 CYRILLIC"),
        ("lic\u03bfnsing@example.com", "U+03BF GREEK"),
        ("\u0440\u0430\u0441@example.com", "U+0440 CYRILLIC"),
        ("l\u0131censing@example.com", "U+0131 LATIN SMALL LETTER DOTLESS I"),
        ("\u0261@example.com", "U+0261"),
        ("\u13aa@example.com", "U+13AA CHEROKEE"),
        ("a\u0338@example.com", "U+0338 COMBINING LONG SOLIDUS OVERLAY"),
        ("a\u0661@example.com", "U+0661 ARABIC-INDIC DIGIT ONE"),
        ("Jane <a@example.com>", "U+0020 SPACE"),
        ("mailto:a@example.com", "U+003A COLON"),
        ("a@exam_ple.com", "U+005F LOW LINE"),
        ("a@ex\u0430mple.com", "U+0430 CYRILLIC SMALL LETTER A as character 5"),
    ],
)
def test_what_is_no_plain_address(value: str, says: str) -> None:
    assert says in _refused(email, value).message


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (" licensing@example.com ", ADDRESS),
        ("Licensing+RAS@Example.COM", "Licensing+RAS@example.com"),
        ("mu\u0308ller@b\u00fccher.example", "m\u00fcller@xn--bcher-kva.example"),
        ("m\u00fcller@XN--BCHER-KVA.example", "m\u00fcller@xn--bcher-kva.example"),
        ("a@stra\u00dfe.example", "a@xn--strae-oqa.example"),
        ("info@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "info@xn--e1afmkfd.xn--p1ai"),
        ("\u30e6\u30fc\u30b6\u30fc.\u4e00\u90ce@example.jp", "\u30e6\u30fc\u30b6\u30fc.\u4e00\u90ce@example.jp"),
        ("\u0c30\u0c3e\u0c2e\u0c41@example.in", "\u0c30\u0c3e\u0c2e\u0c41@example.in"),
        ("\u0dc3\u0db8\u0db1\u0dca@example.lk", "\u0dc3\u0db8\u0db1\u0dca@example.lk"),
        ("\u0561\u0580\u0561\u0574@example.am", "\u0561\u0580\u0561\u0574@example.am"),
        ("\u7528\u6237@\u4f8b\u3048.jp", "\u7528\u6237@xn--r8jz45g.jp"),
    ],
)
def test_the_one_form_of_an_address(value: str, form: str) -> None:
    assert email("the_option", value) == form
    assert email("the_option", form) == form


@given(st.text(_LATIN_MARKED + "abc", min_size=1, max_size=5), st.text(_LATIN_MARKED + "abc", min_size=1, max_size=5))
def test_composed_and_decomposed_and_idn_forms_are_one_address(local: str, label: str) -> None:
    address = f"{local}@{label}.example"
    form = email("the_option", unicodedata.normalize("NFC", address))
    assert email("the_option", unicodedata.normalize("NFD", address)) == form
    assert form.partition("@")[2].isascii()
    for other in (
        address,
        unicodedata.normalize("NFD", address),
        form,
        address.upper().replace("ß", "ß"),
        f"\t{address} ",
    ):
        if "ß" not in address:  # its capital is two letters, and another address
            assert comparable(other) == comparable(form)


@given(st.text(max_size=12))
def test_a_reported_address_is_compared_in_one_form_or_unknown(text: str) -> None:
    form = comparable(text)
    assert (form is None) == any(map(is_unseen, text.strip()))
    if form is not None and form == form.strip():
        assert comparable(form) == form


@given(_WORDS, _WORDS)
def test_plain_values_pass_as_they_are(one: str, two: str) -> None:
    options = {
        "account_email": f"{one}@{two}",
        "account_other_emails": [f"{one}@{two}", f"{two}@{one}"],
        "account_password": f" {one} {two} ",
        "license_key": f"{one}-{two}",
        "api_username": f"{one}\\{two}",
        "account_company": "\u200b",
        "timeout": 60,
    }
    assert spelled(options) == options


def test_what_is_empty_or_not_given_stays() -> None:
    empty = {"account_email": None, "license_key": "", "account_keys": [], "api_password": None}
    assert spelled(empty) == empty


def test_every_secret_and_every_address_has_a_spelling() -> None:
    names = {*secret_names(license_spec()), "api_username"} | {name for name in license_spec() if "email" in name}
    for name in names:
        value: t.Any = "bad\u200bvalue"
        with pytest.raises(RasError, match=r"U\+200B"):
            spelled({name: [value] if license_spec()[name]["type"] == "list" else value})


def test_a_user_loses_the_blanks_at_its_ends_and_a_password_does_not() -> None:
    assert spelled({"api_username": " svc ", "api_password": " secret one "}) == {
        "api_username": "svc",
        "api_password": " secret one ",
    }
