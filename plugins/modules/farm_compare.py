# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the farm_compare module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: farm_compare
short_description: Find what is worse on a farm than before
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Compares two readings of a farm, one before and one after an upgrade. An improvement is not a difference, and
    neither is a newer version.
  - Guests and AVD hosts come and go by themselves, so a missing one is not a difference.
  - Asks nobody - it compares what other modules have read.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
options:
  before:
    description:
      - The reading before. A dictionary with any of C(license) (as M(fleetops.parallels_ras.license_info) returns it),
        C(farm), C(sites), C(brokers) (as M(fleetops.parallels_ras.farm_info) returns them), C(agents) (as
        M(fleetops.parallels_ras.agents_info) returns them) and C(services) (as M(fleetops.parallels_ras.host_info)
        returns them).
      - A key that is missing or null was not read. It is not compared, and RV(not_compared) names it.
    type: dict
    required: true
  after:
    description: The reading after, in the same form.
    type: dict
    required: true
  host:
    description:
      - The result of M(fleetops.parallels_ras.host_info) for the licensing server, even a failed one. With
        O(expected_version), what it lacks is in RV(missing).
    type: dict
    default: {}
  exclude:
    description:
      - Areas that are not compared (C(farm), C(license), C(account), C(sites), C(brokers), C(agents), C(services)), or
        single items of them, such as C(services:RAS Secure Gateway).
    type: list
    elements: str
    default: []
  expected_version:
    description: The version that brokers, gateways, enrollment servers and RD session hosts must have afterwards.
    type: str
  expected_account:
    description: The account to which the run may have moved the farm. A farm with this account is not a difference.
    type: str
requirements:
  - Python 3.10 or newer on the controller
notes:
  - Used by the role P(fleetops.parallels_ras.ras#role) after an upgrade.
seealso:
  - module: fleetops.parallels_ras.farm_info
  - module: fleetops.parallels_ras.agents_info
"""

EXAMPLES = r"""
- name: Compare a license before and after
  fleetops.parallels_ras.farm_compare:
    before: {license: {status: active, users: {licensed: 50}, account: {email: licensing@example.com}}}
    after: {license: {status: active, users: {licensed: 25}, account: {email: licensing@example.com}}}
    exclude: [services]
  register: compared

- name: Show what is worse
  ansible.builtin.debug:
    msg: "{{ compared.worse | map(attribute='text') }}"
"""

RETURN = r"""
worse:
  description:
    - What is worse than before, each with C(area), C(item), C(before), C(after) and C(text), which is one sentence.
  returned: success
  type: list
  elements: dict
  sample:
    - {area: license, item: seats, before: 50, after: 25, text: The license has 25 seats; before it had 50.}
missing:
  description: What the licensing server itself lacks, as sentences. Empty without O(host).
  returned: success
  type: list
  elements: str
  sample: [the service RAS Secure Gateway is Stopped]
not_compared:
  description: The areas that were not read before, or not after, and were not excluded.
  returned: success
  type: list
  elements: str
  sample: [sites]
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
      sample: >-
        exclude holds 'colors': expected areas of farm, license, account, sites, brokers, agents, services, or
        area:item.
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: "Correct the option and run the task again. Nothing was sent."
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    exclude holds 'colors': expected areas of farm, license, account, sites, brokers, agents, services, or area:item.
    Correct the option and run the task again. Nothing was sent.
"""
