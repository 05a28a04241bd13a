# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import missing_after
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: upgrade_missing
short_description: Report what is still missing after an upgrade
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Reads from a result of P(fleetops.parallels_ras.host_info#module) or P(fleetops.parallels_ras.farm_info#module) the
    version, and whether the services that start automatically are running.
positional: version, services_before
options:
  _input:
    description:
      - The result of host_info or farm_info, even a failed one.
    type: dict
    required: true
  version:
    description:
      - The wanted version.
    type: str
    required: true
  services_before:
    description:
      - The services of the host before, as C(services) of host_info. One that starts automatically and did not run
        before is not missing.
      - When they are not given, every service that starts automatically must run. Null where they are not known; what
        is as unknown now is not missing then.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show what is missing
  ansible.builtin.debug:
    msg: "{{ seen | fleetops.parallels_ras.upgrade_missing('21.2.28000', services_before=[]) }}"
  vars:
    seen: {host: {version: 20.2.26050, services: []}}
"""

RETURN = r"""
_value:
  description: Sentences; empty when nothing is missing.
  type: list
  elements: str
"""


def upgrade_missing(seen: t.Any, version: str, services_before: t.Any = ()) -> list[str]:
    """What is missing."""
    return missing_after(seen, version, services_before)


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"upgrade_missing": upgrade_missing}
