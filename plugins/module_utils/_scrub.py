# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Take secrets out of everything that leaves a plugin, by value, in every form in which it may be quoted.

Core scrubs the results of modules, but not what an action plugin returns or raises.
"""

from __future__ import annotations

import base64
import html
import json
import typing as t
import urllib.parse

REPLACEMENT: t.Final = "********"


class Scrubber:
    """Replaces known secrets in nested data. Secrets may be added while a run goes on."""

    def __init__(self, secrets: t.Iterable[str] = ()) -> None:
        self._forms: list[str] = []
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Learn one more secret. Empty text is no secret."""
        if secret:
            # The longest first: a form may hold another, and what remained of it would give the secret away.
            self._forms = sorted({*self._forms, *_forms(secret)}, key=len, reverse=True)

    def text(self, value: str) -> str:
        """The text without secrets, as a plain string."""
        for form in self._forms:
            value = value.replace(form, REPLACEMENT)
        return "".join((value, ""))

    def data(self, value: t.Any) -> t.Any:
        """A copy of nested data, keys too, without secrets."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, t.Mapping):
            return {self.data(key): self.data(item) for key, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.data(item) for item in value]
        if isinstance(value, bytes):
            return self.text(value.decode("utf-8", "replace"))
        return value


def _forms(secret: str) -> set[str]:
    """The secret as it stands raw, in JSON, HTML and URLs, as Python shows it, and encoded."""
    forms = {
        secret,
        secret.strip(),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        html.escape(secret),
        html.escape(secret, quote=False),
        html.escape(secret).replace("&#x27;", "&#39;"),
        urllib.parse.quote(secret),
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote_plus(secret),
        repr(secret)[1:-1],
        ascii(secret)[1:-1],
    }
    forms |= {json.dumps(form)[1:-1] for form in tuple(forms)}
    for encoding in ("utf-8", "utf-16-le"):
        forms.add(base64.b64encode(secret.encode(encoding, "surrogatepass")).decode("ascii"))
    return {form for form in forms if form.strip()}
