# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.view import wave_hosts

DOCUMENTATION = r"""
name: wave_hosts
short_description: List the hosts of each wave
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Says who is in which wave, from what the preflight of this run noted, and not by the name of a group.
positional: hosts, members, hostvars
options:
  _input:
    description: The wave of each farm, which P(fleetops.parallels_ras.waves#filter) returns as C(waves).
    type: dict
    required: true
  hosts:
    description: The licensing servers that were planned. Only those that are due are in a wave.
    type: list
    elements: str
    required: true
  members:
    description: The members of these farms that run the installer themselves.
    type: list
    elements: str
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Who is in the second wave
  ansible.builtin.debug:
    msg: "{{ ({'tokyo': 1, 'osaka': 2} | fleetops.parallels_ras.wave_hosts(ansible_play_hosts, [], hostvars))['2']
      | default([]) }}"
"""

RETURN = r"""
_value:
  description: The hosts of each wave that has some; the keys are the numbers of the waves, as texts.
  type: dict
"""


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"wave_hosts": wave_hosts}
