# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import api_url_of
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: api_url
short_description: Make the URL of a farm's API out of the name or address of its licensing server
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - An IPv6 address needs brackets in a URL. This filter adds them where they are missing, and leaves names, IPv4
    addresses and what has brackets as they are. The zone of an address, such as C(fe80::1%eth0), is kept.
  - The default of C(ras_api_url) of the role P(fleetops.parallels_ras.ras#role) is made so.
  - Private to this collection, no stable interface.
options:
  _input:
    description: The name or address of a server.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show where the API of a server is, whether it is known by its name or by its address
  ansible.builtin.debug:
    msg: "{{ ansible_host | default(inventory_hostname) | fleetops.parallels_ras.api_url }}"
"""

RETURN = r"""
_value:
  description: The URL, such as V(https://[2001:db8::1]:20443).
  type: str
"""


def api_url(server: t.Any) -> str:
    """See DOCUMENTATION."""
    return api_url_of(str(server))


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"api_url": api_url}
