# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.values import POLICY, seen_refusal
from jinja2 import pass_context
from jinja2.runtime import Context

DOCUMENTATION = r"""
name: refused_policy
short_description: Find out whether the policy of a drift check has to be refused for its values
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - As P(fleetops.parallels_ras.refused_variables#filter), for the values of the variables that say how all farms are
    judged together (C(ras_drift_*) and C(ras_expiry_warning_days)). The other variables are judged with each farm.
options:
  _input:
    description: The inventory host whose variables count.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show why the policy is refused
  ansible.builtin.debug:
    msg: "{{ inventory_hostname | fleetops.parallels_ras.refused_policy }}"
"""

RETURN = r"""
_value:
  description: A failure with C(code), C(message), C(remedy) and C(observed); empty when there is none.
  type: dict
"""


@pass_context
def refused_policy(context: Context, host: str) -> dict[str, t.Any]:
    """Why no farm is judged."""
    problem = seen_refusal(context, str(host), POLICY)
    return problem.as_dict() if problem else {}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"refused_policy": refused_policy}
