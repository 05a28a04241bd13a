# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Read the variables of one host as texts, flags and the like; a refusal names host and variable, and no value. Pure.

What a host does not set has the default or the environment's value that the caller gives.
"""

from __future__ import annotations

import typing as t
import unicodedata
from types import MappingProxyType

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import is_too_short, SECRET_MINIMUM
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import complaint, NO_LIST, REMEDY
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import Range
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import plain_text
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.spelling import is_unseen, spelled

_NOTHING: t.Final[t.Mapping[str, t.Any]] = MappingProxyType({})


def _name_complaint(value: str) -> str | None:
    if not value.strip():
        return "is empty: expected a name"
    if value != value.strip() or any(map(is_unseen, value)):
        return "holds a blank at its end, or a character that cannot be seen: expected a plain name"
    if value != unicodedata.normalize("NFC", value):
        return "holds a letter and its mark as two characters: expected them as one (NFC)"
    return None


class Variables:
    """The variables of one host.

    :param values: raises RasError for what cannot be worked out.
    :param defaults: what stands in for a variable that is not set.
    """

    def __init__(self, host: str, values: t.Mapping[str, t.Any], defaults: t.Mapping[str, t.Any] = _NOTHING) -> None:
        self._host = host
        self._values = values
        self._defaults = defaults

    def get(self, name: str) -> t.Any:
        """A value, or what stands in for one that is not set.

        :raises RasError: ``invalid_option``, as all methods.
        """
        return self._values[name] if name in self._values else self._defaults.get(name)

    def exact(self, name: str) -> str | None:
        """A text as it is; None when it is not set or empty."""
        return self._text(name, self.get(name)) or None

    def name(self, name: str) -> str | None:
        """The name of a farm or an organization; None when it is not set.

        Names are compared, so one that looks like another one is none.
        """
        value = self._text(name, self.get(name))
        wrong = _name_complaint(value) if value is not None else None
        if wrong:
            raise self.refused(name, wrong, "Type it again, or leave it out. Nothing was sent.")
        return value

    def text(self, name: str) -> str | None:
        """A text without blanks at its ends, spelled as :func:`spelled` does; None when there is none."""
        value = self._text(name, self.get(name)) or ""
        return self._spelled(name, value).strip() if value.strip() else None

    def secret(self, name: str) -> str | None:
        """A text that is passed on as it is."""
        value = self._text(name, self.get(name))
        return self._long_enough(name, self._spelled(name, value)) if value else None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; one text is a list of one, or of several with commas."""
        value = self.get(name)
        items = value if isinstance(value, (list, tuple)) else (self._text(name, value) or "").split(",")
        texts = [text for text in (self._text(name, item) or "" for item in items) if text.strip()]
        return tuple(text.strip() for text in self._spelled(name, texts))

    def sentences(self, name: str) -> tuple[str, ...]:
        """A list of texts that may hold commas: one text is none."""
        if not isinstance(self.get(name), (list, tuple)):
            raise self.refused(name, NO_LIST)
        return self.texts(name)

    def secrets(self, name: str) -> tuple[str, ...]:
        """A list of secrets."""
        return tuple(self._long_enough(name, text) for text in self.texts(name))

    def flag(self, name: str) -> bool:
        """A boolean, however it is written."""
        try:
            return bool(boolean(self.get(name)))
        except TypeError:
            raise self.refused(name, "is not a boolean") from None

    def number(self, name: str, allowed: Range) -> int:
        """A whole number."""
        text = str(self.get(name)).strip()
        if not (text.isascii() and text.isdecimal() and len(text) < 6 and allowed.allows(int(text))):
            raise self.refused(name, allowed.complaint)
        return int(text)

    def choice(self, name: str, choices: t.Sequence[str]) -> str:
        """One of the values that the role allows."""
        text = str(self.get(name))
        if text not in choices:
            raise self.refused(name, f"is not one of {', '.join(choices)}")
        return text

    def refused(self, name: str, why: str, remedy: str = "Correct it and run again.") -> RasError:
        """A refusal that shows no value: it may be a secret."""
        return RasError("invalid_option", f"The variable {name} of {self._host} {why}.", remedy=remedy)

    def _text(self, name: str, value: t.Any) -> str | None:
        """A text as it is. Null is not taken for a variable that is not set: a wish would be lost."""
        if value is None and name not in self._values:
            return None
        wrong = complaint(value)
        if wrong:
            raise self.refused(name, wrong, REMEDY)
        return plain_text(value)

    def _spelled(self, name: str, value: t.Any) -> t.Any:
        try:
            return spelled({name: value})[name]
        except RasError as exc:
            raise RasError(exc.code, f"At {self._host}, {exc.message}", remedy=exc.remedy) from None

    def _long_enough(self, name: str, value: str) -> str:
        if is_too_short(value):
            raise self.refused(
                name, f"is too short to be kept out of logs safely: expected {SECRET_MINIMUM} characters"
            )
        return value
