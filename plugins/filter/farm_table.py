# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.table import table
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: farm_table
short_description: Show the farms of a run as lines of a table
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Returns one line per farm, a line with the totals, and for each farm that did not end well its failure and remedy.
options:
  _input:
    description: The records of P(fleetops.parallels_ras.outcomes#filter).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show all farms
  ansible.builtin.debug:
    msg: "{{ groups['ras_licensing_servers'] | fleetops.parallels_ras.outcomes(hostvars) |
    fleetops.parallels_ras.farm_table }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
"""


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"farm_table": table}
