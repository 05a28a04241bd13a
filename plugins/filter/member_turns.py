# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.members import turns

DOCUMENTATION = r"""
name: member_turns
short_description: Order the members of farms that run the installer themselves
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Reads what the role P(fleetops.parallels_ras.ras#role) stored on the licensing servers of a play. A farm in which
    something has failed has no more turns.
positional: hostvars, check_mode
options:
  _input:
    description:
      - The hosts of the play.
    type: list
    elements: str
    required: true
  hostvars:
    description:
      - The magic variable C(hostvars).
    type: dict
    required: true
  check_mode:
    description:
      - Whether the run is in check mode, where no member is upgraded.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show whose turn it is
  ansible.builtin.debug:
    msg: "{{ (ansible_play_hosts_all | fleetops.parallels_ras.member_turns(hostvars)).turns }}"
"""

RETURN = r"""
_value:
  description:
    - C(rounds), the number of rounds; C(turns), the round of each member; C(pushes), the servers that RAS pushes to in
      each round because they come before a member, by licensing server; C(failures), what prevents going on with a
      farm, by its licensing server.
  type: dict
"""


def member_turns(hosts: t.Any, hostvars: t.Any, check_mode: bool = False) -> dict[str, t.Any]:
    """Rounds, turns, pushes and failures."""
    return turns([str(host) for host in hosts], hostvars, bool(check_mode))


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"member_turns": member_turns}
