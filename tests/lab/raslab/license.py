# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The license of one farm: what is true, whatever an answer may show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from raslab.account import Key, MyAccount, Person
from raslab.reading import (
    flag,
    one_of,
    optional_day,
    optional_moment,
    optional_text,
    optional_whole,
    Reader,
    WorldError,
)
from raslab.secrecy import mask_key

TRIAL_DAYS = 30  # RAS-PowerShell samples: an activation without a key is a 30 day trial
TRIAL_USERS = 50
STATES = ("none", "trial", "active", "deactivated")
TYPES = ("permanent", "prepaid", "spla", "trial")


@dataclass(frozen=True)
class License:
    """Replaced as a whole at every change, so that nobody ever sees half of one."""

    state: str = "none"
    type: str | None = None
    person: Person | None = None
    key: str | None = None
    users: int | None = None
    expires: date | None = None
    support_until: date | None = None
    first_active: datetime | None = None
    users_peak: int = 0
    users_now: int = 0
    usage_today: int = 0
    period_usage: int = 0
    needs_attention: bool = False
    status_message: str | None = None
    alert_message: str | None = None
    grace_state: str | None = None
    grace_days_left: int | None = None
    ever_paid: bool = False

    @property
    def company(self) -> str | None:
        """The business account that holds the activation."""
        return self.person.company if self.person else None

    @property
    def is_paid(self) -> bool:
        return self.state == "active"

    def as_dict(self) -> dict[str, Any]:
        """The truth for the control API; the key masked."""
        return {
            "state": self.state,
            "type": self.type,
            "account": self.person.email if self.person else None,
            "company": self.company,
            "person_name": self.person.name if self.person else None,
            "key": mask_key(self.key),
            "users": self.users,
            "users_peak": self.users_peak,
            "users_now": self.users_now,
            "expires": self.expires.isoformat() if self.expires else None,
            "support_until": self.support_until.isoformat() if self.support_until else None,
            "first_active": self.first_active.isoformat() if self.first_active else None,
            "needs_attention": self.needs_attention,
            "status_message": self.status_message,
            "alert_message": self.alert_message,
            "grace_state": self.grace_state,
            "grace_days_left": self.grace_days_left,
            "ever_paid": self.ever_paid,
        }


def activated(before: License, person: Person, key: Key, now: datetime) -> License:
    """The license after an accepted activation with ``key``."""
    return replace(
        before,
        state="active",
        type=key.type,
        person=person,
        key=key.text,
        users=key.users,
        expires=key.expires,
        support_until=key.support_until,
        first_active=before.first_active or now,
        needs_attention=False,
        status_message=None,
        alert_message=None,
        grace_state=None,
        grace_days_left=None,
        ever_paid=True,
    )


def turned_into_trial(before: License, person: Person, now: datetime) -> License:
    """The license after an activation without a key. A paid license is lost: that damage must be visible in tests.

    A trial that is started again does not get longer.
    """
    expires = before.expires if before.state == "trial" else (now + timedelta(days=TRIAL_DAYS)).date()
    return replace(
        before,
        state="trial",
        type="trial",
        person=person,
        key=None,
        users=TRIAL_USERS,
        expires=expires,
        support_until=None,
        first_active=before.first_active or now,
    )


def deactivated(before: License) -> License:
    """The license after a deactivation; the farm still knows that it was licensed once."""
    return License(state="deactivated", first_active=before.first_active, ever_paid=before.ever_paid)


def read_license(data: Mapping[str, Any], account: MyAccount, now: datetime, place: str) -> License:
    """A license as a world writes it; a key brings type, users and dates along. Raises WorldError."""
    reader = Reader(data, place)
    state = reader.take("state", one_of(*STATES), "none")
    email = reader.take("account", optional_text, None)
    key_text = reader.take("key", optional_text, None)
    person = _person(account, email, place)
    if state == "active":
        if person is None:
            raise WorldError(f"{place}: an active license needs an account")
        start = _active(account, person, key_text, now, place)
    elif state == "trial":
        start = turned_into_trial(License(), person, now) if person else _trial_of_nobody(now)
    else:
        if person or key_text:
            raise WorldError(f"{place}: a license in state {state} has neither account nor key")
        start = License(state=state, ever_paid=state == "deactivated")
    if state == "trial" and key_text:
        raise WorldError(f"{place}: a trial has no key")
    changes = _overrides(reader)
    reader.done()
    return replace(start, **changes)


def _trial_of_nobody(now: datetime) -> License:
    return License(
        state="trial",
        type="trial",
        users=TRIAL_USERS,
        expires=(now + timedelta(days=TRIAL_DAYS)).date(),
        first_active=now,
    )


def _person(account: MyAccount, email: str | None, place: str) -> Person | None:
    if email is None:
        return None
    person = account.person(email)
    if person is None:
        raise WorldError(f"{place}: {email} belongs to no account")
    return person


def _active(account: MyAccount, person: Person, key_text: str | None, now: datetime, place: str) -> License:
    if key_text is None:  # e.g. a pay-as-you-go farm of a cloud marketplace
        return License(state="active", type="prepaid", person=person, users=50, first_active=now, ever_paid=True)
    key = account.key(key_text)
    if key is None:
        raise WorldError(f"{place}: the key {mask_key(key_text)} is in no account")
    if key.company != person.company:
        raise WorldError(f"{place}: the key {mask_key(key_text)} is not registered in {person.company}")
    return activated(License(), person, key, now)


def _overrides(reader: Reader) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, convert in (
        ("type", one_of(*TYPES)),
        ("expires", optional_day),
        ("support_until", optional_day),
        ("users", optional_whole),
        ("first_active", optional_moment),
        ("users_peak", optional_whole),
        ("users_now", optional_whole),
        ("usage_today", optional_whole),
        ("period_usage", optional_whole),
        ("needs_attention", flag),
        ("status_message", optional_text),
        ("alert_message", optional_text),
        ("grace_state", optional_text),
        ("grace_days_left", optional_whole),
        ("ever_paid", flag),
    ):
        if name in reader:
            changes[name] = reader.take(name, convert)
    return changes
