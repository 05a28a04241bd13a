# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import outcomes

DOCUMENTATION = r"""
name: outcomes
short_description: Report how each farm of a run ended
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Reads what the role P(fleetops.parallels_ras.ras#role) stored for each host. A host for which no outcome was
    recorded counts as failed.
  - When the playbooks recorded that the waves could not be planned, no farm was tried. Farms that the plan
    refuses keep their own failure.
positional: hostvars, check_mode, planned
options:
  _input:
    description: The licensing servers.
    type: list
    elements: str
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
  check_mode:
    description: Whether the run is in check mode, in which a change is V(due) instead of V(changed).
    type: bool
    default: false
  planned:
    description:
      - The hosts that the run has planned. What is noted on others is of an earlier playbook, and not believed.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Show the farms that did not end well
  ansible.builtin.debug:
    msg: "{{ groups['ras_licensing_servers'] | fleetops.parallels_ras.outcomes(hostvars) | selectattr('code') }}"
"""

RETURN = r"""
_value:
  description:
    - For each host C(farm), C(host), C(state) (V(ok), V(changed), V(due), V(unmanaged), V(refused), V(not_tried) or
      V(failed)), C(changed), C(code), C(message),
      C(remedy), C(license), C(account_match), C(account_evidence) and C(reason) (why the farm is unmanaged).
  type: list
  elements: dict
"""


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"outcomes": outcomes}
