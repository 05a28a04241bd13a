# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import check_given
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.msi import (
    check_installer,
    read_properties,
    sha256_of_installer,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import Publisher
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: installer_check
short_description: Check that an installer on the controller is the wanted one
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Reads an MSI file on the controller and compares its SHA-256, product and version with the wanted ones.
  - The signature is not checked here; Windows checks it on the host, before anything is installed.
  - Needs the Python library olefile on the controller.
positional: version, sha256, url, publisher, publisher_check
options:
  _input:
    description: The path of the file. Empty when RAS hosts download it from O(url).
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
      - Who must have signed the installer, as P(fleetops.parallels_ras.installer_verdict#filter) takes it. It is only
        checked whether a publisher can be expected from it.
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


def installer_check(
    path: t.Any,
    version: t.Any,
    sha256: t.Any = None,
    url: t.Any = None,
    publisher: t.Any = None,
    publisher_check: t.Any = True,
) -> dict[str, t.Any]:
    """The first thing that is wrong with the file."""
    pinned = str(sha256 or "").strip().casefold()
    try:
        Publisher.read(publisher, publisher_check)
        if url is not None:
            check_given(str(path or ""), str(url), pinned)
            if not path:
                return {}
        if pinned and (found := sha256_of_installer(str(path))) != pinned:
            raise RasError(
                "installer_mismatch",
                f"The installer is another file: expected the SHA-256 {pinned}, observed {found}.",
                observed={"sha256": found},
            )
        failure = check_installer(read_properties(str(path)), str(version))
    except RasError as exc:
        failure = exc
    return {"failure": failure.as_dict()} if failure else {}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"installer_check": installer_check}
