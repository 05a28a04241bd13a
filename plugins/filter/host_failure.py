# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet import targets

DOCUMENTATION = r"""
name: host_failure
short_description: Find why hosts that are upgraded together are not
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Returns the first failure among the results of a task that upgrades hosts of a farm in a loop.
  - Used by the role P(fleetops.parallels_ras.ras#role).
positional: server
options:
  _input:
    description: The results of M(fleetops.parallels_ras.host_upgrade), or of a module that goes on from there.
    type: list
    elements: dict
    required: true
  server:
    description: The licensing server of the farm. The failure of another host is said to be that of a member.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Fail if a host is not upgraded
  ansible.builtin.assert:
    that: hosts.results | fleetops.parallels_ras.host_failure(inventory_hostname) | length == 0
"""

RETURN = r"""
_value:
  description: A failure with C(code), C(message), C(remedy) and C(observed), or an empty dictionary.
  type: dict
"""


def host_failure(results: t.Any, server: str) -> dict[str, t.Any]:
    """The first failure."""
    return targets.host_failure(results, str(server))


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"host_failure": host_failure}
