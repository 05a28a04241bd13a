# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""One wrong password, never N: what the parallel workers of one run share.

Ansible runs a task for many hosts in forked workers. A wrong account password that each of them sent would lock the
business account; a wrong RAS administrator password would lock the administrator. So the first use of a secret goes
alone, and the others wait until it has ended. The workers share a folder that belongs to this run of Ansible and
disappears with it.
"""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.accounts import normalize_email
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.ledger import Ledger

_REJECTIONS: t.Final = 2


class AccountPermit:
    """Records how an attempt at the vendor ended. Without a record the worst is assumed: nobody else tries."""

    def __init__(self) -> None:
        self.verdict: t.Literal["accepted", "answered", "harmless", "not_sent", "stop"] = "stop"
        self.why = "it is not known how an attempt with this account ended"

    def accepted(self) -> None:
        """The license shows what the vendor did with the account."""
        self.verdict = "accepted"

    def answered(self) -> None:
        """The farm said yes, and nothing else shows it."""
        self.verdict, self.why = "answered", "an attempt was answered with success that the license does not show"

    def harmless(self) -> None:
        """The refusal is explained, to its last word, as the farm's own fault."""
        self.verdict, self.why = "harmless", "it was refused a second time"

    def not_sent(self) -> None:
        """The account has not left the controller."""
        self.verdict = "not_sent"

    def stop(self, why: str) -> None:
        """The account may be to blame."""
        self.verdict, self.why = "stop", why


class AccountGate:
    """Guards the vendor's account within one run.

    Until an attempt is accepted, attempts go one at a time, and at most two are refused: the second one only follows
    where the first was explained as the farm's own fault. Whatever is not explained ends them all at any time.

    :param folder: a folder of this run, readable by its owner only.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def _ledger(self, email: str) -> Ledger:
        return Ledger(self._folder, "account", normalize_email(email))

    def is_accepted(self, email: str) -> bool:
        """Whether the vendor accepted this account for a farm of this run, and nothing has stopped its use since."""
        with self._ledger(email) as ledger:
            return bool(ledger.state.get("accepted")) and "stopped" not in ledger.state

    @contextlib.contextmanager
    def attempt(self, email: str, farm: str) -> t.Iterator[AccountPermit]:
        """Enter for one attempt; alone, unless the account is accepted already.

        :raises NotSent: ``not_tried``.
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
        raise NotSent(
            "not_tried",
            f"Not tried: the account {email} is no longer used in this run, because at {stopped['farm']} "
            f"{stopped['why']}.",
            observed=stopped,
        )


def _note(state: dict[str, t.Any], permit: AccountPermit, farm: str) -> None:
    if permit.verdict == "accepted":
        state["accepted"] = True
    elif permit.verdict == "not_sent":
        return
    elif permit.verdict in ("answered", "harmless") and state.get("accepted"):
        return  # the password is known to be right
    elif permit.verdict == "harmless" and "refused_at" not in state:
        state["refused_at"] = farm
    else:
        state["stopped"] = {"farm": farm, "why": permit.why}


def account_name(user: str) -> str:
    """What is one account however it is written: ``DOMAIN\\user``, ``user@domain``, in any case.

    Two accounts of one name and one password in two domains count as one, which is the careful side.
    """
    return user.strip().rpartition("\\")[2].partition("@")[0].casefold()


class _LogonPermit:
    """See LogonPermit of the back ends."""

    def __init__(self) -> None:
        self.verdict: t.Literal["accepted", "rejected", "unclear"] | None = None

    def accepted(self) -> None:
        """The farm accepted the administrator."""
        self.verdict = "accepted"

    def rejected(self) -> None:
        """The farm rejected the administrator."""
        self.verdict = "rejected"

    def unclear(self) -> None:
        """The logon failed, and nothing explains it: a rejection, as long as no farm has accepted the administrator."""
        self.verdict = "unclear"


class LogonGate:
    """Guards the RAS administrators within one run: for each name and password one logon goes first, and after two
    places rejected it no other is tried.

    A RAS administrator and the Windows user of a connection may be one account of a domain: rejections of one name and
    one password count together. An acceptance clears only who was accepted, as it was written.

    :param folder: a folder of this run, readable by its owner only.
    :param password: distinguishes administrators of one name.
    """

    _WHOM: t.ClassVar[str] = "RAS administrator"

    def __init__(self, folder: str, password: str) -> None:
        self._folder = folder
        self._password = password

    @contextlib.contextmanager
    def __call__(self, farm_url: str, username: str, probe: t.Callable[[], None]) -> t.Iterator[_LogonPermit]:
        """See :class:`LogonGuard`."""
        permit = _LogonPermit()
        with self._ledger(username) as ledger:
            self._refuse_rejected(ledger.state, farm_url, username)
            accepted = self._who(username) in ledger.state.get("accepted", [])
        if accepted:
            try:
                yield permit
            finally:
                if permit.verdict != "accepted":  # acceptance is known already
                    with self._ledger(username) as ledger:
                        self._count(ledger.state, permit, farm_url, username)
            return
        # A farm that is down must not make all the others wait for its time-out.
        probe()
        with self._ledger(username) as ledger:
            self._refuse_rejected(ledger.state, farm_url, username)
            try:
                yield permit
            finally:
                self._count(ledger.state, permit, farm_url, username)

    def _ledger(self, username: str) -> Ledger:
        return Ledger(self._folder, "logon", account_name(username), self._password)

    def _who(self, username: str) -> str:
        return f"{self._WHOM} {username.strip().casefold()}"

    def _count(self, state: dict[str, t.Any], permit: _LogonPermit, place: str, username: str) -> None:
        who, accepted = self._who(username), state.get("accepted", [])
        counts = permit.verdict == "rejected" or (permit.verdict == "unclear" and who not in accepted)
        if permit.verdict == "accepted" and who not in accepted:
            state["accepted"] = [*accepted, who]
        elif counts and place not in state.get("rejected", []):
            state["rejected"] = [*state.get("rejected", []), place]
            state["rejected_as"] = sorted({*state.get("rejected_as", []), self._WHOM})

    def _refuse_rejected(self, state: dict[str, t.Any], farm_url: str, username: str) -> None:
        rejected = state.get("rejected", [])
        if farm_url in rejected or len(rejected) >= _REJECTIONS:
            others = [whom for whom in state.get("rejected_as", []) if whom != self._WHOM]
            also = f", or a {others[0]} of this name and password," if others else ""
            raise NotSent(
                "not_tried",
                f"Not tried: the {self._WHOM} {username}{also} was not accepted in this run by "
                f"{' and '.join(rejected)}.",
                observed={"rejected_by": rejected},
            )


class WindowsGate(LogonGate):
    """Guards the Windows users of connections in the same way. A host that has accepted its user is not held up any
    more, whatever other hosts do: nobody leaves a host in the middle of its upgrade.

    :param password: empty where the connection has a ticket, a certificate or a key in its place.
    """

    _WHOM = "Windows user"

    @contextlib.contextmanager
    def __call__(self, farm_url: str, username: str, probe: t.Callable[[], None]) -> t.Iterator[_LogonPermit]:
        """As of the RAS administrators; the place is a host."""
        here = Ledger(self._folder, "host", account_name(username), self._password, farm_url)
        if here.exists:
            yield _LogonPermit()
            return
        with super().__call__(farm_url, username, probe) as permit:
            yield permit
            if permit.verdict == "accepted":
                with here as ledger:
                    ledger.state["accepted"] = True
