# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The detector finds what is planted, in every form, or the silence of the other tests would mean nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import textwrap
import typing as t
import urllib.parse
import xml.sax.saxutils

import pytest
import yaml

from leak.canaries import ACCOUNT, CANARIES, KEY, KNOWN_KEY, QUERY, STRANGE_KEY, WINDOWS
from leak.detector import Canary, Detector

_WRITTEN: dict[str, t.Callable[[str], str]] = {
    "raw": lambda text: f"x {text} y",
    "json": lambda text: json.dumps({"a": text}),
    "json not ascii": lambda text: json.dumps({"a": text}, ensure_ascii=False),
    "json in json": lambda text: json.dumps({"b": json.dumps({"a": text})}),
    "html": html.escape,
    "xml attribute": lambda text: xml.sax.saxutils.quoteattr(text + "'"),
    "url": lambda text: "https://x/?" + urllib.parse.urlencode({"p": text}),
    "url path": urllib.parse.quote,
    "url, everything": lambda text: urllib.parse.quote(text, safe="").lower(),
    "repr": lambda text: repr({"p": text}),
    "ascii": ascii,
    "yaml": lambda text: yaml.safe_dump({"p": text}),
    "yaml, not ascii": lambda text: yaml.safe_dump({"p": text}, allow_unicode=True),
    "wrapped": lambda text: textwrap.fill("something " * 7 + text, 79),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "half": lambda text: text[: len(text) // 2],
    "other half": lambda text: text[len(text) // 2 :],
}


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.name)
@pytest.mark.parametrize("form", _WRITTEN)
def test_finds_each_form(form: str, canary: Canary) -> None:
    """With the pieces, as the leak tests use it."""
    assert Detector([canary]).search("here", _WRITTEN[form](canary.text))


@pytest.mark.parametrize("form", sorted(set(_WRITTEN) - {"half", "other half", "url, everything"}))
def test_finds_each_form_without_the_help_of_pieces(form: str) -> None:
    """The form as such is known, too: the pieces are a second net."""
    bare = Canary("bare", ACCOUNT.text, ())
    assert Detector([bare]).search("here", _WRITTEN[form](ACCOUNT.text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("before", range(6))
@pytest.mark.parametrize("after", range(3))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode], ids=["base64", "for URLs"])
def test_finds_base64_of_a_longer_text(
    encoding: str, before: int, after: int, encode: t.Callable[[bytes], bytes]
) -> None:
    """A secret within an encoded request, wherever it begins."""
    data = b"u" * before + ACCOUNT.text.encode(encoding) + b"z" * after
    assert Detector([ACCOUNT]).search("here", encode(data))


def test_finds_utf16_files() -> None:
    """As Windows writes files."""
    assert Detector([ACCOUNT]).search("here", ("a" + ACCOUNT.text).encode("utf-16-le"))


def test_finds_a_session_token_of_the_lab_only() -> None:
    """By its hash, for the lab does not give tokens out."""
    token = "A" * 64 + "+" + "0123456789abcdef/-=="
    short = hashlib.sha256(token.encode()).hexdigest()[:8]
    assert Detector([], [short]).search("here", f'{{"authToken": "{token}"}}')
    assert not Detector([], ["00000000"]).search("here", token)


def test_is_silent_about_what_may_be_seen() -> None:
    """A masked key, and ordinary text."""
    assert Detector(CANARIES).search("here", "****-AB****-****-55K2XX and Kq7v accounts, all is well") == []


def test_the_secrets_hold_what_breaks_quoting() -> None:
    """And none is part of another."""
    plain = (KEY, KNOWN_KEY, STRANGE_KEY, QUERY)  # a key of anything but letters, digits and hyphens is refused
    for canary in CANARIES:
        assert canary in plain or set('"&<%\\ ') <= set(canary.text)
        assert canary in (*plain, WINDOWS) or not canary.text.isascii()
    markers = [marker for canary in CANARIES for marker in canary.markers]
    assert len(set(markers)) == len(markers)
    assert all(marker in canary.text for canary in CANARIES for marker in canary.markers)
    assert KEY.text.split("-")[-1] == "55K2XX"
