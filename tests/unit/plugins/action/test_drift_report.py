# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of drift_report: what it takes, what it writes, and that a slip is never green."""

from __future__ import annotations

import html
import json
import os
import pathlib
import stat
import types
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.action import drift_report
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import is_evaluated
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import ACCOUNT_PASSWORD, make
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import EMAIL, fresh, TODAY, trial
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_report import failed, read, Record, SCANNED_AT


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift_report, "today", lambda: TODAY)


def _scan(*records: Record) -> dict[str, t.Any]:
    return {
        "format": "fleetops.parallels_ras.scan",
        "version": 3,
        "farms": list(records),
        "scanned_at": SCANNED_AT,
        "changed": False,
    }


def _run(check: bool = False, **args: t.Any) -> dict[str, t.Any]:
    return make(drift_report.ActionModule, args, check=check).run(None, {})


def _refused(**args: t.Any) -> str:
    result = _run(**args)
    assert (result["failed"], result["failure"]["code"]) == (True, "invalid_option"), result
    return str(result["msg"])


@pytest.fixture(name="files")
def _files(tmp_path: pathlib.Path) -> dict[str, str]:
    """Two files in folders that are not there yet."""
    return {"json": str(tmp_path / "new" / "drift.json"), "junit": str(tmp_path / "deep" / "er" / "drift.xml")}


@pytest.mark.parametrize("check", [False, True])
def test_a_scan_is_judged_and_written_in_check_mode_too(files: dict[str, str], check: bool) -> None:
    result = _run(check, scan=_scan(read("tokyo"), read("osaka", trial())), outputs=files)
    assert (result["verdict"], result["changed"], result["report_failure"]) == ("drift", False, None)
    assert "failed" not in result
    assert result["outputs"] == files
    written = json.loads(pathlib.Path(files["json"]).read_text("utf-8"))
    assert (written["verdict"], written["scanned_at"]) == ("drift", SCANNED_AT)
    assert pathlib.Path(files["junit"]).read_text("utf-8").startswith("<?xml")
    assert result["table"][0].startswith("drift: 2 farms")


def test_two_runs_write_the_same(files: dict[str, str]) -> None:
    texts = []
    for _number in range(2):
        _run(scan=_scan(read("tokyo"), read("osaka", trial())), outputs=files)
        texts.append({name: pathlib.Path(path).read_text("utf-8") for name, path in files.items()})
    assert texts[0] == texts[1]


