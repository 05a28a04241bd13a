# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import (
    HostVariables,
    is_left_out,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import (
    name_problem,
    unknown_refusal,
    unusable,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.values import seen_refusal
from jinja2 import pass_context
from jinja2.runtime import Context

DOCUMENTATION = r"""
name: refused_variables
short_description: Find out whether a host has to be refused for its variables
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - A variable that begins with C(ras_) and that nobody reads is mostly a misspelled one, and what it was to switch off
    would happen. So it is refused, wherever it comes from (inventory, vault, play, task, or extra variables), with the
    name that was likely meant.
  - The names of a farm and of its organization must be text, because farms are compared by them.
  - The value of each variable of the role must be of its type, and one of its choices. Ansible itself judges that when
    the role is entered, and prints the whole specification of the role for each host.
positional: own, host, hostvars
options:
  _input:
    description: The variables C(ras_farm) and C(ras_organization) as the task sees them.
    type: dict
    required: true
  own:
    description: Names of variables of the user's own that begin with C(ras_), from C(ras_own_variables).
    type: raw
    required: true
  host:
    description: The inventory host.
    type: str
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show why this host is refused
  ansible.builtin.debug:
    msg: >-
      {{ {'ras_farm': ras_farm} | fleetops.parallels_ras.refused_variables([], inventory_hostname, hostvars) }}
"""

RETURN = r"""
_value:
  description: A failure with C(code), C(message), C(remedy) and C(observed); empty when there is none.
  type: dict
"""


@pass_context
def refused_variables(context: Context, names: t.Any, own: t.Any, host: str, hostvars: t.Any) -> dict[str, t.Any]:
    """Why the host is refused. Of the variables that the task sees, no values are read but those of the role."""
    variables = HostVariables(hostvars, str(host))
    # An organization that is omitted is the default one, as it is for the module.
    given = {name: value for name, value in names.items() if name != "ras_organization" or not is_left_out(value)}
    problem = (
        unknown_refusal(variables, context.parent, own)
        or name_problem(variables, given)
        # Where a variable of the host is at fault, it is named, and not the one of the role that refers to it.
        or ((seen := seen_refusal(context, str(host))) and (unusable(variables) or seen))
    )
    return problem.as_dict() if problem else {}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"refused_variables": refused_variables}
