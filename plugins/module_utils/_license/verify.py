# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Judge the license that a farm shows after a write: settled, not there yet, or worse than before. Pure, no I/O."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.accounts import compare_account
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.keys import compare_key, mask_key
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import Wanted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.reader import TRIAL_TYPES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.unclear import denies, is_known, NOTHING

# A license of a lower rank after an activation is a loss. Prepaid and postpaid are two ways of paying, not better or
# worse.
_RANK: t.Final = {**dict.fromkeys(TRIAL_TYPES, 0), "PrePaid": 1, "PostPaid": 1, "Permanent": 2}


# In a form that is not known, these confirm nothing.
_STATES: t.Final = frozenset({"licenseStatus", "needsAttention"})
# Nor do these, unless the license said the same before: then it is not about what was written.
_TEXTS: t.Final = frozenset({"statusMessage", "alertMessage"})
_SAYS: t.Final = _TEXTS | {"gracePeriodState", "type"}


@dataclass(frozen=True)
class Verdict:
    """``missing``: what is not as wanted (yet). ``worse``: what the farm lost. Entries are sentences."""

    missing: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """True when the farm is as wanted and has lost nothing."""
        return not self.missing and not self.worse


def judge_activation(before: License, after: License, wanted: Wanted, *, released: bool = False) -> Verdict:
    """What is missing or worse after an activation.

    :param released: whether the farm was deactivated before it was activated. What a farm shows between the two is not
        documented, and could be a trial.
    """
    if not released and _became_trial(before, after, wanted):
        # Not an old license that is shown a little longer: that one was paid.
        return Verdict(worse=(f"a trial in place of a paid license: before {_named(before)}, after {_named(after)}",))
    missing: list[str] = []
    if after.status not in ("active", "expired") and not (after.status == "trial" and not wanted.license_key):
        missing.append(f"expected an active license, observed {after.status}")
    if compare_account(after.account_email, wanted.account_email, wanted.account_other_emails) == "mismatch":
        missing.append(f"expected the account {wanted.account_email}, observed {after.account_email}")
    if compare_key(after.key_shown, wanted.license_key) == "mismatch":
        missing.append(f"expected the key {mask_key(wanted.license_key)}, observed {after.key_shown}")
    missing += _denials(before, after)
    # While the farm still shows the old license, comparing its values would only compare it with itself.
    return Verdict(tuple(missing), () if missing else _losses(before, after))


def judge_deactivation(before: License, after: License, wanted: Wanted) -> Verdict:
    """What is missing after a deactivation. What a farm shows then is not documented: a trial, or that it has none."""
    return Verdict(() if after.is_free else (f"expected a farm without a paid license, observed {after.status}",))


def proves_activation(before: License, after: License, wanted: Wanted) -> bool:
    """Whether the license shows that an activation whose answer was lost took effect.

    The farm must be as wanted *and* show something that it did not show before; otherwise nothing is proven. A trial in
    place of a paid license is not as wanted: what made it one is not known.
    """
    if judge_activation(before, after, wanted).missing or _became_trial(before, after, wanted):
        return False
    return _values_of(after) != _values_of(before)


def _denials(before: License, after: License) -> t.Iterator[str]:
    """What the farm says in its own words against the activation, or in words that nobody knows."""
    # Attention that became needed is a loss, with a sentence of its own that quotes the texts.
    done = _TEXTS if after.needs_attention and not before.needs_attention else frozenset()
    for name, text in (("statusMessage", after.status_message), ("alertMessage", after.alert_message)):
        if name not in done and denies(text) and not is_known(text, after.known_texts):
            done |= {name}
            yield f"expected an active license, observed '{text}'"
    for name, said in after.unclear.items():
        is_new = said != before.unclear.get(name)
        if name in _STATES or (is_new and name in _SAYS - done and said != NOTHING):
            yield f"expected {name} in a form that is known, observed '{said}'"


def _values_of(license_: License) -> dict[str, t.Any]:
    """The summary with the date as the farm wrote it: that a date became certain proves nothing."""
    return {**license_.summary(), "expires": license_.expires.raw if license_.expires else None}


def _became_trial(before: License, after: License, wanted: Wanted) -> bool:
    """Whether a paid farm shows a trial that is not one of another account."""
    account = compare_account(after.account_email, wanted.account_email, wanted.account_other_emails)
    return before.paid and after.status == "trial" and account != "mismatch"


def _named(license_: License) -> str:
    return license_.type_name or license_.type_text or license_.status


def _losses(before: License, after: License) -> tuple[str, ...]:
    worse: list[str] = []
    if after.status == "expired":
        worse.append(f"the license is expired ({after.expires.shown if after.expires else 'unknown day'})")
    if after.needs_attention and not before.needs_attention:
        worse.append(
            f"the license needs attention now: {after.alert_message or after.status_message or 'no text given'}"
        )
    if before.paid:
        had, has = before.users_licensed, after.users_licensed
        if had is not None and has is not None and has < had:
            worse.append(f"fewer licensed users: before {had}, after {has}")
        until, now_until = before.expires, after.expires
        # By whatever order of day and month: an ambiguous date that is earlier either way is no less of a loss.
        if until and now_until and until.readings and now_until.readings:
            if max(now_until.readings) < min(until.readings):
                worse.append(f"an earlier end: before {until.shown}, after {now_until.shown}")
        old, new = _RANK.get(before.type_name or ""), _RANK.get(after.type_name or "")
        if old is not None and new is not None and new < old:
            worse.append(f"a lesser type: before {before.type_name}, after {after.type_name}")
    return tuple(worse)
