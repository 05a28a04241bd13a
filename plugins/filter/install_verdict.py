# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import judge_end
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: install_verdict
short_description: Report how an installation ended
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Interprets the exit codes of the Windows Installer. A failure includes the end of the installer's log.
positional: message, seen, log
options:
  _input:
    description:
      - The exit code; -1 when the installer did not end in time; empty when it could not be started.
    type: raw
    required: true
  message:
    description:
      - The message of the task.
    type: str
    required: true
  seen:
    description:
      - The result of host_info with the log as C(tail_of).
    type: dict
    required: true
  log:
    description:
      - Path of the log on the RAS host.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Explain an exit code
  ansible.builtin.debug:
    msg: "{{ (1603 | fleetops.parallels_ras.install_verdict('', {}, 'C:/msi.log')).message }}"
"""

RETURN = r"""
_value:
  description:
    - A failure with C(code), C(message), C(remedy) and C(observed), or an empty dictionary.
  type: dict
"""


def install_verdict(code: t.Any, message: str, seen: t.Any, log: str) -> dict[str, t.Any]:
    """Why the installation did not succeed; empty when it did."""
    failure = judge_end(None if str(code).strip() == "" else int(code), str(message), seen or {}, log)
    return failure.as_dict() if failure else {}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"install_verdict": install_verdict}
