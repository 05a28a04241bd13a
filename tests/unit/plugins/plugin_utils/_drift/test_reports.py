# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of a report, held to files that a person has read, and read back by other programs.

To renew the files after a deliberate change: RAS_WRITE_GOLDEN=1 pytest on this file; then read the difference.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import os
import pathlib
import re
import typing as t
import xml.etree.ElementTree as ET

import jsonschema
import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import read_date
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.schema import problems
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.junit import render_junit
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.markdown import render_markdown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.prometheus import render_prometheus
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import (
    give_verdict,
    mask_accounts,
    Report,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import FARM_RULES, FLEET_RULES, RULES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.table import drift_table, head_line
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.html_page import render_html
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.reports import RENDERERS, schema
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import (
    active,
    EMAIL,
    fresh,
    KEY,
    PRIVATE_EMAIL,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_report import (
    machines,
    NASTY,
    read,
    report_of,
    rich_report,
)

_DATA = pathlib.Path(__file__).resolve().parents[3] / "data"
FILES: t.Final = {
    "json": "drift_report.json",
    "junit": "drift_report.xml",
    "markdown": "drift_report.md",
    "html": "drift_report.html",
    "prometheus": "drift_report.prom",
}
# One sample of the exposition format: name, labels, a whole number.
_SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+)')


@pytest.fixture(name="report", scope="module")
def _report() -> Report:
    return rich_report()


@pytest.mark.parametrize("name", FILES)
def test_each_format_is_as_the_file_shows(report: Report, name: str) -> None:
    text = RENDERERS[name](report)
    path = _DATA / FILES[name]
    if os.environ.get("RAS_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_the_file_is_a_rich_one(report: Report) -> None:
    """It is what renderers are made against: it must show nearly every rule, and nearly each state."""
    seen = {rule for finding in report["findings"] for rule in (finding["rule"], *finding["consequences"])}
    rare = {"wrong_farm", "version_ahead", "account_company", "date_unreadable", "failed", "version_untried"}
    assert set(RULES) - seen <= rare
    assert {state for state, number in report["summary"]["states"].items() if not number} == {"failed"}
    assert {waiver["status"] for waiver in report["waivers"]} == {"used", "expired", "unused"}
    assert report["changes"]["new"]
    assert report["changes"]["gone"]


def test_the_report_fits_its_schema_and_ours_judges_like_a_library(report: Report) -> None:
    library = jsonschema.Draft202012Validator(schema())
    library.check_schema(schema())
    masked = {**mask_accounts(report), "masked": True}
    for each in (report, masked, report_of([])):
        assert list(library.iter_errors(each)) == []
        assert list(problems(each, schema())) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("verdict", "green"),
        ("verdict", 1),
        ("farms", {}),
        ("masked", "yes"),
        ("masked", 0),
        ("version", 1),
        ("version", True),
        ("summary", {}),
        ("odd", 1),
    ],
)
def test_what_does_not_fit_is_reported_by_both(report: Report, place: str, value: t.Any) -> None:
    broken = {**report, place: value}
    assert list(problems(broken, schema()))
    if not (place == "version" and value is True):
        assert list(jsonschema.Draft202012Validator(schema()).iter_errors(broken))


def test_no_format_holds_a_key(report: Report) -> None:
    for name, render in RENDERERS.items():
        assert KEY not in render(report), name


def test_masked_formats_hold_no_address(report: Report) -> None:
    masked = {**mask_accounts(report), "masked": True}
    for name, render in RENDERERS.items():
        text = render(masked).replace("&#64;", "@")
        for secret in (EMAIL, PRIVATE_EMAIL, "it@customer.example", "svc@example.com", "Licensing Desk"):
            assert secret not in text, name
    assert "l***@example.com" in render_markdown(masked).replace("\\*", "*").replace("&#64;", "@")
    assert mask_accounts(masked) == masked


