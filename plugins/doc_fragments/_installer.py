# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The options that describe the installer of a RAS host; a test compares them with the spec."""

from __future__ import annotations


class ModuleDocFragment:
    """The installer of a host, and what may be unknown of the host."""

    DOCUMENTATION = r"""
options:
  version:
    description:
      - The wanted version of RAS, such as V(20.2.26050).
    type: str
    required: true
  stage_folder:
    description:
      - A folder on the host that only administrators and SYSTEM may use. The installer lies in it as
        C(RASInstaller-<version>.msi), and its log is written beside it. M(fleetops.parallels_ras.private_folder) makes
        such a folder.
    type: str
    default: C:\ProgramData\FleetOps\parallels_ras\stage
  installer_src:
    description:
      - The installer on the controller, from which the host's file was copied.
    type: str
    default: ""
  installer_url:
    description:
      - Where the host has downloaded it from, when O(installer_src) is empty. What gives access to it is not shown.
    type: str
    default: ""
  installer_sha256:
    description:
      - The SHA-256 of the installer, in hexadecimal. Another file is never started.
    type: str
    default: ""
  installer_publisher:
    description:
      - The whole name of the organization that signed it, or a list of such names. By default, any organization whose
        first word is V(Parallels).
    type: raw
  installer_publisher_check:
    description:
      - Whether O(installer_publisher) counts. Without it, every signature will do that Windows takes for valid.
    type: bool
    default: true
  installer_arguments:
    description:
      - Further properties for msiexec, such as V(ADDFWRULES=1). A value with blanks is quoted.
      - What the collection sets itself is refused, such as V(/forcerestart).
    type: list
    elements: str
    default: []
  install_timeout:
    description:
      - How many seconds the installer may run.
    type: int
    default: 3600
  allow_unknown:
    description:
      - What may be unknown - how much is free on the drives (V(disk)), whether a restart is pending (V(restart)), how
        many sessions users have (V(sessions)).
    type: list
    elements: str
    choices: [disk, restart, sessions]
    default: []
"""
