# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.checks import check_confirmation
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import (
    farm_name,
    fleet_problems,
    is_managed,
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
  - Also reports when the run is only one slice of a fleet, unless C(ras_allow_slicing) allows it.
  - Reads the hosts' variables C(ras_account_email), C(ras_account_password), C(ras_license_key), C(ras_farm),
    C(ras_organization), C(ras_managed), C(ras_allow_slicing), C(ras_job_slice_count), the names that AWX gives to the
    job template and the workflow job, and the facts of the role. The result contains no secret.
positional: hostvars, confirm_hosts, confirm
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
    description: The farms as the user named them, as a list or as text separated by commas.
    type: raw
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
    hosts: t.Any, hostvars: t.Any, confirm_hosts: t.Any = (), confirm: t.Any = None
) -> list[dict[str, t.Any]]:
    """All problems, first that the run is a slice, then the confirmation's."""
    hosts = list(hosts)
    problems = fleet_problems(hosts, hostvars)
    named = [host for host in confirm_hosts if is_managed(hostvars, host)]
    refused = check_confirmation([farm_name(hostvars, host) for host in named], confirm) if named else None
    confirmation = [{**refused.as_dict(), "hosts": named}] if refused else []
    return [*slicing_problems(hosts, hostvars), *confirmation, *problems]


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"fleet_checks": fleet_checks}