class TestJUnit:
    """Read by a parser that is not ours."""

    def _cases(self, report: Report) -> dict[tuple[str, str], ET.Element]:
        root = ET.fromstring(render_junit(report))
        cases = {(case.attrib["classname"], case.attrib["name"]): case for case in root.iter("testcase")}
        assert len(cases) == len(list(root.iter("testcase"))), "two cases of one name"
        return cases

    def test_one_case_a_farm_and_rule(self, report: Report) -> None:
        cases = self._cases(report)
        for farm in report["farms"]:
            own = [name for where, name in cases if where == f"{farm['organization']}.{farm['farm']}"]
            assert own == sorted(FARM_RULES, key=lambda rule: rule in FLEET_RULES)

    @pytest.mark.parametrize(
        ("farm", "rule", "child"),
        [
            ("default.down", "unreachable", "error"),
            ("default.locked", "credentials_rejected", "error"),
            ("default.down", "trial", "skipped"),
            ("default.osaka", "account_mismatch", "failure"),
            ("default.nagoya", "trial", "skipped"),
            ("default.kyoto", "over_use", "system-out"),
            ("default.twin1", "duplicate_farm", "failure"),
            ("customer", "account_not_single", "skipped"),
            ("default", "account_not_single", "failure"),
            ("customer.rome", "account_not_given", "error"),
            ("default.sendai", "key_not_given", "error"),
            ("default.kobe", "not_compared", "skipped"),
            ("default.naha", "field_unknown", "skipped"),
            ("report", "verdict", "skipped"),
        ],
    )
    def test_how_a_case_ends(self, report: Report, farm: str, rule: str, child: str) -> None:
        assert [each.tag for each in self._cases(report)[farm, rule]] == [child]

    def test_what_is_right_passes(self, report: Report) -> None:
        assert len(self._cases(report)["default.tokyo", "account_mismatch"]) == 0

    def test_sums_are_right(self, report: Report) -> None:
        root = ET.fromstring(render_junit(report))
        for part in (root, *root.iter("testsuite")):
            for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                assert int(part.attrib[name]) == len(list(part.iter(tag)))
            assert int(part.attrib["tests"]) == len(list(part.iter("testcase")))

    def test_nothing_is_a_command_or_a_path_and_every_text_has_a_bound(self) -> None:
        odd = "[[ATTACHMENT|/etc/passwd]] ##vso[a.b]c ::error::d\r\n::set-output name=a::b " + "x" * 5000
        farm = read("/../../etc", active(needs_attention=True, alert_message=odd))
        text = render_junit(report_of([farm], waivers=()))
        for command in ("[[ATTACHMENT", "##", "::error", "::set-output"):
            assert command not in text
        assert "[ [ATTACHMENT|/etc/passwd]]" in text
        root = ET.fromstring(text)
        assert not [case for case in root.iter("testcase") if "/" in case.attrib["classname"]]
        assert max(len(line) for element in root.iter() for line in (element.text or "").split("\n")) <= 1000

    def test_a_report_without_farms_is_an_error(self) -> None:
        empty = report_of([], waivers=())
        give_verdict(empty, False)
        (error,) = ET.fromstring(render_junit(empty)).iter("error")
        assert error.attrib["message"].startswith("No farm was scanned")

    @pytest.mark.parametrize(("verdict", "child"), [("ok", []), ("warning", ["skipped"]), ("drift", ["failure"])])
    def test_the_verdict_is_a_case(self, verdict: str, child: list[str]) -> None:
        report = {**report_of([read("tokyo")], waivers=()), "verdict": verdict}
        assert [each.tag for each in self._cases(report)["report", "verdict"]] == child


