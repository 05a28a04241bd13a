# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Secrets that Ansible would evaluate: ``{{``, ``{%`` and ``{#`` in a variables file are templates, in a vault too.

Such a password is changed before it is sent, and the message of a broken template shows it. So it is refused by the
name of its variable, before anything is worked out.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import SECRET_VARIABLES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import is_evaluated

_MARKS: t.Final = ("{{", "{%", "{#")
# One expression and nothing else: the only form in which a secret refers to another variable or to a lookup.
_EXPRESSION: t.Final = re.compile(r"\s*\{\{-?\s*((?:(?!\{\{|\}\}|\{%|\{#).)*?)\s*-?\}\}\s*", re.DOTALL)
_REFERENCE: t.Final = re.compile(r"[A-Za-z_]\w*(?:\.\w+|\['\w+'\]|\[\"\w+\"\])*")


def evaluated_secrets(values: t.Mapping[str, t.Any]) -> list[str]:
    """The names of variables that hold secrets and would be evaluated as more than one expression.

    :param values: the variables of a host, not worked out.
    """
    found = [_evaluated(values, name, frozenset()) for name in SECRET_VARIABLES]
    return [name for name in dict.fromkeys(found) if name]


def _evaluated(values: t.Mapping[str, t.Any], name: str, seen: frozenset[str]) -> str | None:
    """The variable at fault: this one, or one that it refers to."""
    value = _looked_up(values, name)
    for text in value if isinstance(value, (list, tuple)) else [value]:
        if not isinstance(text, str) or not any(mark in text for mark in _MARKS) or not is_evaluated(text):
            continue
        expression = _EXPRESSION.fullmatch(text)
        if not expression:
            return name
        referred = _REFERENCE.fullmatch(expression[1].partition("|")[0].strip())
        if referred and referred[0] not in seen:
            fault = _evaluated(values, referred[0], seen | {name})
            if fault:
                return fault
    return None


def _looked_up(values: t.Mapping[str, t.Any], name: str) -> t.Any:
    """What a variable holds, or a part of one: ``vault``, ``vault.password``, ``vault['password']``."""
    found: t.Any = values
    for part in re.findall(r"\w+", name):
        found = found.get(part) if isinstance(found, t.Mapping) else None
    return found


def refusal(host: str, names: t.Sequence[str]) -> RasError:
    """The refusal of a host whose secrets would be evaluated; it names variables and shows no value."""
    return RasError(
        "invalid_option",
        # Without the marks themselves: this text, too, passes through templates.
        f"{', '.join(names)} of {host} would be evaluated by Ansible: expected a text, or one expression alone, "
        "observed the beginning of a template (an opening brace with another one, % or #) within a text.",
        remedy="Write the value as !unsafe '...' in its file, and run again. Nothing was sent.",
    )
