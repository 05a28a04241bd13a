# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import given_text
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: given_text
short_description: Hand a variable to an option so that a value that is no text is refused
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - The modules of this collection refuse a number where a text is needed, for YAML reads C(0123456701) as 21913025.
    With ansible-core before 2.19 they do not see it where an expression is more than the name of a variable, because
    its result is a text then. Put this filter behind such an expression.
  - The role does so by itself. A playbook that uses the modules directly has to do it.
  - Private to this collection, no stable interface.
options:
  _input:
    description: The value of a variable, or C(omit).
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Activate a farm
  fleetops.parallels_ras.license:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
    account_email: "{{ ras_account_email }}"
    account_password: "{{ ras_account_password }}"
    license_key: "{{ ras_license_key | default(omit) | fleetops.parallels_ras.given_text }}"
"""

RETURN = r"""
_value:
  description:
    - A text, or C(omit), as it is.
    - For anything else a mapping that says what it is, which no option for a text takes.
  type: raw
"""


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"given_text": given_text}
