# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.waves import assign_waves
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters

DOCUMENTATION = r"""
name: waves
short_description: Number the waves in which farms are changed
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Gives each farm the number of its wave, from 1, in the given order.
  - Invalid sizes are returned as data and do not fail the task, so that a run can still show all of its farms.
positional: sizes
options:
  _input:
    description: The names of the farms that need a change.
    type: list
    elements: str
    required: true
  sizes:
    description: The sizes of the waves, each a whole number or a percentage of these farms; the last size is repeated.
    type: list
    elements: raw
    required: true
"""

EXAMPLES = r"""
- name: One farm first, then half, then the rest
  ansible.builtin.debug:
    msg: "{{ (['tokyo', 'osaka', 'nagoya', 'kobe'] | fleetops.parallels_ras.waves([1, '50%', '100%'])).waves }}"
"""

RETURN = r"""
_value:
  description:
    - C(waves), the wave of each farm, empty when the sizes are invalid, and C(failure), null or what is wrong with the
      sizes, with C(code), C(message), C(remedy) and C(observed).
  type: dict
"""

_REMEDY: t.Final = "Correct ras_waves and run again. No farm was changed."


def waves(farms: t.Any, sizes: t.Any) -> dict[str, t.Any]:
    """Assign waves; what cannot be understood is one sentence."""
    listed = sizes if isinstance(sizes, (list, tuple)) else [sizes]
    try:
        return {"waves": assign_waves([str(farm) for farm in farms], listed), "failure": None}
    except ValueError as exc:
        return {"waves": {}, "failure": RasError("invalid_option", str(exc), remedy=_REMEDY).as_dict()}


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"waves": waves}
