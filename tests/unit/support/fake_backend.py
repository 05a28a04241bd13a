# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm in memory behind the back end's door, and a clock that does not wait."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import (
    NotSent,
    RasError,
    VendorRefused,
    WriteOutcomeUnknown,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.never_activated import NeverActivated
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import answer, HERE, KEY_SHOWN


class Reaction(t.NamedTuple):
    """How one write ends.

    :param error: raised after the effect; None answers with success.
    :param effect: whether the license changes.
    :param late: how many readings still show the old license.
    :param fields: what the farm shows of the new license besides account and key.
    """

    error: RasError | None = None
    effect: bool = True
    late: int = 0
    fields: t.Mapping[str, t.Any] = {}


def done(*, late: int = 0, **fields: t.Any) -> Reaction:
    """The write takes effect."""
    return Reaction(late=late, fields=fields)


def lost(*, effect: bool, late: int = 0, **fields: t.Any) -> Reaction:
    """The answer is lost."""
    return Reaction(WriteOutcomeUnknown("The answer was lost."), effect, late, fields)


def refused(code: str = "activation_refused", text: str = "no", *, farm_fault: bool = False) -> Reaction:
    """The vendor refuses."""
    return Reaction(VendorRefused(code, f"The vendor says '{text}'.", farm_fault=farm_fault), effect=False)


def failed(code: str) -> Reaction:
    """The request fails, and nothing shows that the vendor has not seen it."""
    return Reaction(RasError(code, "failed"), effect=False)


def unsent(code: str) -> Reaction:
    """The request fails before it leaves."""
    return Reaction(NotSent(code, "failed"), effect=False)


class FakeFarm(Backend):
    """Keeps one license; None is a farm that says that it has none.

    :ivar journal: every call but close, in order; writes with what was sent.
    """

    name = "fake"

    def __init__(self, license: dict[str, t.Any] | None, *reactions: Reaction, farm: Farm = HERE) -> None:
        super().__init__()
        self.license = license
        self.farm = farm
        self.reactions = list(reactions)
        self.journal: list[str] = []
        self.opened = 0
        self.closed = 0
        # One for each reading, None to succeed; used up from the front.
        self.read_errors: list[RasError | None] = []
        self.open_errors: list[RasError | None] = []
        self.site_list = [Site(1, "one", True)]
        self.broker_list = [Broker(1, "cb1", "10.0.0.1", 1, 0)]
        self._shown: list[dict[str, t.Any] | None] = []

    @property
    def writes(self) -> list[str]:
        """The writes alone."""
        return [entry for entry in self.journal if entry.split()[0] in ("activate", "deactivate", "apply_settings")]

    def open(self) -> Farm:
        """Log on."""
        self.journal.append("open")
        error = self.open_errors.pop(0) if self.open_errors else None
        if error:
            raise error
        self.opened += 1
        return self.farm

    def close(self) -> str | None:
        """Log off."""
        self.closed += 1
        return None

    def read_license(self) -> t.Any:
        """The license, or an old one where the change settles late."""
        self.journal.append("read")
        error = self.read_errors.pop(0) if self.read_errors else None
        if error:
            raise error
        shown = self._shown.pop(0) if self._shown else self.license
        return NeverActivated.SAID if shown is None else shown

    def activate(self, email: str, password: str, key: str | None) -> None:
        """Activate under this account."""
        self._react(
            f"activate {email} {password} {key}",
            lambda fields: answer(**{"paUserEmail": email, "licenseKey": KEY_SHOWN, **fields}),
        )

    def deactivate(self, email: str, password: str) -> None:
        """Give the license back."""
        self._react(f"deactivate {email} {password}", lambda fields: dict(fields) or None)

    def apply_settings(self) -> None:
        """Apply all."""
        self._react("apply_settings", lambda fields: self.license)

    def _react(self, entry: str, effect: t.Callable[[t.Mapping[str, t.Any]], dict[str, t.Any] | None]) -> None:
        self.journal.append(entry)
        reaction = self.reactions.pop(0) if self.reactions else Reaction()
        if reaction.effect:
            self._shown = [self.license] * reaction.late
            self.license = effect(reaction.fields)
        if reaction.error:
            raise reaction.error

    def sites(self) -> list[Site]:
        """All sites."""
        self.journal.append("sites")
        return self.site_list

    def brokers(self) -> list[Broker]:
        """All brokers."""
        self.journal.append("brokers")
        return self.broker_list

    def agents(self) -> list[dict[str, t.Any]]:
        """None."""
        return []

    def service_version(self) -> str | None:
        """A version."""
        return "21.0"


class Clock:
    """A clock that only a sleep moves.

    :ivar waits: the sleeps, in seconds.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.waits.append(seconds)
        self.now += seconds
