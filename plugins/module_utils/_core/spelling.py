# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Refuse addresses, keys, passwords and users that are not what they look like, and normalize the rest once. Pure.

What is copied from a mail or a web page brings characters along that nobody sees, and dashes and letters that only look
like those that were meant. Each would cost an attempt at the vendor. A refusal names the character and its place, never
the value.

* Everywhere: nothing that cannot be seen, no line break, and no blank but the ordinary one.
* A password is sent as written. A user loses the blanks at its ends.
* A key is ASCII; blanks at its ends are taken off, case and hyphens stay.
* An e-mail address has one ``@``. Blanks at its ends are taken off, it is composed (NFC), and its domain is written as
  DNS does (A-labels, RFC 5890). Letters that are not ASCII are allowed where they cannot be taken for others: Latin
  ones with marks, and those of one script within a part, unless each of them looks like a Latin letter. A stroke of
  Japanese, Korean or Chinese that may be taken for a dash counts as a letter only beside another of their letters.
"""

from __future__ import annotations

import typing as t
import unicodedata

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError

REMEDY: t.Final = "Type it by hand instead of copying it, or correct this character. Nothing was sent."

# Python names no control characters; these are the ones that people copy.
_CONTROLS: t.Final = {
    "\0": "NULL",
    "\t": "TAB",
    "\n": "LINE FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}
# Shown as nothing or as a blank, though their category says letter, mark or symbol: of Unicode's property
# Default_Ignorable_Code_Point, and the blanks of Braille, Khitan and musical notation.
_UNSEEN: t.Final = frozenset(
    chr(code)
    for first, last in (
        *((0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800), (0x3164, 0x3164)),
        *((0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0x16FE4, 0x16FE4), (0x1D159, 0x1D159), (0xE0100, 0xE01EF)),
    )
    for code in range(first, last + 1)
)
# Of the characters that RFC 5322 allows without quotes, those that are no letters and digits.
_IN_LOCAL_PART: t.Final = frozenset("!#$%&'*+-/=?^_`{|}~.")
_IN_DOMAIN: t.Final = frozenset("-")
# Latin letters of living languages that are no ASCII letter with a mark. Others, such as a dotless i, look like ASCII.
_LATIN: t.Final = frozenset("ßẞæÆœŒøØðÐþÞłŁđĐħĦŋŊŧŦ")
# Scripts of living languages, by the first word of a character's name, and those of them that one word may mix.
_SCRIPTS: t.Final = frozenset(
    (
        "LATIN CYRILLIC GREEK ARABIC HEBREW DEVANAGARI BENGALI TAMIL THAI GEORGIAN TELUGU SINHALA KANNADA MALAYALAM "
        "GUJARATI GURMUKHI ORIYA ARMENIAN LAO KHMER MYANMAR ETHIOPIC"
    ).split()
)
_MIXED: t.Final = frozenset("CJK HIRAGANA KATAKANA HANGUL BOPOMOFO".split())
# Letters that look like Latin ones. A word of nothing else is not what it looks like.
_LOOK_ALIKES: t.Final = frozenset(
    "АаВвЕеЅѕІіЈјКкМмНнОоРрСсТтУуХхҮүҺһԀԁԚԛԜԝӀӏѴѵГгПпЬь" + "ΑαΒβΕεΖΗηΙιΚκΜΝνΟοΡρΤτΥυΧχγωσϳ" + "ӔӕѠѡ"
    # Of scripts with few of them: Armenian, Malayalam, Oriya, Myanmar, Ethiopic.
    "աբգզըլհյոսուցքօւԱԼՈՍՏՕՑ" + "ഠଠဝ" + "ሀዐ"
)
# Of Japanese, Korean and Chinese: strokes that may be taken for a dash, a bar, an equals sign, a slash or an o.
_STROKES: t.Final = frozenset("ー一二三丨丿丶〇ノㅡㅣㅇㄧ")
_EXPECTED: t.Final = "letters of one script that look like no others, digits and hyphens"
_UNNAMED: t.Final = {"Cc": "(a control character)", "Cs": "(half a character)", "Co": "(private use)"}

Speller = t.Callable[[str, str], str]


def secret(name: str, value: str) -> str:
    """A password, as it is.

    :param name: of the option, for the message.
    :raises RasError: ``invalid_option``, as all functions here.
    """
    for number, char in enumerate(value, 1):
        if is_unseen(char):
            raise _refused(name, char, number, "characters that can be seen, and no line break")
    return value


def user(name: str, value: str) -> str:
    """A user, without blanks at its ends."""
    return secret(name, value).strip()


def key(name: str, value: str) -> str:
    """A license key, without blanks at its ends."""
    secret(name, value)
    for number, char in enumerate(value, 1):
        if not char.isascii() or (char == " " and value[:number].strip() and value[number:].strip()):
            raise _refused(name, char, number, "ASCII letters, digits and hyphens")
    return value.strip()


def email(name: str, value: str) -> str:
    """An e-mail address in its one form."""
    secret(name, value)
    for number, char in enumerate(value, 1):
        if unicodedata.normalize("NFKC", char) != char:
            raise _refused(name, char, number, "the plain form of a character")
        if unicodedata.category(char) == "Pd" and char != "-":
            raise _refused(name, char, number, "a hyphen (U+002D) for a dash")
    text = unicodedata.normalize("NFC", value.strip())
    if text.count("@") != 1:
        raise _no_address(name, f"exactly one @, observed {text.count('@')}")
    local, domain = text.split("@")
    start = len(value) - len(value.lstrip()) + 1
    for part, others in ((local, _IN_LOCAL_PART), *((label, _IN_DOMAIN) for label in domain.split("."))):
        if not part:
            raise _no_address(name, "name@domain, observed an empty part")
        at = _odd_place(part, others)
        if at is not None:
            raise _refused(name, part[at], start + at, _EXPECTED)
        start += len(part) + 1
    return f"{local}@{_as_in_dns(domain)}"


def spelled(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options with each address, key, password and user in its one form; others, and empty ones, as they are."""
    return {name: _spell(name, value) if value else value for name, value in options.items()}


