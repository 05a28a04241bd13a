# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The one reader of the variables of a host, for whatever looks at more hosts than its own.

Ansible works a variable out when it is read, and fails in many ways: a name that is not defined, a lookup, a vault of
another id. In a filter, each of them would be the failure of the task, and so of every host. Here it is data of the
host and the variable.
"""

from __future__ import annotations

import typing as t
from collections import abc

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.variables import Variables
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import is_evaluated, is_omitted
from jinja2 import Undefined

AllHosts = t.Mapping[str, t.Mapping[str, t.Any]]
# What ``omit`` is before ansible-core 2.19, where it begins a text of each run.
_OMITTED: t.Final = "__omit_place_holder__"
_REMEDY: t.Final = (
    "Correct what it refers to (a name, a file, a lookup, a vault's id), and run again. Nothing was sent."
)


class HostVariables(abc.Mapping[str, t.Any]):
    """The variables of one host.

    :raises RasError: whenever something is looked up: ``invalid_option`` with host and variable, without any value.
    """

    def __init__(self, hostvars: AllHosts, host: str) -> None:
        self.host = host
        self._worked_out: dict[str, t.Any] = {}
        self._failure: RasError | None = None
        self._all: t.Mapping[str, t.Any] = {}
        try:
            found = hostvars[host]
            if isinstance(found, Undefined):
                raise KeyError(host)
            self._all = found
        except Exception as exc:  # a file of its variables that cannot be read, a vault of another id
            self._failure = RasError(
                "invalid_option",
                f"The variables of {host} cannot be read ({type(exc).__name__}).",
                remedy="Look at its files in host_vars and group_vars, and give the passwords of all vault ids.",
            )

    @property
    def _values(self) -> t.Mapping[str, t.Any]:
        if self._failure is not None:
            raise self._failure
        return self._all

    def __getitem__(self, name: str) -> t.Any:
        """Each is worked out once: what a look at many hosts costs is mostly that."""
        if name not in self._values:
            raise KeyError(name)
        if name not in self._worked_out:
            try:
                self._worked_out[name] = self._work_out(name)
            except (KeyError, RasError) as exc:
                self._worked_out[name] = exc
        found = self._worked_out[name]
        if isinstance(found, (KeyError, RasError)):
            raise found.with_traceback(None)
        return found

    def _work_out(self, name: str) -> t.Any:
        try:
            value = self._values[name]
            _decrypted(value)
        except Exception as exc:
            if type(exc).__name__ == "AnsibleValueOmittedError":
                raise KeyError(name) from None
            raise self._unusable(name, f"cannot be worked out ({type(exc).__name__})") from None
        if is_left_out(value):
            raise KeyError(name)
        if isinstance(value, Undefined) or _is_left(value):
            raise self._unusable(name, "cannot be worked out: it names a variable that is not defined")
        return value

    def __contains__(self, name: object) -> bool:
        """Whether it is set; what cannot be worked out is, and what is omitted is not."""
        try:
            self[str(name)]
        except KeyError:
            return False
        except RasError:
            return name in self._values
        return True

    def __iter__(self) -> t.Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def noted(self) -> t.Mapping[str, t.Any]:
        """The same for what the role noted, or what is only shown: what cannot be worked out counts as not there."""
        return _Noted(self)

    def typed(self, **defaults: t.Any) -> Variables:
        """The same, read as texts, flags and the like."""
        return Variables(self.host, self, defaults)

    def _unusable(self, name: str, why: str) -> RasError:
        return RasError("invalid_option", f"The variable {name} of {self.host} {why}.", remedy=_REMEDY)


class Hosts(abc.Mapping[str, HostVariables]):
    """All hosts of the inventory, for one look at them: the variables of each are read once.

    :param hostvars: the magic variable.
    """

    def __init__(self, hostvars: AllHosts) -> None:
        self._hostvars: t.Any = hostvars
        self._read: dict[str, HostVariables] = {}
        self._templates: dict[str, t.Mapping[str, t.Any]] = {}

    def __getitem__(self, host: str) -> HostVariables:
        """Also of a host that the inventory does not have, whose variables cannot be read."""
        if host not in self._read:
            self._read[host] = HostVariables(self._hostvars, host)
        return self._read[host]

    def __contains__(self, host: object) -> bool:
        return host in self._hostvars

    def __iter__(self) -> t.Iterator[str]:
        return iter(self._hostvars)

    def __len__(self) -> int:
        return len(self._hostvars)

    def templates(self, host: str) -> t.Mapping[str, t.Any]:
        """The variables of a host as they are written, none worked out; none of a host that there is not."""
        if host not in self._templates:
            self._templates[host] = self._hostvars.raw_get(host) if host in self else {}
        return self._templates[host]


class _Noted(abc.Mapping[str, t.Any]):
    """Variables that never fail."""

    def __init__(self, variables: HostVariables) -> None:
        self._variables = variables

    def __getitem__(self, name: str) -> t.Any:
        try:
            return self._variables[name]
        except RasError:
            raise KeyError(name) from None

    def __iter__(self) -> t.Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


def is_left_out(value: t.Any) -> bool:
    """Whether a value is ``omit``."""
    return is_omitted(value) or (isinstance(value, str) and value.startswith(_OMITTED))


def _decrypted(value: t.Any) -> None:
    """Find out whether texts that are vaulted by themselves can be read: before 2.19 that fails when they are used."""
    if getattr(type(value), "__ENCRYPTED__", False):
        str(value)
    elif isinstance(value, t.Mapping):
        for item in value.values():
            _decrypted(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _decrypted(item)


def _is_left(value: t.Any) -> bool:
    """Whether a template is left: before 2.19, that is what becomes of a name that is not defined."""
    if isinstance(value, t.Mapping):
        return any(map(_is_left, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_is_left, value))
    return isinstance(value, str) and "{{" in value and is_evaluated(value)
