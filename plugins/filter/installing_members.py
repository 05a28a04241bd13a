# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.members import (
    installing_members as members_of,
)

DOCUMENTATION = r"""
name: installing_members
short_description: Find the members of a farm that run the installer themselves
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Finds the hosts whose variable C(ras_agents_method) is V(msi).
positional: members, hostvars
options:
  _input:
    description:
      - Name of the farm.
    type: str
    required: true
  members:
    description:
      - Hosts to check, such as those of the group C(ras_members).
    type: list
    elements: str
    required: true
  hostvars:
    description:
      - The magic variable C(hostvars).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the members that run the installer themselves
  ansible.builtin.debug:
    msg: "{{ 'tokyo' | fleetops.parallels_ras.installing_members(groups['ras_members'] | default([]), hostvars) }}"
"""

RETURN = r"""
_value:
  description: Names of inventory hosts, in the given order.
  type: list
  elements: str
"""


def installing_members(farm: str, members: t.Any, hostvars: t.Any) -> list[str]:
    """The hosts that are found."""
    return members_of(str(farm), [str(host) for host in members], hostvars)


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"installing_members": installing_members}