def comparable(address: str) -> str | None:
    """An address that a farm reports, in the form in which it is compared: that of :func:`email`, without its case.

    None when it holds what cannot be seen: whether it is the address that it looks like is unknown. Never raises.
    """
    address = address.strip()
    if any(map(is_unseen, address)):
        return None
    local, at, domain = unicodedata.normalize("NFC", address).rpartition("@")
    return f"{_lower(local)}{at}{_as_in_dns(domain)}"


def is_unseen(char: str) -> bool:
    """Whether a character is shown as nothing or as a blank; the ordinary blank is not meant."""
    kind = unicodedata.category(char)
    return kind[0] == "C" or (kind[0] == "Z" and char != " ") or char in _UNSEEN


def _spell(name: str, value: t.Any) -> t.Any:
    # By its last word: account_other_emails holds addresses.
    speller = _SPELLERS.get(name.rstrip("s").rpartition("_")[2])
    if speller is None:
        return value
    if isinstance(value, (list, tuple)):
        return [speller(f"{name}[{number}]", item) for number, item in enumerate(value)]
    return speller(name, value)


_SPELLERS: t.Final[dict[str, Speller]] = {"email": email, "key": key, "password": secret, "username": user}


def _odd_place(part: str, others: frozenset[str]) -> int | None:
    """Where a part of an address holds something that may be taken for something else, or does not belong there."""
    letters: list[tuple[int, str, str]] = []
    for at, char in enumerate(part):
        if char.isascii():
            if not char.isalnum() and char not in others:
                return at
            if char.isalpha():
                letters.append((at, char, "LATIN"))
            continue
        script = _script(char)
        if script is None or (script == "LATIN" and not _is_common_latin(char)):
            return at
        letters.append((at, char, script))
    known = {at for at, char, script in letters if script in _MIXED and char not in _STROKES}
    for at, char, _name in letters:
        if char in _STROKES and not known & {at - 1, at + 1}:
            return at
    scripts = {script for _at, _char, script in letters}
    is_mixed = len(scripts) > 1 and not scripts <= _MIXED
    if is_mixed or (letters and all(_looks_latin(char) for _at, char, _script in letters)):
        return next(at for at, char, _script in letters if not char.isascii())
    return None


def _looks_latin(char: str) -> bool:
    return unicodedata.normalize("NFD", char)[0] in _LOOK_ALIKES


def _script(char: str) -> str | None:
    """The script of a letter, or of a mark that only this script has."""
    kind = unicodedata.category(char)
    word = unicodedata.name(char, "").replace("IDEOGRAPHIC", "CJK").replace("-", " ").partition(" ")[0]
    if kind in ("Ll", "Lu", "Lo", "Mn", "Mc") or (kind == "Lm" and word in _MIXED):
        return word if word in _SCRIPTS or word in _MIXED else None
    return None


def _is_common_latin(char: str) -> bool:
    return char in _LATIN or unicodedata.normalize("NFD", char)[0].isascii()


def _as_in_dns(domain: str) -> str:
    """A domain with each label in lower case and ASCII (RFC 5890, RFC 3492)."""
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
        for label in _lower(domain).split(".")
    )


def _lower(text: str) -> str:
    # One by one: a sigma at the end of a word would become another letter.
    return unicodedata.normalize("NFC", "".join(char.lower() for char in text))


def _refused(name: str, char: str, number: int, expected: str) -> RasError:
    category = unicodedata.category(char)
    said = unicodedata.name(char, "") or _CONTROLS.get(char) or _UNNAMED.get(category, "(not assigned)")
    return RasError(
        "invalid_option",
        f"{name} holds U+{ord(char):04X} {said} as character {number}: expected {expected}.",
        remedy=REMEDY,
    )


def _no_address(name: str, what: str) -> RasError:
    return RasError("invalid_option", f"{name} is no e-mail address: expected {what}.")
