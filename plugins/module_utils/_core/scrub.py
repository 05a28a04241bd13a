# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Take secrets out of everything that leaves a plugin, by value, in every form in which it may be quoted.

Core scrubs the results of modules, but not what an action plugin returns or raises.
"""

from __future__ import annotations

import base64
import functools
import html
import json
import re
import typing as t
import urllib.parse
from collections.abc import Mapping

REPLACEMENT: t.Final = "********"
# Ends a text that was shortened.
_CUT: t.Final = "…"
# Less than this of a secret gives nothing away, and would be found in innocent text.
_SHORTEST: t.Final = 4
# Written as it is in JSON, HTML and Python, as most keys and the tokens of sessions are.
_PLAIN: t.Final = re.compile(r"[!-~]+")
_SPECIAL: t.Final = frozenset("\"'\\&<>")
# Raw data of a farm could be nested until Python gives up, and with it the whole result.
_DEEPEST: t.Final = 50


def plain_text(value: t.Any) -> str:
    """A text without the marks that Ansible puts on it, and in the clear where it was vaulted."""
    if value.__class__ is str:
        return value
    # str() of a text with marks may be that very text; a joined one is always plain.
    return "".join((str(value), ""))


class Scrubber:
    """Replaces known secrets in nested data. Secrets may be added while a run goes on."""

    def __init__(self, secrets: t.Iterable[str] = ()) -> None:
        self._forms: frozenset[str] = frozenset()
        self._sorted: list[str] | None = None
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Learn one more secret. An empty text is not a secret."""
        if secret:
            self._forms |= _forms(secret)
            self._sorted = None

    def finds(self, value: str) -> bool:
        """Whether :meth:`text` would change the text; a quick look for many of which few do."""
        return _CUT in value or any(form in value for form in self._forms)

    def text(self, value: str) -> str:
        """The text without secrets, as a plain string."""
        forms = self._longest_first()
        for form in forms:
            value = value.replace(form, REPLACEMENT)
        if _CUT in value:
            # A text that was shortened within a secret: what is left of it is still a part of the secret.
            for form in forms:
                for length in range(len(form) - 1, _SHORTEST - 1, -1):
                    value = value.replace(form[:length] + _CUT, REPLACEMENT + _CUT)
        return plain_text(value)

    def _longest_first(self) -> list[str]:
        """A form may hold another, and what remained of it would give the secret away."""
        if self._sorted is None:
            self._sorted = sorted(self._forms, key=lambda form: (-len(form), form))
        return self._sorted

    def data(self, value: t.Any, _depth: int = 0) -> t.Any:
        """A copy of nested data, keys too, without secrets; what is nested deeper than our results is left out."""
        if isinstance(value, str):
            return self.text(value)
        if value is None or isinstance(value, (int, float)):
            return value
        if isinstance(value, (Mapping, list, tuple, set, frozenset)) and _depth >= _DEEPEST:
            return "(nested too deeply)"
        if isinstance(value, Mapping):
            return {self.data(key, _depth + 1): self.data(item, _depth + 1) for key, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.data(item, _depth + 1) for item in value]
        if isinstance(value, bytes):
            return self.text(value.decode("utf-8", "replace"))
        return value


# The farms of a fleet share secrets, and working their forms out costs a good part of a request.
@functools.lru_cache(maxsize=64)
def _forms(secret: str) -> frozenset[str]:
    """The secret as it is, on one line, in JSON, HTML and URLs, as Python shows it, and encoded."""
    is_plain = _PLAIN.fullmatch(secret) and _SPECIAL.isdisjoint(secret)
    forms = {secret, *_in_urls(secret)} if is_plain else _written(secret)
    for encoding in ("utf-8", "utf-16-le"):
        data = secret.encode(encoding, "surrogatepass")
        forms.add(base64.b64encode(data).decode("ascii"))
        for shift in range(3):
            inner = _base64_inside(data, shift)
            forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return frozenset(form for form in forms if form.strip())


def _written(secret: str) -> set[str]:
    # Quoted texts of farms have their blanks and unprintable characters pressed together.
    one_line = " ".join("".join(char if char.isprintable() else " " for char in secret).split())
    plain = {secret} | {text for text in (secret.strip(), one_line) if len(text) >= _SHORTEST}
    forms = set(plain)
    for text in plain:
        forms |= {
            html.escape(text),
            html.escape(text, quote=False),
            html.escape(text).replace("&#x27;", "&#39;"),
        }
        forms |= _in_urls(text)
    # Twice: a JSON text is often quoted in another one, or shown by Python.
    for _level in range(2):
        forms |= {quoted for form in tuple(forms) for quoted in _quoted(form)}
    return forms


def _base64_inside(data: bytes, shift: int) -> str:
    """What data leaves in the base64 of a longer text (``user:password``) in which it begins ``shift`` bytes after a
    multiple of three: the characters that depend on it alone."""
    encoded = base64.b64encode(b"\0" * shift + data).decode("ascii")
    return encoded[(shift * 8 + 5) // 6 : (shift + len(data)) * 8 // 6]


def _in_urls(text: str) -> set[str]:
    whole, in_path = (urllib.parse.quote(text, safe=safe, errors="surrogatepass") for safe in ("", "/"))
    urls = {whole, in_path, whole.replace("%20", "+")}
    return urls | {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), url) for url in urls}


def _quoted(text: str) -> set[str]:
    """The text inside a JSON or Python string."""
    # Python quotes a text that holds both quotation marks by apostrophes, and so escapes these.
    return {
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        repr(text)[1:-1],
        ascii(text)[1:-1],
        repr(text + "'\"")[1:-4],
        ascii(text + "'\"")[1:-4],
    }
