# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.waves import may_start, too_late
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import HostVariables
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import (
    failed_farms,
    fleet_problems,
    outcomes,
)

DOCUMENTATION = r"""
name: wave_gate
short_description: Decide whether the next wave may start
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Counts the farms of earlier waves that did not end well, including those for which no outcome was recorded, and
    checks the fleet again with what the earlier waves showed.
  - Which farms were in these waves is what this run has planned for their hosts. What a host is called does not count.
  - Farms of a wave that the playbooks recorded as not started do not count.
positional: wave, hosts, hostvars, most_failed, not_after
options:
  _input:
    description: The hosts of each wave, which P(fleetops.parallels_ras.wave_hosts#filter) returns.
    type: dict
    required: true
  wave:
    description: The number of the wave to start.
    type: int
    required: true
  hosts:
    description: All licensing servers of the inventory.
    type: list
    elements: str
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
  most_failed:
    description: How many failed farms are allowed.
    type: int
    default: 0
  not_after:
    description: Time on the controller, as C(YYYY-MM-DD HH:MM), after which no wave starts. Empty for no limit.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Decide about the second wave
  ansible.builtin.set_fact:
    gate: "{{ {'1': ['cb1.tokyo.example.com'], '2': ['cb1.osaka.example.com']}
      | fleetops.parallels_ras.wave_gate(2, groups['ras_licensing_servers'], hostvars) }}"
"""

RETURN = r"""
_value:
  description: >-
    C(stop), why no host of the wave may start (empty when it may), and C(hosts), why single hosts may not start.
  type: dict
"""


def wave_gate(
    planned: t.Any, wave: t.Any, hosts: t.Any, hostvars: t.Any, most_failed: t.Any = 0, not_after: str = ""
) -> dict[str, t.Any]:
    """Why the wave, or single hosts of it, must not start."""
    # A wave that was stopped as a whole tried none of its farms: they do not count as failures.
    earlier = [
        host
        for number in range(1, int(wave))
        for host in planned.get(str(number), ())
        if host in hosts and not (HostVariables(hostvars, host).noted.get("__ras_wave_gate") or {}).get("stop")
    ]
    stop = may_start(failed_farms(outcomes(earlier, hostvars)), int(most_failed))
    stop = stop or too_late(str(not_after or ""), dt.datetime.now())
    single = {
        host: problem["message"] for problem in reversed(fleet_problems(hosts, hostvars)) for host in problem["hosts"]
    }
    return {"stop": stop or "", "hosts": single}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"wave_gate": wave_gate}
