# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Preflight as data: what was checked of a farm before anything is written, and the line that says it. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.foreign_failures import foreign_failure
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import FIND_ACCOUNT
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_words import as_variables, in_role_words
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.rollout import tolerated, upgrade_due

NO_ACCOUNT: t.Final = (
    "Define ras_account_email and ras_account_password once for the organization, in an ansible-vault file. Creating "
    f"a business account is a step in the portal that no API offers. {FIND_ACCOUNT}"
)

_CHECK_OF_CODE: t.Final[dict[str, str]] = {
    **dict.fromkeys(
        (
            "api_unreachable",
            "tls_untrusted",
            "rest_disabled",
            "api_credentials_rejected",
            "api_forbidden",
            "rate_limited",
            "session_expired",
        ),
        "api",
    ),
    **dict.fromkeys(("bad_answer", "not_tried"), "api"),
    "wrong_server": "licensing_server",
    **dict.fromkeys(("wrong_farm", "duplicate_farm"), "identity"),
    "account_not_single": "single_account",
    **dict.fromkeys(("key_not_shared", "key_required", "key_mismatch"), "keys"),
}


def preflight(
    plan: t.Mapping[str, t.Any],
    farm: str,
    email: str | None,
    problems: t.Sequence[t.Mapping[str, t.Any]] = (),
    upgrade: t.Mapping[str, t.Any] | None = None,
    agents: t.Mapping[str, t.Any] | None = None,
    members: t.Mapping[str, t.Any] | None = None,
    has_password: bool = False,
) -> dict[str, t.Any]:
    """Sum up what is known of one farm.

    :param plan: the result of the license module in check mode; of a farm that is not managed, a skipped one; of one
        that could not be planned, the result of the task that failed; of one whose variables do not count, why, as
        ``refused``.
    :param problems: failures of the fleet that concern this host.
    :param upgrade: the plan of the licensing server's upgrade, and ``agents`` that of the agents, where one is wanted.
    :param members: the plan of the agents of the members that install by themselves, where there are any.
    :param has_password: whether the password of the business account is given.
    :returns: ``state`` (due, ok, refused, unmanaged), ``checks``, ``failure`` (or None) and ``line``.
    """
    if plan.get("skipped"):
        return {
            "farm": farm,
            "state": "unmanaged",
            "checks": {},
            "failure": None,
            "line": f"{farm}: unmanaged, left alone",
        }
    refused = plan.get("refused")
    found = refused or plan.get("failure") or _foreign_failure(plan)
    due = upgrade_due(upgrade or {}, agents or {}, members)
    hidden = tolerated(found, upgrade or {})
    found = (
        (None if hidden else found) or due.failure or _missing_password(plan, hidden, bool(due.reasons), has_password)
    )
    failure = in_role_words(found) if found else None
    checks = _checks(plan, farm, email, failure)
    if not email and not refused:
        failure = {
            "code": "invalid_option",
            "message": "The business account is not defined.",
            "remedy": NO_ACCOUNT,
            "observed": None,
        }
        checks["account"] = _check("failed", None, "ras_account_email of the business account", NO_ACCOUNT)
    # The worst comes first, and the last one that is noted counts.
    for problem in reversed(problems):
        said = in_role_words(problem)
        name = _CHECK_OF_CODE.get(said["code"], "plan")
        checks[name] = _check("failed", said["message"], "see observed", said["remedy"])
        failure = failure if failure and (refused or not email) else said
    steps = [
        as_variables(step["reason"]) if step["action"] != "apply_settings" else "staged settings are applied"
        for step in plan.get("steps") or []
    ]
    actions = [step["action"] for step in plan.get("steps") or []]
    if failure:
        state, text = "refused", f"refused, {failure['code']}: {failure['message']} {failure['remedy']}"
    elif actions or due.reasons:
        reasons = [*due.reasons, *([f"{_due(plan, actions[0])}: {'; '.join(steps)}"] if actions else [])]
        first = f"{_due(plan, actions[0])} is due: {'; '.join(steps)}" if actions else ""
        state, text = "due", f"due: {'; then '.join(reasons)}" if due.reasons else first
    else:
        state, text = "ok", f"nothing to do ({_license_state(plan)})"
    checks["plan"] = _check(
        "failed" if failure else "ok",
        text,
        "the farm is as wanted, or can be brought there",
        failure["remedy"] if failure else "",
    )
    seen = (upgrade or {}).get("checks") or {}
    checks.update({name: {**each, "remedy": as_variables(str(each["remedy"]))} for name, each in seen.items()})
    warnings = [name for name, each in checks.items() if each["state"] == "warning"]
    if warnings and state == "due":
        text += f" (worth a look: {'; '.join(_warning(name, checks[name]) for name in warnings)})"
    return {"farm": farm, "state": state, "checks": checks, "failure": failure, "line": f"{farm}: {text}"}


