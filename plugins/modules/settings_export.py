# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the settings_export module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: settings_export
short_description: Export the settings of a Parallels RAS farm into a file
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Exports all settings of a farm with C(Invoke-RASExportSettings) into a file with the extension C(.dat2) on the RAS
    host that the task is for, and copies it to the controller when O(dest) is set.
  - The file is written by the farm. It stays on the host, so that it can be imported there with the RAS console or with
    the vendor's module even when the controller is not available.
  - The copy is complete or does not exist. Its SHA-256 is compared with that of the file on the host before it gets its
    name, and only the user that runs Ansible can read it.
  - Old exports of the same farm are removed on the host and on the controller, the oldest first, and only after the new
    one is complete. Files that this module did not name are never touched.
  - RAS cannot export over the REST API in a documented way, so this needs RASAdmin on a Connection Broker of the farm.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.action_group
  - fleetops.parallels_ras._attributes.host_connection
  - fleetops.parallels_ras._connection
attributes:
  check_mode:
    support: full
    details:
      - Logs on and reads, so a rejected RAS administrator is detected. No file is written on the host or on the
        controller.
  diff_mode:
    support: none
    details:
      - The content of an export cannot be read from outside.
  idempotent:
    support: none
    details:
      - Each run writes a new file.
options:
  folder:
    description:
      - Folder on the host for the exports, as a full path below a drive. It is created when it does not exist, for
        administrators and SYSTEM only, as M(fleetops.parallels_ras.private_folder) does it.
      - One that anybody else owns or may use is refused with RV(failure.code=folder_untrusted), before anything is
        written. No option permits it, because an export holds everything that a farm keeps in its settings.
    type: str
    default: C:\ProgramData\FleetOps\parallels_ras\backup
  dest:
    description:
      - Folder on the controller for a copy. It is created with mode 0700 when it does not exist. When it is not set, no
        copy is made.
      - The copy holds everything that a farm keeps in its settings. Treat it as a secret.
    type: path
  label:
    description:
      - Beginning of the file names, preferably the name of the farm. When it is not set, the address of the host as
        Ansible knows it is used.
      - Characters other than letters, digits, dots, underscores and hyphens become underscores, and a digest is added
        that distinguishes such labels.
      - Farms that share a folder need different labels, because O(keep) counts the files of a label.
    type: str
  keep:
    description:
      - How many exports of this O(label) to keep in O(folder), and in O(dest), including the new one, from 1 to 1000.
    type: int
    default: 5
notes:
  - >-
    O(backend=auto) and O(backend=winrm) do the same here; O(backend=rest) is refused with
    RV(failure.code=invalid_option). The options of the REST back end are accepted, because the module belongs to the
    action group, but they are not used.
seealso:
  - module: fleetops.parallels_ras.host_info
  - module: fleetops.parallels_ras.farm_info
  - module: fleetops.parallels_ras.private_folder
"""

EXAMPLES = r"""
- name: Export the settings of the farm, and keep a copy on the controller
  fleetops.parallels_ras.settings_export:
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    label: "{{ ras_farm }}"
    dest: "{{ playbook_dir }}/backup"
  register: ras_export

- name: Show what to import if that is ever needed
  ansible.builtin.debug:
    msg: >-
      {{ ras_export.file.path }} on the host, copy {{ ras_export.file.fetched_to }},
      sha256 {{ ras_export.file.sha256 }}

- name: Export to another drive, keep the last 30 exports, and make no copy
  fleetops.parallels_ras.settings_export:
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    label: "{{ ras_farm }}"
    folder: D:\RAS\backup
    keep: 30
"""

RETURN = r"""
changed:
  description: Whether a file was written, or would be in check mode.
  returned: always
  type: bool
  sample: true
file:
  description: The export. It is also returned when only the copy failed.
  returned: when the file was written, or would be in check mode
  type: dict
  contains:
    path:
      description: The file on the host. In check mode it does not exist.
      type: str
      returned: always
      sample: C:\ProgramData\FleetOps\parallels_ras\backup\tokyo-ras-settings-20270323T101500Z.dat2
    fetched_to:
      description: >-
        The copy on the controller. Null when O(dest) is not set, or the copy failed. In check mode it does not exist.
      type: str
      returned: always
      sample: /srv/backup/tokyo-ras-settings-20270323T101500Z.dat2
    size:
      description: Size of the file in bytes.
      type: int
      returned: when not in check mode
      sample: 1843200
    sha256:
      description: SHA-256 of the file, hexadecimal. The copy has the same SHA-256.
      type: str
      returned: when not in check mode
      sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
removed:
  description: Paths of the older exports that were removed, on the host and then on the controller.
  returned: when the file was written
  type: list
  elements: str
  sample: []
findings:
  description:
    - What is worth knowing but is not a failure.
    - V(old_exports_left) - older exports could not be removed.
  returned: unless an option was refused
  type: list
  elements: dict
  contains:
    rule:
      description: Name of the finding.
      type: str
      returned: always
      sample: old_exports_left
    severity:
      description: V(info) or V(warning).
      type: str
      returned: always
      sample: info
    expected:
      description: What was expected, text or null.
      type: raw
      returned: always
      sample: 5 files or fewer
    observed:
      description: What was observed, text, list or null.
      type: raw
      returned: always
      sample: ["/srv/backup/tokyo-ras-settings-20270101T101500Z.dat2"]
    remedy:
      description: What to do, or that nothing is to be done.
      type: str
      returned: always
      sample: "Remove them by hand, or leave it to the next export: somebody may have had them open."
backend_used:
  description: The back end that talked to the farm, always V(winrm).
  returned: unless an option was refused
  type: str
  sample: winrm
failure:
  description:
    - Why the task failed, as data. RV(msg) holds its message and its remedy as one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them, not on texts.
        - V(backup_failed) - RAS or Windows refused to write the file, or the copy is not complete. No older export was
          removed where it failed.
        - V(folder_untrusted) - somebody other than administrators and SYSTEM owns or may use O(folder), or could
          replace it. Nothing was exported.
        - V(host_unreachable) - Ansible's own connection to the host failed. An export may have been written there.
        - V(constrained_language) - a policy of Windows lets PowerShell run scripts in part only.
        - V(product_missing) - RAS, or its PowerShell module, is not installed on the host, or the module cannot be
          loaded.
        - V(product_too_old) - the host has RAS 15 to 17.
        - V(api_unreachable) - RASAdmin got no session with the Connection Broker on the host.
        - V(api_credentials_rejected) - the farm rejected O(api_username) or O(api_password).
        - V(not_tried) - two farms rejected this RAS administrator in this run, or two hosts the Windows user of the
          connection, or another task holds the first logon.
        - V(bad_answer) - the answer of the host is not understood, or RAS refused; its words are quoted.
        - V(invalid_option) - an option is missing or wrong, or the host's connection runs no PowerShell. Nothing was
          sent.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: backup_failed
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: >-
        /srv/backup on the controller cannot be written: Permission denied.
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: >-
        Look at the message: the folder, its free space and the RAS administrator's rights. Nothing was changed.
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    /srv/backup on the controller cannot be written: Permission denied. Look at the message: the folder, its free space
    and the RAS administrator's rights. Nothing was changed.
"""
