# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter plugin: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from jinja2 import pass_context
from jinja2.runtime import Context

DOCUMENTATION = r"""
name: untemplated
short_description: Read a variable without evaluating the text in it
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Before 2.19, ansible-core does not mark the message of a host that it could not reach, nor C(ansible_failed_result)
    after such a task. This message can quote what answered in place of the host. A variable with it is evaluated as
    soon as its name appears in an expression, even in C(answer is unreachable).
  - Takes the name of the variable as text, and returns what the variable holds, with every text marked.
  - Private to this collection, no stable interface.
options:
  _input:
    description: The name of a registered variable, or C(ansible_failed_result). Other variables may hold templates.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Ask a host
  ansible.windows.win_ping:
  register: answer
  ignore_unreachable: true

- name: Look at what it said
  ansible.builtin.debug:
    msg: "{{ ('answer' | fleetops.parallels_ras.untemplated).msg | default('It answered.') }}"
"""

RETURN = r"""
_value:
  description: What the variable holds; an empty dictionary when it does not exist.
  type: raw
"""


@pass_context
def untemplated(context: Context, name: str) -> t.Any:
    """What the variable holds. Where Ansible evaluates variables that are read, the layers below are read."""
    layers = getattr(context.parent, "maps", None)
    if layers is None or not hasattr(context.parent, "_templar"):
        return context.get(str(name), {})
    return next((layer[name] for layer in layers if name in layer), {})


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"untemplated": untemplated}
