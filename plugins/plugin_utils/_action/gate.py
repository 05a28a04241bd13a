# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""One wrong password, never N: what the parallel workers of one run tell each other.

Ansible runs a task for many hosts in forked workers. A wrong account password that each of them sent would lock the
business account; a wrong RAS administrator password, the administrator. So the first use of a secret goes alone, and
the others wait for how it ended. The workers share a folder that belongs to this run of Ansible and disappears with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import time
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError

# A farm that hangs while others wait ends within its own time-outs; this bound is only for the unforeseen.
_WAIT_SECONDS: t.Final = 1800.0
_POLL_SECONDS: t.Final = 0.02
_REJECTIONS: t.Final = 2


class _Ledger:
    """A small JSON file that one worker at a time holds.

    :ivar state: its content while it is held, to be changed in place.
    """

    def __init__(self, folder: str, *identity: str) -> None:
        # The name must not give the secret away: the folder's own random name salts it, and only its owner
        # can read the folder.
        digest = hashlib.sha256("\0".join((folder, *identity)).encode("utf-8", "surrogatepass")).hexdigest()
        self._path = os.path.join(folder, f"ras-gate-{digest[:32]}.json")
        self._file: t.IO[str] | None = None
        self._written = ""
        self.state: dict[str, t.Any] = {}

    def __enter__(self) -> _Ledger:
        self._file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
        _lock(self._file)
        self._written = self._file.read()
        self.state = json.loads(self._written) if self._written else {}
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._file is not None:
            self.save(self.state)
            self._file.close()
            self._file = None

    def save(self, state: dict[str, t.Any]) -> None:
        """Write this content now, so that it outlives a killed worker."""
        text = json.dumps(state)
        # Most of a fleet finds what is known already, and changes nothing.
        if self._file is not None and text != self._written:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(text)
            self._file.flush()
            self._written = text


def _lock(file: t.IO[str]) -> None:
    ends_at = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > ends_at:
                file.close()
                raise RasError(
                    "not_tried", f"Another farm of this run held the turn for more than {_WAIT_SECONDS:g} s."
                ) from None
            time.sleep(_POLL_SECONDS)


class AccountPermit:
    """Told how an attempt at the vendor ended. Silence means the worst: nobody else tries."""

    def __init__(self) -> None:
        self.verdict: t.Literal["accepted", "harmless", "stop"] = "stop"
        self.why = "it is not known how an attempt with this account ended"

    def accepted(self) -> None:
        """The vendor accepted the account."""
        self.verdict = "accepted"

    def harmless(self) -> None:
        """The attempt failed for a reason that is the farm's own, or never reached the vendor."""
        self.verdict = "harmless"

    def stop(self, why: str) -> None:
        """The account may be to blame."""
        self.verdict, self.why = "stop", why


class AccountGate:
    """Guards the vendor's account within one run.

    Until an attempt is accepted, attempts go one at a time; a refusal that is not clearly the farm's own fault ends
    them all.

    :param folder: a folder of this run, readable by its owner only.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def _ledger(self, email: str) -> _Ledger:
        return _Ledger(self._folder, "account", email.strip().casefold())

    def is_accepted(self, email: str) -> bool:
        """Whether the vendor accepted this account for a farm of this run and nothing has spoken against it since."""
        with self._ledger(email) as ledger:
            return bool(ledger.state.get("accepted")) and "stopped" not in ledger.state

    @contextlib.contextmanager
    def attempt(self, email: str, farm: str) -> t.Iterator[AccountPermit]:
        """Enter for one attempt; alone, unless the account is accepted already.

        :raises RasError: ``not_tried``.
        """
        permit = AccountPermit()
        with self._ledger(email) as ledger:
            _refuse_stopped(ledger.state, email)
            accepted = bool(ledger.state.get("accepted"))
            if not accepted:
                ledger.save({**ledger.state, "stopped": {"farm": farm, "why": permit.why}})
                try:
                    yield permit
                finally:
                    _note(ledger.state, permit, farm)
        if accepted:
            try:
                yield permit
            finally:
                with self._ledger(email) as ledger:
                    _note(ledger.state, permit, farm)


def _refuse_stopped(state: dict[str, t.Any], email: str) -> None:
    stopped = state.get("stopped")
    if stopped:
        raise RasError(
            "not_tried",
            f"Not tried: the account {email} is not used any more in this run, since at {stopped['farm']} "
            f"{stopped['why']}.",
            observed=stopped,
        )


def _note(state: dict[str, t.Any], permit: AccountPermit, farm: str) -> None:
    if permit.verdict == "accepted":
        state["accepted"] = True
    elif permit.verdict == "stop":
        state["stopped"] = {"farm": farm, "why": permit.why}


class _LogonPermit:
    """See LogonPermit of the back ends."""

    def __init__(self) -> None:
        self.verdict: bool | None = None

    def accepted(self) -> None:
        """The farm accepted the administrator."""
        self.verdict = True

    def rejected(self) -> None:
        """The farm rejected the administrator."""
        self.verdict = False


class LogonGate:
    """Guards the RAS administrators within one run: for each name and password one logon goes first, and after two
    farms rejected it no other is tried.

    :param folder: a folder of this run, readable by its owner only.
    :param password: tells administrators of one name apart.
    """

    def __init__(self, folder: str, password: str) -> None:
        self._folder = folder
        self._password = password

    @contextlib.contextmanager
    def __call__(self, farm_url: str, username: str, probe: t.Callable[[], None]) -> t.Iterator[_LogonPermit]:
        """See :class:`LogonGuard`."""
        permit = _LogonPermit()
        with self._ledger(username) as ledger:
            _refuse_rejected(ledger.state, farm_url, username)
            accepted = bool(ledger.state.get("accepted"))
        if accepted:
            try:
                yield permit
            finally:
                if permit.verdict is not True:  # that is known already
                    with self._ledger(username) as ledger:
                        _count(ledger.state, permit, farm_url)
            return
        # A farm that is down must not make all the others wait for its time-out.
        probe()
        with self._ledger(username) as ledger:
            _refuse_rejected(ledger.state, farm_url, username)
            try:
                yield permit
            finally:
                _count(ledger.state, permit, farm_url)

    def _ledger(self, username: str) -> _Ledger:
        return _Ledger(self._folder, "logon", username, self._password)


def _refuse_rejected(state: dict[str, t.Any], farm_url: str, username: str) -> None:
    rejected = state.get("rejected", [])
    if farm_url in rejected or len(rejected) >= _REJECTIONS:
        raise RasError(
            "not_tried",
            f"Not tried: the RAS administrator {username} was rejected in this run by {' and '.join(rejected)}.",
            observed={"rejected_by": rejected},
        )


def _count(state: dict[str, t.Any], permit: _LogonPermit, farm_url: str) -> None:
    if permit.verdict is True:
        state["accepted"] = True
    elif permit.verdict is False and farm_url not in state.setdefault("rejected", []):
        state["rejected"].append(farm_url)
