# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_words import in_role_words
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: in_role_words
short_description: Say the failure of a module in the words of the role
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Modules name their options. In the role each option is a variable of the same name with C(ras_) in front, and its
    users look for that name.
options:
  _input:
    description: RV(ignore:failure) of the result of a module of this collection.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what to do next
  ansible.builtin.debug:
    msg: "{{ (failure | fleetops.parallels_ras.in_role_words).remedy }}"
  vars:
    failure: {code: key_required, message: license_key is not given., remedy: Give license_key., observed: null}
"""

RETURN = r"""
_value:
  description: The same with C(message) and C(remedy) in the words of the role.
  type: dict
"""


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"in_role_words": in_role_words}
