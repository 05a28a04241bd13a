# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible import context
from ansible.utils.display import Display
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.start import refused_start
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from jinja2 import pass_context
from jinja2.runtime import Context

DOCUMENTATION = r"""
name: whole_run
short_description: End a run that was started in part
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Returns what it is given. When C(ansible-playbook) was started with C(--tags), C(--skip-tags), C(--start-at-task) or
    C(--step), which leave out tasks that the others rely on, it ends the run with one sentence and exit code 2 instead.
    C(--tags all) leaves nothing out.
  - For the C(hosts) of the first play. Ansible works them out before it leaves any task out, so that the refusal itself
    cannot be left out.
  - With C(--limit), the controller (C(localhost)) stays in the run, so that the verdict can be spoken when all farms
    have dropped out. Later plays of the same run for C(localhost) are no longer left out then.
  - C(--list-hosts), C(--list-tasks), C(--list-tags) and C(--syntax-check) run nothing and are not refused.
  - Private to this collection, no stable interface.
options:
  _input:
    description: The pattern of the play.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: A play that makes sense as a whole only
  hosts: "{{ 'ras_licensing_servers' | fleetops.parallels_ras.whole_run }}"
  gather_facts: false
  tasks:
    - name: Show a farm
      ansible.builtin.debug:
        msg: "{{ inventory_hostname }}"
"""

RETURN = r"""
_value:
  description: The pattern, unchanged.
  type: str
"""

_FAILED: t.Final = 2


@pass_context
def whole_run(variables: Context, hosts: t.Any) -> t.Any:
    """The pattern; or the end of the run."""
    refused = refused_start(context.CLIARGS)
    if refused:
        Display().error(f"{refused.code}: {refused.message} {refused.remedy}")
        # No error of Ansible's: a play that cannot be read has other exit codes, and they differ between its versions.
        raise SystemExit(_FAILED)
    _keep_the_controller(variables)
    return hosts


def _keep_the_controller(variables: Context) -> None:
    """Let ``localhost`` be within the limit of the run: nobody else can speak when all farms have dropped out."""
    inventory = getattr(variables.get("hostvars"), "_inventory", None)
    limit = getattr(inventory, "_subset", None)
    if inventory is not None and limit and "localhost" not in limit:
        inventory.subset([*limit, "localhost"])


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"whole_run": whole_run}
