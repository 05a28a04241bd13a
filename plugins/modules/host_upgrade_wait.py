# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the host_upgrade_wait module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_upgrade_wait
short_description: Wait for the installer of a RAS host, and for the host after it
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Waits until the installer that M(fleetops.parallels_ras.host_upgrade) has started has ended, or the host was
    restarted while it ran, or the time is over. A connection that is lost meanwhile is opened again.
  - Where another installation was running (1618), waits for its end, and then judges and starts the installer again,
    at most four times. After every other exit code nothing is started.
  - Then waits until the host has the version, its services run, and no installer runs.
  - Where the host must be restarted, ends with RV(upgrade.next) as V(restart). Called again after the restart, it
    waits for the host only.
  - A restart is recognized by how long the host runs, compared with the clock of the controller. The time at which
    Windows was started is not used, because it moves with the clock of the host.
  - Where the answer to the start was lost, waits until no installer runs, and reads from the host whether it ran.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.host_connection
  - fleetops.parallels_ras._installer
attributes:
  check_mode:
    support: full
    details:
      - An upgrade that was not started is passed on. Nothing is started.
  diff_mode:
    support: none
    details:
      - What an installer changes cannot be known before.
  idempotent:
    support: full
    details:
      - An upgrade that has settled is passed on.
options:
  upgrade:
    description:
      - RV(fleetops.parallels_ras.host_upgrade#module:upgrade), or that of a later task.
    type: dict
    required: true
  restart_timeout:
    description:
      - How many seconds the host may stay away, and its services may take.
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
  - module: fleetops.parallels_ras.host_upgrade
  - module: fleetops.parallels_ras.host_restart
"""

EXAMPLES = r"""
- name: Plan the upgrade of the host
  fleetops.parallels_ras.host_upgrade:
    version: 21.2.28000
    installer_src: "{{ ras_installer_src }}"
    installer_sha256: "{{ ras_installer_sha256 }}"
  register: ras_planned

- name: Start its installer where one is due
  fleetops.parallels_ras.host_upgrade:
    version: 21.2.28000
    installer_src: "{{ ras_installer_src }}"
    installer_sha256: "{{ ras_installer_sha256 }}"
    upgrade: "{{ ras_planned.upgrade }}"
  register: ras_started

- name: Wait for it
  fleetops.parallels_ras.host_upgrade_wait:
    version: 21.2.28000
    installer_src: "{{ ras_installer_src }}"
    installer_sha256: "{{ ras_installer_sha256 }}"
    upgrade: "{{ ras_started.upgrade }}"
  register: ras_waited

- name: Restart the host if the installer asks for it
  fleetops.parallels_ras.host_restart:
    reboot: auto
    upgrade: "{{ ras_waited.upgrade }}"
  register: ras_ordered

- name: Wait for the restart
  fleetops.parallels_ras.host_restart_wait:
    upgrade: "{{ ras_ordered.upgrade }}"
  register: ras_restarted

- name: Wait for the host after it
  fleetops.parallels_ras.host_upgrade_wait:
    version: 21.2.28000
    installer_src: "{{ ras_installer_src }}"
    installer_sha256: "{{ ras_installer_sha256 }}"
    upgrade: "{{ ras_restarted.upgrade }}"
"""

RETURN = r"""
changed:
  description: Always false. The task that started the installer says that it changed the host.
  returned: always
  type: bool
  sample: false
upgrade:
  description:
    - How far the upgrade of the host is, to be passed on to the next task as it is. Its form is private, but for the
      keys that are described here.
  returned: unless an option was refused
  type: dict
  contains:
    host:
      description: The inventory host.
      type: str
      returned: always
      sample: cb1.tokyo.example.com
    phase:
      description: >-
        V(planned), V(started), V(installed) (the installer has ended well, or none was needed), or V(settled).
      type: str
      returned: always
      sample: started
    next:
      description: What is due now - V(start) an installer, V(restart) the host, V(wait) for it, or V(nothing).
      type: str
      returned: always
      sample: wait
    version:
      description: The version of RAS before anything was done; null where it is not known.
      type: str
      returned: always
      sample: 19.4.24001
    publisher:
      description: The organization that signed the installer; empty where none was started.
      type: str
      returned: always
      sample: Parallels International GmbH (simulated)
    code:
      description: The exit code of the installer; null where none has ended.
      type: int
      returned: always
      sample: 0
    failure:
      description: What ended the upgrade, as RV(failure); null where nothing did. Later tasks pass it on.
      type: dict
      returned: always
host:
  description: The host as it was seen last, as RV(fleetops.parallels_ras.host_info#module:host).
  returned: when it was looked at
  type: dict
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
        - V(install_failed) - the installer failed, could not be started, or did not end as an installer
          does. The end of its log is in RV(failure.observed).
        - V(installer_busy) - another installation was running at every attempt.
        - V(installer_mismatch) - the file on the host is another one than was judged. It was not started.
        - V(installer_untrusted) - before a further attempt, the file was not signed as expected. It was not
          started again.
        - V(folder_untrusted) - before a further attempt, somebody else might change the file. It was not
          started again.
        - V(host_not_back) - the host, its version or its services did not come back in time.
        - V(reboot_required) - the host was restarted, and still waits for a restart.
        - V(outcome_unknown) - the time-out of the task ended it while the installer was being started
          again.
        - V(host_unreachable) - Ansible's own connection to the host failed, and whether the installer ran
          or has ended is not known.
        - V(not_tried) - two hosts of this run did not accept the Windows user of the connection; it is not
          tried here.
        - V(constrained_language) - a policy of Windows lets PowerShell run scripts in part only.
        - V(bad_answer) - the answer of the host is not understood, or Windows refused; its words are
          quoted.
        - V(invalid_option) - an option is wrong, or the host's connection does not run PowerShell. Nothing
          was sent.
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
