# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Which variables that begin with ``ras_`` somebody reads; a host that has another one is refused.

Options are those of the role's own specification, and the variables of the inventory plugin those that it makes.
"""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import yaml
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import Spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.variable_names import (
    OWN,
    own_variables,
    refusal,
    unknown_variables,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.variables import Variables
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._inventory import VARIABLES
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import HostVariables

# What the role notes on hosts for its users, and what playbooks hand to AWX, which gives it to the next job as extra
# variables. A test compares them with the task files.
NOTED: t.Final = (
    *("ras_preflight", "ras_license_result", "ras_backup_result", "ras_upgrade_plan", "ras_upgrade_result"),
    *("ras_agents_result", "ras_failure", "ras_hook_host"),
    *("ras_farms", "ras_drift"),
)
# The variables that say to which farm and organization a host belongs.
NAMES: t.Final = ("ras_farm", "ras_organization")
_SPECIFICATION: t.Final = Path(__file__).resolve().parents[3] / "roles" / "ras" / "meta" / "argument_specs.yml"


def _specification_of_the_role() -> Spec:
    # The loader in pure Python would take ten times as long.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read = yaml.load(_SPECIFICATION.read_text("utf-8"), Loader=loader)
    options: Spec = read["argument_specs"]["main"]["options"]
    return {name: {key: option[key] for key in _JUDGED if key in option} for name, option in options.items()}


_JUDGED: t.Final = ("type", "elements", "choices", "default")
# When it is loaded, which is before Ansible forks, and not once for each task and host.
SPECIFICATION: t.Final = _specification_of_the_role()
DEFAULTS: t.Final = {name: option.get("default") for name, option in SPECIFICATION.items()}
OPTIONS: t.Final = frozenset(SPECIFICATION)
# The variables of connections to Windows.
_CONNECTION: t.Final = re.compile(
    r"ansible_(?:host|port|user|password|connection|shell_type|become\w*|winrm_\w+|psrp_\w+|ssh_\w+)\Z"
)
KNOWN: t.Final = OPTIONS | set(NOTED) | set(VARIABLES)


def unknown_refusal(variables: HostVariables, played: t.Iterable[str] = (), own: t.Any = ()) -> RasError | None:
    """Why a host is refused for the names of its variables; None when all are known. No value is read but the list.

    :param played: the names of variables that the play, its role or its tasks set.
    :param own: what the play gives as ``ras_own_variables``.
    """
    try:
        names = {*variables, *played}
        listed = own_variables(own) | own_variables(variables.get(OWN, ()))
    except RasError as exc:
        return exc
    unknown = unknown_variables(names, KNOWN, listed)
    return refusal(variables.host, unknown, KNOWN) if unknown else None


def name_problem(variables: HostVariables, given: t.Mapping[str, t.Any] | None = None) -> RasError | None:
    """Why a host is refused for what it is called or whether it is managed; None when that can be read.

    :param given: the names, where they were worked out elsewhere.
    """
    try:
        read = variables.typed(ras_managed=True) if given is None else Variables(variables.host, given)
        for name in NAMES:
            read.name(name)
        if given is None:
            read.flag("ras_managed")
    except RasError as exc:
        return exc
    return None


def unusable(variables: HostVariables) -> RasError | None:
    """The first variable of the role that cannot be worked out at a host; None when all can be."""
    try:
        names = sorted(name for name in variables if name in OPTIONS or _CONNECTION.match(name))
        for name in names:
            variables.get(name)
    except RasError as exc:
        return exc
    return None
