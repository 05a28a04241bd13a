# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What is looked for in a text so that a secret is found in it. Pure, no I/O."""

from __future__ import annotations

import base64
import functools
import html
import json
import re
import typing as t
import urllib.parse

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.text_levels import CUT, fold, levels

# What is left of a secret when it is folded must have this many characters, or innocent text would hold it.
SHORTEST: t.Final = 6
# Less of a secret that is looked for as it is gives nothing away.
_SHORTEST_LITERAL: t.Final = 4


# The code pages of consoles of Windows in Western languages.
_CONSOLES: t.Final = ("cp437", "cp850")


class Forms(t.NamedTuple):
    """What is looked for.

    :ivar folded: in the folded levels of a text.
    :ivar literal: in the levels as they are: of a secret that has little else than what folding drops.
    """

    folded: frozenset[str]
    literal: frozenset[str]


# The farms of a fleet share secrets, and working their forms out costs a good part of a request.
@functools.lru_cache(maxsize=256)
def forms_of(secret: str) -> Forms:
    """All forms of a secret; none of an empty one."""
    if not secret.strip():
        return Forms(frozenset(), frozenset())
    spelled = {secret, ascii(secret)[1:-1]}
    if not secret.isascii():
        # What a program makes of it that takes the wrong encoding, or has no character for it.
        data = secret.encode("utf-8", "surrogatepass")
        spelled |= {data.decode("latin-1"), data.decode("cp1252", "ignore"), secret.encode("ascii", "replace").decode()}
        spelled |= {data.decode(page) for page in _CONSOLES}
        for page in ("cp1252", *_CONSOLES):
            written = secret.encode(page, "replace")
            spelled |= {written.decode(other, "replace") for other in ("utf-8", "latin-1", "cp1252", *_CONSOLES)}
    folded = {fold(level) for text in spelled for level in levels(text)}
    literal = set() if len(fold(secret)) >= SHORTEST else _written(secret)
    for encoding in ("utf-8", "utf-16-le"):
        data = secret.encode(encoding, "surrogatepass")
        for shift in range(3):
            folded.add(fold(_base64_inside(data, shift)))
    return Forms(
        frozenset(form for form in folded if len(form.strip(CUT)) >= SHORTEST),
        frozenset(form for form in literal if len(form.strip()) >= _SHORTEST_LITERAL),
    )


def _base64_inside(data: bytes, shift: int) -> str:
    """What data leaves in the base64 of a longer text (``user:password``) in which it begins ``shift`` bytes after a
    multiple of three: the characters that depend on it alone."""
    encoded = base64.b64encode(b"\0" * shift + data).decode("ascii")
    return encoded[(shift * 8 + 5) // 6 : (shift + len(data)) * 8 // 6]


def _written(secret: str) -> set[str]:
    """The secret as it is, on one line, in JSON, HTML and URLs, and as Python shows it."""
    # Quoted texts of farms have their blanks and unprintable characters pressed together.
    one_line = " ".join("".join(char if char.isprintable() else " " for char in secret).split())
    plain = {secret} | {text for text in (secret.strip(), one_line) if len(text) >= _SHORTEST_LITERAL}
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
