# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Take secrets out of everything that leaves a plugin, by value, however they are spelled.

Core scrubs the results of modules, but not what an action plugin returns or raises. Secrets are looked for in the
levels of a text (:mod:`text_levels`), and what is found is taken out of the text itself.
"""

from __future__ import annotations

import re
import threading
import typing as t
from collections.abc import Mapping

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.own_words import (
    FOREIGN,
    is_our_name,
    is_ours,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.secret_forms import Forms, forms_of, SHORTEST
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.text_levels import (
    CUT,
    fold,
    fold_traced,
    levels,
    MOST_LEVELS,
    Traced,
    traced_levels,
)

REPLACEMENT: t.Final = "********"
# Less than this of a secret gives nothing away, and would be found in innocent text.
_SHORTEST_PART: t.Final = 4
# Raw data of a farm could be nested until Python gives up, and with it the whole result.
_DEEPEST: t.Final = 50
# A whole license key, whoever it belongs to. Groups of six letters and digits: RAS REST API guide v21, Licensing, whose
# sample is masked; the number of groups is taken from it with a margin.
_WHOLE_KEY: t.Final = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z0-9]{6}-){3,8}([A-Za-z0-9]{6})(?![A-Za-z0-9])")
# A quick look for what may be one: few texts have hyphens, and many have letters.
_KEY_SIGN: t.Final = re.compile(r"-[A-Za-z0-9]{6}-[A-Za-z0-9]{6}(?![A-Za-z0-9])")
# What is written for a hyphen.
_DASHES: t.Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"), "-")
# Up to so many, it is quicker to look for one after the other.
_FEW: t.Final = 128


def plain_text(value: t.Any) -> str:
    """A text without the marks that Ansible puts on it, and in the clear where it was vaulted."""
    if value.__class__ is str:
        return value
    # str() of a text with marks may be that very text; a joined one is always plain.
    return "".join((str(value), ""))


class _Index:
    """Finds many texts in one, in one pass: whatever the number of secrets, each place is looked at once.

    Threads may read while one adds: tables are looked up in, never iterated over, and tuples are replaced whole.
    """

    def __init__(self, gram: int) -> None:
        self._gram = gram
        self._all: set[str] = set()
        self._few: tuple[str, ...] = ()
        self._begins: dict[str, tuple[str, ...]] = {}
        self._heads: dict[str, tuple[str, ...]] = {}
        self._tails: dict[str, tuple[str, ...]] = {}

    def add(self, sought: str) -> None:
        """Look for one more text. It has at least as many characters as a gram."""
        if sought in self._all:
            return
        self._all.add(sought)
        for table, gram in (
            (self._begins, sought[: self._gram]),
            (self._heads, sought[:_SHORTEST_PART]),
            (self._tails, sought[-_SHORTEST_PART:]),
        ):
            table[gram] = (*table.get(gram, ()), sought)
        if len(self._few) <= _FEW:
            self._few += (sought,)

    def meets(self, text: str) -> bool:
        """Whether there may be something to be found: true for every text in which there is."""
        few = self._few
        if not few or CUT in text:
            return bool(few)
        if len(few) <= _FEW:
            return any(sought in text for sought in few)
        size = self._gram
        return not self._begins.keys().isdisjoint(text[place : place + size] for place in range(len(text) - size + 1))

    def hits(self, text: str) -> t.Iterator[tuple[int, int]]:
        """Where what is sought begins and ends, or is cut."""
        size = self._gram
        for place in range(len(text) - size + 1):
            for sought in self._begins.get(text[place : place + size], ()):
                if text.startswith(sought, place):
                    yield place, place + len(sought)
        if CUT in text:
            yield from self._cut_hits(text)

    def _cut_hits(self, text: str) -> t.Iterator[tuple[int, int]]:
        """What is left of a secret before or behind the place where a text was shortened."""
        begin = 0
        for part in text.split(CUT):
            end = begin + len(part)
            if end < len(text) and (length := _longest(part, self._heads, lambda part, head: head.startswith(part))):
                yield end - length, end
            # The same from the other side.
            if begin and (
                length := _longest(part[::-1], self._tails, lambda part, tail: tail.endswith(part[::-1]), reverse=True)
            ):
                yield begin, begin + length
            begin = end + 1


def _longest(
    part: str, table: Mapping[str, tuple[str, ...]], fits: t.Callable[[str, str], bool], *, reverse: bool = False
) -> int:
    """How many characters at the end of a part are the beginning of something that is sought; 0 for none."""
    for place in range(len(part) - _SHORTEST_PART + 1):
        gram = part[place : place + _SHORTEST_PART]
        for sought in table.get(gram[::-1] if reverse else gram, ()):
            if len(part) - place <= len(sought) and fits(part[place:], sought):
                return len(part) - place
    return 0


class Scrubber:
    """Replaces known secrets in nested data. Secrets may be added while a run goes on, by any thread."""

    def __init__(self, secrets: t.Iterable[str] = ()) -> None:
        self._folded = _Index(SHORTEST)
        self._literal = _Index(_SHORTEST_PART)
        self._knows = False
        self._adding = threading.Lock()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Learn one more secret. An empty text is not a secret."""
        forms: Forms = forms_of(plain_text(secret))
        with self._adding:
            for form in forms.folded:
                self._folded.add(form)
            for form in forms.literal:
                self._literal.add(form)
            self._knows = self._knows or bool(forms.folded or forms.literal)

    def finds(self, value: str) -> bool:
        """Whether :meth:`text` may change the text; a quick look for many of which few do."""
        return _may_hold_key(value) or self._meets(value)

    def _meets(self, value: str) -> bool:
        return self._knows and any(
            level == MOST_LEVELS or self._folded.meets(fold(seen)) or self._literal.meets(seen.replace("…", CUT))
            for level, seen in enumerate(levels(value))
        )

    def text(self, value: str) -> str:
        """The text without secrets, as a plain string."""
        value = plain_text(value)
        if self._meets(value):
            value = self._without_secrets(value)
        return _without_keys(value) if _may_hold_key(value) else value

    def _without_secrets(self, value: str) -> str:
        spans: list[tuple[int, int]] = []
        for level, traced in enumerate(traced_levels(value)):
            if level == MOST_LEVELS:
                return REPLACEMENT  # nobody quotes so often but to hide something
            folded = fold_traced(traced)
            spans += _places(folded, self._folded.hits(folded.text))
            as_written = traced._replace(text=traced.text.replace("…", CUT))
            spans += _places(as_written, self._literal.hits(as_written.text))
        return _spliced(value, [(begin, end, REPLACEMENT) for begin, end in spans])

    def data(self, value: t.Any) -> t.Any:
        """A copy of a result of ours without secrets: our own names and enumerations stay, whatever a secret is.

        What is nested deeper than our results is left out.
        """
        # Most results hold no secret, and one look at all of their texts is quicker than one at each.
        found = self.finds("\n".join(_texts(value)))
        return self._copy(value, self.text, ours=True) if found else self._copy(value, plain_text, ours=False)

    def foreign(self, value: t.Any) -> t.Any:
        """A copy of what somebody else made, without secrets in values and names."""
        return self._copy(value, self.text, ours=False)

    def _copy(self, value: t.Any, clean: t.Callable[[str], str], *, ours: bool, depth: int = 0) -> t.Any:
        if isinstance(value, str):
            return clean(value)
        if value is None or isinstance(value, (int, float)):
            return value
        if isinstance(value, bytes):
            return clean(value.decode("utf-8", "replace"))
        if not isinstance(value, (Mapping, list, tuple, set, frozenset)):
            return value
        if depth >= _DEEPEST:
            return "(nested too deeply)"
        if not isinstance(value, Mapping):
            return [self._copy(item, clean, ours=ours, depth=depth + 1) for item in value]
        copy: dict[t.Any, t.Any] = {}
        for name, item in value.items():
            if ours and is_our_name(name):
                name = plain_text(name)
                copy[name] = (
                    plain_text(item)
                    if is_ours(name, item)
                    else self._copy(item, clean, ours=name not in FOREIGN, depth=depth + 1)
                )
            else:
                copy[self._copy(name, clean, ours=False, depth=depth + 1)] = self._copy(
                    item, clean, ours=ours, depth=depth + 1
                )
        return copy


