# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the farm_failure module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: farm_failure
short_description: Find what stopped a farm, in the words of the role
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Finds the first failure among the results of a task that upgrades hosts of a farm in a loop. A host of which there
    is no result is a failure, too.
  - Modules name their options. In the role each option is a variable of the same name with C(ras_) in front, and its
    users look for that name. So messages and remedies are said in these words.
  - Asks nobody, and does not fail because of what it finds.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
options:
  failure:
    description: A failure that is known already, as RV(failure) of a module of this collection. It comes first.
    type: dict
    default: {}
  results:
    description: The results of M(fleetops.parallels_ras.host_upgrade), or of a module that goes on from there.
    type: list
    elements: dict
    default: []
  hosts:
    description: The hosts that must be among O(results).
    type: list
    elements: str
    default: []
  is_planned:
    description: Whether nothing was begun. Then a member's failure keeps its code.
    type: bool
    default: false
  server:
    description: The licensing server of the farm. The failure of another host is said to be that of a member.
    type: str
    required: true
requirements:
  - Python 3.10 or newer on the controller
notes:
  - Used by the role P(fleetops.parallels_ras.ras#role).
seealso:
  - module: fleetops.parallels_ras.host_upgrade
"""

EXAMPLES = r"""
- name: Say a failure in the words of the role
  fleetops.parallels_ras.farm_failure:
    failure: {code: key_required, message: license_key is not given., remedy: Give license_key., observed: null}
    server: "{{ inventory_hostname }}"
  register: found

- name: Show what to do next
  ansible.builtin.debug:
    msg: "{{ found.stopped_by.remedy }}"
"""

RETURN = r"""
stopped_by:
  description: A failure with C(code), C(message), C(remedy) and C(observed), or an empty dictionary.
  returned: success
  type: dict
  sample: {code: key_required, message: ras_license_key is not given., remedy: Give ras_license_key., observed: null}
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
        - V(invalid_option) - an option is wrong.
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
  sample: >-
    server must be text: expected a text in quotes, observed a whole number. Put it in quotes, or leave it out. Nothing
    was sent.
"""