def test_a_file_keeps_its_mode_and_a_new_one_gets_that_of_any_other(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "drift.prom"
    old = os.umask(0o027)
    try:
        _run(scan=_scan(read("tokyo")), outputs={"prometheus": str(path)})
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        _run(scan=_scan(read("tokyo")), outputs={"prometheus": str(path)})
        assert stat.S_IMODE(path.stat().st_mode) == 0o604
    finally:
        os.umask(old)
    assert [each.name for each in tmp_path.iterdir()] == ["drift.prom"]


def test_a_place_that_cannot_be_written_leaves_the_old_file(tmp_path: pathlib.Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    assert "cannot be written" in _refused(scan=_scan(read("a")), outputs={"json": str(blocked / "drift.json")})
    (tmp_path / "folder").mkdir()
    assert "cannot be written" in _refused(scan=_scan(read("a")), outputs={"json": str(tmp_path / "folder")})
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.parametrize("broken", ["json", "markdown", "prometheus"])
def test_a_report_that_cannot_be_written_costs_neither_the_others_nor_the_table(
    tmp_path: pathlib.Path, broken: str
) -> None:
    files = {name: str(tmp_path / f"drift.{name}") for name in ("json", "junit", "markdown", "html", "prometheus")}
    os.mkfifo(files[broken])
    result = _run(scan=_scan(read("tokyo"), read("osaka", trial())), outputs=files)
    assert (result["failed"], result["failure"]["code"]) == (True, "invalid_option")
    why = f"{files[broken]} ({broken}) cannot be written: expected a FIFO that somebody reads, observed one without"
    assert result["msg"].startswith(f"outputs: {why} a reader. Correct the path")
    assert list(result["failure"]["observed"]) == [broken]
    assert set(result["outputs"]) == set(files) - {broken}
    assert all(pathlib.Path(path).read_bytes() for path in result["outputs"].values())
    assert stat.S_ISFIFO(os.lstat(files[broken]).st_mode)
    assert result["verdict"] == "drift"
    assert result["table"][0].startswith("drift: 2 farms")


def test_options_can_be_checked_before_a_scan(tmp_path: pathlib.Path) -> None:
    files = {"json": str(tmp_path / "drift.json")}
    result = _run(options_only=True, outputs=files, fail_when="length(farms) > `0`")
    assert (result["outputs"], result["changed"], "failed" in result) == (files, False, False)
    assert list(tmp_path.iterdir()) == []
    for wrong in (
        {"outputs": {"json": files["json"], "html": files["json"]}},
        {"outputs": {"pdf": "a"}},
        {"fail_when": "length(findings[?severty == 'error']) > `0`"},
        {"select": "[?stat == 'ok']"},
        {"severities": {"trail": "info"}},
        {"waivers": [{"farm": "a"}]},
        {"outputs": {"json": str(tmp_path)}},
        {"outputs": {"json": "/dev/null/drift.json"}},
        {"outputs": {"json": "a\0b"}},
        {"baseline": str(tmp_path)},
        {"baseline": "/dev/null"},
    ):
        assert _refused(options_only=True, **wrong)
    assert _run(options_only=True, outputs=files, baseline=str(tmp_path / "not yet.json"))["outputs"] == files
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("route", ["same", "dots", "soft", "dangling", "hard", "folder", "missing folder"])
def test_two_formats_for_one_file_are_refused_whatever_leads_there(tmp_path: pathlib.Path, route: str) -> None:
    one, other = tmp_path / "drift.json", tmp_path / "other"
    (tmp_path / "folder").symlink_to(".")
    if route in ("soft", "hard"):
        one.write_text("old")
    if route in ("soft", "dangling"):
        other.symlink_to(one)
    if route == "hard":
        os.link(one, other)
    paths = {
        "same": one,
        "dots": tmp_path / "x" / ".." / "drift.json",
        "folder": tmp_path / "folder" / "drift.json",
        "missing folder": tmp_path / "folder" / "new" / "a",
    }
    if route == "missing folder":
        one = tmp_path / "new" / "a"
    second = str(paths.get(route, other))
    before = sorted(tmp_path.iterdir())
    said = _refused(options_only=True, outputs={"json": str(one), "junit": second})
    assert "two formats would be written to one file" in said
    assert str(one) in said
    assert _refused(scan=_scan(read("tokyo")), outputs={"json": str(one), "junit": second}) == said
    assert sorted(tmp_path.iterdir()) == before


def test_a_prometheus_report_is_distinguished_by_the_name_of_its_file(tmp_path: pathlib.Path) -> None:
    for name in ("night.prom", "day.prom"):
        _run(scan=_scan(read("tokyo")), outputs={"prometheus": str(tmp_path / name)})
        text = (tmp_path / name).read_text("utf-8")
        samples = [line for line in text.splitlines() if not line.startswith("#")]
        assert all(f'{{report="{name[:-5]}",' in line or f'{{report="{name[:-5]}"}}' in line for line in samples)


def test_nothing_is_written_where_an_option_is_wrong(files: dict[str, str]) -> None:
    said = _refused(scan=_scan(read("tokyo")), outputs=files, fail_when="length(findings[?severty == 'error']) > `0`")
    assert "severty" in said
    assert not pathlib.Path(files["json"]).exists()


def test_an_expression_that_says_nothing_is_an_error_in_the_files(files: dict[str, str]) -> None:
    result = _run(scan=_scan(read("tokyo")), outputs=files, fail_when="farms[7].farm")
    assert result["verdict"] == "error"
    assert "gives nothing (null)" in result["report_failure"]["message"]
    assert json.loads(pathlib.Path(files["json"]).read_text("utf-8"))["verdict"] == "error"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({}, "Expected either scan or scans"),
        ({"scan": _scan(), "scans": ["a.json"]}, "Expected either scan or scans"),
        ({"scan": {"failed": True, "msg": "hosts is empty."}}, "hosts is empty."),
        ({"scan": {**_scan(), "farms": "all"}}, "not as fleet_info returns it: farms: expected array"),
        ({"scan": _scan({"farm": "tokyo"})}, "farms[0]: expected the field 'host'"),
        ({"scan": _scan({**read("a"), "odd": 1})}, "farms[0]: unknown field 'odd'"),
        ({"scan": {**_scan(), "scanned_at": "now"}}, "scanned_at: expected a time such as"),
        ({"scan": {**_scan(), "version": 2}}, "expected format 'fleetops.parallels_ras.scan' and version 3, observed"),
        ({"scan": {"farms": [], "scanned_at": SCANNED_AT}}, "observed None and None"),
        ({"scans": []}, "scans is empty"),
        ({"scans": ["/nowhere/a.json"]}, "/nowhere/a.json does not exist"),
        ({"scan": _scan(), "outputs": {"pdf": "a"}}, "expected one of json, "),
        ({"scan": _scan(), "outputs": {"json": ""}}, "the path of a file for json"),
        ({"scan": _scan(), "outputs": {"json": "a", "junit": "./a"}}, "two formats would be written"),
        ({"scan": _scan(), "severities": {"trail": "info"}}, "observed 'trail'"),
        ({"scan": _scan(), "waivers": [{"farm": "a"}]}, "waivers, number 1"),
        ({"scan": _scan(), "select": "[?stat == 'ok']"}, "select at position 2"),
    ],
)
def test_what_is_wrong_is_refused(args: dict[str, t.Any], says: str) -> None:
    assert says in _refused(**args)


