# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the host_upgrade module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_upgrade
short_description: Plan the upgrade of RAS on a host, and start its installer
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Looks at the host and checks what must hold before an upgrade. In check mode, or without O(upgrade), that is all.
  - With the O(upgrade) that an earlier task planned, looks again, judges the installer that lies on the host, and
    starts it once, in the background. What was judged is what is started - the file is held open meanwhile, its
    SHA-256 and its signer are compared again, and it stays open until the installer has ended. Where somebody else has
    it open for writing, that is said, and it is judged right before the start all the same.
  - Nothing is started where the host must be restarted first (RV(upgrade.next) is V(restart)), where users may have
    sessions on a session host, or where a check fails.
  - An answer to the start that was lost is not asked for a second time. M(fleetops.parallels_ras.host_upgrade_wait)
    finds out at the host whether the installer ran.
  - A newer version than the wanted one is never replaced. No public document of the vendor was found that says which
    upgrade steps between versions are supported. A step over more than one major version, or from RAS 15 to 17, is
    therefore a warning.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.host_connection
  - fleetops.parallels_ras._installer
attributes:
  check_mode:
    support: full
    details:
      - Plans, as without O(upgrade). Nothing is started.
  diff_mode:
    support: none
    details:
      - What an installer changes cannot be known before.
  idempotent:
    support: full
    details:
      - Nothing is due on a host that has the version.
options:
  reboot:
    description:
      - Whether the run may restart the host. With V(auto), one that waits for a restart is planned for it. With
        V(never), it is refused with RV(failure.code=reboot_required).
    type: str
    choices: [never, auto]
    default: never
  min_free_gb:
    description:
      - The free space that the system drive and the drive of RAS must have, in units of 2^30 bytes.
    type: float
    default: 5
  logoff_sessions:
    description:
      - Whether RAS may be installed while users have, or may have, sessions on a session host.
    type: bool
    default: false
  agents:
    description:
      - The agents of the farm as M(fleetops.parallels_ras.agents_info) returns them. When they are not given, they are
        not checked.
    type: list
    elements: dict
    default: []
  brokers:
    description:
      - How many Connection Brokers the farm has.
    type: int
    default: 1
  support_expires:
    description:
      - The last day of support or upgrade insurance, as C(YYYY-MM-DD). When it is not given, it is not checked.
    type: str
  auto_promotion_minutes:
    description:
      - After how many minutes a secondary broker takes over; V(0) when that is off. Unknown by default.
    type: int
  backup_dest:
    description:
      - A folder on the controller to which exported settings are copied. It is not created here.
    type: path
  download_error:
    description:
      - What the download of the installer said when it failed, for the message about a file that is not there.
    type: str
    default: ""
  host:
    description:
      - The inventory host, as later tasks delegate to it. By default, the address of the host.
    type: str
  upgrade:
    description:
      - RV(upgrade) of an earlier task. Without it, the upgrade is planned.
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
  - module: fleetops.parallels_ras.host_upgrade_wait
  - module: fleetops.parallels_ras.host_restart
  - module: fleetops.parallels_ras.private_folder
"""

EXAMPLES = r"""
- name: Plan the upgrade of the host
  fleetops.parallels_ras.host_upgrade:
    version: 21.2.28000
    installer_src: "{{ ras_installer_src }}"
    installer_sha256: "{{ ras_installer_sha256 }}"
  register: ras_planned

- name: Make the folder for its installer
  fleetops.parallels_ras.private_folder:
    path: "{{ ras_planned.files.folder }}"

- name: Copy the installer into it
  ansible.windows.win_copy:
    src: "{{ ras_installer_src }}"
    dest: "{{ ras_planned.files.path }}"

- name: Start its installer
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
"""

RETURN = r"""
changed:
  description: Whether an installer was started; in a plan, whether something is due.
  returned: always
  type: bool
  sample: true
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
plan:
  description: What is due, and what was checked.
  returned: when the host was looked at
  type: dict
  contains:
    needed:
      description: >-
        Whether something is due on the host - an installation where it has an older version, or the restart that it
        waits for.
      type: bool
      returned: always
      sample: true
    restart_only:
      description: >-
        Whether the restart alone is due - the host has the version, Windows waits for a restart, and O(reboot=auto).
      type: bool
      returned: always
      sample: false
    installed:
      description: The version that the host has.
      type: str
      returned: always
      sample: 19.4.24001
    wanted:
      description: The wanted version.
      type: str
      returned: always
      sample: 20.2.26050
    checks:
      description:
        - C(product), C(version), C(path), C(life_cycle), C(license_support), C(pending_reboot), C(installer), C(disk),
          C(sessions), C(services), C(agents), C(backup_target) and C(auto_promotion), each with C(state) (C(ok),
          C(warning), C(failed) or C(not_checked)), C(observed), C(expected) and C(remedy).
      type: dict
      returned: always
    findings:
      description: The warnings among the checks, as RV(findings).
      type: list
      elements: dict
      returned: always
    failure:
      description: Why nothing may be installed, as RV(failure); null when nothing prevents it.
      type: dict
      returned: always
host:
  description: The host, as RV(fleetops.parallels_ras.host_info#module:host).
  returned: when the host was looked at
  type: dict
files:
  description: The paths of O(stage_folder) and, in it, of the installer and its log.
  returned: unless an option was refused
  type: dict
  contains:
    folder:
      description: The folder.
      type: str
      returned: always
      sample: C:\ProgramData\FleetOps\parallels_ras\stage
    path:
      description: The installer.
      type: str
      returned: always
      sample: C:\ProgramData\FleetOps\parallels_ras\stage\RASInstaller-20.2.26050.msi
    log:
      description: The log of the installer.
      type: str
      returned: always
      sample: C:\ProgramData\FleetOps\parallels_ras\stage\RASInstaller-20.2.26050.log
findings:
  description:
    - The warnings among the checks. A rule is C(upgrade_) and the name of the check.
  returned: unless an option was refused
  type: list
  elements: dict
  contains:
    rule:
      description: The rule.
      type: str
      returned: always
      sample: upgrade_path
    severity:
      description: V(warning).
      type: str
      returned: always
      sample: warning
    expected:
      description: What was expected.
      type: raw
      returned: always
    observed:
      description: What was observed.
      type: raw
      returned: always
    remedy:
      description: What to do.
      type: str
      returned: always
failure:
  description:
    - Why the task failed, as data. RV(msg) holds its message and its remedy as one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them, not on texts.
        - V(upgrade_blocked) - checks failed; the message names them all. Nothing was started.
        - V(reboot_required) - Windows waits for a restart, and nothing else prevents the upgrade; also
          where nothing is to be installed, and where a restart did not help.
        - V(version_newer) - the host has a newer version.
        - V(product_missing) - RAS is not installed on the host.
        - V(sessions_active) - users have, or may have, sessions on the host. Nothing was started.
        - V(installer_mismatch) - the file is not there, is not an MSI, or has another product, version or
          SHA-256. Nothing was started.
        - V(installer_untrusted) - the file is not signed, not validly, or by another organization. Nothing
          was started.
        - V(folder_untrusted) - somebody besides administrators and SYSTEM may change the file. Nothing was
          started.
        - V(outcome_unknown) - the time-out of the task ended it while the installer was being started. Look
          at the host before anything else.
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
