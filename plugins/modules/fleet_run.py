# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the fleet_run module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_run
short_description: Work out what concerns a run, out of the variables of its hosts
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Reads the variables of hosts, their own passwords among them, and what the role P(fleetops.parallels_ras.ras#role)
    noted on them. Compares them, and returns plain data without a secret.
  - Each host's variables are read once in a step. So a step takes about twice as long for twice as many hosts; with
    O(step=check), 400 farms with 800 members take about two seconds.
  - A variable that is no text or cannot be worked out is a failure of its host, and no failure of the task.
  - Private to this collection, no stable interface.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
options:
  step:
    description:
      - V(begin) finds secrets of O(hosts) that Ansible would evaluate as templates, without working them out. In a
        variables file, and in a vault too, two opening braces and the like begin a template. A value that is one
        expression, or a whole template of variables that the host has, is a reference and is followed, also to
        variables of other hosts. A value that is written as C(!unsafe) is a text.
      - V(variables) fails when the host of the task has to be refused for its variables, as the task sees them. A
        variable that begins with C(ras_) and that nobody reads is mostly a misspelled one, and what it was to switch
        off would happen; the name that was likely meant is in the message. The names of a farm and its organization
        must be text. The value of each variable of the role must be of its type, and one of its choices.
      - V(member) finds out whether a licensing server of the farm of this member is among O(hosts).
      - V(hosts) finds the hosts of the farm of each of O(hosts), and which of O(members) install by themselves.
      - V(targets) finds how O(hosts), hosts of the farm of the task's host, are upgraded. What a member has of its own
        holds for it; what the licensing server does not have of its own is the play's, and holds for its members too.
        It fails when a member is not among O(reached), or when a variable cannot be worked out.
      - V(check) finds the problems of O(hosts) as a whole. The farms of each organization are to use one account, no
        farm may answer for two hosts, and no key other than an SPLA key may be used twice. Also that the farms to
        deactivate were not named exactly in C(ras_confirm_deactivate), that the run is only one slice of a fleet and
        C(ras_allow_slicing) does not allow that, and members whose variables cannot be used.
      - V(preflight) sums up what is known of the farm of the task's host before anything is written.
      - V(refused) sums up why the farm of the task's host could not be planned. A variable that is no text or cannot be
        worked out is named, if that is why; otherwise, what O(result) says.
      - V(waves) assigns a wave to each of O(hosts) whose farm needs a change, by C(ras_waves).
      - V(outcomes) reports how the farms of O(hosts) ended. A host for which no outcome was recorded counts as failed.
    type: str
    choices: [begin, variables, member, hosts, targets, check, preflight, refused, waves, outcomes]
    required: true
  hosts:
    description:
      - Licensing servers. With O(step=check) all of the inventory, even when a run is limited to some of them; with
        O(step=member) those of the play; with O(step=waves) those that were planned.
    type: list
    elements: str
    default: []
  members:
    description:
      - With O(step=targets), the members of the farm that install by themselves.
      - The members of all farms. With O(step=hosts) and, when the run upgrades them, O(step=check). The farm of a
        member whose variables cannot be used is refused; without C(ras_farm), it is found by the names of the servers
        that the farms report.
    type: list
    elements: str
    default: []
  confirm_hosts:
    description:
      - The hosts of this run that will be deactivated. With O(step=check).
    type: list
    elements: str
    default: []
  reached:
    description:
      - The hosts that the run may reach, as far as C(--limit) leaves them. With O(step=targets).
    type: list
    elements: str
    default: []
  planned:
    description:
      - The hosts that the run has planned. What is noted on others is of an earlier playbook, and not believed. With
        O(step=outcomes), when all waves are over.
    type: list
    elements: str
  forks:
    description:
      - How many farms Ansible works on at the same time, C(ansible_forks). With O(step=waves).
    type: int
    default: 5
  result:
    description:
      - The result of the task that failed. With O(step=refused).
    type: dict
    default: {}
  goes_on:
    description:
      - Whether a host that has to be refused for its variables is no failure, but RV(refused_for). With
        O(step=variables).
    type: bool
    default: false
requirements:
  - Python 3.10 or newer on the controller
notes:
  - Used by the role P(fleetops.parallels_ras.ras#role) and the playbooks of this collection.
  - With M(fleetops.parallels_ras.fleet_info), the only module of this collection that reads variables of other hosts
    than its own.
seealso:
  - module: fleetops.parallels_ras.fleet_info
  - module: fleetops.parallels_ras.farm_gate
"""

EXAMPLES = r"""
- name: Find secrets that Ansible would evaluate
  fleetops.parallels_ras.fleet_run:
    step: begin
    hosts: "{{ groups['ras_licensing_servers'] }}"
  register: ras_begun
  run_once: true

- name: Check the fleet as a whole
  fleetops.parallels_ras.fleet_run:
    step: check
    hosts: "{{ groups['ras_licensing_servers'] }}"
  register: ras_checked
  run_once: true

- name: Show what is wrong
  ansible.builtin.debug:
    msg: "{{ ras_begun.refused + ras_checked.problems }}"
  run_once: true
"""

RETURN = r"""
changed:
  description: Always false.
  returned: always
  type: bool
  sample: false
refused:
  description: One sentence for each host that has secrets which would be evaluated; it shows no value.
  returned: success, with O(step=begin)
  type: list
  elements: str
  sample: []
plays:
  description: Whether a licensing server of the farm is among O(hosts).
  returned: success, with O(step=member)
  type: bool
  sample: true
refused_for:
  description:
    - Why the host has to be refused for its variables, with C(code), C(message) and C(remedy).
  returned: success, with O(step=variables) and O(goes_on=true), for a host that has to be
  type: dict
  sample: {code: invalid_option, message: ras_farm of cb1 must be text., remedy: Correct it., observed: null}
hosts:
  description:
    - For each of O(hosts) the hosts of its farm, each with C(host) and C(names), by which the farm may know it.
  returned: success, with O(step=hosts)
  type: dict
  sample: {cb1: [{host: cb1, names: [cb1]}, {host: rd1, names: [192.0.2.7, rd1]}]}
members:
  description:
    - The same for the members that install by themselves (C(ras_agents_method=msi)), in the order of O(members).
  returned: success, with O(step=hosts)
  type: dict
  sample: {cb1: [{host: rd1, names: [192.0.2.7, rd1]}]}
targets:
  description:
    - For each of O(hosts) C(upgrade), C(wait), C(restart) and C(restart_wait), the options of the modules
      M(fleetops.parallels_ras.host_upgrade), M(fleetops.parallels_ras.host_upgrade_wait),
      M(fleetops.parallels_ras.host_restart) and M(fleetops.parallels_ras.host_restart_wait); C(before_tasks) and
      C(after_tasks), the files of the user's own tasks; and C(own_url), whether C(ras_installer_url), which may hold a
      secret, is a variable of its own.
  returned: success, with O(step=targets)
  type: dict
  sample: {cb1: {restart: {reboot: auto}, before_tasks: "", after_tasks: "", own_url: false}}
hooks:
  description: The files of the tasks before and after O(members), each once.
  returned: success, with O(step=targets)
  type: list
  elements: str
  sample: []
differing:
  description:
    - The names of the variables that have another value for one of O(members), if that has such files, than for the
      task's host. Names only.
  returned: success, with O(step=targets)
  type: list
  elements: str
  sample: [lb_pool]
problems:
  description: Failures with C(code), C(message), C(remedy), C(observed), and the C(hosts) that each failure concerns.
  returned: success, with O(step=check)
  type: list
  elements: dict
  sample: []
preflight:
  description:
    - C(farm), C(state) (V(due), V(ok), V(refused) or V(unmanaged)), C(line), C(failure), and C(checks), each with
      C(state), C(observed), C(expected) and C(remedy).
  returned: success, with O(step=preflight) and O(step=refused)
  type: dict
  sample: {farm: azure, state: unmanaged, line: "azure: unmanaged, left alone", failure: null, checks: {}}
waves:
  description:
    - C(hosts), for each wave the list of its hosts, empty when the sizes are invalid; C(pace), one sentence that says
      how long the waves take; and C(failure), null or what is wrong with the sizes, with C(code), C(message),
      C(remedy) and C(observed). What a host is called does not count, and no group of the inventory.
  returned: success, with O(step=waves)
  type: dict
  sample:
    hosts: [[cb1]]
    pace: "One wave of 1 farm, forks 5: each wave takes as long as its slowest farm."
    failure: null
outcomes:
  description:
    - For each host C(farm), C(host), C(state) (V(ok), V(changed), V(due), V(unmanaged), V(refused), V(not_tried) or
      V(failed)), C(changed), C(code), C(message), C(remedy), C(license), C(account_match), C(account_evidence),
      C(notes) and C(reason) (why the farm is unmanaged).
    - When the waves could not be assigned, no farm was tried. Farms that the plan refuses keep their own failure.
  returned: success, with O(step=outcomes)
  type: list
  elements: dict
  sample: []
table:
  description:
    - The lines of a table of RV(outcomes), one for each farm, a line with the totals, and for each farm that did not
      end well its failure and remedy.
  returned: success, with O(step=outcomes)
  type: list
  elements: str
  sample: []
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
        - V(agent_failed) - with O(step=targets), members are not in this run.
        - V(invalid_option) - an option is wrong, or with O(step=variables) a variable of the host.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: invalid_option
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: "The variable ras_managed of cb1 is not a boolean."
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: Correct it and run again.
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: "The variable ras_managed of cb1 is not a boolean. Correct it and run again."
"""
