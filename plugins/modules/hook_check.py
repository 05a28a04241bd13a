# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the hook_check module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: hook_check
short_description: Check whether files of tasks can be run as hooks
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - A file of tasks that Ansible cannot load (a missing one, a folder, broken YAML, a module that does not exist) ends
    the whole run as soon as it is included. No C(rescue) sees that, and no play comes after it.
  - Loads such files on the controller, with all that they import and include, and runs none of them.
  - Refuses what reaches other hosts than the one whose turn it is, too, wherever it is - at a task, at a block, in
    the C(apply) of an include, in a role or its handlers. That is C(run_once), C(any_errors_fatal), C(debugger), a
    C(notify) of a handler that cannot be found, C(ansible.builtin.add_host), C(ansible.builtin.group_by), every module
    that Ansible runs once for all hosts, such as C(ansible.builtin.pause), and every C(ansible.builtin.meta) but
    C(noop), C(flush_handlers) and C(reset_connection).
  - A module whose name is a template is refused, because it cannot be checked.
  - A name of an included file or role that cannot be worked out with the variables of the host, such as one with the
    variable of a loop in it, is refused, because it cannot be checked.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
options:
  files:
    description:
      - The hooks. A relative path counts from the folder in which C(ansible-playbook) was started. Empty names are left
        out.
    type: list
    elements: str
    default: []
  member_files:
    description:
      - The hooks of members, named as in O(files). Their tasks are delegated to a member, and have the variables of its
        licensing server all the same.
      - So a task that names C(inventory_hostname), C(inventory_hostname_short) or C(group_names) is refused. Use
        C(ras_hook_host) and C(hostvars[ras_hook_host]) in its place.
    type: list
    elements: str
    default: []
  member_variables:
    description:
      - The names of the variables of which a member has a value of its own, other than that of its licensing server. A
        task of O(member_files) that names one of them is refused. Use C(hostvars[ras_hook_host].NAME) in its place.
      - A name counts in templates and in expressions, at tasks, around them, and in defaults and variables of roles.
        What the files of templates name is not looked at.
    type: list
    elements: str
    default: []
requirements:
  - Python 3.10 or newer on the controller
notes:
  - Used by the role P(fleetops.parallels_ras.ras#role) for C(ras_before_farm_tasks), C(ras_after_farm_tasks),
    C(ras_before_host_tasks) and C(ras_after_host_tasks).
seealso:
  - module: ansible.builtin.include_tasks
"""

EXAMPLES = r"""
- name: Write a file of tasks
  ansible.builtin.copy:
    content: |
      - name: Say so
        ansible.builtin.debug:
          msg: A farm is about to be changed.
    dest: "{{ playbook_dir }}/before_farm.yml"
    mode: "0600"
  delegate_to: localhost
  run_once: true

- name: Check whether it can be run as a hook
  fleetops.parallels_ras.hook_check:
    files: ["{{ playbook_dir }}/before_farm.yml"]
"""

RETURN = r"""
files:
  description: The absolute paths of the hooks, in the given order, O(files) first.
  returned: success
  type: list
  elements: str
  sample: [/srv/ras/tasks/before_farm.yml]
findings:
  description: Always empty. It is returned because every module of the collection returns it.
  returned: unless an option was refused
  type: list
  elements: dict
  sample: []
failure:
  description:
    - Why the task failed, as data. RV(msg) holds its message and its remedy as one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them, not on texts.
        - V(hook_failed) - a file cannot be run as a hook.
        - V(invalid_option) - an option is wrong.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: hook_failed
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: >-
        /srv/ras/tasks/before_farm.yml cannot be run as a hook: expected a file of tasks that Ansible can load, observed
        no such file.
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: >-
        Correct the file, or the variable that names it (ras_before_farm_tasks, ras_after_farm_tasks,
        ras_before_host_tasks or ras_after_host_tasks), then run again. Nothing of it was run.
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    /srv/ras/tasks/before_farm.yml cannot be run as a hook: expected a file of tasks that Ansible can load, observed no
    such file. Correct the file, or the variable that names it (ras_before_farm_tasks, ras_after_farm_tasks,
    ras_before_host_tasks or ras_after_host_tasks), then run again. Nothing of it was run.
"""
