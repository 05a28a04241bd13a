# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No form of a secret survives."""

from __future__ import annotations

import base64
import html
import json
import typing as t
import urllib.parse

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import REPLACEMENT, Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from hypothesis import assume, given
from hypothesis import strategies as st

CANARY = 'p"a & b<c>%d\\e \u79d8\u5bc6\u306e\u9375'
_WRITINGS: dict[str, t.Callable[[str], str]] = {
    "raw": str,
    "JSON": json.dumps,
    "JSON with Japanese": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"password": text})),
    "JSON shown by Python": lambda text: repr(json.dumps({"password": text})),
    "HTML": html.escape,
    "HTML without quotes": lambda text: html.escape(text, quote=False),
    "URL path": urllib.parse.quote,
    "URL value": lambda text: urllib.parse.quote(text, safe=""),
    "form": lambda text: urllib.parse.urlencode({"password": text}),
    "Python": repr,
    "Python, ASCII": ascii,
    "Python with both quotation marks": lambda text: repr(f"it's \"{text}"),
    "Python in a list": lambda text: repr([{"password": text}]),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "one line": quote,
}
_printable = st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"))
# Eight characters at least, as the options demand; more of those that some writing changes.
_secrets = st.text(
    st.sampled_from("\"'%&<>+/\\ \u3000\u79d8\u5bc6\u00e9=?#aZ09") | _printable, min_size=8, max_size=24
).filter(lambda text: len(text.strip()) >= 8 and len(quote(text)) >= 8 and "*" not in text and "\u2026" not in text)


@pytest.mark.parametrize("form", _WRITINGS)
@pytest.mark.parametrize(
    "secret",
    [
        CANARY,
        "it's mine, all",
        "plain-enough",
        "two  blanks  in",
        "wide\u3000blank\u3000in",
        " blanks around ",
        "C:\\new\\table",
        "\"'&%<>+/ -_",
    ],
)
def test_a_secret_is_taken_out_in_every_writing(form: str, secret: str) -> None:
    written = _WRITINGS[form](secret)
    scrubbed = Scrubber([secret]).text(f"before {written} after")
    assert REPLACEMENT in scrubbed
    inner = written.strip("\"'")
    assert inner not in scrubbed
    assert scrubbed.startswith("before")
    assert scrubbed.endswith("after")


@given(_secrets, st.sampled_from(sorted(_WRITINGS)))
def test_any_secret_is_taken_out_in_every_writing(secret: str, form: str) -> None:
    bare = _WRITINGS[form](secret)
    scrubbed = Scrubber([secret]).text(f"<<{bare}>>")
    assert REPLACEMENT in scrubbed
    assert secret not in scrubbed
    assert quote(secret) not in scrubbed


def _nested(leaf: str) -> st.SearchStrategy[t.Any]:
    leaves = st.sampled_from([leaf, f"a {leaf} b", json.dumps({"x": leaf}), leaf.encode(), 7, None, True, "innocent"])
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["k", leaf, "m"]), inner, max_size=3)
            | inner.map(lambda item: (item,))
        ),
        max_leaves=8,
    )


@given(_secrets, st.data())
def test_nothing_survives_in_nested_data_however_it_is_dumped(secret: str, data: st.DataObject) -> None:
    value = data.draw(_nested(secret))
    scrubbed = Scrubber([secret]).data(value)
    dumps = [
        json.dumps(scrubbed),
        json.dumps(scrubbed, ensure_ascii=False),
        repr(scrubbed),
        html.escape(json.dumps(scrubbed)),
        urllib.parse.quote(json.dumps(scrubbed)),
    ]
    # A secret such as a run of blanks and brackets could be in any dump by itself.
    assume(not any(secret in dump for dump in (json.dumps(_blank(value)), repr(_blank(value)))))
    for dump in dumps:
        for write in (str, json.dumps, repr, html.escape, urllib.parse.quote):
            form = write(secret)
            assert (form[1:-1] if write in (json.dumps, repr) else form) not in dump


def _blank(value: t.Any) -> t.Any:
    """The shape of the data with no texts in it."""
    if isinstance(value, dict):
        return [_blank(item) for item in value.values()]
    if isinstance(value, (list, tuple)):
        return [_blank(item) for item in value]
    return REPLACEMENT


def test_numbers_flags_and_none_stay_what_they_are() -> None:
    assert Scrubber(["12345678"]).data({"a": [1, 2.5, True, None]}) == {"a": [1, 2.5, True, None]}


def test_keys_are_scrubbed_too() -> None:
    assert Scrubber(["plain-enough"]).data({"x plain-enough": 1}) == {f"x {REPLACEMENT}": 1}


def test_bytes_become_scrubbed_text() -> None:
    assert Scrubber(["plain-enough"]).data(b"x plain-enough \xff") == f"x {REPLACEMENT} \ufffd"


def test_sets_and_tuples_become_lists_as_in_json() -> None:
    assert Scrubber([]).data(("a",)) == ["a"]
    assert Scrubber([]).data({"a"}) == ["a"]


def test_the_longest_secret_is_taken_out_first_so_that_no_rest_of_it_is_left() -> None:
    for order in (["plain-enough", "plain-enough-and-more"], ["plain-enough-and-more", "plain-enough"]):
        assert Scrubber(order).text("plain-enough-and-more") == REPLACEMENT


def test_a_secret_within_another_one_leaves_no_rest_of_it() -> None:
    assert Scrubber(["plain-enough-and-more", "enough-and"]).text("<plain-enough-and-more>") == f"<{REPLACEMENT}>"


def test_a_secret_may_be_learned_later() -> None:
    scrubber = Scrubber()
    assert scrubber.text("plain-enough") == "plain-enough"
    scrubber.add("plain-enough")
    assert scrubber.text("plain-enough") == REPLACEMENT


@pytest.mark.parametrize("nothing", ["", " ", "        "])
def test_nothing_is_no_secret(nothing: str) -> None:
    assert Scrubber([nothing]).text("a        b") == "a        b"


def test_text_of_other_string_types_becomes_plain_text() -> None:
    class Tagged(str):
        """Such as the tagged strings of ansible-core."""

        __slots__ = ()

    assert not isinstance(Scrubber().data(Tagged("x")), Tagged)


@pytest.mark.parametrize("kept", range(4, len("plain-enough")))
def test_a_text_that_was_cut_within_a_secret_keeps_no_part_of_it(kept: int) -> None:
    text = quote("x" * (199 - kept) + "plain-enough and more")
    assert text.endswith("plain-enough"[:kept] + "\u2026")
    scrubbed = Scrubber(["plain-enough"]).text(f"'{text}'.")
    assert "plai" not in scrubbed
    assert scrubbed.endswith(f"{REPLACEMENT}\u2026'.")


def test_a_cut_text_without_a_secret_stays() -> None:
    assert Scrubber(["plain-enough"]).text("innocent\u2026") == "innocent\u2026"


def test_data_that_a_farm_nested_deeply_does_not_end_the_run() -> None:
    deep: t.Any = "plain-enough"
    for _level in range(2000):
        deep = [deep]
    scrubbed = Scrubber(["plain-enough"]).data({"raw": deep})["raw"]
    while isinstance(scrubbed, list):
        (scrubbed,) = scrubbed
    assert scrubbed == "(nested too deeply)"
