# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What a drift check looks for: the rules, their severities, and the states of a farm. Pure, no I/O.

The same table is in the documentation of drift_report; a test holds the two together.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Severity

Scope = t.Literal["farm", "organization", "report"]
Check = t.Literal["ok", "finding", "not_checked"]
State = t.Literal[
    "ok",
    "warning",
    "error",
    "unreachable",
    "credentials_rejected",
    "bad_answer",
    "not_tried",
    "failed",
    "unmanaged",
]
STATES: t.Final[tuple[str, ...]] = t.get_args(State)


@dataclass(frozen=True)
class Rule:
    """One thing that is looked for.

    :ivar severity: unless the policy gives another one.
    :ivar scope: whether it is about one farm, the farms of one organization together, or the report itself.
    """

    severity: Severity
    title: str
    scope: Scope = "farm"


# That a farm could not be read is a rule too: a farm of which nothing is known must never look like one that is right.
UNREAD: t.Final[dict[str, Rule]] = {
    "unreachable": Rule("error", "the farm answers"),
    "credentials_rejected": Rule("error", "the RAS administrator may read the farm"),
    "bad_answer": Rule("error", "the farm's answer can be read"),
    "not_tried": Rule("error", "the farm was asked"),
    "failed": Rule("error", "the farm could be asked"),
}
# Nor must one with which nothing was compared, because what to compare it with is missing.
INPUTS: t.Final[dict[str, Rule]] = {
    "account_not_given": Rule("error", "an account is wanted"),
    "key_not_given": Rule("error", "a key is wanted where other farms of the organization have one"),
    "version_not_given": Rule("error", "a version is wanted where other farms of the organization have one"),
}
RULES: t.Final[dict[str, Rule]] = {
    **UNREAD,
    **INPUTS,
    "not_activated": Rule("error", "the farm is activated"),
    "trial": Rule("error", "the license is not a trial"),
    "account_mismatch": Rule("error", "the farm is activated with the wanted account"),
    "account_unknown": Rule("error", "the account of the farm is known"),
    "not_compared": Rule("warning", "all that is wanted was compared"),
    "field_unknown": Rule("warning", "what the license says is known"),
    "account_company": Rule("warning", "the company of the account is the wanted one"),
    "key_mismatch": Rule("error", "the farm is activated with the wanted key"),
    "wrong_server": Rule("error", "the inventory host is the licensing server"),
    "wrong_farm": Rule("error", "the farm is the one that the inventory names"),
    "duplicate_farm": Rule("error", "the farm has one inventory host"),
    "expired": Rule("error", "the license has not ended"),
    "expiry_soon": Rule("warning", "the license does not end soon"),
    "support_expired": Rule("warning", "support has not ended"),
    "grace_period": Rule("warning", "no grace period runs"),
    "needs_attention": Rule("warning", "licensing needs no attention"),
    "over_use": Rule("warning", "no more users than licensed"),
    "date_ambiguous": Rule("info", "dates can mean one day only"),
    "date_unreadable": Rule("warning", "dates can be read, and can be true"),
    "settings_waiting": Rule("warning", "no settings wait to be applied"),
    "version_behind": Rule("warning", "the version is not older than wanted"),
    "version_ahead": Rule("warning", "the version is not newer than wanted"),
    "agents_behind": Rule("warning", "the agents have the version of the farm"),
    "agents_unhealthy": Rule("warning", "the agents are well"),
    "product_out_of_support": Rule("warning", "the vendor supports the version"),
    "version_untried": Rule("info", "the version is supported in full over REST"),
    "unmanaged": Rule("info", "the farm is managed"),
    "account_not_single": Rule("error", "the organization has one account", "organization"),
    "version_mixed": Rule("warning", "the farms of the organization have one version", "organization"),
    "waiver_expired": Rule("warning", "no waiver has run out", "report"),
    "waiver_unused": Rule("info", "every waiver is needed", "report"),
}
FARM_RULES: t.Final = tuple(name for name, rule in RULES.items() if rule.scope == "farm")
# Those that only a look at all farms together can judge.
FLEET_RULES: t.Final = frozenset(name for name, rule in RULES.items() if rule.scope != "farm") | {
    *("duplicate_farm", "key_not_given", "version_not_given")
}
# A policy does not change these, and no waiver covers them: to look without a wanted account is asked for by name.
FIXED: t.Final = frozenset({"account_not_given"})

# Which state a farm has that could not be read, by the code of its failure.
_STATE_OF_CODE: t.Final[dict[str, State]] = {
    "api_unreachable": "unreachable",
    "tls_untrusted": "unreachable",
    "rest_disabled": "unreachable",
    "rate_limited": "unreachable",
    "api_credentials_rejected": "credentials_rejected",
    "api_forbidden": "credentials_rejected",
    "bad_answer": "bad_answer",
    "session_expired": "bad_answer",
    "not_tried": "not_tried",
}


def state_of_failure(code: str) -> State:
    """The state, which is also the rule, of a farm whose scan ended with this failure."""
    return _STATE_OF_CODE.get(code, "failed")