class TestPrometheus:
    """Samples of the exposition format."""

    def _samples(self, report: Report) -> dict[tuple[str, str], int]:
        found = {}
        for line in render_prometheus(report).splitlines():
            if not line.startswith("#"):
                match = _SAMPLE.fullmatch(line)
                assert match, line
                farm = re.search(r'farm="([^"]*)"', match[2] or "")
                extra = re.search(r'(?:severity|verdict|state|version)="([^"]*)"', match[2] or "")
                key = (match[1], " ".join(each[1] for each in (farm, extra) if each))
                assert key not in found
                found[key] = int(match[3])
        return found

    def test_values(self, report: Report) -> None:
        samples = self._samples(report)
        assert samples["ras_drift_verdict", "error"] == 1
        assert samples["ras_drift_verdict", "ok"] == 0
        assert samples["ras_drift_last_scan_timestamp_seconds", ""] == 1795485600
        assert samples["ras_farm_account_match", "tokyo"] == 1
        assert samples["ras_farm_account_match", "osaka"] == 0
        assert ("ras_farm_account_match", "sendai") not in samples
        assert ("ras_farm_account_match", "down") not in samples
        assert samples["ras_farm_license_days_left", "kyoto"] == 30
        assert samples["ras_farm_version_info", "kyoto 19.4.24000"] == 1
        assert samples["ras_farm_findings", "nagoya error"] == 0
        assert samples["ras_farm_findings", "osaka error"] == 2

    def test_every_family_is_described_once(self, report: Report) -> None:
        lines = render_prometheus(report).splitlines()
        helped = [line.split()[2] for line in lines if line.startswith("# HELP")]
        typed = [line.split()[2] for line in lines if line.startswith("# TYPE")]
        assert helped == typed
        assert len(set(helped)) == len(helped)
        assert {line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")} == set(helped)

    def test_labels_are_escaped(self) -> None:
        odd = report_of([read('a"b\\c\nd')], waivers=())
        assert r'farm="a\"b\\c\nd"' in render_prometheus(odd)

    def test_long_labels_are_cut_and_stay_apart(self) -> None:
        names = ["a" * 500 + "1", "a" * 500 + "2", "a\ud8001", "a\ud8002", "b" * 200]
        text = render_prometheus(report_of([read(name) for name in names], waivers=()))
        found = set(re.findall(r'ras_farm_state\{report="drift",.*?farm="([^"]*)"', text))
        assert len(found) == len(names)
        assert max(len(each) for each in found) == 200
        text.encode("utf-8")

    def test_each_sample_names_its_file(self, report: Report) -> None:
        lines = [line for line in render_prometheus(report, 'a"b.prom').splitlines() if not line.startswith("#")]
        assert all(re.match(r'[a-z_]+\{report="a\\"b"[,}]', line) for line in lines)


class TestHtml:
    """What does not need a browser; tests/browser opens the page."""

    def test_it_is_the_same_again(self, report: Report) -> None:
        assert render_html(report) == render_html(json.loads(json.dumps(report)))

    def test_every_finding_is_there_with_what_was_seen_and_what_to_do(self, report: Report) -> None:
        text = html.unescape(render_html(report))
        for finding in report["findings"]:
            seen = finding["observed"] if isinstance(finding["observed"], list) else [finding["observed"] or "nothing"]
            for each in (f"rule-{finding['rule']}", finding["remedy"], *seen):
                assert each.replace("\x07", "\N{REPLACEMENT CHARACTER}") in text

    def test_anchors_are_used_once_and_every_link_has_one(self, report: Report) -> None:
        text = render_html(report)
        anchors = re.findall(r' id="([^"]*)"', text)
        assert len(anchors) == len(set(anchors))
        assert set(re.findall(r'href="#([^"]*)"', text)) <= set(anchors)
        assert not re.search(r'(?:src|href)="(?!#)', text)

    def test_what_turns_or_hides_text_is_shown_and_a_value_has_a_bound(self, report: Report) -> None:
        farm = read("a\u202eb\u200bc\u2066d", active(account_email="x" * 300_000 + "@example.com"))
        text = render_html({**report_of([farm], waivers=()), "verdict": "ok"})
        assert "a\ufffdb\ufffdc\ufffdd" in text
        assert not set(text) & set("\u202e\u200b\u2066")
        assert len(text) < 2_000_000

    def test_nothing_of_a_farm_becomes_markup(self, report: Report) -> None:
        text = render_html(report)
        assert text.count("<script") == 1
        assert "&lt;script&gt;alert(" in text
        assert "\x07" not in text

    def test_what_select_chose_is_what_the_table_shows(self, report: Report) -> None:
        chosen = [farm for farm in report["farms"] if farm["farm"] in ("osaka", "tokyo")]
        text = render_html({**report, "selected": [*chosen, chosen[0]]})
        assert re.findall(r'<tr id="farm-\d+" data-state="(\w+)"', text) == [farm["state"] for farm in chosen]
        assert "2 of 21 farms, chosen by the expression" in text
        # The farms to look at first may not be among them, and then no link leads nowhere.
        assert set(re.findall(r'href="#(farm-\d+)"', text)) <= set(re.findall(r'id="(farm-\d+)"', text))

    @pytest.mark.parametrize("selected", [["osaka", "<b>"], [{"farm": "osaka", "checks": {}}], 7, {"a": None}])
    def test_what_select_made_of_farms_is_listed(self, report: Report, selected: t.Any) -> None:
        for render in (render_html, render_markdown):
            text = render({**report, "selected": selected})
            assert "farm-table" not in text.split("<script>")[0]
            assert "<b>" not in text.split("<code>")[-1]

    @pytest.mark.parametrize("verdict", ["ok", "warning", "drift", "error"])
    def test_small_reports(self, verdict: str) -> None:
        for farms in ([], [read("tokyo")]):
            small = {**report_of(farms, waivers=()), "verdict": verdict}
            assert f'<header class="head {verdict}">' in render_html(small)

    def test_a_failure_is_shown(self) -> None:
        empty = report_of([], waivers=())
        give_verdict(empty, False)
        assert "No farm was scanned: expected one or more." in render_html(empty)

    def test_many_accounts_and_versions_are_summed_up(self) -> None:
        farms = [
            read(
                f"f{number:02}",
                active(account_email=f"a{number}@example.com"),
                machines(f"f{number:02}", f"20.{number}.0.1"),
            )
            for number in range(20)
        ]
        text = render_html({**report_of(farms, waivers=()), "verdict": "drift"})
        assert "14 other accounts" in text
        assert "8 older versions" in text
        assert "20.19.1" in text.split('id="bars-text"')[1].split("</desc>")[0]

    @pytest.mark.parametrize(
        ("days", "column"),
        [
            (-1, "ended: 1 farm"),
            (0, "2026-11: 1 farm"),
            (7, "2026-12: 1 farm"),
            (341, "2027-10: 1 farm"),
            (342, "later: 1 farm"),
        ],
    )
    def test_the_month_of_an_end(self, days: int, column: str) -> None:
        """The scan is of 2026-11-24, so the twelfth month is 2027-10."""
        day = dt.date(2026, 11, 24) + dt.timedelta(days=days)
        farm = read(
            "tokyo", active(expires=read_date(day.strftime("%d/%m/%Y"), order="dmy")), today=dt.date(2026, 11, 24)
        )
        text = render_html({**report_of([farm], waivers=()), "verdict": "ok"})
        assert f'<desc id="columns-text">{column}</desc>' in text


def test_the_table_begins_with_the_verdict_and_shows_every_finding(report: Report) -> None:
    lines = drift_table(report)
    assert lines[0].startswith("error: 21 farms (")
    for finding in report["findings"]:
        assert any(finding["rule"] in line and (finding["farm"] or "") in line for line in lines)
    assert any(line.startswith("since 2026-11-20T02:00:00Z") for line in lines)


def test_the_head_of_one_farm_with_one_error() -> None:
    report = {**report_of([read("tokyo", fresh())], waivers=()), "verdict": "drift"}
    assert head_line(report) == "drift: 1 farm (1 error); 1 error, 0 warnings, 0 notes, 0 waived"


def test_json_is_the_report(report: Report) -> None:
    assert json.loads(RENDERERS["json"](report)) == json.loads(json.dumps(report))
    (naha,) = [farm for farm in report["farms"] if farm["farm"] == "naha"]
    assert naha["license"]["alert_message"] == NASTY
