# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a step of fleet_run as Ansible's worker does, for the first host of a fleet that is a dictionary."""

from __future__ import annotations

import typing as t

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.fleetops.parallels_ras.plugins.action import fleet_run
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import make

try:  # since ansible-core 2.19, where other texts are no templates
    from ansible.template import trust_as_template as template
except ImportError:

    def template(value: str) -> str:
        """Every text is one."""
        return value


NOWHERE: t.Final = template("{{ nowhere }}")
Fleet = t.Mapping[str, t.Mapping[str, t.Any]]


class HostVars(dict[str, t.Any]):
    """The magic variable, with variables that need no working out."""

    def raw_get(self, host: str) -> t.Any:
        """The same, as they are written."""
        return self[host]


def run(step: str, fleet: Fleet, /, *, check: bool = False, seen: t.Any = None, **args: t.Any) -> dict[str, t.Any]:
    """The result of a step for the first host.

    :param seen: what the task sees besides the variables of its host.
    """
    host = next(iter(fleet))
    raw = {**fleet[host], **(seen or {}), "inventory_hostname": host, "hostvars": HostVars(fleet)}
    action = make(fleet_run.ActionModule, {"step": step, **args}, check=check)
    action._templar = Templar(loader=DataLoader(), variables=raw)
    result = action.run(None, raw)
    assert result["changed"] is False
    return result