def _missing_password(
    plan: t.Mapping[str, t.Any], is_hidden: bool, is_upgraded: bool, has_password: bool
) -> dict[str, t.Any] | None:
    """Why nothing is begun without a password: half a farm would be changed when it is asked for.

    :param is_hidden: whether the license can only be seen after the upgrade.
    :param is_upgraded: whether something is upgraded before the license is looked at again.
    """
    missing = [f["expected"] for f in plan.get("findings") or [] if f["rule"] == "password_missing"]
    why = "it is needed for the change that is due"
    if not missing and not has_password and is_upgraded and (is_hidden or plan.get("account_match") != "match"):
        missing = ["account_password"]
        why = "which account the farm is activated with is only seen after the upgrade, and a change may be due then"
    if not missing:
        return None
    names = ", ".join(f"ras_{name}" for name in missing)
    return {
        "code": "invalid_option",
        "message": f"{names} {'is' if len(missing) == 1 else 'are'} missing: {why}.",
        "remedy": f"Define {names} in an ansible-vault file, and run again. Nothing was changed.",
        "observed": None,
    }


def _warning(name: str, check: t.Mapping[str, t.Any]) -> str:
    return f"{name}, expected {check['expected']}, observed {check['observed']}"


def _due(plan: t.Mapping[str, t.Any], action: str) -> str:
    """What is done to the farm; the first words distinguish a trial from a paid license."""
    rules = [finding["rule"] for finding in plan.get("findings") or []]
    if action == "activate" and "trial_history_unknown" in rules:
        return "activate as a trial (no key is given, and whether the farm ever held a paid license is not known)"
    return action


def _foreign_failure(plan: t.Mapping[str, t.Any]) -> dict[str, t.Any] | None:
    """For a result that is not ours: the task itself failed, or the host was lost."""
    if "license" in plan:
        return None
    return foreign_failure(plan.get("msg", "no message"), "The farm could not be planned")


def _checks(
    plan: t.Mapping[str, t.Any], farm: str, email: str | None, failure: t.Mapping[str, t.Any] | None
) -> dict[str, dict[str, t.Any]]:
    identity = plan.get("farm") or {}
    reached = "license" in plan
    unknown = "not_checked"
    server = identity.get("is_licensing_server")
    checks = {
        "account": _check("ok", email, "ras_account_email of the business account", ""),
        "single_account": _check("ok", email, "one account for the organization", ""),
        "api": _check(
            "ok" if reached else unknown,
            identity.get("connected_server"),
            "the farm's API answers and lets the RAS administrator in",
            "",
        ),
        "licensing_server": _check(
            "ok" if server else unknown,
            identity.get("connected_server"),
            identity.get("licensing_server") or "the licensing server",
            "" if server else "None as long as nothing is written: it is found out before a write.",
        ),
        "identity": _check(
            "ok" if identity.get("guid") else unknown, identity.get("guid"), "one inventory host per farm", ""
        ),
        "keys": _check(
            "ok" if reached else unknown,
            (plan.get("license") or {}).get("key"),
            "a key that no other farm wants, or an SPLA key",
            "",
        ),
    }
    name = _CHECK_OF_CODE.get((failure or {}).get("code", ""))
    if failure and name:
        checks[name] = _check("failed", failure["message"], checks[name]["expected"], failure["remedy"])
    return checks


def _check(state: str, observed: t.Any, expected: t.Any, remedy: str) -> dict[str, t.Any]:
    return {"state": state, "observed": observed, "expected": expected, "remedy": remedy}


def _license_state(plan: t.Mapping[str, t.Any]) -> str:
    license_ = plan.get("license") or {}
    account = (license_.get("account") or {}).get("email") or "account not reported"
    return f"{license_.get('status')}, {account}, account {plan.get('account_match')} by {plan.get('account_evidence')}"
