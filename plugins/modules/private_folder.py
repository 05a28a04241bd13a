# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the private_folder module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: private_folder
short_description: Make a folder on a RAS host that only administrators and SYSTEM may use
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Creates a folder, and the folders above it that are missing, each of them owned by the group of administrators, with
    full control for administrators and SYSTEM, and nothing inherited.
  - Refuses a folder that exists and that somebody else owns or may use, in any way. Windows lets every user create
    folders below C(C:\ProgramData), so that on a session host somebody may have been there first.
  - The folders above are looked at too. They may let others look and create something beside it, as the drive and
    C(C:\ProgramData) do by default, but not rename or delete what is in them, or change who may. Links on the way are
    refused.
  - What exists is never changed.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.host_connection
attributes:
  check_mode:
    support: full
    details:
      - Looks at what exists, so that a folder of somebody else is refused. Nothing is created.
  diff_mode:
    support: none
    details:
      - There is nothing to compare.
  idempotent:
    support: full
options:
  path:
    description:
      - The folder, as a full path below a drive of the host.
    type: str
    required: true
  files:
    description:
      - Names of files in the folder that are looked at too. One that exists must be owned by administrators or SYSTEM,
        and usable by nobody else. A file that was made while others could still use the folder may be theirs for ever.
    type: list
    elements: str
    default: []
  signature_of:
    description:
      - Name of a file in the folder whose hash and signature are read, once the folder was looked at. The file is
        looked at as those of O(files) are, and may be missing.
    type: str
requirements:
  - Python 3.10 or newer on the controller
  - what the connection plugin of the host needs on the controller, such as pywinrm or pypsrp
  - a local administrator of the host as the user of the connection
notes:
  - >-
    The user of the connection counts as an administrator when Windows says so, and may own the folder too.
    Administrators and SYSTEM are known by their SIDs, so that the language of Windows does not matter.
  - >-
    That Windows does with these access control lists what its documentation says was not tried on Windows.
    R(How each product fact is known,ansible_collections.fleetops.parallels_ras.docsite.guide_verified) gives the source
    of each fact.
seealso:
  - module: fleetops.parallels_ras.host_info
  - module: fleetops.parallels_ras.settings_export
  - module: ansible.windows.win_acl
"""

EXAMPLES = r"""
- name: Make a folder for an installer
  fleetops.parallels_ras.private_folder:
    path: C:\ProgramData\FleetOps\installers
    files: [RASInstaller.msi]
"""

RETURN = r"""
changed:
  description: Whether a folder was created, or would be in check mode.
  returned: always
  type: bool
  sample: true
path:
  description: The folder, in its normal form.
  returned: success
  type: str
  sample: C:\ProgramData\FleetOps\parallels_ras\stage
signature:
  description:
    - The hash and the signature of O(signature_of), as M(fleetops.parallels_ras.host_info) returns them. Null when the
      file is not there, or when Windows did not say it.
  returned: success, with O(signature_of)
  type: dict
  sample: {status: Valid, sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08}
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
        - V(folder_untrusted) - somebody else owns or may use the folder or a file in it, could replace it, or it could
          not be created.
        - V(host_unreachable) - Ansible's own connection to the host failed.
        - V(constrained_language) - a policy of Windows lets PowerShell run scripts in part only.
        - V(bad_answer) - the answer of the host is not understood.
        - V(invalid_option) - an option is wrong, or the host's connection does not run PowerShell. Nothing was sent.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: folder_untrusted
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: >-
        C:\ProgramData\FleetOps\parallels_ras\stage on cb1.tokyo.example.com is not used: expected that only
        administrators and SYSTEM own and may use it, observed that C:\ProgramData\FleetOps belongs to TOKYO\alice
        (S-1-5-21-1111111111-2222222222-3333333333-1104).
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: >-
        Find out who made what the message names and why. When nobody needs it, remove it and run again: the folder is
        then made for administrators and SYSTEM only. Or choose another folder. No option accepts one that others may
        use. Nothing in it was believed or started.
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    C:\ProgramData\FleetOps\parallels_ras\stage on cb1.tokyo.example.com is not used: expected that only
    administrators and SYSTEM own and may use it, observed that C:\ProgramData\FleetOps is a link. Find out who made
    what the message names and why. When nobody needs it, remove it and run again: the folder is then made for
    administrators and SYSTEM only. Or choose another folder. No option accepts one that others may use. Nothing in it
    was believed or started.
"""
