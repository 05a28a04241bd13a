# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Whether the variables of a host are of the types and choices of the role's specification, wherever they are set."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import (
    secret_texts,
    SECRET_VARIABLES,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_values import value_refusal
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import HostVariables
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import (
    OPTIONS,
    SPECIFICATION,
)


def host_refusal(variables: HostVariables) -> RasError | None:
    """Why a host is refused for values of its own. What cannot be worked out is said where it is needed."""
    values: dict[str, t.Any] = {}
    for name in OPTIONS:
        with contextlib.suppress(KeyError):  # not set, or it cannot be worked out
            values[name] = variables.noted[name]
    return wrong_value(variables.host, values)


def wrong_value(host: str, values: t.Mapping[str, t.Any]) -> RasError | None:
    """The refusal of values by their types and choices."""
    plain = {name: _plain(value) for name, value in values.items()}
    secrets = [text for name in SECRET_VARIABLES for text in secret_texts(plain.get(name))]
    return value_refusal(host, plain, SPECIFICATION, Scrubber(secrets).text)


def _plain(value: t.Any) -> t.Any:
    """A copy with plain lists and mappings: since 2.19, those of Ansible hold all that works out templates."""
    if isinstance(value, t.Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
