# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import farm_name

DOCUMENTATION = r"""
name: farm_names
short_description: Name the farms of hosts
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Returns C(ras_farm) of each host as a text. Where that is not set, is no text or cannot be worked out, it returns
    the name of the host.
positional: hostvars
options:
  _input:
    description: Inventory host names.
    type: list
    elements: str
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the farms of this run
  ansible.builtin.debug:
    msg: "{{ ansible_play_hosts | fleetops.parallels_ras.farm_names(hostvars) }}"
"""

RETURN = r"""
_value:
  description: Names of farms, in the order of the hosts.
  type: list
  elements: str
"""


def farm_names(hosts: t.Iterable[str], hostvars: t.Any) -> list[str]:
    """The names."""
    return [farm_name(hostvars, str(host)) for host in hosts]


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"farm_names": farm_names}
