# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Make the report of a drift check out of the records of a scan. Pure, no I/O; the same input gives the same report.

The form of a report is ``drift_report.schema.json`` beside the controller's plugins.
"""

from __future__ import annotations

import datetime as dt
import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import SEVERITIES, WORST_FIRST
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.grouped import grouped
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.levels import (
    level_of,
    READ_STATES,
    rules_of,
    verdict_of,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.policy import Policy, Waiver
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import (
    FARM_RULES,
    FLEET_RULES,
    RULES,
    STATES,
    UNREAD,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.survey import (
    duplicates,
    missing_inputs,
    organization_findings,
    survey,
)

Report = dict[str, t.Any]
FORMAT: t.Final = "fleetops.parallels_ras.drift"
# Of what fleet_info returns, which counts on with the reports.
SCAN_FORMAT: t.Final = "fleetops.parallels_ras.scan"
VERSION: t.Final = 3
# Of a finding; what a policy makes of it comes on top.
OWN_FIELDS: t.Final = ("rule", "severity", "expected", "observed", "remedy", "consequences")
_EMAIL: t.Final = re.compile(r"([\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]*@(?=[\w-])")


def make_report(
    records: t.Sequence[t.Mapping[str, t.Any]], policy: Policy, *, scanned_at: str, today: dt.date
) -> Report:
    """The report, still without a verdict.

    :param records: of :func:`record_of` and its like; also those that an earlier report holds (:func:`records_of`).
    :param scanned_at: when the scan began, ISO 8601 in UTC.
    :param today: against which waivers are judged.
    """
    farms = sorted(records, key=lambda row: (row["organization"], row["farm"], row["host"]))
    findings = _findings(farms, policy)
    used = _apply_policy(findings, policy, today)
    findings += _waiver_findings(policy, used, today)
    by_host = grouped(findings, lambda finding: finding["host"])  # what concerns no host is under None
    rows = [_farm(row, by_host.get(row["host"], [])) for row in farms]
    return {
        "format": FORMAT,
        "version": VERSION,
        "scanned_at": scanned_at,
        "verdict": None,
        "failure": None,
        "masked": False,
        "policy": {
            "fail_when": policy.fail_when,
            "severities": dict(policy.severities),
            "survey": policy.survey,
        },
        "summary": _summary(rows, findings),
        "organizations": _organizations(rows, findings),
        "farms": rows,
        "findings": findings,
        "waivers": [
            {**waiver.as_dict(), "status": _waiver_status(waiver, number in used, today)}
            for number, waiver in enumerate(policy.waivers)
        ],
        "survey": survey(farms),
        "changes": None,
        "selected": None,
    }


def give_verdict(report: Report, fail_when: bool | RasError) -> None:
    """Write the verdict down.

    :param fail_when: what the policy's expression said, or why it said nothing.
    """
    failure = None
    if not report["farms"]:
        failure = RasError(
            "not_tried", "No farm was scanned: expected one or more.", remedy="Check the group and --limit."
        )
    elif not report["summary"]["read"]:
        failure = RasError(
            "not_tried", "No farm was read: expected one or more.", remedy="Look at the farms' failures."
        )
    elif isinstance(fail_when, RasError):
        failure = fail_when
    report["failure"] = failure.as_dict() if failure else None
    report["verdict"] = "error" if failure else verdict_of(report["findings"], bool(fail_when))


def records_of(report: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    """The records that a report was made of, so that several reports can become one."""
    found: dict[str, list[dict[str, t.Any]]] = {}
    for finding in report["findings"]:
        if finding["host"] is not None:
            kept = {name: finding[name] for name in OWN_FIELDS}
            found.setdefault(finding["host"], []).append(kept)
    names = ("worst", "rules")
    return [
        {**{name: value for name, value in row.items() if name not in names}, "findings": found.get(row["host"], [])}
        for row in report["farms"]
    ]


def compare_reports(before: t.Mapping[str, t.Any], now: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What changed since an earlier report: findings count as the same by farm and rule.

    What is not found any more is gone only where it was looked at again.
    """
    old, new = _identities(before), _identities(now)
    missing = [each for each in old if each not in new]
    old_farms, new_farms = _names(before), _names(now)
    return {
        "since": before["scanned_at"],
        "verdict_before": before["verdict"],
        "new": [_shown(each) for each in new if each not in old],
        "gone": [_shown(each) for each in missing if not _is_unchecked(now, each)],
        "not_checked": [_shown(each) for each in missing if _is_unchecked(now, each)],
        "unchanged": sum(1 for each in new if each in old),
        "farms_new": sorted(new_farms - old_farms),
        "farms_gone": sorted(old_farms - new_farms),
    }


