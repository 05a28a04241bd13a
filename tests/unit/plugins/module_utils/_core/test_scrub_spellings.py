# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No spelling of a secret survives, and nothing else is touched: drawn, not listed."""

from __future__ import annotations

import base64
import html
import json
import random
import threading
import typing as t
import unicodedata
import urllib.parse

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import REPLACEMENT, Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.text_levels import (
    fold,
    fold_traced,
    levels,
    trace,
    traced_levels,
)
from hypothesis import assume, example, given
from hypothesis import strategies as st

KEY: t.Final = "AB12CD-SP34EF-GH56IJ-B978KL-CV55K2"
PASSWORD: t.Final = "M\u00fcn'chen+2024\u5bc6"

# How one character may be written by somebody who quotes it.
_ONE: t.Final[dict[str, t.Callable[[str], str]]] = {
    "as it is": str,
    "JSON": lambda char: "".join(f"\\u{unit:04x}" for unit in _units(char)),
    "JSON of .NET": lambda char: "".join(f"\\u{unit:04X}" for unit in _units(char)),
    "URL": lambda char: "".join(f"%{byte:02X}" for byte in char.encode()),
    "URL, small": lambda char: "".join(f"%{byte:02x}" for byte in char.encode()),
    "URL of .NET": lambda char: "".join(f"%u{unit:04x}" for unit in _units(char)),
    "HTML": lambda char: f"&#{ord(char)};",
    "HTML, hexadecimal": lambda char: f"&#x{ord(char):X};",
    "HTML, by name": html.escape,
    "Python": lambda char: f"\\U{ord(char):08x}",
    "JavaScript": lambda char: f"\\u{{{ord(char):x}}}",
    "bytes": lambda char: "".join(f"\\x{byte:02x}" for byte in char.encode()),
    "bytes of C": lambda char: "".join(f"\\{byte:03o}" for byte in char.encode()),
    "CLIXML": lambda char: "".join(f"_x{unit:04X}_" for unit in _units(char)),
    "doubled": lambda char: char * 2 if char in "'\"" else char,
    "with a backslash": lambda char: "\\" + char if char in "'\"\\/" else char,
    "other case": str.swapcase,
    "decomposed": lambda char: unicodedata.normalize("NFD", char),
    "with dots": lambda char: f"{char}.",
    "wrapped": lambda char: f"{char}\n  ",
    "with something unseen": lambda char: f"{char}\u200b",
}
# What may be done to a whole text that quotes another.
_WHOLE: t.Final[dict[str, t.Callable[[str], str]]] = {
    "as it is": str,
    "JSON": json.dumps,
    "JSON, not ASCII": lambda text: json.dumps(text, ensure_ascii=False),
    "Python": repr,
    "Python, ASCII": ascii,
    "HTML": html.escape,
    "URL": lambda text: urllib.parse.quote(text, safe="", errors="surrogatepass"),
    "form": lambda text: urllib.parse.quote_plus(text, errors="surrogatepass"),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "capitals": str.upper,
}
_safe: t.Final = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="*\u2026")
# Letters and digits enough, as a password and a key have, and more of what spellings are about.
_secrets: t.Final = (
    st.tuples(
        st.text(st.sampled_from("abcxyzABC0189") | _safe, min_size=6, max_size=16),
        st.text(st.sampled_from("'\"%&<>+/\\ -._=?#\u00fc\u00e9\u79d8\U0001f511") | _safe, min_size=2, max_size=8),
        st.randoms(use_true_random=False),
    )
    .map(lambda drawn: _mixed(drawn[0] + drawn[1], drawn[2]))
    .filter(lambda secret: len(fold(secret)) >= 8)
)
_noise: t.Final = st.text(st.sampled_from("\"'%&\\u0x;#41 {}[]:\n") | _safe, max_size=30)


def _units(char: str) -> list[int]:
    data = char.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(data[place : place + 2], "little") for place in range(0, len(data), 2)]


def _mixed(text: str, rng: random.Random) -> str:
    chars = list(text)
    rng.shuffle(chars)
    return "".join(chars)


def _lowest(text: str) -> str:
    *_above, lowest = levels(text)
    return lowest


@given(
    secret=_secrets,
    ones=st.lists(st.sampled_from(sorted(_ONE)), min_size=1, max_size=24),
    wholes=st.lists(st.sampled_from(sorted(_WHOLE)), max_size=3),
    before=_noise,
    after=_noise,
)
@example(KEY, ["other case"], [], "", "")
@example(PASSWORD, ["JSON of .NET"], ["JSON"], "", "")
@example(PASSWORD, ["HTML", "URL", "as it is"], [], "", "")
def test_a_secret_is_found_whatever_is_done_to_each_of_its_characters_and_to_the_whole(
    secret: str, ones: list[str], wholes: list[str], before: str, after: str
) -> None:
    spelled = "".join(_ONE[ones[place % len(ones)]](char) for place, char in enumerate(secret))
    for whole in wholes:
        spelled = _WHOLE[whole](spelled)
    # A blank on each side: what is an escape only together with its neighbors is another text.
    scrubbed = Scrubber([secret]).text(f"{before} {spelled} {after}")
    assert REPLACEMENT in scrubbed
    sought = {fold(level) for level in levels(secret)}
    assume(not any(each in fold(level) for each in sought for level in levels(f"{before}  {after}")))
    for level in levels(scrubbed):
        assert not any(each in fold(level) for each in sought)


