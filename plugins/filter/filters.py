# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters of the collection, each documented in a file of its own.

In one module: for each mention of a filter, Ansible looks into every module here before the one that has it.
"""

from __future__ import annotations

import typing as t

from ansible import context
from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import given_text
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import api_url_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.start import refused_start, refused_write
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from jinja2 import pass_context
from jinja2.runtime import Context

_FAILED: t.Final = 2


def api_url(server: t.Any) -> str:
    """The URL of the API of a server."""
    return api_url_of(str(server))


def as_data(value: t.Any) -> t.Any:
    """The value; the base marks it."""
    return value


@pass_context
def untemplated(variables: Context, name: str) -> t.Any:
    """What the variable holds. Where Ansible evaluates variables that are read, the layers below are read."""
    layers = getattr(variables.parent, "maps", None)
    if layers is None or not hasattr(variables.parent, "_templar"):
        return variables.get(str(name), {})
    return next((layer[name] for layer in layers if name in layer), {})


def whole_role(value: t.Any) -> t.Any:
    """The value; or the failure of the task."""
    refused = refused_write(context.CLIARGS)
    if refused:
        raise AnsibleFilterError(f"{refused.code}: {refused.message} {refused.remedy}")
    return value


@pass_context
def whole_run(variables: Context, hosts: t.Any) -> t.Any:
    """The pattern; or the end of the run."""
    refused = refused_start(context.CLIARGS)
    if refused:
        Display().error(f"{refused.code}: {refused.message} {refused.remedy}")
        # No error of Ansible's: a play that cannot be read has other exit codes, and they differ between its versions.
        raise SystemExit(_FAILED)
    _keep_the_controller(variables)
    return hosts


def _keep_the_controller(variables: Context) -> None:
    """Let ``localhost`` be within the limit of the run: nobody else can speak when all farms have dropped out."""
    inventory = getattr(variables.get("hostvars"), "_inventory", None)
    limit = getattr(inventory, "_subset", None)
    if inventory is not None and limit and "localhost" not in limit:
        inventory.subset([*limit, "localhost"])


class FilterModule(Filters):
    """Jinja2 filters."""

    FUNCTIONS: t.ClassVar = {
        "api_url": api_url,
        "as_data": as_data,
        "given_text": given_text,
        "untemplated": untemplated,
        "whole_role": whole_role,
        "whole_run": whole_run,
    }
