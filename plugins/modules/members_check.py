# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the members_check module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: members_check
short_description: Find out whether a run may upgrade members of a farm
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Tasks that are delegated to a member reach it whatever C(--limit) says. So a member that is due and not in the run
    stops its farm, before anything is changed.
  - So does a member whose own variables cannot be worked out.
  - Asks nobody.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
options:
  hosts:
    description: The members that are due.
    type: list
    elements: str
    required: true
  server:
    description: The licensing server of their farm.
    type: str
    required: true
  in_run:
    description: The hosts that the run may reach.
    type: list
    elements: str
    required: true
requirements:
  - Python 3.10 or newer on the controller
notes:
  - Used by the role P(fleetops.parallels_ras.ras#role).
seealso:
  - module: fleetops.parallels_ras.host_upgrade
"""

EXAMPLES = r"""
- name: Find out whether this run may upgrade all members
  fleetops.parallels_ras.members_check:
    hosts: "{{ groups['ras_members'] | default([]) }}"
    server: "{{ inventory_hostname }}"
    in_run: "{{ ansible_play_hosts_all + groups['ras_members'] | default([]) }}"
"""

RETURN = r"""
hosts:
  description: The members, as in O(hosts).
  returned: unless an option was refused
  type: list
  elements: str
  sample: [rd1.tokyo.example.com]
findings:
  description: Always empty. It is returned because every module of the collection returns it.
  returned: unless an option was refused
  type: list
  elements: dict
  sample: []
failure:
  description:
    - Why the task failed, as data. RV(msg) holds its message and its remedy as one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them, not on texts.
        - V(agent_failed) - members that are due are not in this run.
        - V(invalid_option) - an option is wrong, or a variable of a member cannot be worked out.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: invalid_option
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: "server must be text: expected a text in quotes, observed a whole number."
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: "Put it in quotes, or leave it out. Nothing was sent."
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: "server must be text: expected a text in quotes, observed a whole number. Put it in quotes, or leave it out. Nothing was sent."
"""