def mask_accounts(value: t.Any) -> t.Any:
    """A copy of nested data in which e-mail addresses show their first letter and their domain, and people no name."""
    if isinstance(value, str):
        return _EMAIL.sub(r"\1***@", value)
    if isinstance(value, t.Mapping):
        masked = {mask_accounts(name): mask_accounts(item) for name, item in value.items()}
        if set(masked) == {"email", "name", "company"} and masked["name"]:
            masked["name"] = masked["name"][:1] + "***"
        return masked
    return [mask_accounts(item) for item in value] if isinstance(value, (list, tuple)) else value


def _findings(farms: t.Sequence[t.Mapping[str, t.Any]], policy: Policy) -> list[dict[str, t.Any]]:
    """All findings, farm by farm, those of an organization before its farms."""
    twice, together, missing = duplicates(farms), organization_findings(farms), missing_inputs(farms)
    found: list[dict[str, t.Any]] = []
    seen: set[str] = set()
    for row in farms:
        organization = row["organization"]
        if organization not in seen:
            seen.add(organization)
            for finding in together.get(organization, []):
                found.append(_finding(finding.as_dict(), policy, organization))
        for own in row["findings"]:
            if own["rule"] not in FLEET_RULES:
                found.append(_finding(own, policy, organization, row))
        here = [twice[row["host"]]] if row["host"] in twice else []
        for finding in (*missing.get(row["host"], ()), *here):
            found.append(_finding(finding.as_dict(), policy, organization, row))
    return found


