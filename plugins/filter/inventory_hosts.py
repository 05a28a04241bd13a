# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import inventory_hosts_of

DOCUMENTATION = r"""
name: inventory_hosts
short_description: Find the inventory hosts of RAS hosts
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Finds the hosts of a farm by the names and addresses that the farm uses for them. A name without a host is left out.
positional: hostvars, farm
options:
  _input:
    description:
      - Names or addresses of RAS hosts.
    type: list
    elements: str
    required: true
  hostvars:
    description:
      - The magic variable C(hostvars).
    type: dict
    required: true
  farm:
    description:
      - Name of the farm, as in C(ras_farm) of its hosts.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Find a host of the farm
  ansible.builtin.debug:
    msg: "{{ ['cb1.tokyo.example.com'] | fleetops.parallels_ras.inventory_hosts(hostvars, 'tokyo') }}"
"""

RETURN = r"""
_value:
  description: Names of inventory hosts, in the same order.
  type: list
  elements: str
"""


def inventory_hosts(servers: t.Any, hostvars: t.Any, farm: str) -> list[str]:
    """The hosts that are found."""
    return list(inventory_hosts_of(servers, hostvars, farm).values())


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"inventory_hosts": inventory_hosts}
