# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.installers import member_installers

DOCUMENTATION = r"""
name: member_installers
short_description: Check the installers of members that install by themselves
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Checks, on the controller and before anything is changed, what P(fleetops.parallels_ras.installer_check#filter)
    checks, for each member of a farm that is due, with the variables of that member.
positional: farm, members, server, given, hostvars
options:
  _input:
    description:
      - The plan of these members, as M(fleetops.parallels_ras.agent_upgrade) returns it. Without C(rounds), all members
        count as due.
    type: dict
    required: true
  farm:
    description: The name of the farm.
    type: str
    required: true
  members:
    description: The members that install by themselves.
    type: list
    elements: str
    required: true
  server:
    description: The licensing server of the farm.
    type: str
    required: true
  given:
    description:
      - The variables that describe an installer, as the licensing server sees them. What that host does not have itself
        is set by the play, and counts for a member that does not have it either.
    type: dict
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Check the installers of two members
  ansible.builtin.debug:
    msg: "{{ {} | fleetops.parallels_ras.member_installers('tokyo', ['rd1.tokyo.example.com', 'rd2.tokyo.example.com'],
      inventory_hostname, {'ras_version': '20.2.26050'}, hostvars) }}"
"""

RETURN = r"""
_value:
  description: >-
    Empty when all installers are the wanted ones; else C(failure), as
    P(fleetops.parallels_ras.installer_check#filter) returns it, with farm and member in its message.
  type: dict
"""


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"member_installers": member_installers}
