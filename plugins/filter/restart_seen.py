# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import restart_seen as judge
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: restart_seen
short_description: Decide whether a RAS host was restarted
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Compares two results of P(fleetops.parallels_ras.host_info#module), by how long the host runs and by the clock of
    the controller. The time at which Windows was started is not used, because it moves with the clock of the host.
positional: before
options:
  _input:
    description:
      - The later result, even a failed one.
    type: dict
    required: true
  before:
    description:
      - The earlier result.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show whether the host was restarted in the last ten minutes
  ansible.builtin.debug:
    msg: "{{ seen | fleetops.parallels_ras.restart_seen(before) }}"
  vars:
    before: {observed_at: 1000.0, host: {uptime_seconds: 259200}}
    seen: {observed_at: 1600.0, host: {uptime_seconds: 120}}
"""

RETURN = r"""
_value:
  description: Whether it was restarted; false also when that cannot be said.
  type: bool
"""


def restart_seen(seen: t.Any, before: t.Any) -> bool:
    """Whether the host was restarted; False when that is not known."""
    return judge(before or {}, seen or {}) is True


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"restart_seen": restart_seen}
