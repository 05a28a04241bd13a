# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""How far the upgrade of one host is: what a task hands on to the next one, written and read here. Pure, no I/O."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

Phase = t.Literal["planned", "started", "installed", "settled"]
PHASES: t.Final[tuple[Phase, ...]] = ("planned", "started", "installed", "settled")
Next = t.Literal["nothing", "restart", "start", "wait"]
NEXTS: t.Final[tuple[Next, ...]] = ("nothing", "restart", "start", "wait")
Row = t.Mapping[str, t.Any]
_NULL: t.Final = type(None)


class _Record:
    """A record that a task hands on: what has another form than the one it was written in is refused.

    :cvar TYPES: the types that each field may have.
    """

    TYPES: t.ClassVar[t.Mapping[str, tuple[type, ...]]]

    def as_dict(self) -> dict[str, t.Any]:
        """The form in which it is handed on."""
        return dataclasses.asdict(self)  # type: ignore[call-overload,no-any-return]

    @classmethod
    def read(cls, given: t.Any, name: str) -> t.Any:
        """Read what :meth:`as_dict` wrote.

        :param name: of the option that holds it.
        :raises RasError: ``invalid_option`` for a key too many, one that is missing, or a value of another type.
        """
        if not isinstance(given, dict) or set(given) != set(cls.TYPES):
            observed = ", ".join(sorted(quote(key) for key in given)) if isinstance(given, dict) else "no dictionary"
            raise _refused(name, f"the keys {', '.join(sorted(cls.TYPES))}", observed)
        for key, value in given.items():
            allowed = cls.TYPES[key]
            # A boolean is a number to Python, and none of ours.
            if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
                expected = " or ".join("null" if each is _NULL else each.__name__ for each in allowed)
                raise _refused(f"{name}.{key}", expected, type(value).__name__)
        return cls(**given)


def _refused(name: str, expected: str, observed: str) -> RasError:
    return RasError(
        "invalid_option",
        f"{name} cannot be used: expected {expected}, observed {observed}.",
        remedy="Pass on what the module before it returned, as it is.",
    )


@dataclass(frozen=True)
class HostUpgrade(_Record):
    """The upgrade of one host. Each task of it takes the record that the one before returned, and passes on what is not
    its turn: where there is a failure, that is everything.

    :param host: the inventory host.
    :param version: of RAS on the host before anything was done; None where it is not known.
    :param services: its services before, as ``host_info`` describes them; None where they are not known.
    :param phase: ``planned``, ``started`` (or it may be: see ``job``), ``installed`` (the installer has ended well, or
        none was needed), ``settled``.
    :param next: what is due now: ``start`` an installer, ``restart`` the host, ``wait`` for it, ``nothing``.
    :param job: of the installer in the background; empty where the answer to its start was lost.
    :param started_at: when the host was looked at right before the start: seconds of the controller's clock that nobody
        sets.
    :param uptime_seconds: how long the host had been running then; None where it did not say.
    :param attempt: how often the installer was started.
    :param publisher: who signed it, empty where none was started.
    :param code: its exit code, as Windows Installer has it; None where none has ended.
    :param restart: a restart that was ordered and not waited for yet, as :class:`Restart`; None without one.
    :param restarted: whether the host was restarted by us in this phase.
    :param failure: what ended it; None where nothing did.
    """

    host: str
    version: str | None = None
    services: list[dict[str, t.Any]] | None = None
    phase: Phase = "planned"
    next: Next = "nothing"
    job: str = ""
    started_at: float = 0.0
    uptime_seconds: int | None = None
    attempt: int = 0
    publisher: str = ""
    code: int | None = None
    restart: dict[str, t.Any] | None = None
    restarted: bool = False
    failure: dict[str, t.Any] | None = None

    TYPES: t.ClassVar = {
        "host": (str,),
        "version": (str, _NULL),
        "services": (list, _NULL),
        "phase": (str,),
        "next": (str,),
        "job": (str,),
        "started_at": (float, int),
        "uptime_seconds": (int, _NULL),
        "attempt": (int,),
        "publisher": (str,),
        "code": (int, _NULL),
        "restart": (dict, _NULL),
        "restarted": (bool,),
        "failure": (dict, _NULL),
    }

    def __post_init__(self) -> None:
        for name, value, allowed in (("phase", self.phase, PHASES), ("next", self.next, NEXTS)):
            if value not in allowed:
                raise _refused(f"upgrade.{name}", ", ".join(allowed), quote(str(value)))

    def moved(self, phase: Phase, next_: Next, **changes: t.Any) -> HostUpgrade:
        """The same upgrade, further on."""
        return dataclasses.replace(self, phase=phase, next=next_, **changes)

    def seen(self, host: Row) -> HostUpgrade:
        """The same, with what it was before anything was done.

        :param host: as ``host_info`` describes it.
        """
        services = host.get("services")
        rows = None if services is None else [dict(row) for row in services]
        return dataclasses.replace(self, version=host.get("version"), services=rows)

    def failed(self, failure: RasError) -> HostUpgrade:
        """The same, ended."""
        return dataclasses.replace(self, next="nothing", failure=failure.as_dict())


@dataclass(frozen=True)
class Restart(_Record):
    """A restart that was ordered.

    :param at: when the host was looked at right before: seconds of the controller's clock that nobody sets.
    :param uptime_seconds: how long it had been running then; None where it did not say.
    """

    at: float
    uptime_seconds: int | None

    TYPES: t.ClassVar = {"at": (float, int), "uptime_seconds": (int, _NULL)}