def test_a_secret_of_the_task_in_a_scan_by_hand_is_in_no_report_and_its_texts_are_data(files: dict[str, str]) -> None:
    """Of what this task knows: a scan that was kept is as clean as the run that made it."""
    row = read("tokyo", trial(account_company="{{ evil }}"))
    row["findings"][0]["observed"] = ["a trial", f"it says {ACCOUNT_PASSWORD}"]
    variables = {"ras_account_password": ACCOUNT_PASSWORD}
    action = make(drift_report.ActionModule, {"scan": _scan(row), "outputs": files})
    action._templar = types.SimpleNamespace(template=lambda value: value)
    result = action.run(None, variables)
    assert result["verdict"] == "drift"
    written = [pathlib.Path(path).read_text("utf-8") for path in files.values()]
    # As each format would write it.
    forms = {ACCOUNT_PASSWORD, html.escape(ACCOUNT_PASSWORD)}
    forms |= {json.dumps(ACCOUNT_PASSWORD, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    for text in (json.dumps(result, default=str), *written):
        assert [form for form in forms if form in text] == []
        assert "it says" in text
    assert not any(is_evaluated(line) for line in result["table"])


def test_no_farm_is_an_error_and_not_a_failure_of_the_task() -> None:
    result = _run(scan=_scan())
    assert (result["verdict"], "failed" in result) == ("error", False)


def test_the_table_shows_the_farms_that_were_selected() -> None:
    farms = (read("tokyo"), read("osaka", trial()))
    assert not any(line.startswith("tokyo") for line in _run(scan=_scan(*farms), select="[?state != 'ok']")["table"])
    shaped = _run(scan=_scan(*farms), select="[].{f: farm}")
    assert shaped["selected"] == [{"f": "osaka"}, {"f": "tokyo"}]
    assert "selected: {'f': 'osaka'}" in shaped["table"]


class TestFiles:
    """Earlier reports: to merge, and to compare with."""

    def _write(self, path: pathlib.Path, *records: Record, **args: t.Any) -> str:
        assert "failed" not in _run(scan=_scan(*records), outputs={"json": str(path)}, **args)
        return str(path)

    def test_slices_give_the_report_of_the_whole(self, tmp_path: pathlib.Path) -> None:
        farms = [read("a"), read("b", trial()), failed("c", "bad_answer", "No."), read("d")]
        slices = [self._write(tmp_path / "1.json", *farms[::2]), self._write(tmp_path / "2.json", *farms[1::2])]
        whole = self._write(tmp_path / "whole.json", *farms)
        merged = str(tmp_path / "merged.json")
        assert _run(scans=slices, outputs={"json": merged})["verdict"] == "error"
        assert json.loads(pathlib.Path(merged).read_text()) == json.loads(pathlib.Path(whole).read_text())

    def test_a_host_in_two_slices_is_refused(self, tmp_path: pathlib.Path) -> None:
        path = self._write(tmp_path / "1.json", read("a"))
        assert "cb1.a.example.com is in" in _refused(scans=[path, path])

    def test_masked_slices_are_refused(self, tmp_path: pathlib.Path) -> None:
        path = self._write(tmp_path / "1.json", read("a"), mask_accounts=True)
        assert EMAIL not in pathlib.Path(path).read_text("utf-8")
        assert "written with mask_accounts" in _refused(scans=[path])

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("{", "cannot be read"),
            ("[]", "is not a JSON report"),
            ('{"format": "other"}', "is not a JSON report"),
            ('{"format": "fleetops.parallels_ras.drift", "version": 2}', "its version is 2 and not 3"),
            ('{"format": "fleetops.parallels_ras.drift", "version": 3}', "expected the field"),
        ],
    )
    @pytest.mark.parametrize("option", ["scans", "baseline"])
    def test_what_is_not_a_report_is_refused(
        self, tmp_path: pathlib.Path, content: str, says: str, option: str
    ) -> None:
        path = tmp_path / "x.json"
        path.write_text(content)
        given = {"scans": [str(path)]} if option == "scans" else {"scan": _scan(read("a")), "baseline": str(path)}
        said = _refused(**given)
        assert says in said
        assert said.startswith(option)

    def test_what_is_new_since_an_earlier_report(self, tmp_path: pathlib.Path) -> None:
        path = self._write(tmp_path / "old.json", read("a", trial()), read("b"), mask_accounts=True)
        new = {"baseline": path, "fail_when": "length(changes.new) > `0`"}
        assert _run(scan=_scan(read("a", trial()), read("b")), **new)["verdict"] == "warning"
        later = _run(scan=_scan(read("a", trial()), read("b", fresh())), **new)
        assert later["verdict"] == "drift"
        assert later["changes"]["new"] == [{"organization": "default", "farm": "b", "rule": "not_activated"}]

    def test_an_earlier_report_that_is_missing_is_a_warning(self) -> None:
        result = _run(scan=_scan(read("a")), baseline="/nowhere/old.json")
        assert (result["verdict"], result["changes"]) == ("ok", None)
        assert "does not exist (yet)" in result["warnings"][0]
        asked = _run(scan=_scan(read("a")), baseline="/nowhere/old.json", fail_when="length(changes.new) > `0`")
        assert asked["verdict"] == "error"
