# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Which words of a result are ours: they are never scrubbed. Pure, no I/O.

A secret may happen to be one of them ("observed", "not_activated"). Were such a word taken out, a failure could look
like a success, and a report would not be one any more. A test holds the words to the schema of the report and to the
types they come from.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES

# Below these names is what a farm wrote, with names of its own.
FOREIGN: t.Final = frozenset({"raw", "sessions", "servers", "not_ok", "versions", "left", "kept"})

_NAME: t.Final = re.compile(r"_?[a-z][a-z0-9_]*")
# A date that was worked out is data, as a number is, and is compared by later runs.
_MOMENT: t.Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")
_MOMENTS: t.Final = frozenset({"date", "scanned_at", "expires", "support_expires", "support_ends", "until"})
_CHECKS: t.Final = frozenset({"ok", "finding", "not_checked"})
_RULES: t.Final = (
    "unreachable credentials_rejected bad_answer not_tried failed account_not_given key_not_given "
    "version_not_given not_activated trial account_mismatch account_unknown not_compared field_unknown "
    "account_company key_mismatch wrong_server wrong_farm duplicate_farm expired expiry_soon support_expired "
    "grace_period needs_attention over_use date_ambiguous date_unreadable settings_waiting version_behind "
    "version_ahead agents_behind agents_unhealthy product_out_of_support version_untried unmanaged account_not_single "
    "version_mixed waiver_expired waiver_unused"
).split()
_MATCHES: t.Final = frozenset({"match", "mismatch", "other", "unknown", "not_checked"})
_VERDICTS: t.Final = frozenset({"ok", "warning", "drift", "error"})
_SEVERITIES: t.Final = frozenset({"info", "warning", "error"})
# Fields that have no other values than these; a value that a farm could have written is none.
VALUES: t.Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(_RULES, _CHECKS),
    "account_evidence": frozenset({"reported", "key", "activated_now", "none"}),
    "account_match": _MATCHES,
    "action": frozenset({"activate", "deactivate", "apply_settings", "drain", "push", "undrain"}),
    "backend_used": frozenset({"rest", "winrm", "auto"}),
    "code": frozenset(REMEDIES),
    "format": frozenset({"fleetops.parallels_ras.drift", "fleetops.parallels_ras.scan"}),
    "health": frozenset({"ok", "busy", "restart_due", "drained", "attention", "unknown"}),
    "key_match": _MATCHES,
    "kind": frozenset(
        {
            *("broker", "gateway", "rds_host", "enrollment_server", "tenant_broker", "provider", "guest", "avd_host"),
            *("vdi_host", "halb", "logical", "unknown"),
        }
    ),
    "severity": _SEVERITIES,
    "state": frozenset(
        {
            *("ok", "warning", "error", "unreachable", "credentials_rejected", "bad_answer"),
            *("not_tried", "failed", "unmanaged"),
        }
    ),
    "status": frozenset({"not_activated", "trial", "active", "expired", "unreadable", "used", "unused"}),
    "type": frozenset({"Permanent", "PrePaid", "PostPaid", "ExtTrial", "LegacyTrial", "NormalTrial"}),
    "verdict": _VERDICTS,
    "verdict_before": _VERDICTS,
    "worst": _SEVERITIES,
}


def is_our_name(name: t.Any) -> bool:
    """Whether the name of a value, outside of what is foreign, is one of ours by its form."""
    return isinstance(name, str) and bool(_NAME.fullmatch(name))


def is_moment(value: t.Any) -> bool:
    """Whether a value is a day, or a second in UTC."""
    return isinstance(value, str) and bool(_MOMENT.fullmatch(value))


def is_ours(name: str, value: t.Any) -> bool:
    """Whether a value, outside of what is foreign, is a word of ours and not a text.

    :param name: of the value; of the outcome of a check, the rule.
    """
    if not isinstance(value, str):
        return False
    if name == "rule":
        return is_our_name(value)
    if name in _MOMENTS and is_moment(value):
        return True
    return value in VALUES.get(name, ())
