# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet import targets

DOCUMENTATION = r"""
name: members_wrong
short_description: Find what keeps the members of a farm from being upgraded by this run
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Finds members that the run was not to reach, and variables of members that cannot be worked out.
  - Used by the role P(fleetops.parallels_ras.ras#role), before anything is changed.
positional: server, given, hostvars, in_run
options:
  _input:
    description: The members that are due.
    type: list
    elements: str
    required: true
  server:
    description: The licensing server of their farm.
    type: str
    required: true
  given:
    description: As for P(fleetops.parallels_ras.upgrade_target#filter).
    type: dict
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
  in_run:
    description: The hosts that the run may reach, as far as C(--limit) leaves them.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show what is wrong
  ansible.builtin.debug:
    msg: >-
      {{ ['rd1.tokyo.example.com']
         | fleetops.parallels_ras.members_wrong(inventory_hostname, {}, hostvars, ansible_play_hosts_all) }}
"""

RETURN = r"""
_value:
  description: A failure with C(code), C(message), C(remedy) and C(observed), or an empty dictionary.
  type: dict
"""


def members_wrong(hosts: t.Any, server: str, given: t.Any, hostvars: t.Any, in_run: t.Any) -> dict[str, t.Any]:
    """The first thing that is wrong."""
    failure = targets.members_wrong([str(host) for host in hosts], str(server), given, hostvars, list(in_run))
    return failure.as_dict() if failure else {}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"members_wrong": members_wrong}
