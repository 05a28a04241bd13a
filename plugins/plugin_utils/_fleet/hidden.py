# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Which secrets are taken out of what is worked out of the variables of many hosts.

Results go by the names of hosts. A name with a part taken out would be the name of no host: its farm would be in no
wave, and its failure would be nobody's.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import (
    secret_texts,
    SECRET_VARIABLES,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import HostVariables


def secrets_of(hosts: t.Iterable[HostVariables]) -> list[str]:
    """The secrets that variables of hosts hold, each once; none of a variable that cannot be worked out."""
    noted = (variables.noted for variables in hosts)
    return list(
        dict.fromkeys(text for each in noted for name in SECRET_VARIABLES for text in secret_texts(each.get(name)))
    )


def hideable(secrets: t.Sequence[str], hosts: t.Iterable[str]) -> list[str]:
    """The secrets without those that are in the name of a host, which every line of Ansible shows anyway."""
    names = list(hosts)
    if not any(map(Scrubber(secrets).finds, names)):
        return list(secrets)
    return [secret for secret in secrets if not any(map(Scrubber([secret]).finds, names))]
