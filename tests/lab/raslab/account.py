# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parallels My Account: business accounts, people, license keys, sign-in with lock-out, and the vendor's verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from raslab.reading import one_of, optional_day, optional_whole, Reader, sequence, text, whole, WorldError
from raslab.secrecy import mask_key

ACCEPTED = "accepted"


@dataclass
class Person:
    """A person who may sign in for a business account."""

    email: str
    password: str = field(repr=False)
    name: str
    company: str
    failures: int = 0
    locked: bool = False


@dataclass(frozen=True)
class Key:
    """A license key that is registered in one business account; ``max_farms`` None means any number of farms."""

    text: str = field(repr=False)
    type: str
    users: int
    company: str
    expires: date | None = None
    support_until: date | None = None
    max_farms: int | None = 1


@dataclass
class Attempt:
    """One activation or deactivation that reached My Account."""

    seq: int
    farm: str
    action: str
    email: str
    key: str | None
    result: str

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


def _normal_email(email: str) -> str:
    return email.strip().casefold()


def _normal_key(key: str) -> str:
    return key.strip().upper()


class MyAccount:
    """Answers who may sign in and which key belongs to whom; which farm uses a key is the farms' own truth."""

    def __init__(self, lockout_after: int = 5) -> None:
        self.lockout_after = lockout_after
        self.attempts: list[Attempt] = []
        self._people: dict[str, Person] = {}
        self._keys: dict[str, Key] = {}

    @property
    def people(self) -> list[Person]:
        return list(self._people.values())

    @property
    def keys(self) -> list[Key]:
        return list(self._keys.values())

    def person(self, email: str) -> Person | None:
        return self._people.get(_normal_email(email))

    def key(self, key: str) -> Key | None:
        return self._keys.get(_normal_key(key))

    def add_person(self, person: Person) -> None:
        if self.person(person.email):
            raise WorldError(f"{person.email} belongs to two accounts")
        self._people[_normal_email(person.email)] = person

    def add_key(self, key: Key) -> None:
        if self.key(key.text):
            raise WorldError(f"the key {mask_key(key.text)} is in two accounts")
        self._keys[_normal_key(key.text)] = key

    def sign_in(self, email: str, password: str) -> tuple[str, Person | None]:
        """``accepted`` with the person, else ``locked`` or ``credentials_rejected``.

        A locked person stays locked with the right password too; an unknown e-mail is answered like a wrong password.
        """
        person = self.person(email)
        if person is None:
            return "credentials_rejected", None
        if person.locked:
            return "locked", None
        if person.password != password:
            person.failures += 1
            person.locked = person.failures >= self.lockout_after
            return "credentials_rejected", None
        person.failures = 0
        return ACCEPTED, person

    def check_key(self, person: Person, key_text: str, other_users: Iterable[str]) -> tuple[str, Key | None]:
        """Whether ``person`` may activate one more farm with the key; ``other_users`` are the farms that hold it."""
        key = self.key(key_text)
        if key is None:
            return "key_rejected", None
        if key.company != person.company:
            return "key_not_in_account", None
        if key.max_farms is not None and len(list(other_users)) >= key.max_farms:
            return "key_in_use", None
        return ACCEPTED, key

    def note(self, farm: str, action: str, email: str, key: str | None, result: str) -> None:
        """Writes the attempt down, without password and with the key masked."""
        self.attempts.append(Attempt(len(self.attempts) + 1, farm, action, email, mask_key(key), result))


def read_account(data: Any, place: str) -> MyAccount:
    """The world's ``my_account``. Raises WorldError."""
    reader = Reader(data, place)
    account = MyAccount(reader.take("lockout_after", whole, 5))
    for index, item in enumerate(reader.take("accounts", sequence, [])):
        spot = f"{place}.accounts[{index}]"
        entry = Reader(item, spot)
        company = entry.take("company", text)
        for number, person in enumerate(entry.take("people", sequence)):
            account.add_person(_read_person(person, company, f"{spot}.people[{number}]"))
        for number, key in enumerate(entry.take("keys", sequence, [])):
            account.add_key(_read_key(key, company, f"{spot}.keys[{number}]"))
        entry.done()
    reader.done()
    return account


def _read_person(data: Any, company: str, place: str) -> Person:
    reader = Reader(data, place)
    email = reader.take("email", text)
    person = Person(email, reader.take("password", text), reader.take("name", text, email.partition("@")[0]), company)
    reader.done()
    return person


def _read_key(data: Any, company: str, place: str) -> Key:
    reader = Reader(data, place)
    kind = reader.take("type", one_of("prepaid", "spla", "permanent"), "prepaid")
    key = Key(
        text=reader.take("key", text),
        type=kind,
        users=reader.take("users", whole, 50),
        company=company,
        expires=reader.take("expires", optional_day, None),
        support_until=reader.take("support_until", optional_day, None),
        max_farms=reader.take("max_farms", optional_whole, None if kind == "spla" else 1),
    )
    reader.done()
    return key
