# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What the HTML report shows, in the order and the words of its page. Pure, no I/O; nothing here is markup."""

from __future__ import annotations

import datetime as dt
import json
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import in_words, WORST_FIRST
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.grouped import grouped
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import shown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import (
    RULES,
    STATES,
    UNREAD,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.survey import account_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.table import (
    by_severity,
    chosen_farms,
    TITLES,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift import html_charts as charts

Row = t.Mapping[str, t.Any]
_WORST: t.Final = 3
# The color of each state; its word is always beside it.
_KINDS: t.Final = {"ok": "ok", "warning": "warning", "unmanaged": "quiet"}
_SEVERITIES: t.Final = (("error", "error", "errors"), ("warning", "warning", "warnings"), ("info", "note", "notes"))


def view_of(report: Row) -> dict[str, t.Any]:
    """All that the template asks for."""
    anchors = {farm["host"]: f"farm-{number}" for number, farm in enumerate(report["farms"], 1)}
    findings = _findings(report, anchors)
    groups = {group["rule"]: group["id"] for group in findings}
    chosen = chosen_farms(report)
    if chosen:  # an expression may choose a farm twice; its anchor is used once
        chosen = list({farm["host"]: farm for farm in chosen}.values())
    listed = {farm["host"] for farm in chosen or ()}
    return {
        "verdict": report["verdict"],
        "title": TITLES[report["verdict"]],
        "sentence": _sentence(report),
        "failure": report["failure"],
        "scanned": _moment(report["scanned_at"]),
        "tiles": _tiles(report),
        "states": _states(report["summary"]),
        "worst": _worst(report, anchors, listed),
        "changes": _changes(report),
        "accounts": charts.accounts(report),
        "versions": charts.versions(report),
        "ends": charts.ends(report),
        "advice": report["survey"]["advice"],
        "table": None if chosen is None else [_farm(farm, anchors, groups) for farm in chosen],
        "selected": [_plain(row) for row in _listed(report["selected"])] if chosen is None else [],
        "all_farms": report["summary"]["farms"],
        "findings": findings,
        "organizations": [_organization(row, report) for row in report["organizations"]],
        "waivers": [_waiver(row) for row in report["waivers"]],
        "policy": report["policy"],
        "masked": report["masked"],
    }


def words(name: str) -> str:
    """A rule or a state in words."""
    return name.replace("_", " ")


def _sentence(report: Row) -> str:
    summary = report["summary"]
    states, farms = summary["states"], charts.farms_in_words(summary["farms"])
    bad, warned, waived = states["error"], states["warning"], summary["waived"]
    parts = [
        f"{bad} of {farms} {'deviates' if bad == 1 else 'deviate'} from what is wanted"
        if bad
        else f"None of {farms} deviates from what is wanted"
    ]
    if warned:
        parts.append(f"{warned} {'has' if warned == 1 else 'have'} warnings")
    if unread := sum(states[state] for state in UNREAD):
        parts.append(f"{unread} could not be read")
    if report["verdict"] != "ok" and summary["farms"] and not (bad or warned or unread):
        parts.append("what counts is about organizations, waivers or the policy")
    if waived:
        parts.append(f"{waived} {'finding is' if waived == 1 else 'findings are'} waived")
    return "; ".join(parts) + "."


def _tiles(report: Row) -> list[dict[str, str]]:
    """The four numbers of the head line."""
    summary, accounts = report["summary"], report["survey"]["accounts"]
    findings = summary["findings"]
    tiles = [
        _tile("farm" if summary["farms"] == 1 else "farms", summary["farms"], f"{summary['read']} read"),
        _tile(
            "account in use" if len(accounts) == 1 else "accounts in use",
            len(accounts),
            f"mostly {accounts[0]['email']}" if accounts else "no farm reports one",
        ),
        _tile("error" if findings["error"] == 1 else "errors", findings["error"], f"{summary['waived']} waived"),
        _tile(
            "warning" if findings["warning"] == 1 else "warnings",
            findings["warning"],
            f"{findings['info']} {'note' if findings['info'] == 1 else 'notes'}",
        ),
    ]
    tiles[2]["kind"] = "error" if findings["error"] else "plain"
    return tiles


def _tile(label: str, number: int, note: str) -> dict[str, str]:
    return {"label": label, "number": f"{number:,}".replace(",", "\u202f"), "note": note, "kind": "plain"}


def _states(summary: Row) -> list[dict[str, t.Any]]:
    """The parts of the bar below the head line, what is right first."""
    parts = charts.shares((state, summary["states"][state]) for state in STATES)
    return [{**part, "kind": _kind(part["name"]), "name": words(part["name"])} for part in parts]


def _kind(state: str) -> str:
    return _KINDS.get(state, "error")


def _worst(report: Row, anchors: t.Mapping[str, str], listed: t.Collection[str]) -> list[dict[str, t.Any]]:
    """The farms with the most errors, then warnings; what is waived does not count."""
    counted = [
        finding
        for finding in report["findings"]
        if finding["host"] is not None and not finding["waived"] and finding["severity"] != "info"
    ]
    found = grouped(counted, lambda finding: str(finding["host"]))

    def severity(farm: Row) -> tuple[int, int]:
        severities = [finding["severity"] for finding in found[farm["host"]]]
        return (-severities.count("error"), -severities.count("warning"))

    farms = sorted((farm for farm in report["farms"] if farm["host"] in found), key=severity)
    return [
        {
            "farm": farm["farm"],
            "organization": farm["organization"],
            "rules": ", ".join(words(finding["rule"]) for finding in by_severity(found[farm["host"]])),
            "anchor": anchors[farm["host"]] if farm["host"] in listed else None,
            "kind": farm["worst"],
        }
        for farm in farms[:_WORST]
    ]


def _changes(report: Row) -> dict[str, t.Any] | None:
    changes = report["changes"]
    if changes is None:
        return None
    lists = [("New", "new", changes["new"]), ("Gone", "gone", changes["gone"])]
    if changes["not_checked"]:
        lists.append(("Not looked at this time", "new", changes["not_checked"]))
    return {
        "since": _moment(changes["since"]),
        "before": TITLES[changes["verdict_before"]].split(":")[0] if changes["verdict_before"] else "no verdict",
        "lists": [
            {"title": title, "kind": kind, "rows": [_change(row) for row in rows]} for title, kind, rows in lists
        ],
        "unchanged": changes["unchanged"],
        "farms": [
            {"title": title, "names": changes[name]}
            for title, name in (("Farms that are new", "farms_new"), ("Farms that are gone", "farms_gone"))
            if changes[name]
        ],
    }


def _change(row: Row) -> dict[str, str]:
    where = row["farm"] or f"organization {row['organization']}"
    return {"where": where, "rule": words(row["rule"])}


def _farm(farm: Row, anchors: t.Mapping[str, str], groups: t.Mapping[str, str]) -> dict[str, t.Any]:
    license_ = farm["license"] or {}
    expires = license_.get("expires") or {}
    return {
        "id": anchors[farm["host"]],
        "farm": farm["farm"],
        "host": farm["host"],
        "organization": farm["organization"],
        "state": farm["state"],
        "state_words": words(farm["state"]),
        "kind": _kind(farm["state"]),
        # The most severe first, and the same state together.
        "severity": 100 * (WORST_FIRST.index(farm["worst"]) if farm["worst"] else len(WORST_FIRST))
        + STATES.index(farm["state"]),
        "account": (license_.get("account") or {}).get("email"),
        "match": words(farm["account_match"]) if farm["license"] else None,
        "mismatch": farm["account_match"] == "mismatch",
        "license": " ".join(words(str(license_[name])) for name in ("status", "type") if license_.get(name)) or None,
        "date": expires.get("date") or expires.get("raw"),
        "days": expires.get("days_left"),
        "version": shown(farm["version"]),
        "rules": [{"name": words(rule), "id": groups.get(rule)} for rule in farm["rules"]],
    }


def _findings(report: Row, anchors: t.Mapping[str, str]) -> list[dict[str, t.Any]]:
    """The findings by rule, the most severe rule first; what is waived is last in its rule."""
    made = []
    for rule, rows in grouped(by_severity(report["findings"]), lambda finding: str(finding["rule"])).items():
        remedies = {row["remedy"] for row in rows}
        severity, waived = rows[0]["severity"], sum(1 for row in rows if row["waived"])
        made.append(
            {
                "id": f"rule-{rule}",
                "rule": rule,
                "title": words(rule).capitalize(),
                "wanted": RULES[rule].title,
                "severity": severity,
                "kind": "quiet" if waived == len(rows) else severity,
                "word": "waived" if waived == len(rows) else {"info": "note"}.get(severity, severity),
                "count": len(rows),
                "waived": waived,
                "remedy": rows[0]["remedy"] if len(remedies) == 1 else None,
                "rows": [_finding(row) for row in rows],
            }
        )
    return made


def _finding(row: Row) -> dict[str, t.Any]:
    where = row["farm"] or row["organization"] or "waivers"
    note = row["organization"] if row["farm"] else "organization" if row["organization"] else ""
    return {
        "where": where,
        "note": note,
        "expected": _lines(row["expected"]),
        "observed": _lines(row["observed"]),
        "remedy": row["remedy"],
        "waiver": row["waiver"],
    }


def _lines(value: t.Any) -> list[str]:
    return [in_words(each) for each in value] if isinstance(value, (list, tuple)) else [in_words(value)]


def _organization(row: Row, report: Row) -> dict[str, t.Any]:
    own = [farm for farm in report["farms"] if farm["organization"] == row["name"]]
    used: dict[str, int] = {}
    for farm in own:
        account = account_of(farm)
        if account:
            used[account.casefold()] = used.get(account.casefold(), 0) + 1
    return {
        "name": row["name"],
        "farms": row["farms"],
        "read": row["read"],
        "wanted": row["accounts_wanted"],
        "used": [f"{email} ({count})" for email, count in sorted(used.items(), key=lambda item: (-item[1], item[0]))],
        "states": _states(row),
        "counts": [row["findings"][severity] for severity, _one, _many in _SEVERITIES],
        "waived": row["waived"],
    }


def _waiver(row: Row) -> dict[str, t.Any]:
    return {
        "where": row["farm"] or row["organization"],
        "note": "" if row["farm"] else "organization",
        "rule": words(row["rule"]),
        "until": row["until"],
        "reason": row["reason"],
        "status": row["status"],
        "kind": {"used": "ok", "expired": "warning"}.get(row["status"], "quiet"),
    }


def _moment(text: str) -> dict[str, str]:
    """A moment of a report for people."""
    when = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return {"iso": text, "words": f"{when:%Y-%m-%d %H:%M} UTC"}


def _listed(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else [value]


def _plain(value: t.Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
