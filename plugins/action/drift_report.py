# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action of the drift_report module: see its documentation."""

from __future__ import annotations

import contextlib
import json
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.own_words import is_moment
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.schema import problems
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.policy import (
    drift_report_spec,
    Policy,
    read_severities,
    read_waivers,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import (
    compare_reports,
    give_verdict,
    make_report,
    mask_accounts,
    records_of,
    Report,
    SCAN_FORMAT,
    VERSION,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.table import drift_table
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import (
    failed,
    Options,
    RasAction,
    today,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift import reports as report_files
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.query import compile_query

_RETURNED: t.Final = ("verdict", "failure", "summary", "findings", "changes", "selected")


class _Input(t.NamedTuple):
    """What a report is made of."""

    records: list[dict[str, t.Any]]
    scanned_at: str


class ActionModule(RasAction):
    """Judge a scan, and write it down."""

    SPEC = drift_report_spec()

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Check every option before anything is judged; write the files before the verdict is returned.

        A file that cannot be written is a failure, but it costs nothing of the rest.
        """
        options = _plain(options)
        outputs = report_files.check_outputs(options["outputs"])
        survey = options["survey"]
        severities = read_severities(options["severities"], survey=survey)
        policy = Policy(severities, read_waivers(options["waivers"]), options["fail_when"], survey)
        root = report_files.schema()
        fail_when = compile_query("fail_when", options["fail_when"], report_files.policy_schema(), root)
        select = options["select"]
        chooser = compile_query("select", select, report_files.farms_schema(), root) if select else None
        if options["options_only"]:
            report_files.check_writable(outputs)
            _check_baseline(options["baseline"])
            return {"outputs": outputs}
        given = _given(options)
        # A scan of this run is clean; one that was kept, or that somebody wrote, may hold what this task knows.
        records = [{**scrubber.data(row), "host": row["host"]} for row in given.records]
        report = make_report(records, policy, scanned_at=given.scanned_at, today=today())
        warnings = _compare(report, options["baseline"])
        said: bool | RasError
        try:
            said = fail_when.holds(report)
            report["selected"] = chooser.search(report["farms"]) if chooser else None
        except RasError as exc:  # what can only be seen when it is evaluated belongs in the report
            said = exc
        give_verdict(report, said)
        if options["mask_accounts"]:
            report = {**mask_accounts(report), "masked": True}
        unwritten = report_files.write_outputs(report, outputs)
        result = {f"report_{name}" if name == "failure" else name: report[name] for name in _RETURNED}
        result["table"] = drift_table(report)
        result["outputs"] = {name: path for name, path in outputs.items() if name not in unwritten}
        if unwritten:
            failure = RasError(
                "invalid_option",
                f"outputs: {'; '.join(unwritten.values())}.",
                remedy="Correct the path or its permissions, and run again; all else was written and is right.",
                observed=unwritten,
            )
            result.update(failed(failure))
        if warnings:
            result["warnings"] = warnings
        return result

    def _outcome(self, scrubber: Scrubber) -> dict[str, t.Any]:
        """Findings of a report are data already."""
        options = self._options(scrubber)
        return self.perform(options, scrubber)


def _plain(options: Options) -> Options:
    """The options in plain types: JMESPath goes by them, and Ansible has types of its own for texts and more."""
    return t.cast(Options, json.loads(json.dumps(options, default=str)))


def _given(options: Options) -> _Input:
    scan, scans = options["scan"], options["scans"]
    if (scan is None) == (scans is None):
        raise RasError("invalid_option", "Expected either scan or scans.")
    if scans is not None:
        return _merged(scans)
    if scan.get("failed"):
        raise RasError("invalid_option", f"scan is a fleet_info task that failed: {quote(scan.get('msg'))}.")
    seen = (scan.get("format"), scan.get("version"))
    if seen != (SCAN_FORMAT, VERSION):
        raise RasError(
            "invalid_option",
            f"scan is not the result of a fleet_info task of this release: expected format '{SCAN_FORMAT}' and version "
            f"{VERSION}, observed {quote(repr(seen[0]))} and {quote(repr(seen[1]))}.",
        )
    wrong = next(problems(scan.get("farms"), report_files.scan_schema(), where="farms"), None)
    if wrong is None and not is_moment(scan.get("scanned_at")):
        wrong = "scanned_at: expected a time such as 2026-11-20T02:00:00Z"
    if wrong:
        raise RasError("invalid_option", f"scan is not as fleet_info returns it: {quote(wrong)}.")
    return _Input(scan["farms"], scan["scanned_at"])


def _merged(paths: list[str]) -> _Input:
    if not paths:
        raise RasError("invalid_option", "scans is empty: expected one report or more.")
    records: list[dict[str, t.Any]] = []
    reports: list[Report] = []
    seen: dict[str, str] = {}
    for path in paths:
        try:
            report = report_files.read_report(path, "scans")
        except FileNotFoundError:
            # A slice whose report is missing must not look like farms that are right.
            raise RasError("invalid_option", f"scans: {path} does not exist.") from None
        if report["masked"]:
            raise RasError(
                "invalid_option",
                f"scans: {path} was written with mask_accounts, so its accounts can no longer be compared.",
                remedy="Merge reports that are not masked, and mask the merged one.",
            )
        for record in records_of(report):
            if record["host"] in seen:
                raise RasError("invalid_option", f"scans: {record['host']} is in {seen[record['host']]} and in {path}.")
            seen[record["host"]] = path
            records.append(record)
        reports.append(report)
    began = min(report["scanned_at"] for report in reports)
    return _Input(records, began)


def _check_baseline(baseline: str | None) -> None:
    """Refuse one that could not be compared with; that it is not there yet is a warning, later."""
    if baseline is not None:
        with contextlib.suppress(FileNotFoundError):
            report_files.read_report(baseline, "baseline")


def _compare(report: Report, baseline: str | None) -> list[str]:
    """Put into the report what changed; a warning where there is nothing to compare with."""
    if baseline is None:
        return []
    try:
        report["changes"] = compare_reports(report_files.read_report(baseline, "baseline"), report)
    except FileNotFoundError:
        return [f"baseline: {baseline} does not exist (yet), so nothing was compared with it."]
    return []
