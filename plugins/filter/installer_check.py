# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.installers import installer_check

DOCUMENTATION = r"""
name: installer_check
short_description: Check that an installer on the controller is the wanted one
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Reads an MSI file on the controller and compares its SHA-256, product and version with the wanted ones.
  - Looks whether the file is signed at all, and by which organization. Whether the signature is valid is not checked
    here; Windows does that on the host, before anything is installed.
  - Needs the Python library olefile on the controller.
positional: version, sha256, url, publisher, publisher_check
options:
  _input:
    description:
      - The path of the file. Empty when RAS hosts download it from O(url).
      - A relative path counts from the folder in which C(ansible-playbook) is started.
    type: path
    required: true
  version:
    description: The wanted version of RAS.
    type: str
    required: true
  sha256:
    description: The SHA-256 that the file must have. Not compared when neither it nor O(url) is given.
    type: str
  url:
    description:
      - Where RAS hosts download the installer. When it is given, even as an empty text, an upgrade is planned, so that
        O(sha256) is needed, and either a path or an address.
    type: str
  publisher:
    description:
      - Who must have signed the installer, as P(fleetops.parallels_ras.installer_verdict#filter) takes it.
    type: raw
  publisher_check:
    description:
      - Whether O(publisher) counts.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Check an installer before a rollout
  ansible.builtin.debug:
    msg: "{{ '/srv/ras/RASInstaller-20.2.26050.msi' | fleetops.parallels_ras.installer_check('20.2.26050') }}"
"""

RETURN = r"""
_value:
  description: Empty when the file is the wanted one.
  type: dict
  contains:
    failure:
      description: Why it is not the wanted one.
      type: dict
      contains:
        code:
          description:
            - V(installer_mismatch) - the file is not an MSI, or has another product, version or SHA-256.
            - V(installer_untrusted) - the file is not signed, or by another organization than O(publisher) names.
            - V(invalid_option) - the file does not exist, olefile is missing, or an option that an upgrade needs is not
              given.
          type: str
        message:
          description: What was expected and observed.
          type: str
        remedy:
          description: What to do next.
          type: str
        observed:
          description: The data behind the message.
          type: raw
"""


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"installer_check": installer_check}
