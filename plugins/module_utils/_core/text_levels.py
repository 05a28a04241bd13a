# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""One text has many spellings: escaped, decomposed, in the other case, with other separators. Here they become one.

A text is undone level by level (:func:`levels`), because what is quoted is often quoted again, and each level is
folded (:func:`fold`). Both leave the place in the original beside each character where it is asked for
(:class:`Traced`), so that what is found in the folded text can be taken out of the original. All of it takes time in
proportion to the text. Pure, no I/O.
"""

from __future__ import annotations

import html
import re
import typing as t
import unicodedata

# In the place of the dots that end a text which was shortened; nothing else becomes this character.
CUT: t.Final = "\0"
# Nobody quotes more often. A farm could do so to hide a secret: what is left then is not shown at all.
MOST_LEVELS: t.Final = 12

_HEX: t.Final = "[0-9A-Fa-f]"
_CODE: t.Final = _HEX + "{4}"
_HIGH: t.Final = f"[Dd][89ABab]{_HEX}{{2}}"
_LOW: t.Final = f"[Dd][C-Fc-f]{_HEX}{{2}}"
_SLASH: t.Final = re.escape("\\")
# All backslashes in a row, from the first one on: what was quoted twice has several before one escape.
_RUN: t.Final = rf"(?<!{_SLASH}){_SLASH}+"
_CUT_MARK: t.Final = re.compile(r"\.{3,}|…")


def _hex_bytes(before: str, between: str) -> str:
    """UTF-8 of one character, or one byte of something else, each byte as two hexadecimal digits."""
    more = f"{between}[89ABab]{_HEX}"
    return (
        f"{before}[Ff][0-7](?:{more}){{3}}|{before}[Ee]{_HEX}(?:{more}){{2}}|{before}[CDcd]{_HEX}{more}"
        f"|{before}{_HEX}{{2}}"
    )


# One character, escaped. What begins alike is in the order of its length.
_ESCAPED: t.Final = re.compile(
    rf"(?P<wide>{_RUN}U(?:000{_HEX}|0010){_CODE}|{_RUN}[uU]\{{0{{0,9}}{_HEX}{{1,6}}\}})"
    rf"|(?P<unit>{_RUN}[uU]{_HIGH}\\+[uU]{_LOW}|{_RUN}[uU]{_CODE}"
    rf"|%(?:25)*[uU]{_HIGH}%(?:25)*[uU]{_LOW}|%(?:25)*[uU]{_CODE}|_[xX]{_HIGH}__[xX]{_LOW}_|_[xX]{_CODE}_)"
    rf"|(?P<percent>{_hex_bytes('%(?:25)*', '%(?:25)*')})"
    rf"|(?P<hex>{_hex_bytes(_RUN + '[xX]', _SLASH + '+[xX]')})"
    rf"|(?P<octal>{_RUN}36[0-7](?:\\+2[0-7]{{2}}){{3}}|{_RUN}3[45][0-7](?:\\+2[0-7]{{2}}){{2}}"
    rf"|{_RUN}3[0-3][0-7]\\+2[0-7]{{2}}|{_RUN}[0-3][0-7]{{2}})"
    rf"|(?P<name>{_RUN}N\{{[A-Za-z0-9 -]{{2,90}}\}})"
    rf"|&(?:amp;|AMP;)*(?P<entity>#[0-9]{{1,7}};?|#[xX]{_HEX}{{1,6}};?|[A-Za-z][A-Za-z0-9]{{1,31}};)"
)
# Escaped ends of lines and tabs. They could as well be the beginning of a name in a path of Windows, so that a text is
# looked at with and without them.
_WRAP: t.Final = re.compile(r"\\[nrtNRT]")
_BYTE: t.Final[dict[str, re.Pattern[str]]] = {
    "percent": re.compile(rf"%(?:25)*({_HEX}{{2}})"),
    "hex": re.compile(rf"[xX]({_HEX}{{2}})"),
    "octal": re.compile(r"\\([0-3][0-7]{2})"),
}
_UNIT: t.Final = re.compile(rf"[uUxX]({_CODE})")
# A quick look: without one of these, a text holds no escaped character.
_SIGN: t.Final = re.compile(r"\\[uUxXN0-3]|%[0-9A-Fa-fuU]|&[#A-Za-z]|_[xX]")
_BEYOND_ASCII: t.Final = re.compile(r"([^\x00-\x7f]+)")

# What is written, left out or doubled without changing what is meant, beside blanks and what cannot be seen:
# separators of keys and of groups, quotation marks, what escapes (at the border of a secret it may take a part of what
# comes behind with it), and the plus sign, which is a blank in forms.
_LOOSE: t.Final = frozenset("-._+'\"`\\/%&#;´:,|=~()[]{}<>\u00b7\u2022\u2043\u2212")
# Seen by nobody, and yet neither blanks nor unprintable to Python: variation selectors, fillers, joiners.
_UNSEEN: t.Final = frozenset("\u034f\u115f\u1160\u180b\u180c\u180d" + "".join(map(chr, range(0xFE00, 0xFE10))))


class _Drops(dict[int, t.Any]):
    """For str.translate: what is dropped, worked out once a character."""

    def __missing__(self, code: int) -> int | None:
        kept = None if _is_dropped(chr(code)) else code
        self[code] = kept
        return kept


def _is_dropped(char: str) -> bool:
    return (
        char in _LOOSE
        or char in _UNSEEN
        or char == " "
        or not char.isprintable()
        or unicodedata.category(char) in ("Pd", "Pi", "Pf")
    )


_DROPS: t.Final = _Drops()
for _code in range(128):
    _DROPS[_code] = None if _is_dropped(chr(_code)) else _code


class Traced(t.NamedTuple):
    """A text, and for each of its characters where in the original it begins and ends."""

    text: str
    starts: list[int]
    ends: list[int]


def trace(text: str) -> Traced:
    """A text that is its own original."""
    return Traced(text, list(range(len(text))), list(range(1, len(text) + 1)))


def unescape(text: str) -> str:
    """Undo one level of escapes: of JSON, .NET, JavaScript, Python and C, of URLs, HTML, XML and CLIXML."""
    return _ESCAPED.sub(_meant, text) if _SIGN.search(text) else text


def _unwrap(text: str) -> str:
    return _WRAP.sub(_nothing, text) if "\\" in text else text


def _nothing(found: re.Match[str]) -> str:
    return ""


def levels(text: str) -> t.Iterator[str]:
    """The text, each level below it down to the one without escapes, and that without the ends of lines.

    Never more than MOST_LEVELS + 1.
    """
    yield text
    for _level in range(MOST_LEVELS):
        below = unescape(text)
        if below == text:
            below = _unwrap(text)
            if below != text:
                yield below
            return
        yield below
        text = below


def traced_levels(text: str) -> t.Iterator[Traced]:
    """As :func:`levels`, traced."""
    traced = trace(text)
    yield traced
    for _level in range(MOST_LEVELS):
        below = _replaced(traced, _ESCAPED, _meant) if _SIGN.search(traced.text) else traced
        if below.text == traced.text:
            below = _replaced(traced, _WRAP, _nothing)
            if below.text != traced.text:
                yield below
            return
        yield below
        traced = below


def fold(text: str) -> str:
    """What all spellings of a text have in common: without case, accents apart, without separators; cuts are CUT."""
    if "…" in text or "..." in text:
        return CUT.join(_flat(part) for part in _CUT_MARK.split(text))
    return _flat(text)


def fold_traced(traced: Traced) -> Traced:
    """As :func:`fold`, traced."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(folded: str, begin: int, end: int) -> None:
        chars.append(folded)
        starts.extend([traced.starts[begin]] * len(folded))
        ends.extend([traced.ends[end - 1]] * len(folded))

    text, place = traced.text, 0
    while place < len(text):
        cut = _CUT_MARK.match(text, place) if text[place] in ".…" else None
        end = cut.end() if cut else place + 1
        # An accent belongs to the letter before it.
        while not cut and end < len(text) and text[end] > "\u02ff" and unicodedata.combining(text[end]):
            end += 1
        put(CUT if cut else _flat(text[place:end]), place, end)
        place = end
    return Traced("".join(chars), starts, ends)


