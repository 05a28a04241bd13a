# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Which finding is the cause of which others: one cause is one finding, or its remedies would contradict. Pure, no I/O.

A consequence is said with its cause only where its own remedy would be the same or wrong beside it. A finding with
another remedy stays, and nothing becomes less severe.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import (
    Finding,
    in_words,
    WORST_FIRST,
)

_ACCOUNT: t.Final = ("account_mismatch", "account_unknown")
# What ends is the license that is there: a renewal of one that is to be replaced would be paid for nothing.
_END: t.Final = ("expired", "expiry_soon", "support_expired")
# In the order of the questions of a plan: a cause that follows from an earlier one causes nothing by itself.
CONSEQUENCES: t.Final[dict[str, tuple[str, ...]]] = {
    # The first activation brings account, key and end, and so does one with a key in place of a trial.
    "not_activated": (*_ACCOUNT, "key_mismatch", *_END),
    "trial": (*_ACCOUNT, "key_mismatch", *_END),
    # The remedy of both is more users, or fewer.
    "over_use": ("grace_period",),
}


def one_for_each_cause(findings: t.Iterable[Finding]) -> list[Finding]:
    """The findings, each consequence within its cause: in its words, its severity and its ``consequences``.

    :param findings: about one farm, in an order that stays.
    """
    found = _of_one_rule(findings)
    for cause, rules in CONSEQUENCES.items():
        at = next((number for number, each in enumerate(found) if each.rule == cause), None)
        caused = [each for each in found if each.rule in rules]
        if at is None or not caused:
            continue
        found[at] = _with(found[at], caused)
        found = [each for each in found if each not in caused]
    return found


def _of_one_rule(findings: t.Iterable[Finding]) -> list[Finding]:
    """The findings, those of one rule and one remedy as one: both dates of a license that cannot be read, say."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for each in findings:
        found.setdefault((each.rule, each.remedy), []).append(each)
    return [_joined(same) if len(same) > 1 else same[0] for same in found.values()]


def _joined(same: t.Sequence[Finding]) -> Finding:
    return replace(
        same[0],
        severity=_worst(same),
        expected=[in_words(each.expected) for each in same],
        observed=[in_words(each.observed) for each in same],
    )


def _with(cause: Finding, caused: t.Sequence[Finding]) -> Finding:
    said = [f"{each.rule}: {in_words(each.observed)} instead of {in_words(each.expected)}" for each in caused]
    return replace(
        cause,
        severity=_worst([cause, *caused]),
        observed=[in_words(cause.observed), *said],
        consequences=tuple(each.rule for each in caused),
    )


def _worst(findings: t.Sequence[Finding]) -> t.Any:
    return min((each.severity for each in findings), key=WORST_FIRST.index)
