# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the farm_gate module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: farm_gate
short_description: Decide whether a farm may start, when its turn comes
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Records on the controller, for one run of Ansible, which farms started and how they ended, and holds a farm back
    once too many others have failed, once it is too late, or once another farm has shown that this one must not be
    changed (two hosts of the inventory are one farm, or one key that is no SPLA key is wanted by several).
  - A farm that started, is no longer in the play and did not leave was lost, and counts as failed. So does a farm of
    O(planned) that is no longer in the play and of which nothing is recorded, and one that was held back for what it is
    itself. A farm that was held back because of others does not count.
  - Asks nobody, and reads no variables of other hosts. So a farm costs the same however many there are.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
attributes:
  check_mode:
    support: full
    details:
      - The same is recorded and decided, so that a run in check mode stops where the run itself would.
  diff_mode:
    support: N/A
    details:
      - Nothing but the record of the run is written, in Ansible's own temporary folder, which goes with the run.
  idempotent:
    support: N/A
    details:
      - Each call is another turn.
options:
  step:
    description:
      - V(enter) before anything of the farm is changed. Change nothing when RV(stop) is not empty.
      - V(leave) when the farm has ended, well or not.
    type: str
    choices: [enter, leave]
    required: true
  run:
    description:
      - Which run the farm belongs to, where one run of Ansible has several playbooks. Any text.
    type: str
    required: true
  host:
    description:
      - The licensing server of the farm, C(inventory_hostname).
    type: str
    required: true
  farm:
    description:
      - The name of the farm, for messages. By default O(host).
    type: raw
  planned:
    description:
      - The licensing servers of this wave and of those before it. With O(step=enter).
    type: list
    elements: str
    default: []
  playing:
    description:
      - The hosts that are still in the play, C(ansible_play_hosts). With O(step=enter).
    type: list
    elements: str
    default: []
  max_failed_farms:
    description:
      - How many farms of the run may have failed. With O(step=enter).
    type: int
    default: 0
  no_new_farm_after:
    description:
      - Time of the controller, as C(YYYY-MM-DD HH:MM), after which no farm starts. Empty for no end. With
        O(step=enter).
    type: str
    default: ""
  license_key:
    description:
      - The license key that the farm is to have. A digest of it is recorded, and not the key. With O(step=enter).
    type: str
  seen:
    description:
      - The newest result of P(fleetops.parallels_ras.license#module) for the farm. The identity of the farm, its type
        of license and the visible part of its key are recorded.
    type: dict
    default: {}
  problem:
    description:
      - What failed. Empty when the farm ended well. With O(step=leave).
    type: str
    default: ""
requirements:
  - Python 3.10 or newer on the controller
notes:
  - Used by the playbooks of this collection, which change each farm at its own pace (C(strategy=host_pinned)).
seealso:
  - module: fleetops.parallels_ras.license
"""

EXAMPLES = r"""
- name: Sign farms in, each at its own pace, and start no further one once one has failed
  hosts: ras_licensing_servers
  strategy: ansible.builtin.host_pinned
  gather_facts: false
  tasks:
    - name: Ask whether the farm may start
      fleetops.parallels_ras.farm_gate:
        step: enter
        run: nightly
        host: "{{ inventory_hostname }}"
        playing: "{{ ansible_play_hosts }}"
        license_key: "{{ ras_license_key }}"
      register: ras_gate

    - name: Sign it in
      fleetops.parallels_ras.license:
        api_url: "https://{{ ansible_host }}:20443"
        api_username: "{{ ras_api_username }}"
        api_password: "{{ ras_api_password }}"
        ca_path: "{{ ras_ca_path }}"
        account_email: "{{ ras_account_email }}"
        account_password: "{{ ras_account_password }}"
        license_key: "{{ ras_license_key }}"
      register: ras_license
      failed_when: false
      when: ras_gate.stop == ''

    - name: Say how it ended
      fleetops.parallels_ras.farm_gate:
        step: leave
        run: nightly
        host: "{{ inventory_hostname }}"
        seen: "{{ ras_license }}"
        problem: "{{ ras_license.failure.message | default('') }}"
      when: ras_gate.stop == ''
"""

RETURN = r"""
changed:
  description: Always false.
  returned: always
  type: bool
  sample: false
step:
  description: Which step it was, O(step).
  returned: success
  type: str
  sample: enter
stop:
  description: Why the farm must not start. Empty when it may, and after O(step=leave).
  returned: success
  type: str
  sample: 1 farm of this run did not end well (tokyo); ras_max_failed_farms=0.
problem:
  description: What failed, O(problem).
  returned: success
  type: str
  sample: ""
at:
  description: When it was, in seconds since 1970, by the clock of the controller.
  returned: success
  type: float
  sample: 1795000000.5
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
        - V(not_tried) - another farm of this run held the record for too long.
        - V(invalid_option) - an option is wrong. Nothing was recorded.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: invalid_option
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: "host must be text: expected a text in quotes, observed a whole number."
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: >-
        Put it in quotes, or leave it out. Nothing was sent. Where jinja2_native is on, ansible-core before 2.19 makes a
        number of quoted digits, too: turn it off.
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    host must be text: expected a text in quotes, observed a whole number. Put it in quotes, or leave it out. Nothing
    was sent. Where jinja2_native is on, ansible-core before 2.19 makes a number of quoted digits, too: turn it off.
"""
