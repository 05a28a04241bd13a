# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.restart import judge_restart
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import inventory_hosts_of

DOCUMENTATION = r"""
name: restart_verdict
short_description: Decide whether RAS hosts may be restarted
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Checks the hosts whose agents ask for a restart after P(fleetops.parallels_ras.agent_upgrade#module).
positional: hostvars, farm, reboot, logoff_sessions, restarted
options:
  _input:
    description:
      - The result of agent_upgrade.
    type: dict
    required: true
  hostvars:
    description:
      - The magic variable C(hostvars).
    type: dict
    required: true
  farm:
    description:
      - Name of the farm.
    type: str
    required: true
  reboot:
    description:
      - V(auto) or V(never).
    type: str
    required: true
  logoff_sessions:
    description:
      - Whether RD session hosts may be restarted while users have sessions on them.
    type: bool
    default: false
  restarted:
    description:
      - Servers that were already restarted in this run, by the names that the farm uses.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Refuse to restart what must not be restarted
  ansible.builtin.debug:
    msg: "{{ (seen | fleetops.parallels_ras.restart_verdict(hostvars, 'tokyo', 'never')).code }}"
  vars:
    seen: {restart_due: [rd1.example.com]}
"""

RETURN = r"""
_value:
  description:
    - A failure with C(code), C(message), C(remedy) and C(observed), or an empty dictionary.
  type: dict
"""


def restart_verdict(
    result: t.Any, hostvars: t.Any, farm: str, reboot: str, logoff_sessions: bool = False, restarted: t.Any = ()
) -> dict[str, t.Any]:
    """Why they must not be restarted; empty when they may."""
    known = inventory_hosts_of(result.get("restart_due") or [], hostvars, farm)
    failure = judge_restart(result, list(known), reboot, bool(logoff_sessions), list(restarted))
    return failure.as_dict() if failure else {}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"restart_verdict": restart_verdict}
