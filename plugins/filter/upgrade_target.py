# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet import targets

DOCUMENTATION = r"""
name: upgrade_target
short_description: Work out how one RAS host is upgraded
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - The licensing server of a farm upgrades the members that install by themselves, by tasks that are delegated to
    them. Such a task sees the variables of the licensing server; this filter returns those of the member.
  - Used by the role P(fleetops.parallels_ras.ras#role).
positional: server, given, hostvars
options:
  _input:
    description: The inventory host.
    type: str
    required: true
  server:
    description: The licensing server of its farm.
    type: str
    required: true
  given:
    description:
      - The variables of the role that say how a host is upgraded, as the licensing server sees them. What it does not
        have of its own holds for its members, too.
    type: dict
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show how a member is restarted
  ansible.builtin.debug:
    msg: "{{ (host | fleetops.parallels_ras.upgrade_target(inventory_hostname, {}, hostvars)).restart }}"
  vars:
    host: rd1.tokyo.example.com
"""

RETURN = r"""
_value:
  description:
    - C(upgrade), C(wait), C(restart) and C(restart_wait), the options of the modules
      M(fleetops.parallels_ras.host_upgrade), M(fleetops.parallels_ras.host_upgrade_wait),
      M(fleetops.parallels_ras.host_restart) and M(fleetops.parallels_ras.host_restart_wait); C(before_tasks) and
      C(after_tasks), the files of the user's own tasks.
  type: dict
"""


def upgrade_target(host: str, server: str, given: t.Any, hostvars: t.Any) -> dict[str, t.Any]:
    """Its options; a variable that cannot be worked out raises one sentence."""
    try:
        return targets.target_of(str(host), str(server), given, hostvars)
    except RasError as exc:
        raise AnsibleFilterError(f"{exc.message} {exc.remedy}") from exc


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"upgrade_target": upgrade_target}
