# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The one way to a farm: what every back end can do, whatever it speaks."""

from __future__ import annotations

import abc
import contextlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.supported import judge_version


class LogonPermit(t.Protocol):
    """Hears once how a logon ended."""

    def accepted(self) -> None:
        """The farm accepted the RAS administrator."""

    def rejected(self) -> None:
        """The farm rejected the RAS administrator's name or password."""

    def unclear(self) -> None:
        """The logon failed, and nothing explains it as the farm's own fault."""


class LogonGuard(t.Protocol):
    """Decides whether a RAS administrator may be tried against one more farm in this run."""

    def __call__(
        self, farm_url: str, username: str, probe: t.Callable[[], None]
    ) -> contextlib.AbstractContextManager[LogonPermit]:
        """Enter before a logon.

        :param probe: checks that the farm can be reached at all; called before others are made to wait.
        :raises RasError: ``not_tried`` when this name was rejected too often in this run.
        """


class _FreePass:
    """The permit where nobody counts logons."""

    def accepted(self) -> None:
        """Nothing to note."""

    def rejected(self) -> None:
        """Nothing to note."""

    def unclear(self) -> None:
        """Nothing to note."""


@contextlib.contextmanager
def unguarded(farm_url: str, username: str, probe: t.Callable[[], None]) -> t.Iterator[LogonPermit]:
    """A guard that lets everyone pass."""
    yield _FreePass()


class Backend(abc.ABC):
    """A session with one farm. Every method raises :class:`RasError`; nothing else escapes.

    Writes raise :class:`VendorRefused` for a refusal that was understood, and :class:`WriteOutcomeUnknown` when the
    request was or may have been sent and no answer says what became of it. No write is ever repeated by a back end,
    except one that the farm refused to look at for its rate limit.

    :ivar name: the value of the option ``backend`` that would choose it.
    :ivar findings: what is to be said about the way to the farm, besides the results.
    """

    name: str

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def note_version(self, version: str | None) -> None:
        """Say what this version means, once.

        :param version: as it was reported; None where it was not.
        :raises RasError: ``product_too_old``.
        """
        finding = judge_version(self.name, version)
        if finding and finding not in self.findings:
            self.findings.append(finding)

    def note_unknown_brokers(self, observed: str) -> None:
        """Say, once, that the farm shows no list of its Connection Brokers."""
        remedy = (
            "None, where the farm itself names its licensing server. Otherwise make sure that api_url leads to it: "
            "allow_unverified_server=true accepts that."
        )
        finding = Finding("brokers_unknown", "info", "the list of the Connection Brokers", observed, remedy)
        if finding not in self.findings:
            self.findings.append(finding)

    @abc.abstractmethod
    def open(self) -> Farm:
        """Log on; the farm as this session sees it."""

    @abc.abstractmethod
    def close(self) -> str | None:
        """Log off if logged on. Never raises: the text of a failure is returned, for it must not hide a result."""

    @abc.abstractmethod
    def read_license(self) -> t.Any:
        """The farm's License object as decoded data; :class:`NeverActivated` where the farm says that it has none."""

    @abc.abstractmethod
    def activate(self, email: str, password: str, key: str | None) -> None:
        """Activate the farm, once."""

    @abc.abstractmethod
    def deactivate(self, email: str, password: str) -> None:
        """Give the farm's license back, once."""

    @abc.abstractmethod
    def apply_settings(self) -> None:
        """Apply all staged settings of the farm, those of other administrators too."""

    @abc.abstractmethod
    def sites(self) -> list[Site] | None:
        """The sites of the farm; None where they are unknown."""

    @abc.abstractmethod
    def brokers(self) -> list[Broker] | None:
        """The Connection Brokers of all sites, by site and priority; None where no list of them can be read."""

    @abc.abstractmethod
    def agents(self, sites: t.Sequence[Site] | None = None) -> list[dict[str, t.Any]]:
        """The agents of all sites as the farm reports them, rows of logical objects too.

        :param sites: those of the farm, where they were read already.
        """

    @abc.abstractmethod
    def service_version(self) -> str | None:
        """The version of the service that answers; no proof of the version of the farm."""

    def __enter__(self) -> Backend:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
