# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""How much of a URL is shown: neither who signs in with it nor what follows its question mark. Pure, no I/O.

Both may give access to what is downloaded. The URL of an API may hold neither: it is refused where it is used.
"""

from __future__ import annotations

import re
import typing as t
import urllib.parse

_SCHEME: t.Final = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?/*")
_IN_TEXT: t.Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\s'\"<>]*")
# Windows may write what follows the question mark in another way than it was given, so all of it goes, up to the words
# of win_get_url that follow an address.
_QUERY_IN_TEXT: t.Final = re.compile(r"\?.*?(?=' to '| did not match |$)", re.DOTALL)


def shown_url(url: str) -> str:
    """A URL fit for a message: three dots are in the place of what may give access."""
    scheme, user, place, query = _parts(url)
    return f"{scheme}{'...@' if user else ''}{place}{f'{query[0]}...' if query else ''}"


def without_urls(text: str) -> str:
    """A text of somebody else whose URLs are shown as :func:`shown_url` would, and are not trusted to end in time."""
    return _QUERY_IN_TEXT.sub("?...", _IN_TEXT.sub(lambda found: shown_url(found[0]), text))


def url_secrets(url: str) -> list[str]:
    """What of a URL must be shown nowhere, as it is written and as it is meant; the caller leaves out what is short."""
    _scheme, user, _place, query = _parts(url)
    written = [each for part in (user, query) for each in (part, *re.split("[:&;=?#@]", part)) if each]
    return list(dict.fromkeys([*written, *map(urllib.parse.unquote, written)]))


def _parts(url: str) -> tuple[str, str, str, str]:
    """Scheme, user, host and path, and the rest with its mark. What is not certain belongs to the rest."""
    scheme = t.cast("re.Match[str]", _SCHEME.match(url))[0]
    rest = url[len(scheme) :]
    mark, at = re.search("[?#]", rest), rest.rfind("@")
    if mark and mark.start() < at:
        # A password with a question mark, or an "@" in a query.
        return scheme, "", "", f"?{rest}"
    user, rest = (rest[:at], rest[at + 1 :]) if at >= 0 else ("", rest)
    mark = re.search("[?#]", rest)
    return (scheme, user, rest[: mark.start()], rest[mark.start() :]) if mark else (scheme, user, rest, "")
