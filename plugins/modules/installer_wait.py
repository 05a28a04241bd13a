# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the installer_wait module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: installer_wait
short_description: Wait for an installer that runs in the background on a RAS host
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Waits until a job of P(ansible.windows.win_package#module) that was started with C(async) and C(poll=0) has ended,
    or the host was restarted while it ran, or the time is over. A connection that is lost meanwhile is opened again.
  - A restart is recognized by how long the host runs, compared with the clock of the controller. The time at which
    Windows was started is not used, because it moves with the clock of the host.
  - Without O(job), because the answer to the start was lost, waits until no installer runs and reads from the host
    whether it ran.
  - Changes nothing.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
  - fleetops.parallels_ras._attributes.host_connection
options:
  job:
    description:
      - Identifier of the job, C(ansible_job_id) in the result of the task that started it. Empty when that result was
        lost.
    type: str
    default: ""
  started_at:
    description:
      - When the host was read before the start, RV(fleetops.parallels_ras.host_info#module:observed_at).
    type: float
    required: true
  uptime:
    description:
      - How long the host had been running then, RV(fleetops.parallels_ras.host_info#module:host.uptime_seconds).
    type: int
  version:
    description:
      - The version that was installed then, RV(fleetops.parallels_ras.host_info#module:host.version).
    type: str
  install_timeout:
    description:
      - How many seconds the installer may run.
    type: int
    default: 3600
  restart_timeout:
    description:
      - How many seconds longer the host may stay away.
    type: int
    default: 1800
  poll_interval:
    description:
      - Seconds between two questions.
    type: float
    default: 10
requirements:
  - Python 3.10 or newer on the controller
  - what the connection plugin of the host needs on the controller, such as pywinrm or pypsrp
  - a local administrator of the host as the user of the connection
notes:
  - >-
    This collection was never run against the real product. It was tested against a simulation made from the vendor's
    public documents. R(How each product fact is
    known,ansible_collections.fleetops.parallels_ras.docsite.guide_verified) gives the source of each fact.
seealso:
  - module: fleetops.parallels_ras.host_info
  - module: ansible.windows.win_package
"""

EXAMPLES = r"""
- name: Read the host before the start
  fleetops.parallels_ras.host_info:
  register: ras_host_before

- name: Start the installer
  ansible.windows.win_package:
    path: C:\ProgramData\FleetOps\parallels_ras\RASInstaller.msi
    expected_return_code: [0, 1618, 1641, 3010]
  async: 3600
  poll: 0
  register: ras_start

- name: Wait for it
  fleetops.parallels_ras.installer_wait:
    job: "{{ ras_start.ansible_job_id }}"
    started_at: "{{ ras_host_before.observed_at }}"
    uptime: "{{ ras_host_before.host.uptime_seconds }}"
    version: "{{ ras_host_before.host.version }}"
  register: ras_waited

- name: Show its exit code
  ansible.builtin.debug:
    msg: "{{ ras_waited.end.code }}"
"""

RETURN = r"""
changed:
  description: Always false.
  returned: always
  type: bool
  sample: false
end:
  description: How the installation ended.
  returned: success
  type: dict
  contains:
    code:
      description:
        - The exit code of the installer. V(1641) also when the host was restarted while it ran; what it has done is for
          the host to show then. V(-1) when no end was seen in time, or it ended without an exit code. Null when nothing
          shows that it began.
      type: int
      returned: always
      sample: 3010
    message:
      description: What is known of the end beside the code.
      type: str
      returned: always
      sample: the host was restarted while it ran
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
        - V(host_unreachable) - Ansible's own connection to the host failed.
        - V(not_tried) - two hosts of this run did not accept the Windows user of the connection; it is not tried here.
        - V(constrained_language) - a policy of Windows lets PowerShell run scripts in part only.
        - V(bad_answer) - the answer of the host is not understood, or Windows refused; its words are quoted.
        - V(invalid_option) - an option is wrong, or the host's connection does not run PowerShell. Nothing was sent.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: host_unreachable
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: "The connection to cb1.tokyo.example.com failed: connection refused."
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: >-
        Check Ansible's own connection to the host (ansible -m ansible.windows.win_ping): address, port 5985 or 5986,
        and the Windows user.
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    The connection to cb1.tokyo.example.com failed: connection refused. Check Ansible's own connection to the host
    (ansible -m ansible.windows.win_ping): address, port 5985 or 5986, and the Windows user.
"""
