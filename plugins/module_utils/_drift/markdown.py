# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""A report as Markdown, for a pull request or the summary of a CI job. Pure, no I/O.

Texts of farms are data here. To escape them is not enough: GitHub, GitLab and Azure DevOps look for mentions, issues,
commits, addresses and short codes of emojis in the text that a reader sees, when all escapes are gone. They leave code
alone, so whatever is not a plain word is code (:func:`_text`).
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import in_words
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import shown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.table import (
    account_cell,
    by_severity,
    changes_of,
    chosen_farms,
    head_line,
    license_of,
    TITLES,
)

Row = t.Mapping[str, t.Any]
# A job's summary of GitHub may have 1 MiB (1 048 576 bytes), and other steps write into it, too.
MOST_BYTES: t.Final = 1_000_000
# Of the whole; the rest is for titles and what comes before the first section.
_SHARES: t.Final = {"Findings": 0.45, "Changes": 0.1, "Farms": 0.25, "Waivers": 0.08, "Accounts": 0.08}
MOST_ROWS: t.Final = 500
_LONGEST: t.Final = 300
# A word that nobody takes for a reference or a list: no number of an issue (GH-7), no hash of a commit, no "1.".
_PLAIN: t.Final = re.compile(r"\(?(?![0-9a-f]{7,}\b)[^\W\d_]+(?:[-'][a-z]+)*[.,;:?)]*|\(?\d{1,4},?|->")
# What would end code or the cell that it is in, and what would be markup if code ever were none.
_OUTSIDE: t.Final = re.compile(r"([`|<>&\[\]])")
_PUNCTUATED: t.Final = re.compile(r"(\(?)(.+?)([.,;:?)]*)")


def render_markdown(report: Row) -> str:
    """The whole report, the verdict first."""
    parts = [f"# Parallels RAS: {TITLES[report['verdict']]}", _text(head_line(report), 2000)]
    if report["failure"]:
        parts.append(f"**{_text(report['failure']['message'])}** {_text(report['failure']['remedy'])}")
    parts.append(f"Scanned at {_text(report['scanned_at'])}.")
    parts += _section("Findings", _findings(report))
    parts += _section("Changes", _bounded("Changes", changes_of(report), _item))
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
    return _table("Findings", ("severity", "farm", "rule", "expected", "observed", "what to do"), rows)


def _farms(report: Row) -> list[str]:
    chosen = chosen_farms(report)
    if chosen is None:
        rows = report["selected"] if isinstance(report["selected"], list) else [report["selected"]]
        return _bounded("Farms", rows, _item)
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
    if report["farms"] and not rows:
        return [_item(f"none of {report['summary']['farms']} was selected")]
    return _table("Farms", ("farm", "organization", "state", "account", "license", "version", "findings"), rows)


def _waivers(report: Row) -> list[str]:
    rows = [
        (row["farm"] or row["organization"], row["rule"], row["until"], row["reason"], row["status"])
        for row in report["waivers"]
    ]
    return _table("Waivers", ("farm", "rule", "until", "reason", "status"), rows)


def _accounts(report: Row) -> list[str]:
    survey = report["survey"]
    rows = [
        (each["email"], ", ".join(each["companies"]) or "-", str(len(each["farms"])), ", ".join(each["organizations"]))
        for each in survey["accounts"]
    ]
    lines = _table("Accounts", ("account", "company", "farms", "organizations"), rows)
    return lines + (["", _text(survey["advice"], 2000)] if survey["advice"] else [])


def _table(title: str, head: t.Sequence[str], rows: t.Sequence[t.Sequence[str]]) -> list[str]:
    top = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return [*top, *_bounded(title, rows, _row)] if rows else []


def _row(cells: t.Sequence[str]) -> str:
    return f"| {' | '.join(_text(cell) for cell in cells)} |"


def _item(value: t.Any) -> str:
    return f"- {_text(str(value))}"


def _bounded(title: str, items: t.Sequence[t.Any], render: t.Callable[[t.Any], str]) -> list[str]:
    """The lines for which the section has room, and how many there are besides."""
    left = MOST_BYTES * _SHARES[title]
    kept: list[str] = []
    for item in items[:MOST_ROWS]:
        line = render(item)
        left -= len(line.encode("utf-8")) + 1
        if left < 0:
            break
        kept.append(line)
    left_out = len(items) - len(kept)
    return [*kept, "", f"... and {left_out} more, see the JSON report."] if left_out else kept


def _text(value: str, longest: int = _LONGEST) -> str:
    """A text on one line in which nothing is markup, and nothing is found by what reads the page."""
    line = log_line(value, longest)
    words = [word if _PLAIN.fullmatch(word) else _code(word) for word in line.split()]
    # Two pieces of code beside each other are one: a backtick is nothing else here.
    return line if line == "-" else " ".join(words).replace("` `", " ")


def _code(word: str) -> str:
    """A word as code; some characters are between two pieces of it, as references."""
    before, core, after = t.cast("re.Match[str]", _PUNCTUATED.fullmatch(word)).groups()
    pieces = [
        f"&#{ord(piece)};" if _OUTSIDE.fullmatch(piece) else f"`{piece}`" for piece in _OUTSIDE.split(core) if piece
    ]
    return "".join([before, *pieces, after])
