# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible import context
from ansible.errors import AnsibleFilterError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.start import refused_write
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: whole_role
short_description: Fail a task that writes in a run that may have left out its checks
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Returns what it is given. When C(ansible-playbook) was started with C(--start-at-task) or C(--step), it fails the
    task with one sentence instead.
  - For a value that a task needs which writes, so that the refusal cannot be left out without the task.
  - Tags are not refused, because no task of the role P(fleetops.parallels_ras.ras#role) has a tag of its own.
  - Private to this collection, no stable interface.
options:
  _input:
    description: The value.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Write nothing in a run that was started in the middle
  ansible.builtin.debug:
    msg: "{{ 'written' | fleetops.parallels_ras.whole_role }}"
"""

RETURN = r"""
_value:
  description: The value, unchanged.
  type: raw
"""


def whole_role(value: t.Any) -> t.Any:
    """The value; or the failure of the task."""
    refused = refused_write(context.CLIARGS)
    if refused:
        raise AnsibleFilterError(f"{refused.code}: {refused.message} {refused.remedy}")
    return value


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"whole_role": whole_role}
