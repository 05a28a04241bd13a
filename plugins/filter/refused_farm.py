# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import refused_farm

DOCUMENTATION = r"""
name: refused_farm
short_description: Summarize why a farm could not be planned
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Names the variable of the host that is no text or cannot be worked out, if that is why; otherwise says what the
    failed task said.
  - Used by the playbooks of the collection. The host's own variables are read here in a way in which one that cannot be
    worked out does no harm.
positional: host, hostvars
options:
  _input:
    description: The result of the task that failed.
    type: dict
    required: true
  host:
    description: The inventory host.
    type: str
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Summarize the failure
  ansible.builtin.debug:
    msg: "{{ {'msg': 'No answer.'} | fleetops.parallels_ras.refused_farm(inventory_hostname, hostvars) }}"
"""

RETURN = r"""
_value:
  description: As P(fleetops.parallels_ras.preflight#filter) returns it, with C(state) V(refused).
  type: dict
"""


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"refused_farm": refused_farm}
