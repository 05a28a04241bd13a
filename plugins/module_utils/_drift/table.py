# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""A report as lines for a terminal or a log. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import aligned, counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import day_shown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import in_words, WORST_FIRST
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line, log_lines
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import shown

Row = t.Mapping[str, t.Any]
# The word drift is for errors; only a fleet of which everything was looked at has none at all.
TITLES: t.Final = {
    "ok": "No drift",
    "warning": "Warnings: nothing that counts as drift",
    "drift": "Drift",
    "error": "Error: not everything could be judged",
}
_HEAD: t.Final = ("farm", "state", "account", "license", "version", "findings")


def head_line(report: Row) -> str:
    """The verdict and the sums in one sentence."""
    summary = report["summary"]
    states = ", ".join(f"{number} {state}" for state, number in summary["states"].items() if number)
    findings = summary["findings"]
    return (
        f"{report['verdict']}: {counted(summary['farms'], 'farm')} ({states or 'none'}); "
        f"{counted(findings['error'], 'error')}, {counted(findings['warning'], 'warning')}, "
        f"{counted(findings['info'], 'note')}, {summary['waived']} waived"
    )


def drift_table(report: Row) -> list[str]:
    """The head line, the farms that were selected, each finding with its remedy, and what changed."""
    lines = [head_line(report)]
    if report["failure"]:
        lines.append(f"{report['failure']['message']} -> {report['failure']['remedy']}")
    chosen = chosen_farms(report)
    if chosen is None:
        lines += [log_line(f"selected: {row}") for row in _listed(report["selected"])]
    elif report["farms"] and not chosen:
        lines.append(f"selected: none of {counted(report['summary']['farms'], 'farm')}")
    elif chosen:
        lines += aligned([_HEAD, *(_cells(row) for row in chosen)])
    lines += [log_line(line_of(finding)) for finding in by_severity(report["findings"])]
    lines += [log_line(line) for line in changes_of(report)]
    if report["survey"]["advice"]:
        lines += [*accounts_of(report), report["survey"]["advice"]]
    return log_lines(lines)


def chosen_farms(report: Row) -> list[Row] | None:
    """The farms that the table shows: all, or those that ``select`` chose; None where it made something else."""
    selected = report["selected"]
    if selected is None:
        return list(report["farms"])
    fields = set(report["farms"][0]) if report["farms"] else set()
    if isinstance(selected, list) and all(isinstance(row, dict) and set(row) >= fields for row in selected):
        return list(selected)
    return None


def by_severity(findings: t.Iterable[Row]) -> list[Row]:
    """The findings, the most severe first and what is waived last; otherwise in their order."""
    return sorted(findings, key=lambda row: (row["waived"], WORST_FIRST.index(row["severity"])))


def line_of(finding: Row) -> str:
    """A finding as one line."""
    where = finding["farm"] or (f"organization {finding['organization']}" if finding["organization"] else "waivers")
    waived = f" (waived until {finding['waiver']['until']}: {finding['waiver']['reason']})" if finding["waived"] else ""
    return (
        f"{finding['severity']}: {where}: {finding['rule']}{waived}: expected {in_words(finding['expected'])}, "
        f"observed {in_words(finding['observed'])} -> {finding['remedy']}"
    )


def changes_of(report: Row) -> list[str]:
    """What changed since the earlier report, in a few lines."""
    changes = report["changes"]
    if changes is None:
        return []
    new, gone = len(changes["new"]), len(changes["gone"])
    lines = [f"since {changes['since']}: {new} new, {gone} gone, {changes['unchanged']} unchanged"]
    for name, text in (("new", "new"), ("gone", "gone"), ("not_checked", "not looked at this time")):
        lines += [
            f"{text}: {row['farm'] or 'organization ' + row['organization']}: {row['rule']}" for row in changes[name]
        ]
    for name, text in (("farms_new", "farm that is new"), ("farms_gone", "farm that is gone")):
        lines += [f"{text}: {farm}" for farm in changes[name]]
    return lines


def accounts_of(report: Row) -> list[str]:
    """Which account how many farms use."""
    return [
        f"{each['email']} ({', '.join(each['companies']) or 'company not reported'}): "
        f"{counted(len(each['farms']), 'farm')}"
        for each in report["survey"]["accounts"]
    ]


def license_of(farm: Row) -> str:
    """Status, type and end of a license."""
    license_ = farm["license"] or {}
    until = day_shown(license_.get("expires"))
    parts = (license_.get("status"), license_.get("type"), f"until {until}" if until else None)
    return " ".join(str(part) for part in parts if part) or "-"


def account_cell(farm: Row) -> str:
    """The account of a farm, and how it compares."""
    email = ((farm["license"] or {}).get("account") or {}).get("email")
    return f"{email or '-'} ({farm['account_match']})" if farm["license"] else "-"


def _cells(farm: Row) -> tuple[str, ...]:
    rules = ", ".join(farm["rules"]) or "-"
    return (farm["farm"], farm["state"], account_cell(farm), license_of(farm), shown(farm["version"]) or "-", rules)


def _listed(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else [value]
