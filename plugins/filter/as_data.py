# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter plugin: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: as_data
short_description: Keep Ansible from evaluating text that came from outside
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Before 2.19, ansible-core evaluates the text of a fact as a template when the fact is used. It marks what modules
    return, so that this is not evaluated, but loses the marks where texts are put together.
  - Returns the same data with every text in it marked, also the keys of dictionaries.
  - All filters of this collection return marked data. This filter is for facts of your own that are made out of what
    farms and hosts say. Make it the last one of the expression.
  - Private to this collection, no stable interface.
options:
  _input:
    description: Any data.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Record what a farm said
  ansible.builtin.set_fact:
    where: "{{ (farm ~ ': ' ~ failure.message) | fleetops.parallels_ras.as_data }}"
  vars:
    farm: tokyo
    failure: {code: api_unreachable, message: The farm does not answer.}
"""

RETURN = r"""
_value:
  description: The same data.
  type: raw
"""


def as_data(value: t.Any) -> t.Any:
    """The value; the base marks it."""
    return value


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"as_data": as_data}
