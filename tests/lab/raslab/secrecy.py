# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab never shows: passwords, tokens and whole license keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

_VISIBLE_TAIL = 6


def mask_key(key: str | None) -> str | None:
    """The key as the product shows it: ``****-ME****-****-B9****-CV55K2`` (RAS REST API guide, Licensing sample).

    Only that one sample is known, so its rule is read off it: the last group is visible, every second group shows its
    first two characters. A key without groups shows its last six characters; a very short one shows nothing.
    """
    if key is None:
        return None
    groups = key.strip().split("-")
    if len(key.strip()) < 2 * _VISIBLE_TAIL:
        return "****"
    if len(groups) > 1 and len(groups[-1]) <= _VISIBLE_TAIL:
        shown = [group[:2] + "****" if index % 2 else "****" for index, group in enumerate(groups[:-1])]
        return "-".join([*shown, groups[-1]])
    return "****" + key.strip()[-_VISIBLE_TAIL:]


def short_id(token: str) -> str:
    """Eight hexadecimal digits that identify a session token without giving it away."""
    return hashlib.sha256(token.encode()).hexdigest()[:8]


class Scrubber:
    """Removes the secrets of the world from texts that a client chose, such as a path or a user name."""

    _SHORTEST = 4  # shorter "secrets" would eat ordinary words

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        self._secrets.update(secret for secret in secrets if len(secret) >= self._SHORTEST)

    def __call__(self, text: str, limit: int = 200) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "********")
        return text if len(text) <= limit else text[:limit] + "..."
