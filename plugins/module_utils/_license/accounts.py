# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Compare the account that a farm reports with the wanted business account.

Several people can sign in to a business account, each with an e-mail address: another one of these is the same account.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.spelling import comparable

AccountVerdict = t.Literal["match", "other", "mismatch", "unknown"]


def normalize_email(email: str | None) -> str:
    """The form of an e-mail address by which farms are grouped; empty when there is none."""
    text = (email or "").strip()
    return comparable(text) or text


def compare_account(observed: str | None, wanted: str | None, others: t.Iterable[str] = ()) -> AccountVerdict:
    """How the reported e-mail address relates to the wanted account.

    :returns: ``match`` (the wanted address), ``other`` (another address of the same account), ``mismatch``, or
        ``unknown`` when either side is missing, or the reported one holds what cannot be seen.
    """
    seen, want = comparable(observed or ""), normalize_email(wanted)
    if not seen or not want:
        return "unknown"
    if seen == want:
        return "match"
    return "other" if seen in {normalize_email(each) for each in others} else "mismatch"


def same_company(observed: str | None, wanted: str | None) -> bool | None:
    """Whether two company names agree (blanks and case apart); None when either side is missing."""
    seen, want = (" ".join((name or "").split()).casefold() for name in (observed, wanted))
    return None if not seen or not want else seen == want
