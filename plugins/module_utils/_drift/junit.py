# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""A report as JUnit XML: one suite an organization, one case a farm and rule. Pure, no I/O.

A farm that was not read, or with which nothing is compared, is an ``error`` case. An unwaived finding of severity error
is a ``failure``; what is waived or was not checked is ``skipped``; other findings pass, with what was found in
``system-out``. The case ``verdict`` passes only where the whole is ok. The dialect is that of the Jenkins and GitLab
readers: testsuites, testsuite, testcase, and one of error, failure, skipped in a case.

Readers look for commands in what a case says (``[[ATTACHMENT|path]]``), take the name of its class for the name of a
folder with files to attach, and print what failed into the log of the job: :func:`_clean` is the one way in.
"""

from __future__ import annotations

import typing as t
from xml.etree import ElementTree as ET

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import in_words, WORST_FIRST
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.grouped import grouped
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.levels import is_unchecked
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import (
    INPUTS,
    RULES,
    UNREAD,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.table import (
    head_line,
    line_of,
    TITLES,
)

Row = t.Mapping[str, t.Any]
# Of a name, of a message, and the lines of a text; each finding is one line.
_LONGEST: t.Final = 1000
_MOST_LINES: t.Final = 100


def render_junit(report: Row) -> str:
    """The whole report."""
    root = ET.Element("testsuites", name="Parallels RAS drift")
    by_farm = grouped(report["findings"], lambda each: (each["organization"], each["host"], each["rule"]))
    _add_verdict(_case(_suite(root, "report", report), "report", "verdict"), report)
    for organization in report["organizations"]:
        name = organization["name"]
        suite = _suite(root, name, report)
        for rule, about in RULES.items():
            if about.scope == "organization":
                _judge(_case(suite, name, rule), by_farm.get((name, None, rule), []), "ok")
        for farm in (row for row in report["farms"] if row["organization"] == name):
            for rule, check in farm["checks"].items():
                found = by_farm.get((name, farm["host"], rule), [])
                _judge(_case(suite, f"{name}.{farm['farm']}", rule), found, check)
    rest = [finding for finding in report["findings"] if finding["organization"] is None]
    if rest:
        suite = _suite(root, "waivers", report)
        for finding in rest:
            _judge(_case(suite, "waivers", f"{finding['rule']}: {finding['observed']}"), [finding], "finding")
    _sum_up(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, name: str, report: Row) -> ET.Element:
    # The format knows no time zone: it is UTC.
    return ET.SubElement(root, "testsuite", name=_clean(name), timestamp=report["scanned_at"].removesuffix("Z"))


def _case(suite: ET.Element, where: str, rule: str) -> ET.Element:
    # The name of a class becomes a path where files are attached: it must not lead out of the folder.
    classname = _clean(where).replace("/", "%2F").replace("\\", "%5C")
    return ET.SubElement(suite, "testcase", classname=classname, name=_clean(rule))


def _add_verdict(case: ET.Element, report: Row) -> None:
    """What the cases of farms may not show: that there is no verdict, or which one the policy's own expression gave."""
    if report["failure"]:
        _add(case, "error", report["failure"]["message"], report["failure"]["remedy"])
    elif report["verdict"] != "ok":
        # Where a case of a farm is red, that is said once.
        alone = report["verdict"] == "drift" and not report["summary"]["findings"]["error"]
        _add(case, "failure" if alone else "skipped", TITLES.get(report["verdict"], "no verdict"), head_line(report))


def _judge(case: ET.Element, findings: t.Sequence[Row], check: str) -> None:
    """Add the one child that says how the case ended."""
    if not findings:
        if check == "not_checked":
            ET.SubElement(case, "skipped", message="not checked")
        return
    open_ = sorted((row for row in findings if not row["waived"]), key=lambda row: WORST_FIRST.index(row["severity"]))
    text = "\n".join(line_of(row) for row in findings)
    if not open_:
        waiver = findings[0]["waiver"]
        ET.SubElement(case, "skipped", message=_clean(f"waived until {waiver['until']}: {waiver['reason']}"))
    elif (open_[0]["rule"] in UNREAD or open_[0]["rule"] in INPUTS) and open_[0]["severity"] == "error":
        _add(case, "error", str(open_[0]["observed"]), text)
    elif open_[0]["severity"] == "error":
        _add(
            case,
            "failure",
            f"expected {in_words(open_[0]['expected'])}, observed {in_words(open_[0]['observed'])}",
            text,
        )
    elif is_unchecked(open_[0]):  # whatever its severity: a case that passes says that all is right
        _add(case, "skipped", "not checked", text)
    else:
        ET.SubElement(case, "system-out").text = _clean(text)


def _add(case: ET.Element, kind: str, message: str, text: str) -> None:
    ET.SubElement(case, kind, message=_clean(message), type=case.get("name", "")).text = _clean(text)


def _sum_up(root: ET.Element) -> None:
    total: dict[str, int] = {}
    for suite in root:
        counts = {"tests": len(suite)}
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            counts[name] = sum(1 for case in suite if case.find(tag) is not None)
        for name, number in counts.items():
            suite.set(name, str(number))
            total[name] = total.get(name, 0) + number
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(total.get(name, 0)))


def _clean(text: str) -> str:
    """A text as XML 1.0 can carry it, and in which nothing is a command."""
    lines = text.split("\n")
    kept = [log_line(line, _LONGEST) for line in lines[:_MOST_LINES]]
    left_out = len(lines) - len(kept)
    return "\n".join([*kept, f"... and {left_out} more lines."] if left_out else kept)
