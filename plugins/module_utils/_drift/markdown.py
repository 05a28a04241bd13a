# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""A report as Markdown, for a pull request or the summary of a CI job. Pure, no I/O.

Texts of farms are data here: nothing in them becomes a link, an image or HTML.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import shown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.table import (
    account_cell,
    by_severity,
    changes_of,
    chosen_farms,
    head_line,
    in_words,
    license_of,
)

Row = t.Mapping[str, t.Any]
# A job's summary of GitHub may have 1 MiB; what is left out is said.
MOST_ROWS: t.Final = 500
_LONGEST: t.Final = 300
_SPECIAL: t.Final = re.compile(r"([\\`*_\[\]|~])")
_TITLES: t.Final = {"ok": "No drift", "drift": "Drift", "error": "Error: not everything could be judged"}


def render_markdown(report: Row) -> str:
    """The whole report, the verdict first."""
    parts = [f"# Parallels RAS: {_TITLES[report['verdict']]}", _text(head_line(report), 2000)]
    if report["failure"]:
        parts.append(f"**{_text(report['failure']['message'])}** {_text(report['failure']['remedy'])}")
    parts.append(f"Scanned at {_text(report['scanned_at'])}.")
    parts += _section("Findings", _findings(report))
    parts += _section("Changes", [f"- {_text(line)}" for line in changes_of(report)])
    parts += _section("Farms", _farms(report))
    parts += _section("Waivers", _waivers(report))
    parts += _section("Accounts", _accounts(report))
    return "\n\n".join(parts) + "\n"


def _section(title: str, lines: t.Sequence[str]) -> list[str]:
    return [f"## {title}", "\n".join(lines)] if lines else []


def _findings(report: Row) -> list[str]:
    rows = [
        (
            "waived" if row["waived"] else row["severity"],
            row["farm"] or row["organization"] or "-",
            row["rule"],
            in_words(row["expected"]),
            in_words(row["observed"]),
            f"waived until {row['waiver']['until']}: {row['waiver']['reason']}" if row["waived"] else row["remedy"],
        )
        for row in by_severity(report["findings"])
    ]
    return _table(("severity", "farm", "rule", "expected", "observed", "what to do"), rows)


def _farms(report: Row) -> list[str]:
    chosen = chosen_farms(report)
    if chosen is None:
        rows = report["selected"] if isinstance(report["selected"], list) else [report["selected"]]
        return _more([f"- {_text(str(row))}" for row in rows[:MOST_ROWS]], len(rows))
    rows = [
        (
            row["farm"],
            row["organization"],
            row["state"],
            account_cell(row),
            license_of(row),
            shown(row["version"]) or "-",
            ", ".join(row["rules"]) or "-",
        )
        for row in chosen
    ]
    return _table(("farm", "organization", "state", "account", "license", "version", "findings"), rows)


def _waivers(report: Row) -> list[str]:
    rows = [
        (row["farm"] or row["organization"], row["rule"], row["until"], row["reason"], row["status"])
        for row in report["waivers"]
    ]
    return _table(("farm", "rule", "until", "reason", "status"), rows)


def _accounts(report: Row) -> list[str]:
    survey = report["survey"]
    rows = [
        (each["email"], ", ".join(each["companies"]) or "-", str(len(each["farms"])), ", ".join(each["organizations"]))
        for each in survey["accounts"]
    ]
    lines = _table(("account", "company", "farms", "organizations"), rows)
    return lines + (["", _text(survey["advice"], 2000)] if survey["advice"] else [])


def _table(head: t.Sequence[str], rows: t.Sequence[t.Sequence[str]]) -> list[str]:
    if not rows:
        return []
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(_text(cell) for cell in row)} |" for row in rows[:MOST_ROWS]]
    return _more(lines, len(rows))


def _more(lines: list[str], total: int) -> list[str]:
    return [*lines, "", f"... and {total - MOST_ROWS} more, see the JSON report."] if total > MOST_ROWS else lines


def _text(value: str, longest: int = _LONGEST) -> str:
    """A text on one line in which nothing is markup."""
    line = " ".join(value.split())
    line = line if len(line) <= longest else line[: longest - 1] + "…"
    # "://" and "www." become links by themselves, "@" a mention.
    line = _SPECIAL.sub(r"\\\1", line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return line.replace("@", "&#64;").replace("://", ":&#47;/").replace("www.", "www&#46;")