@given(secret=_secrets, before=st.text(max_size=60), after=st.text(max_size=60))
def test_what_is_not_secret_stays_to_the_character(secret: str, before: str, after: str) -> None:
    scrubber = Scrubber([secret])
    for text in (before, after):
        assume(not scrubber.finds(text))
        assert scrubber.text(text) == text
    # This mark is no part of any spelling, so what is around it is cut off cleanly.
    assume("!" not in secret)
    assert scrubber.text(f"{before}!{secret}!{after}".replace("\u2026", "")).startswith(
        f"{before}!".replace("\u2026", "")
    )


@given(st.text(max_size=80) | _noise)
def test_traced_and_quick_ways_agree(text: str) -> None:
    assert [each.text for each in traced_levels(text)] == list(levels(text))
    for level in traced_levels(text):
        folded = fold_traced(level)
        assert folded.text == fold(level.text)
        assert len(folded.starts) == len(folded.ends) == len(folded.text)
        assert all(0 <= begin < end <= len(text) for begin, end in zip(folded.starts, folded.ends, strict=True))
    assert trace(text).text == text


@pytest.mark.parametrize(
    "spelled",
    [
        "M\\u00FCn\\u0027chen\\u002B2024\\u5BC6",
        "M%C3%BCn%27chen%2B2024%E5%AF%86",
        "M%C3%BCn'chen%2B2024%E5%AF%86",
        "M%FCn%27chen+2024%u5BC6",
        "M&#252;n&#39;chen&#43;2024&#23494;",
        "M&uuml;n&apos;chen+2024\u5bc6",
        "M\u00fcn''chen+2024\u5bc6",
        "Mu\u0308n'chen+2024\u5bc6",
        "M\u00c3\u00bcn'chen+2024\u00e5\u00af\u2020",
        "M?n'chen+2024?",
        "M\\N{LATIN SMALL LETTER U WITH DIAERESIS}n'chen+2024\u5bc6",
        "m\u00dcN'CHEN+2024\u5bc6",
        "M\u00fcn'chen 2024\u5bc6",
    ],
)
def test_a_password_in_the_spellings_of_dotnet_and_others(spelled: str) -> None:
    assert Scrubber([PASSWORD]).text(f"said: <{spelled}>.") == f"said: <{REPLACEMENT}>."


@pytest.mark.parametrize(
    "spelled",
    [
        KEY.lower(),
        KEY.replace("-", ""),
        KEY.replace("-", ".").lower(),
        KEY.replace("-", " "),
        KEY.replace("-", "\u2011"),
        KEY.replace("-", "%2D"),
        ".".join(KEY),
        KEY.replace("-", "-\n"),
        KEY.replace("-", "\u200b"),
        "\uff21\uff22\uff11\uff12CD" + KEY[6:],
    ],
)
def test_a_key_in_any_case_and_with_any_separators(spelled: str) -> None:
    assert Scrubber([KEY]).text(f"key={spelled}, used") == f"key={REPLACEMENT}, used"


@pytest.mark.parametrize("dots", ["\u2026", "...", "\\u2026", "&hellip;", "%E2%80%A6", "....."])
@pytest.mark.parametrize("kept", [4, 11, 20])
def test_what_is_left_of_a_cut_secret_on_either_side_is_taken_out(kept: int, dots: str) -> None:
    scrubber = Scrubber([KEY])
    assert scrubber.text(f"key {KEY[:kept]}{dots}") == f"key {REPLACEMENT}{dots}"
    assert scrubber.text(f"key {dots}{KEY[-kept:]} used") == f"key {dots}{REPLACEMENT} used"
    assert scrubber.text(f"{KEY[:kept]}{dots}{KEY[-kept:]}") == f"{REPLACEMENT}{dots}{REPLACEMENT}"


@pytest.mark.parametrize("text", ["innocent\u2026", "...innocent", "AB1...5K2", "\u2026"])
def test_a_cut_text_without_enough_of_a_secret_stays(text: str) -> None:
    assert Scrubber([KEY]).text(text) == text


def test_a_whole_key_of_anybody_is_shown_as_far_as_a_farm_shows_one() -> None:
    text = f"The key {KEY} is used by another farm, and so is {KEY.lower()}."
    assert Scrubber().text(text) == "The key ****-CV55K2 is used by another farm, and so is ****-cv55k2."


@pytest.mark.parametrize(
    "text",
    [
        "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        "****-ME****-****-B9****-CV55K2",
        "prefer-higher-number-better-always",
        "2031-12-31T00:00:00Z",
        "cb1-tokyo1-rds123-host42",
    ],
)
def test_what_only_looks_like_a_key_stays(text: str) -> None:
    assert Scrubber(["something-else"]).text(text) == text


