# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the host_restart module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_restart
short_description: Order the restart of a RAS host
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Looks whether the host may be restarted, orders its restart once, and does not wait for it. So hosts can restart
    together.
  - A restart that somebody has scheduled already is replaced by one that begins at once.
  - An order whose answer was lost is not repeated; M(fleetops.parallels_ras.host_restart_wait) finds out whether the
    host was restarted.
  - With O(upgrade), orders the restart only where that upgrade asks for it, and passes it on otherwise.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.host_connection
attributes:
  check_mode:
    support: full
    details:
      - Looks whether the host may be restarted. Nothing is ordered.
  diff_mode:
    support: none
    details:
      - There is nothing to compare.
  idempotent:
    support: none
    details:
      - Every call without O(upgrade) orders a restart.
options:
  host:
    description:
      - What the host is called in messages. By default O(upgrade) says it, or its address.
    type: str
  reboot:
    description:
      - Whether the host may be restarted, V(auto), or not, V(never), which fails with
        RV(failure.code=reboot_required).
    type: str
    choices: [never, auto]
    default: never
  logoff_sessions:
    description:
      - Whether a session host may be restarted while users have, or may have, sessions on it.
    type: bool
    default: false
  upgrade:
    description:
      - RV(fleetops.parallels_ras.host_upgrade#module:upgrade), or that of a later task.
    type: dict
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
  - module: fleetops.parallels_ras.host_restart_wait
  - module: ansible.windows.win_reboot
"""

EXAMPLES = r"""
- name: Order the restart
  fleetops.parallels_ras.host_restart:
    reboot: auto
  register: ras_ordered

- name: Wait for it
  fleetops.parallels_ras.host_restart_wait:
    restart: "{{ ras_ordered.restart }}"
    restart_timeout: 900
    poll_interval: 1
"""

RETURN = r"""
changed:
  description: Whether a restart was ordered.
  returned: always
  type: bool
  sample: true
restart:
  description: >-
    The order, for M(fleetops.parallels_ras.host_restart_wait). Its form is private. Null in check mode.
  returned: success, without O(upgrade)
  type: dict
upgrade:
  description:
    - How far the upgrade of the host is, to be passed on to the next task as it is. Its form is private, but for the
      keys that are described here.
  returned: with O(upgrade), unless an option was refused
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
        - V(reboot_required) - the host must be restarted, and O(reboot=never). Nothing was ordered.
        - V(sessions_active) - users have, or may have, sessions on the host. Nothing was ordered.
        - V(host_unreachable) - Ansible's own connection to the host failed.
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
