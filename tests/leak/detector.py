# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find secrets in text, in every form in which a program may write them down, and pieces of them too."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import typing as t
import urllib.parse
from dataclasses import dataclass

# As the lab makes them; a candidate counts only when its hash is that of a session of the lab.
_TOKEN: t.Final = re.compile(r"[A-Za-z0-9_-]{64}\+[0-9a-f]{16}/-==")


@dataclass(frozen=True)
class Canary:
    """A secret that is like no other text.

    :ivar markers: plain pieces of it that must not be seen either: whatever is done to the rest, these stay.
    """

    name: str
    text: str
    markers: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """One secret, found in one form at one place."""

    where: str
    canary: str
    form: str
    around: str = ""

    def __str__(self) -> str:
        return f"{self.canary} as {self.form} in {self.where}: {self.around}"


def forms(text: str) -> dict[str, str]:
    """How a text may be written in a file: name of the form -> the form."""
    found = {
        "raw": text,
        "JSON, ASCII": json.dumps(text)[1:-1],
        "JSON": json.dumps(text, ensure_ascii=False)[1:-1],
        "JSON, upper-case escapes": re.sub(r"(?<=\\u)....", lambda code: code[0].upper(), json.dumps(text)[1:-1]),
        "JSON in JSON": json.dumps(json.dumps(text))[1:-1],
        "JSON in JSON, not ASCII": json.dumps(json.dumps(text, ensure_ascii=False), ensure_ascii=False)[1:-1],
        "HTML": html.escape(text),
        "HTML, quotes kept": html.escape(text, quote=False),
        "XML": html.escape(text, quote=False).replace('"', "&quot;"),
        "URL": urllib.parse.quote(text, safe=""),
        "URL, path": urllib.parse.quote(text),
        "URL, form": urllib.parse.quote_plus(text),
        "repr": repr(text)[1:-1],
        "ascii": ascii(text)[1:-1],
        "YAML, single quotes": text.replace("'", "''"),
    }
    found["URL, lower case"] = re.sub(r"%..", lambda code: code[0].lower(), found["URL"])
    for name, encoding in (("base64", "utf-8"), ("UTF-16 base64", "utf-16-le")):
        for shift in range(3):
            inner = _base64_inside(text.encode(encoding), shift)
            found[f"{name}, shifted by {shift}"] = inner
            found[f"{name} for URLs, shifted by {shift}"] = inner.replace("+", "-").replace("/", "_")
    return found


def _base64_inside(data: bytes, shift: int) -> str:
    """What of the base64 of a longer text depends on this part alone, ``shift`` bytes after a multiple of 3."""
    encoded = base64.b64encode(b"\0" * shift + data).decode("ascii")
    return encoded[(shift * 8 + 5) // 6 : (shift + len(data)) * 8 // 6]


class Detector:
    """Looks for canaries and for session tokens.

    :param sessions: the short hashes by which the lab names its sessions.
    """

    def __init__(self, canaries: t.Iterable[Canary], sessions: t.Iterable[str] = ()) -> None:
        self._sessions = frozenset(sessions)
        self._plain: list[tuple[str, str, str]] = []
        self._squeezed: list[tuple[str, str, str]] = []
        self._markers: list[tuple[str, str, str]] = []
        for canary in canaries:
            for name, form in forms(canary.text).items():
                self._plain.append((canary.name, name, form))
                # Core wraps what it shows, at blanks and elsewhere.
                self._squeezed.append((canary.name, f"{name}, wrapped", _squeeze(form)))
            self._markers += [(canary.name, f"the piece {marker}", marker.casefold()) for marker in canary.markers]

    def search(self, where: str, data: str | bytes) -> list[Hit]:
        """The secrets in a text or the content of a file."""
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
        squeezed, folded = _squeeze(text), text.casefold()
        hits = []
        for forms_, searched in ((self._plain, text), (self._markers, folded), (self._squeezed, squeezed)):
            for canary, name, form in forms_:
                place = searched.find(form)
                if place >= 0:
                    hits.append(Hit(where, canary, name, searched[max(0, place - 120) : place + len(form) + 40]))
            if hits:
                break  # one way to find it is enough
        if isinstance(data, bytes):
            hits += self._search_utf16(where, data)
        for token in _TOKEN.findall(text):
            short = hashlib.sha256(token.encode()).hexdigest()[:8]
            if short in self._sessions:
                hits.append(Hit(where, f"token of session {short}", "raw"))
        return hits

    def _search_utf16(self, where: str, data: bytes) -> list[Hit]:
        return [
            Hit(where, canary, "UTF-16")
            for canary, name, form in self._plain
            if name == "raw" and form.encode("utf-16-le") in data
        ]


def _squeeze(text: str) -> str:
    return "".join(text.split())