def _flat(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_DROPS)
    parts = _BEYOND_ASCII.split(text)
    parts[::2] = [part.lower().translate(_DROPS) for part in parts[::2]]
    parts[1::2] = [_apart(_apart(part).upper().casefold()).translate(_DROPS) for part in parts[1::2]]
    return "".join(parts)


def _apart(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def _meant(found: re.Match[str]) -> str:
    """The character that an escape means; the escape itself where it means none."""
    kind, whole = t.cast(str, found.lastgroup), found[0]
    if kind == "unit":
        units = b"".join(int(code, 16).to_bytes(2, "little") for code in _UNIT.findall(whole))
        return units.decode("utf-16-le", "surrogatepass")
    if kind in _BYTE:
        base = 8 if kind == "octal" else 16
        data = bytes(int(code, base) for code in _BYTE[kind].findall(whole))
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("latin-1")
    if kind == "entity":
        written = f"&{found['entity'].removesuffix(';')};"
        meant = html.unescape(written)
        # In capitals it is none, but a text may have been put into capitals as a whole.
        return html.unescape(written.lower()) if meant == written else meant
    try:
        if kind == "name":
            return unicodedata.lookup(whole.lstrip("\\")[2:-1])
        return chr(int(whole.lstrip("\\")[1:].strip("{}"), 16))
    except (KeyError, ValueError):
        return whole


def _replaced(traced: Traced, pattern: re.Pattern[str], meant_by: t.Callable[[re.Match[str]], str]) -> Traced:
    """As re.sub, traced."""
    text, starts, ends = traced
    parts: list[str] = []
    begins: list[int] = []
    stops: list[int] = []
    done = 0
    for found in pattern.finditer(text):
        begin, end = found.span()
        meant = meant_by(found)
        parts += (text[done:begin], meant)
        begins += starts[done:begin]
        begins += [starts[begin]] * len(meant)
        stops += ends[done:begin]
        stops += [ends[end - 1]] * len(meant)
        done = end
    parts.append(text[done:])
    begins += starts[done:]
    stops += ends[done:]
    return Traced("".join(parts), begins, stops)
