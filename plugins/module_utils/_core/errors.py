# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Failures are data: a code, what was observed, and what to do next.

Every refusal of the collection is a :class:`RasError`. The codes are the public contract (``failure.code`` in
module results); the remedies are in one table, so that docs, modules and tests say the same thing.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES


class RasError(Exception):
    """A failure with a code of :data:`REMEDIES`, ready to be shown.

    :param code: a key of :data:`REMEDIES`.
    :param message: one sentence: what, where, expected, observed.
    :param remedy: what to do next; the code's own remedy when not given.
    :param observed: small plain data that proves the message (no secrets, no whole bodies).
    """

    def __init__(self, code: str, message: str, *, remedy: str | None = None, observed: t.Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy if remedy is not None else REMEDIES[code]
        self.observed = observed

    def as_dict(self) -> dict[str, t.Any]:
        """The ``failure`` value of a module result."""
        return {"code": self.code, "message": self.message, "remedy": self.remedy, "observed": self.observed}


class NotSent(RasError):
    """A failure from before the request left, which proves that nobody has seen the secrets in it."""


class WriteOutcomeUnknown(RasError):
    """A write was sent and its answer was lost: it may or may not have taken effect (code ``outcome_unknown``)."""

    def __init__(self, message: str, *, remedy: str | None = None, observed: t.Any = None) -> None:
        super().__init__("outcome_unknown", message, remedy=remedy, observed=observed)


class VendorRefused(RasError):
    """The farm passed a write on and answered with a refusal that it had understood.

    :param farm_fault: True when the whole text is explained as a fault of this farm or its key
        (:mod:`refusals`), so that one other farm may try.
    """

    def __init__(self, code: str, message: str, *, farm_fault: bool, observed: t.Any = None) -> None:
        super().__init__(code, message, observed=observed)
        self.farm_fault = farm_fault
