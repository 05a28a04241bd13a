# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import functools
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet import templates

DOCUMENTATION = r"""
name: evaluated_secrets
short_description: Find secrets that Ansible would evaluate as templates
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - In a variables file, and in a vault too, two opening braces and the like begin a template. A password that holds
    them is changed before it is sent, and the message of a broken template shows it.
  - Names the variables that hold such secrets, without working them out. A value that is one expression, or a whole
    template of variables that the host has, is a reference and is followed, also to variables of other hosts. A
    value that is written as C(!unsafe) is a text.
  - Used by the playbooks of the collection before anything else.
positional: hostvars
options:
  _input:
    description: Inventory host names.
    type: list
    elements: str
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Find secrets that would be evaluated
  ansible.builtin.set_fact:
    refused: "{{ groups['ras_licensing_servers'] | fleetops.parallels_ras.evaluated_secrets(hostvars) }}"
"""

RETURN = r"""
_value:
  description: One sentence for each host that has such secrets; it shows no value.
  type: list
  elements: str
"""


def evaluated_secrets(hosts: t.Iterable[str], hostvars: t.Any) -> list[str]:
    """The refusals of the hosts that have such secrets."""

    @functools.cache
    def look(host: str) -> t.Any:
        return hostvars.raw_get(host) if host in hostvars else {}

    found = []
    for host in hosts:
        names = templates.evaluated_secrets(host, look)
        if names:
            failure = templates.refusal(host, names)
            found.append(f"{failure.message} {failure.remedy}")
    return found


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"evaluated_secrets": evaluated_secrets}
