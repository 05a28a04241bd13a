# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The variables that a task sees: those of its host, of the play, of the role, its blocks and its parameters.

What a host is refused for is judged by these, for the role works with these.
"""

from __future__ import annotations

import typing as t
from collections import abc

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.variable_names import OWN
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.host_variables import HostVariables
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.known import (
    name_problem,
    NAMES,
    OPTIONS,
    unknown_refusal,
    unusable,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._fleet.values import wrong_value


class Seen(abc.Mapping[str, t.Any]):
    """The variables of a task; each is worked out when it is read.

    :param raw: as Ansible hands them to an action, not worked out.
    :param work_out: raises what Ansible raises.
    """

    def __init__(self, raw: t.Mapping[str, t.Any], work_out: t.Callable[[t.Any], t.Any]) -> None:
        self._raw = raw
        self._work_out = work_out

    def __getitem__(self, name: str) -> t.Any:
        return self._work_out(self._raw[name])

    def __contains__(self, name: object) -> bool:
        """Whether it is set, whatever becomes of it when it is worked out."""
        return name in self._raw

    def __iter__(self) -> t.Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def seen_variables(raw: t.Mapping[str, t.Any], work_out: t.Callable[[t.Any], t.Any]) -> HostVariables:
    """The variables of a task, read as those of a host are: see :class:`Seen`."""
    host = str(raw.get("inventory_hostname", "localhost"))
    return HostVariables({host: Seen(raw, work_out)}, host)


def refused_host(variables: HostVariables, seen: HostVariables, omit: t.Any = None) -> RasError | None:
    """Why a host is refused for its variables; None when it is not.

    Of what the task sees, no values are read but those of the role.

    :param variables: its own.
    :param seen: those that the task sees.
    :param omit: what is in the place of a value that is left out. Before 2.19 it is a text to core, and so none of the
        choices and no number.
    """
    try:
        own = seen.get(OWN, ())
        names = {name: seen[name] for name in NAMES if name in seen}
    except RasError as exc:
        # Where a variable of the host is at fault, it is named, and not the one of the role that refers to it.
        return unusable(variables) or exc
    problem = unknown_refusal(variables, seen, own) or name_problem(variables, names)
    if problem:
        return problem
    problem = _seen_refusal(seen, "omit" if isinstance(omit, str) else None)
    return (unusable(variables) or problem) if problem else None


def _seen_refusal(seen: HostVariables, left_out: str | None) -> RasError | None:
    """The refusal for the values of the role's options, also for one that cannot be worked out.

    :param left_out: what one counts as that is left out; None where it does not count.
    """
    values: dict[str, t.Any] = {}
    for name in sorted(OPTIONS.intersection(seen)):
        try:
            values[name] = seen[name]
        except KeyError:
            if left_out:
                values[name] = left_out
        except RasError as exc:
            return exc
    return wrong_value(seen.host, values)
