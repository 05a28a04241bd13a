# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The one place where a module's words become the role's: each option is a variable there, ``ras_`` in front."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import (
    agent_upgrade_spec,
    host_upgrade_spec,
    host_upgrade_wait_spec,
    license_spec,
)

# Options that the role sets by itself: no variable of the role has their names.
_NO_VARIABLES: t.Final = frozenset(
    {
        *("note_path", "settings_pending", "servers", "exclude", "installing", "force", "hosts", "restarted"),
        *("agents", "brokers", "support_expires", "download_error", "host", "upgrade"),
    }
)
_SPEC: t.Final = {**license_spec(), **agent_upgrade_spec(), **host_upgrade_spec(), **host_upgrade_wait_spec()}
_OF_MODULES: t.Final = sorted(set(_SPEC) - _NO_VARIABLES)
# One word such as ``state`` may be an ordinary word of a sentence; a name with an underscore is a name everywhere.
NAMES: t.Final = tuple(name for name in _OF_MODULES if "_" in name)
WORDS: t.Final = tuple(name for name in _OF_MODULES if "_" not in name)
_OPTIONS: t.Final = re.compile(r"(?<![\w./-])(" + "|".join(sorted(NAMES, key=len, reverse=True)) + r")(?!\w)")
# How ansible-core names an option whose value it refuses (module_utils/common/parameters.py): there a word is a name.
_REFUSED: t.Final = re.compile(
    rf"(?<!\w)(?:(?<=value of )(?:{'|'.join(WORDS)})(?= must be one )"
    rf"|(?<=argument ')(?:{'|'.join(WORDS)})(?=' is of type )|(?<=option ')(?:{'|'.join(WORDS)})(?=' is of type ))"
)
# A value that it can have makes a name of a word, too: state=present.
_GIVEN: t.Final = {
    name: _SPEC[name].get("choices") or ["true", "false"]
    for name in WORDS
    if "choices" in _SPEC[name] or _SPEC[name]["type"] == "bool"
}
_SET: t.Final = re.compile(
    "|".join(rf"(?<![\w./?&-]){name}(?==(?:{'|'.join(values)})(?!\w))" for name, values in _GIVEN.items())
)


def as_variables(text: str) -> str:
    """The text with each option's name as the role's variable: ``account_keys`` becomes ``ras_account_keys``."""
    for names in (_OPTIONS, _REFUSED, _SET):
        text = names.sub(r"ras_\g<0>", text)
    return text


def in_role_words(failure: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The ``failure`` of a module's result with its message and its remedy in the words of the role."""
    return {**failure, **{name: as_variables(str(failure.get(name) or "")) for name in ("message", "remedy")}}
