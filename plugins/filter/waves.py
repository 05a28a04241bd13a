# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.waves import assign_waves, pace
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import AllHosts
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import due_hosts

DOCUMENTATION = r"""
name: waves
short_description: Assign a wave to each farm that needs a change
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Gives each licensing server whose farm is due its wave, in the given order, from what the preflight of this run
    noted on it. What a host is called does not count, and no group of the inventory.
  - Invalid sizes are returned as data and do not fail the task, so that a run can still show all of its farms.
positional: hostvars, sizes, forks
options:
  _input:
    description: The licensing servers that were planned.
    type: list
    elements: str
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
  sizes:
    description: The sizes of the waves, each a whole number or a percentage of these farms; the last size is repeated.
    type: list
    elements: raw
    required: true
  forks:
    description: How many farms Ansible works on at the same time, the magic variable C(ansible_forks).
    type: int
    required: true
"""

EXAMPLES = r"""
- name: One farm first, then half, then the rest
  ansible.builtin.debug:
    msg: "{{ (ansible_play_hosts | fleetops.parallels_ras.waves(hostvars, [1, '50%', '100%'], ansible_forks)).pace }}"
"""

RETURN = r"""
_value:
  description:
    - C(hosts), for each wave the list of its hosts, empty when the sizes are invalid; C(pace), one sentence that says
      how long the waves take; and C(failure), null or what is wrong with the sizes, with C(code), C(message),
      C(remedy) and C(observed).
  type: dict
"""

_REMEDY: t.Final = "Correct ras_waves and run again. No farm was changed."


def waves(hosts: t.Iterable[str], hostvars: AllHosts, sizes: t.Any, forks: t.Any) -> dict[str, t.Any]:
    """Assign waves; what cannot be understood is one sentence."""
    listed = sizes if isinstance(sizes, (list, tuple)) else [sizes]
    try:
        numbers = assign_waves(due_hosts(hosts, hostvars), listed)
    except ValueError as exc:
        return {"hosts": [], "pace": "", "failure": RasError("invalid_option", str(exc), remedy=_REMEDY).as_dict()}
    found: list[list[str]] = [[] for _number in range(max(numbers.values(), default=0))]
    for host, number in numbers.items():
        found[number - 1].append(host)
    return {"hosts": found, "pace": pace([len(each) for each in found], int(forks)), "failure": None}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"waves": waves}
