# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The license of one farm, and the steps that change it: plain, immutable data without any I/O."""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import DateReading

Status = t.Literal["not_activated", "trial", "active", "expired", "unreadable"]


@dataclass(frozen=True)
class License:
    """The license of one farm, normalized. Every field may be missing in the farm's answer.

    ``type_name`` is a name of the vendor's enumeration (Permanent, PrePaid, PostPaid, ExtTrial, LegacyTrial,
    NormalTrial) or None. ``ended`` is true where the end is past in every reading, whatever the status.
    ``unclear`` has the fields that can warn and say what is not known, see :mod:`unclear`,
    and ``known_texts`` what the user has found harmless in them.
    """

    status: Status
    type_name: str | None = None
    type_text: str | None = None
    key_shown: str | None = None
    account_email: str | None = None
    account_name: str | None = None
    account_company: str | None = None
    expires: DateReading | None = None
    support_expires: DateReading | None = None
    first_activated: DateReading | None = None
    users_licensed: int | None = None
    users_peak: int | None = None
    users_connected: int | None = None
    grace_state: str | None = None
    grace_days_left: int | None = None
    needs_attention: bool | None = None
    status_message: str | None = None
    alert_message: str | None = None
    ended: bool = False
    unclear: t.Mapping[str, str] = field(default_factory=dict)
    known_texts: frozenset[str] = frozenset()
    unknown_fields: t.Mapping[str, t.Any] = field(default_factory=dict)

    @property
    def paid(self) -> bool:
        """True for a license that was bought, whether expired or not."""
        return self.status in ("active", "expired")

    @property
    def is_free(self) -> bool:
        """True where the farm shows that it holds no license that was bought; an unreadable one shows nothing."""
        return self.status in ("not_activated", "trial")

    def as_dict(self, today: dt.date) -> dict[str, t.Any]:
        """The ``license`` value of module results. The key is only what the farm itself shows of it."""

        def date(reading: DateReading | None) -> dict[str, t.Any] | None:
            return reading.as_dict(today) if reading else None

        return {
            "status": self.status,
            "type": self.type_name,
            "type_text": self.type_text,
            "key": self.key_shown,
            "account": {"email": self.account_email, "name": self.account_name, "company": self.account_company},
            "expires": date(self.expires),
            "support_expires": date(self.support_expires),
            "first_activated": date(self.first_activated),
            "users": {"licensed": self.users_licensed, "peak": self.users_peak, "connected": self.users_connected},
            "grace": {"state": self.grace_state, "days_left": self.grace_days_left},
            "needs_attention": self.needs_attention,
            "status_message": self.status_message,
            "alert_message": self.alert_message,
        }

    def summary(self) -> dict[str, t.Any]:
        """The few values that a diff shows."""
        return {
            "status": self.status,
            "account": self.account_email,
            "key": self.key_shown,
            "type": self.type_name,
            "expires": self.expires.shown if self.expires else None,
        }


@dataclass(frozen=True)
class Step:
    """One change that a plan asks for: ``activate``, ``deactivate`` or ``apply_settings``."""

    action: t.Literal["activate", "deactivate", "apply_settings"]
    reason: str

    def as_dict(self) -> dict[str, str]:
        """The form in which module results carry it."""
        return {"action": self.action, "reason": self.reason}
