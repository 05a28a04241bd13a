# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import judge_installer
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import Publisher
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: installer_verdict
short_description: Decide whether an installer may run
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Compares what P(fleetops.parallels_ras.host_info#module) found out about an installer on a RAS host with what is
    expected.
positional: sha256, publisher, source, download_error, publisher_check
options:
  _input:
    description:
      - The result of host_info with C(signature_of).
    type: dict
    required: true
  sha256:
    description:
      - The expected SHA-256, in hexadecimal.
    type: str
    required: true
  publisher:
    description:
      - The whole name of the organization that signed, or a list of such names. Null for any organization whose first
        word is V(Parallels).
    type: raw
    required: true
  source:
    description:
      - Where the installer came from, for messages. Text after a question mark is not shown.
    type: str
    required: true
  download_error:
    description:
      - The message of the download, when it failed.
    type: str
    default: ""
  publisher_check:
    description:
      - Whether O(publisher) counts. Without it, every signature will do that Windows takes for valid.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Refuse an installer that nobody signed
  ansible.builtin.assert:
    that: (seen | fleetops.parallels_ras.installer_verdict('ab12', none, source)).code == 'installer_untrusted'
  vars:
    seen: {signature: {sha256: ab12, is_private: true, status: NotSigned, publisher: null}}
    source: https://example.com/ras.msi
"""

RETURN = r"""
_value:
  description:
    - A failure with C(code), C(message), C(remedy) and C(observed), or an empty dictionary.
  type: dict
"""


def installer_verdict(
    seen: t.Any, sha256: str, publisher: t.Any, source: str, download_error: t.Any = "", publisher_check: t.Any = True
) -> dict[str, t.Any]:
    """Why the installer must not run; empty when it may."""
    try:
        expected = Publisher.read(publisher, publisher_check)
        failure = judge_installer(seen, sha256, expected, source, str(download_error or ""))
    except RasError as exc:
        failure = exc
    return failure.as_dict() if failure else {}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"installer_verdict": installer_verdict}