def _may_hold_key(value: str) -> bool:
    return any(_KEY_SIGN.search(seen.translate(_DASHES)) for seen in levels(value))


def _without_keys(value: str) -> str:
    """The text with whole keys as far as they may be shown. Without a digit it is words with hyphens."""
    found: list[tuple[int, int, str]] = []
    for text, starts, ends in traced_levels(value):
        for key in _WHOLE_KEY.finditer(text.translate(_DASHES)):
            begin, end = key.span()
            if any(char.isdigit() for char in key[0]):
                found.append((min(starts[begin:end]), max(ends[begin:end]), f"****-{key[1]}"))
    return _spliced(value, found)


def _spliced(value: str, spans: t.Iterable[tuple[int, int, str]]) -> str:
    """The text with something else in some places; of places that overlap, the first says what that is."""
    parts: list[str] = []
    done = 0
    for begin, end, shown in sorted(spans, key=lambda span: (span[0], -span[1])):
        if begin >= done:
            parts += (value[done:begin], shown)
        done = max(done, end)
    return "".join((*parts, value[done:]))


def _places(view: Traced, hits: t.Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where in the original that is what was found in a view of it; up to a cut, with what was folded away there."""
    text, starts, ends = view
    return [
        (
            ends[begin - 1] if text[begin - 1 : begin] == CUT else min(starts[begin:end]),
            starts[end] if text[end : end + 1] == CUT else max(ends[begin:end]),
        )
        for begin, end in hits
    ]


def _texts(value: t.Any) -> list[str]:
    """All texts of nested data, names too, in any order. A loop: this looks at every value of every farm."""
    texts: list[str] = []
    left: list[t.Any] = [value]
    while left:
        value = left.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, bytes):
            texts.append(value.decode("utf-8", "replace"))
        elif isinstance(value, Mapping):
            left += value
            left += value.values()
        elif isinstance(value, (list, tuple, set, frozenset)):
            left += value
    return texts
