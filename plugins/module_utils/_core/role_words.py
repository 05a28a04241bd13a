# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Say a module's message in the words of the role, whose variables carry the options' names with ``ras_`` in front."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec

# Of agent_upgrade, those that are variables of the role.
_AGENT_OPTIONS: t.Final = (
    "agent_timeout",
    "allow_pending_settings",
    "allow_undrained",
    "drain_timeout",
    "gateways_min_in_service",
    "logoff_sessions",
    "poll_interval",
    "rds_hosts_min_in_service",
)
# One word such as ``state`` may stand for itself in a sentence; the others are names wherever they stand.
_NAMES: t.Final = (*(name for name in license_spec() if "_" in name), *_AGENT_OPTIONS)
_OPTIONS: t.Final = re.compile(r"(?<![\w./-])(" + "|".join(_NAMES) + r")(?!\w)")


def as_variables(text: str) -> str:
    """The text with each option's name as the role's variable: ``account_keys`` becomes ``ras_account_keys``."""
    return _OPTIONS.sub(r"ras_\1", text)
