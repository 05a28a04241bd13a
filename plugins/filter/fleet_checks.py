# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.members import member_problems
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import (
    confirmation_problems,
    fleet_problems,
    slicing_problems,
)

DOCUMENTATION = r"""
name: fleet_checks
short_description: Find problems that concern a fleet as a whole
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Checks that the farms of each organization are to use one account, that no farm answers for two hosts, and that no
    key other than an SPLA key is used twice.
  - With O(confirm), also checks that the farms to deactivate were named exactly.
  - A host whose variables cannot be compared, because one is no text or cannot be worked out, is a problem of its own
    and does not concern the others.
  - Also reports when the run is only one slice of a fleet, unless C(ras_allow_slicing) allows it.
  - Reads the hosts' variables C(ras_account_email), C(ras_account_password), C(ras_license_key), C(ras_farm),
    C(ras_organization), C(ras_managed), C(ras_allow_slicing), C(ras_job_slice_count), the names that AWX gives to the
    job template and the workflow job, and the facts of the role. The result contains no secret.
positional: hostvars, confirm_hosts, confirm, members, own
options:
  _input:
    description: All licensing servers of the inventory, even when a run is limited to some of them.
    type: list
    elements: str
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
  confirm_hosts:
    description: The hosts of this run that will be deactivated.
    type: list
    elements: str
    default: []
  confirm:
    description:
      - The farms as the user named them, as a list or as text separated by commas. What is no text is refused.
    type: raw
  members:
    description:
      - The members of all farms, when the run upgrades them. The farm of a member whose variables cannot be used is
        refused; without C(ras_farm), it is found by the names of the servers that the farms report.
    type: list
    elements: str
    default: []
  own:
    description: Names of variables of the user's own, besides C(ras_own_variables) of each member.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Check the fleet
  ansible.builtin.set_fact:
    problems: "{{ groups['ras_licensing_servers'] | fleetops.parallels_ras.fleet_checks(hostvars) }}"
"""

RETURN = r"""
_value:
  description: Failures with C(code), C(message), C(remedy), C(observed), and the C(hosts) that each failure concerns.
  type: list
  elements: dict
"""


def fleet_checks(
    hosts: t.Any,
    hostvars: t.Any,
    confirm_hosts: t.Any = (),
    confirm: t.Any = None,
    members: t.Any = (),
    own: t.Any = (),
) -> list[dict[str, t.Any]]:
    """All problems, first that the run is a slice, then the confirmation's."""
    hosts = list(hosts)
    return [
        *slicing_problems(hosts, hostvars),
        *confirmation_problems(confirm_hosts, hostvars, confirm),
        *fleet_problems(hosts, hostvars),
        *member_problems(members, hosts, hostvars, own),
    ]


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"fleet_checks": fleet_checks}