def _finding(
    finding: t.Mapping[str, t.Any],
    policy: Policy,
    organization: str | None,
    row: t.Mapping[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    return {
        "organization": organization,
        "farm": row["farm"] if row else None,
        "host": row["host"] if row else None,
        "consequences": [],
        **finding,
        "severity": policy.severities[finding["rule"]],  # of what is not waived, later
        "waived": False,
        "waiver": None,
    }


def _apply_policy(findings: list[dict[str, t.Any]], policy: Policy, today: dt.date) -> set[int]:
    """Mark what is waived, and give severities. Returns the numbers of the waivers that met a finding.

    A finding says as much as its rules would say one by one: it is as severe as the worst of them that is not waived,
    and is waived when all of them are, until the first of them no longer is. A waiver that has expired met it, too.
    """
    used: set[int] = set()
    for finding in findings:
        held, open_ = [], []
        for rule in rules_of(finding):
            meeting = [number for number, waiver in enumerate(policy.waivers) if waiver.covers(finding, rule)]
            used.update(meeting)
            valid = [policy.waivers[number] for number in meeting if policy.waivers[number].until >= today]
            held += valid[:1]
            open_ += [] if valid else [policy.severities[rule]]
        finding["severity"] = min(
            open_ or [policy.severities[rule] for rule in rules_of(finding)], key=WORST_FIRST.index
        )
        if not open_:
            first = min(held, key=lambda waiver: waiver.until)
            finding.update(waived=True, waiver={"until": first.until.isoformat(), "reason": first.reason})
    return used


def _waiver_findings(policy: Policy, used: set[int], today: dt.date) -> t.Iterator[dict[str, t.Any]]:
    for number, waiver in enumerate(policy.waivers):
        status = _waiver_status(waiver, number in used, today)
        remedy = "Fix the deviation, or renew the waiver." if number in used else "Remove the waiver."
        if status != "used":
            rule = f"waiver_{status}"
            expected = {"waiver_expired": "a waiver that holds", "waiver_unused": "a waiver that meets a finding"}[rule]
            made = {"rule": rule, "expected": expected, "observed": str(waiver), "remedy": remedy}
            yield _finding(made, policy, None)


def _waiver_status(waiver: Waiver, is_used: bool, today: dt.date) -> str:
    return "expired" if waiver.until < today else "used" if is_used else "unused"


def _farm(row: t.Mapping[str, t.Any], findings: t.Sequence[t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    made = {name: value for name, value in row.items() if name != "findings"}
    rules = [finding["rule"] for finding in findings]
    made["checks"] = {**row["checks"], **{rule: _check(rule, rules, row) for rule in FARM_RULES if rule in FLEET_RULES}}
    made["rules"] = list(dict.fromkeys(rules))
    open_ = {finding["severity"] for finding in findings if not finding["waived"]}
    made["worst"] = next((severity for severity in WORST_FIRST if severity in open_), None)
    if row["state"] in READ_STATES:
        made["state"] = level_of(findings)
    return made


def _check(rule: str, found: t.Collection[str], row: t.Mapping[str, t.Any]) -> str:
    return "finding" if rule in found else "ok" if row["state"] in READ_STATES else "not_checked"


def _summary(rows: t.Sequence[t.Mapping[str, t.Any]], findings: t.Sequence[t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    states = [row["state"] for row in rows]
    open_ = [finding["severity"] for finding in findings if not finding["waived"]]
    return {
        "farms": len(rows),
        "read": sum(1 for state in states if state in READ_STATES),
        "states": {state: states.count(state) for state in STATES},
        "findings": {severity: open_.count(severity) for severity in SEVERITIES},
        "waived": sum(1 for finding in findings if finding["waived"]),
    }


def _organizations(
    rows: t.Sequence[t.Mapping[str, t.Any]], findings: t.Sequence[t.Mapping[str, t.Any]]
) -> list[dict[str, t.Any]]:
    made = []
    for name in dict.fromkeys(row["organization"] for row in rows):
        own = [row for row in rows if row["organization"] == name]
        mine = [finding for finding in findings if finding["organization"] == name]
        accounts = sorted({row["wanted"]["account"] for row in own} - {None})
        made.append({"name": name, "accounts_wanted": accounts, **_summary(own, mine)})
    return made


def _identities(report: t.Mapping[str, t.Any]) -> dict[tuple[t.Any, ...], None]:
    rows = [row for row in report["findings"] if RULES[row["rule"]].scope != "report"]
    return dict.fromkeys((row["organization"], row["farm"], rule) for row in rows for rule in rules_of(row))


def _is_unchecked(report: t.Mapping[str, t.Any], identity: tuple[t.Any, ...]) -> bool:
    """Whether the rule was not looked at this time, at a farm or at all farms of an organization that are there."""
    organization, farm, rule = identity
    rows = [row for row in report["farms"] if row["organization"] == organization and farm in (None, row["farm"])]
    if farm is None:
        return any(row["state"] not in READ_STATES and row["state"] != "unmanaged" for row in rows)
    # A farm that could be read again shows that it can be, whatever its failure was.
    return rule not in UNREAD and any(row["checks"][rule] == "not_checked" for row in rows)


def _names(report: t.Mapping[str, t.Any]) -> set[str]:
    return {row["farm"] for row in report["farms"]}


def _shown(identity: tuple[t.Any, ...]) -> dict[str, t.Any]:
    organization, farm, rule = identity
    return {"organization": organization, "farm": farm, "rule": rule}
