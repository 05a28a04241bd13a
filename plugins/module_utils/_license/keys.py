# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Compare a license key with the partly visible form that a farm shows.

A farm never shows a whole key: ``****-ME****-****-B9****-CV55K2`` (RAS REST API guide, Licensing sample). A run of
``*`` means one or more characters, hyphens and case do not count, and every visible character must agree.
"""

from __future__ import annotations

import re
import typing as t

Match = t.Literal["match", "mismatch", "unknown"]

# Fewer visible characters than this may agree by chance, so they do not prove the account.
EVIDENCE_VISIBLE: t.Final = 6
_SHOWN_TAIL: t.Final = 6
_SEPARATORS: t.Final = re.compile(r"[\s\-\u2010-\u2015\u2212]+")


def normalize_key(key: str) -> str:
    """The key without hyphens, blanks and case."""
    return _SEPARATORS.sub("", key).casefold()


def visible_count(shown: str | None) -> int:
    """How many characters of the shown key are not hidden."""
    return len(normalize_key(shown or "").replace("*", ""))


def compare_key(shown: str | None, key: str | None) -> Match:
    """Whether the key that a farm shows can be this key.

    :param shown: what the farm shows; nothing visible is ``unknown``.
    :param key: a full key; none is ``unknown``.
    """
    if not shown or not key or not normalize_key(key) or not visible_count(shown):
        return "unknown"
    parts = re.split(r"\*+", normalize_key(shown))
    pattern = ".+".join(re.escape(part) for part in parts)
    return "match" if re.fullmatch(pattern, normalize_key(key), re.DOTALL) else "mismatch"


def is_evidence(shown: str | None, key: str | None) -> bool:
    """True when the shown key fits this key with enough visible characters to prove whose it is."""
    return visible_count(shown) >= EVIDENCE_VISIBLE and compare_key(shown, key) == "match"


def mask_key(key: str | None) -> str | None:
    """The form in which a wanted key may be shown: its last characters, and of a short key nothing."""
    if not key:
        return None
    bare = _SEPARATORS.sub("", key)
    return "****-" + bare[-_SHOWN_TAIL:].upper() if len(bare) >= 4 * _SHOWN_TAIL else "****"
