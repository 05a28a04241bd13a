# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.preflight import preflight
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: preflight
short_description: Summarize what is known about a farm before anything is written
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Turns the result of M(fleetops.parallels_ras.license) in check mode into named checks, a state and one readable
    line.
  - Used by the role P(fleetops.parallels_ras.ras#role).
positional: farm, email, problems, upgrade, agents, members, has_password
options:
  _input:
    description: The result of the module in check mode.
    type: dict
    required: true
  farm:
    description: The name of the farm.
    type: str
    required: true
  email:
    description: The e-mail address of the wanted account.
    type: str
  problems:
    description:
      - Failures of the fleet that concern this host, as P(fleetops.parallels_ras.fleet_checks#filter) returns them.
    type: list
    elements: dict
    default: []
  upgrade:
    description:
      - What P(fleetops.parallels_ras.upgrade_plan#filter) returned for the licensing server, when an upgrade is wanted.
    type: dict
  agents:
    description: The result of M(fleetops.parallels_ras.agent_upgrade) in check mode, when an upgrade is wanted.
    type: dict
  members:
    description:
      - The same for the members of the farm that run the installer themselves, when there are any.
    type: dict
  has_password:
    description:
      - Whether the password of the wanted account is given. Without it, a farm that needs it or may need it after its
        upgrade is refused before anything is changed.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Summarize the plan
  ansible.builtin.debug:
    msg: "{{ plan | fleetops.parallels_ras.preflight('tokyo', 'licensing@example.com') }}"
  vars:
    plan: {license: {status: active}, steps: [], account_match: match, account_evidence: reported}
"""

RETURN = r"""
_value:
  description:
    - C(state) (V(due), V(ok), V(refused) or V(unmanaged)), C(line), C(failure), and C(checks), each with C(state),
      C(observed), C(expected) and C(remedy).
  type: dict
"""


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"preflight": preflight}