def test_what_is_around_a_secret_stays_however_often_it_is_quoted() -> None:
    text = "before it's plain-enough after"
    for _level in range(3):
        text = urllib.parse.quote(html.escape(text))
        scrubbed = Scrubber(["plain-enough"]).text(text)
        assert ("before" in scrubbed, REPLACEMENT in scrubbed, "after" in scrubbed) == (True, True, True)


def test_a_text_that_is_escaped_without_end_is_not_shown() -> None:
    text = "plain-enough"
    for level in range(16):
        first = f"%{ord(text[0]):02x}" if level % 2 else f"&#{ord(text[0])};"
        text = first + text[1:]
        scrubbed = Scrubber(["plain-enough"]).text(f"<{text}>")
        assert scrubbed in (f"<{REPLACEMENT}>", REPLACEMENT)
    assert scrubbed == REPLACEMENT


_HUGE: t.Final = {
    "one token": "x" * 1_000_000,
    "cuts": "plai\u2026" * 20_000,
    "only cuts": "..." * 60_000,
    "percent signs": "%25" * 80_000,
    "backslashes": "\\" * 300_000,
    "ampersands": "&amp;" * 50_000,
    "accents": "e\u0301" * 100_000,
    "only accents": "\u0301" * 200_000,
    "parts of keys": "AB12CD-" * 50_000,
    "words with hyphens": "ab-" * 200_000,
    "nearly secrets": "plain-enoug" * 20_000,
    "secrets": "plain-enough " * 10_000,
    "overlapping": "a" * 100_000,
}


@pytest.mark.parametrize("name", _HUGE)
def test_a_huge_token_does_not_hang(name: str) -> None:
    """What grows with the square of the length would take hours here."""
    scrubbed = Scrubber(["plain-enough", KEY, "a" * 12]).text(_HUGE[name])
    assert "plain-enough" not in scrubbed


def test_many_secrets_are_found_as_a_few_are() -> None:
    keys = [f"{number:06d}-ME34EF-GH56IJ-B978KL-BOB001" for number in range(300)]
    scrubber = Scrubber(keys)
    assert scrubber.text(f"{keys[7]} {keys[299].lower()}") == f"{REPLACEMENT} {REPLACEMENT}"
    assert not scrubber.finds("innocent text with nothing in it")


def test_secrets_are_added_while_other_threads_scrub() -> None:
    scrubber = Scrubber(["plain-enough"])
    failures: list[BaseException] = []

    def scrub() -> None:
        try:
            for number in range(300):
                assert scrubber.text(f"plain-enough {number}") == f"{REPLACEMENT} {number}"
        except BaseException as exc:
            failures.append(exc)

    def add(part: int) -> None:
        for number in range(200):
            scrubber.add(f"token-{part}-{number:08d}")

    threads = [threading.Thread(target=scrub) for _reader in range(3)]
    threads += [threading.Thread(target=add, args=(part,)) for part in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    for part in range(3):
        assert scrubber.text(f"<token-{part}-00000199>") == f"<{REPLACEMENT}>"


@pytest.mark.parametrize("shift", range(3))
def test_base64_in_lines_and_in_json_of_dotnet(shift: int) -> None:
    encoded = base64.b64encode(b"a" * shift + PASSWORD.encode() + b"zz").decode()
    inner = encoded[4:-4]
    for spelled in (encoded[:12] + "\r\n" + encoded[12:], encoded.replace("+", "\\u002B").replace("/", "\\/")):
        assert REPLACEMENT in Scrubber([PASSWORD]).text(spelled)
        assert inner not in Scrubber([PASSWORD]).text(spelled)


_STRANGER: t.Final = "Q1B2C3-D4E5F6-G7H8I9-J1K2L3"


@pytest.mark.parametrize("dash", ["-", "\u2010", "\u2011", "\u2013", "\u2212", "\uff0d", "\\u002D", "%2D", "&#45;"])
@pytest.mark.parametrize("before", ["", "key ", "key:\\n", '"', "\\u0022", "("])
def test_whole_keys_of_others_are_masked_however_they_are_spelled(dash: str, before: str) -> None:
    said = Scrubber().text(f"{before}{_STRANGER.replace('-', dash)} said")
    assert not any(group in said for group in _STRANGER.split("-")[:-1]), said
    assert said.endswith(" said")


@pytest.mark.parametrize("separator", [*"\u2212\u2043\u2022\u00b7:,|=~", " - ", ")(", "', '", '", "'])
def test_a_key_is_found_with_any_separator(separator: str) -> None:
    said = Scrubber([_STRANGER]).text(f"it says {_STRANGER.replace('-', separator)} today")
    assert not any(group in said for group in _STRANGER.split("-")), said


@pytest.mark.parametrize("written", ["cp1252", "cp850", "cp437", "utf-8"])
@pytest.mark.parametrize("read", ["cp1252", "cp850", "cp437", "latin-1", "utf-8"])
def test_a_password_is_found_in_the_wrong_code_page(written: str, read: str) -> None:
    password = "Z\u00fcrich'+Nord42"
    said = Scrubber([password]).text(f"it says {password.encode(written).decode(read, 'replace')} today")
    assert "Nord42" not in said
