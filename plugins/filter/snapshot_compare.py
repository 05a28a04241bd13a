# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.snapshot import (
    AREAS,
    compare,
    not_compared,
    take,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: snapshot_compare
short_description: Find what is worse on a farm than before
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Compares two readings of a farm, one before and one after an upgrade. An improvement is not a difference, and
    neither is a newer version.
  - Guests and AVD hosts come and go by themselves, so a missing one is not a difference.
positional: before
options:
  _input:
    description:
      - The reading after. A dictionary with any of C(license) (as M(fleetops.parallels_ras.license_info) returns it),
        C(farm), C(sites), C(brokers) (as M(fleetops.parallels_ras.farm_info) returns them), C(agents) (as
        C(agents_info) returns them) and C(services) (as C(host_info) returns them).
      - A key that is missing or null was not read. It is not compared, and RV(_value.not_compared) names it.
    type: dict
    required: true
  before:
    description: The reading before, in the same form.
    type: dict
    required: true
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
"""

EXAMPLES = r"""
- name: Compare a license before and after
  ansible.builtin.debug:
    msg: "{{ after | fleetops.parallels_ras.snapshot_compare(before, exclude=['services']) }}"
  vars:
    before: {license: {status: active, users: {licensed: 50}, account: {email: licensing@example.com}}}
    after: {license: {status: active, users: {licensed: 25}, account: {email: licensing@example.com}}}
"""

RETURN = r"""
_value:
  description: The outcome.
  type: dict
  contains:
    worse:
      description:
        - What is worse than before, each with C(area), C(item), C(before), C(after) and C(text), which is one sentence.
      type: list
      elements: dict
    not_compared:
      description: The areas that were not read before, or not after, and were not excluded.
      type: list
      elements: str
"""


def snapshot_compare(
    after: t.Any,
    before: t.Any,
    exclude: t.Any = (),
    expected_version: t.Any = None,
    expected_account: t.Any = None,
) -> dict[str, t.Any]:
    """Compare; input that cannot be understood raises one sentence."""
    left_out = [exclude] if isinstance(exclude, str) else [str(each) for each in exclude or ()]
    if unknown := [each for each in left_out if each.split(":")[0] not in AREAS]:
        raise AnsibleFilterError(f"exclude holds '{unknown[0]}': expected areas of {', '.join(AREAS)}, or area:item.")
    try:
        had, has = (take(**reading) for reading in (before, after))
        worse = compare(
            had, has, exclude=left_out, expected_version=expected_version, expected_account=expected_account
        )
    except (TypeError, KeyError, AttributeError, ValueError) as exc:
        raise AnsibleFilterError(
            f"snapshot_compare: a reading does not have the form that modules return: {exc}"
        ) from exc
    return {"worse": worse, "not_compared": [area for area in not_compared(had, has) if area not in left_out]}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"snapshot_compare": snapshot_compare}
